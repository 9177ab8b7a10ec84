//===- ProgressLines.cpp - How a training tells where it is ---------------===//
// Text of numbers, and when it is shown.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/ProgressLines.h"

#include "compiler/Tools/seqc/ModelOptions.h"
#include "runtime/services/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

namespace seqc::tool {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kBarTime(100);
constexpr std::chrono::seconds kLineTime(30);

double secondsBetween(std::chrono::steady_clock::time_point from,
                      std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// `1:02:03`, `4:05`.
std::string clockText(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600,
                                     whole / 60 % 60, whole % 60)
                       : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

/// `870`, `21.3k`, `1.4M`.
std::string shortNumber(double number) {
  if (number >= 1e6)
    return fmt::format("{:.1f}M", number / 1e6);
  return number >= 1e3 ? fmt::format("{:.1f}k", number / 1e3)
                       : fmt::format("{:.0f}", number);
}

std::string bar(double share) {
  constexpr int kWidth = 24;
  const int done = static_cast<int>(share * kWidth);
  return "[" + std::string(static_cast<size_t>(done), '=') +
         std::string(static_cast<size_t>(kWidth - done), ' ') + "]";
}

/// Nobody who cannot be told loses a training.
void show(const std::string &text) { (void)std::fputs(text.c_str(), stderr); }

Json toJson(const runtime::Numbers &numbers) {
  Json json = Json::object();
  for (const auto &[name, value] : numbers)
    json[name] = value;
  return json;
}

} // namespace

std::string toText(const runtime::Numbers &numbers) {
  std::string text;
  if (auto loss = numbers.find("loss"); loss != numbers.end())
    text = fmt::format("loss {:.4g}", loss->second);
  for (const auto &[name, value] : numbers)
    if (name != "loss")
      text += fmt::format("{}{} {:.4g}", text.empty() ? "" : "  ", name, value);
  return text;
}

ProgressLines::ProgressLines(int64_t epochs, const std::string &log,
                             bool isResumed)
    : epochs(epochs), isTerminal(isatty(STDERR_FILENO) == 1), logPath(log),
      begin(Clock::now()), shown(begin) {
  if (log.empty())
    return;
  logFile.open(log, isResumed ? std::ios::app : std::ios::trunc);
  if (!logFile)
    throw runtime::Error(fmt::format("cannot write `{}`", log));
}

ProgressLines::~ProgressLines() { clearBar(); }

void ProgressLines::clearBar() {
  if (isBarShown)
    show("\r\033[K");
  isBarShown = false;
}

void ProgressLines::log(const std::string &line) {
  if (logPath.empty())
    return;
  logFile << line << "\n" << std::flush;
  if (!logFile)
    throw runtime::Error(fmt::format("cannot write `{}`", logPath));
}

std::string ProgressLines::describe(const fit::Progress &progress) const {
  const double elapsed = secondsBetween(begin, shown);
  const auto done = static_cast<double>(progress.batch + 1);
  const auto all = static_cast<double>(progress.batchesOfEpoch);
  const double left =
      (static_cast<double>(epochs - progress.epoch) * all - done) * elapsed /
      static_cast<double>(batches);
  return fmt::format(
      "epoch {}/{} {} {}/{}  loss {:.4g}  {} samples/s  {} left",
      progress.epoch + 1, epochs, bar(done / all), progress.batch + 1,
      progress.batchesOfEpoch, progress.epochLoss,
      shortNumber(static_cast<double>(samples) / elapsed), clockText(left));
}

void ProgressLines::onBatch(const fit::Progress &progress) {
  ++batches;
  samples += progress.samples;
  const runtime::StepResult &result = *progress.result;
  const auto now = Clock::now();
  if (!logPath.empty())
    log(Json({{"epoch", progress.epoch + 1},
              {"step", result.step},
              {"loss", result.loss},
              {"metrics", toJson(result.metrics)},
              {"gradient_norm", result.gradientNorm},
              {"scalars", toJson(result.scalars)},
              {"samples", progress.samples},
              {"tokens", progress.tokens},
              {"seconds", secondsBetween(begin, now)}})
            .dump());
  if (isTerminal ? now - shown < kBarTime : now - shown < kLineTime)
    return;
  shown = now;
  show((isTerminal ? "\r" : "") + describe(progress) +
       (isTerminal ? "\033[K" : "\n"));
  isBarShown = isTerminal;
}

void ProgressLines::onEpoch(const fit::Epoch &epoch) {
  clearBar();
  std::string line =
      fmt::format("epoch {}: {}", epoch.number, toText(epoch.training));
  if (!epoch.validation.empty())
    line += fmt::format("; validation {}{}", toText(epoch.validation),
                        epoch.isBest ? "  (best)" : "");
  print(line + "\n");
  log(Json({{"epoch", epoch.number},
            {"training", toJson(epoch.training)},
            {"validation", toJson(epoch.validation)},
            {"gradient_norm", epoch.gradientNorm},
            {"best", epoch.isBest},
            {"seconds", secondsBetween(begin, Clock::now())}})
          .dump());
}

} // namespace seqc::tool
