//===- BenchRounds.cpp - seqc bench --on-demand ---------------------------===//
// One line in, one line out.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/BenchRounds.h"
#include "compiler/Tools/seqc/Bench.h"
#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <iostream>
#include <sstream>

namespace seqc::tool {
namespace {

struct Request {
  std::string name;
  double seconds = 0;
};

Request parse(const std::string &line) {
  std::istringstream stream(line);
  Request request;
  std::string more;
  if (stream >> request.name >> request.seconds && request.seconds >= 0 &&
      !(stream >> more))
    return request;
  throw runtime::Error("a round is asked for with `NAME SECONDS`, not " +
                       runtime::quoteName(line));
}

nlohmann::ordered_json timesOf(const std::function<void()> &run,
                               double seconds) {
  const Clock::time_point start = Clock::now();
  run();
  std::vector<double> times = {millisecondsSince(start)};
  if (times.front() < 1e3 * seconds)
    times = timeRuns(run, RunLength{/*least=*/1, 1e3 * seconds});
  return {{"ms_min", times.front()},
          {"ms_median", times[times.size() / 2]},
          {"runs", times.size()}};
}

} // namespace

void answerRounds(const nlohmann::ordered_json &about,
                  const Measures &measures) {
  // The other side waits for each line.
  print(about.dump() + "\n");
  for (std::string line; std::getline(std::cin, line);) {
    const Request request = parse(line);
    const auto found = measures.find(request.name);
    if (found == measures.end())
      throw runtime::Error("there is nothing to measure named " +
                           runtime::quoteName(request.name));
    print(timesOf(found->second, request.seconds).dump() + "\n");
  }
}

} // namespace seqc::tool
