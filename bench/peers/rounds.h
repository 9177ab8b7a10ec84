// What the sides in C++ share: lines in, lines of JSON out (see
// bench/table/sides.py).
//
// Reads `point KEY=VALUE ...`, then `round SECONDS` as often as wanted; answers
// each with a line.

#ifndef SEQC_BENCH_PEERS_ROUNDS_H
#define SEQC_BENCH_PEERS_ROUNDS_H

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace rounds {

using Words = std::map<std::string, std::string>;

/// Why a point is not measured.
struct Skip : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What is timed.
struct Runnable {
  virtual ~Runnable() = default;
  virtual void run() = 0;
  /// How many calls a run makes: as many as a clock can tell apart.
  virtual int calls() const { return 1; }
};

inline Words wordsOf(std::istringstream &line) {
  Words words;
  for (std::string word; line >> word;)
    words[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  return words;
}

inline double milliseconds() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch())
      .count();
}

inline double timeOf(Runnable &work) {
  const double start = milliseconds();
  work.run();
  return milliseconds() - start;
}

/// The first run counts only where it takes as long as the round.
inline void answerRound(Runnable &work, double seconds) {
  std::vector<double> times = {timeOf(work)};
  if (times.front() < 1e3 * seconds) {
    times.clear();
    const double end = milliseconds() + 1e3 * seconds;
    do
      times.push_back(timeOf(work));
    while (milliseconds() < end);
  }
  std::sort(times.begin(), times.end());
  std::printf("{\"ms_min\": %.9f, \"ms_median\": %.9f, \"runs\": %zu}\n",
              times.front() / work.calls(),
              times[times.size() / 2] / work.calls(),
              times.size() * static_cast<size_t>(work.calls()));
}

/// Numbers that vanish are not to make anyone slow.
inline void flushDenormals() {
#if defined(__SSE__)
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);
#endif
}

/// Answers until the end of the input; `make` throws a Skip where there is
/// nothing to time.
inline void answerLines(
    const std::string &version,
    const std::function<std::unique_ptr<Runnable>(const Words &)> &make) {
  flushDenormals();
  std::printf("{\"version\": \"%s\"}\n", version.c_str());
  std::fflush(stdout);
  std::unique_ptr<Runnable> work;
  for (std::string text; std::getline(std::cin, text); std::fflush(stdout)) {
    std::istringstream line(text);
    std::string command;
    line >> command;
    if (command == "round") {
      double seconds = 0;
      line >> seconds;
      answerRound(*work, seconds);
      continue;
    }
    try {
      work.reset();
      work = make(wordsOf(line));
      std::puts("{}");
    } catch (const Skip &why) {
      std::printf("{\"skip\": \"%s\"}\n", why.what());
    }
  }
}

} // namespace rounds

#endif // SEQC_BENCH_PEERS_ROUNDS_H
