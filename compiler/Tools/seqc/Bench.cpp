//===- Bench.cpp - seqc bench ---------------------------------------------===//
// How long compiling and running take, and how much of the machine that is.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Bench.h"
#include "compiler/Driver/Peak.h"
#include "compiler/Tools/seqc/BenchCall.h"
#include "compiler/Tools/seqc/BenchRounds.h"
#include "compiler/Tools/seqc/Commands.h"
#include "runtime/services/weights.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace seqc::tool {

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start)
      .count();
}

void fillInput(runtime::Tensor &tensor, int64_t tokens) {
  uint32_t state = 1;
  for (int64_t i = 0; i < tensor.size(); ++i) {
    state = state * 1664525u + 1013904223u;
    const uint32_t drawn = state >> 8;
    if (tensor.type() == runtime::ElementType::F32)
      tensor.data<float>()[i] = drawn * 0x1p-23f - 1;
    else if (tensor.type() == runtime::ElementType::Token)
      tensor.data<int64_t>()[i] = drawn % tokens;
    else
      tensor.data<bool>()[i] = drawn & 1;
  }
}

double flopsOf(const BenchOptions &options, const Compilation &compilation) {
  if (options.lengths.empty())
    return compilation.countContractions(options.batch, options.length);
  double sum = 0;
  for (int64_t length : options.lengths)
    sum += compilation.countContractions(/*batch=*/1, length);
  return sum;
}

std::vector<double> timeRuns(const std::function<void()> &run,
                             RunLength length) {
  run();
  std::vector<double> times;
  const Clock::time_point start = Clock::now();
  const auto isEnough = [&] {
    return static_cast<int64_t>(times.size()) >= length.least &&
           millisecondsSince(start) >= length.milliseconds;
  };
  while (!isEnough()) {
    const Clock::time_point begin = Clock::now();
    run();
    times.push_back(millisecondsSince(begin));
  }
  std::sort(times.begin(), times.end());
  return times;
}

namespace {

struct Measured {
  double compileMs = 0;
  double minimumMs = 0;
  double medianMs = 0;
  int64_t runs = 0;
  double flops = 0;
  double peak = 0;
  /// Of another precision than f32: how products are made, and what that costs.
  std::string products;
  std::vector<OutputError> errors;

  double rate() const { return flops / (minimumMs * 1e6); }
  double share() const { return peak > 0 ? rate() / peak : 0; }
};

nlohmann::ordered_json aboutOf(const Measured &measured) {
  nlohmann::ordered_json about = {{"compile_ms", measured.compileMs},
                                  {"gflop", measured.flops * 1e-9}};
  if (!measured.products.empty()) {
    about["products"] = measured.products;
    about["errors"] = toJson(measured.errors);
  }
  return about;
}

/// What `call` gave against the same model in f32, with the same weights and
/// inputs.
std::vector<OutputError>
errorsAgainstF32(const BenchOptions &options, const SourceText &source,
                 const std::vector<runtime::Tensor> &weights, int64_t tokens,
                 const BenchCall &call) {
  CompileOptions compile = options.model.compile;
  compile.precision = Precision::F32;
  compile.onWarnings = [](const std::string &) {};
  Compilation compilation(source, compile);
  runtime::SessionOptions sessionOptions;
  const runtime::EntryPoints functions = compilation.link(sessionOptions.code);
  const runtime::Session session(compilation.signature(), functions,
                                 runtime::viewsOf(weights), sessionOptions);
  const BenchCall exact(session, options, tokens, /*team=*/nullptr);
  exact.run();
  return call.errors(exact);
}

/// Measures; or, on demand, answers and measures nothing itself.
Measured measure(const BenchOptions &options) {
  const SourceText source = readSource(options.model.file);
  Measured result;
  const Clock::time_point start = Clock::now();
  Compilation compilation(source, options.model.compile);
  compilation.advance(Phase::Seq);
  // A walk over some dozens of operations: too short to be told apart.
  result.flops = flopsOf(options, compilation);
  const int64_t tokens = compilation.countTokens();
  runtime::SessionOptions sessionOptions;
  const runtime::EntryPoints functions = compilation.link(sessionOptions.code);
  result.compileMs = millisecondsSince(start);

  const runtime::Signature &signature = compilation.signature();
  const std::vector<runtime::Tensor> weights =
      runtime::initWeights(signature, /*seed=*/0);
  const runtime::Session session(signature, functions,
                                 runtime::viewsOf(weights), sessionOptions);
  const std::shared_ptr<seqc_team> team = makeTeam(options.threads);
  const BenchCall call(session, options, tokens, team.get());
  const auto run = [&call] { call.run(); };
  if (const Precision precision = options.model.compile.precision;
      precision != Precision::F32) {
    run();
    result.products = describeProducts(precision, compilation.target());
    result.errors = errorsAgainstF32(options, source, weights, tokens, call);
  }
  if (options.onDemand) {
    answerRounds(aboutOf(result), {{"forward", run}});
    return result;
  }
  const std::vector<double> times =
      timeRuns(run, RunLength::of(options.repeat));
  result.minimumMs = times.front();
  result.medianMs = times[times.size() / 2];
  result.runs = static_cast<int64_t>(times.size());
  result.peak = measurePeak(options.threads);
  return result;
}

std::string toJson(const Measured &measured) {
  nlohmann::ordered_json json = {{"compile_ms", measured.compileMs},
                                 {"run_ms_min", measured.minimumMs},
                                 {"run_ms_median", measured.medianMs},
                                 {"runs", measured.runs},
                                 {"gflop", measured.flops * 1e-9},
                                 {"gflops", measured.rate()},
                                 {"peak_gflops", measured.peak},
                                 {"share_of_peak", measured.share()}};
  if (!measured.products.empty()) {
    json["products"] = measured.products;
    json["errors"] = toJson(measured.errors);
  }
  return json.dump(2) + "\n";
}

void checkLengths(const BenchOptions &options) {
  const std::vector<int64_t> &lengths = options.lengths;
  const auto fits = [&options](int64_t length) {
    return 0 <= length && length <= options.length;
  };
  if (!lengths.empty() &&
      (static_cast<int64_t>(lengths.size()) != options.batch ||
       !std::all_of(lengths.begin(), lengths.end(), fits)))
    throw runtime::Error("--lengths takes one length for each of the --batch "
                         "samples, from 0 to --length");
}

std::string toText(const Measured &measured) {
  std::string text = fmt::format(
      "compile       {:>10.1f} ms\n"
      "run, minimum  {:>10.4f} ms\n"
      "run, median   {:>10.4f} ms  of {} runs\n"
      "rate          {:>10.1f} GFLOP/s\n"
      "peak          {:>10.1f} GFLOP/s\n"
      "share of peak {:>10.1f} %\n",
      measured.compileMs, measured.minimumMs, measured.medianMs, measured.runs,
      measured.rate(), measured.peak, 100 * measured.share());
  if (!measured.products.empty())
    text +=
        "products      " + measured.products + "\n" + toText(measured.errors);
  return text;
}

} // namespace

void addBench(CLI::App &app) {
  const CLI::Range positive(int64_t{1}, std::numeric_limits<int64_t>::max());
  CLI::App *command =
      app.add_subcommand("bench", "measure how fast a model compiles and runs");
  auto options = std::make_shared<BenchOptions>();
  options->model.addTo(*command);
  command->add_option("--batch", options->batch, "samples of a call")
      ->check(fits64Bits())
      ->check(positive);
  command
      ->add_option("--length", options->length,
                   "the size of every dynamic dimension")
      ->check(fits64Bits())
      ->check(positive);
  command->add_option("--threads", options->threads, "how many threads work")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--repeat", options->repeat,
                   "how many runs (default: half a second of them)")
      ->check(positive);
  command
      ->add_option("--lengths", options->lengths,
                   "each sample's length, up to --length (default: all full)")
      ->delimiter(',')
      ->type_name("L1,L2,...")
      ->check(fits64Bits());
  command->add_flag("--training", options->training,
                    "measure a training step of the model's `train` block");
  addSave(*command, options->model.compile);
  addPrecision(*command, options->model.compile);
  command->add_flag_callback(
      "--no-cache", [] {},
      "what bench does in any case: the compile time that it "
      "tells is one of compiling");
  command->add_flag("--json", options->json, "print JSON");
  command->add_flag(
      "--on-demand", options->onDemand,
      "compile, then measure a round at each line of stdin: `forward SECONDS`, "
      "with --training `gradient SECONDS` (weights packed, forward, backward) "
      "or `step SECONDS`; a line of JSON at the start and for each");
  command->footer(
      "The rate counts the products of the model's contractions; the peak is "
      "what this machine's threads reach with fused multiply-adds alone. A "
      "training step counts them three times: forward, and for the gradients "
      "of both factors of each product.\n\n"
      "Example:\n  seqc bench examples/sentiment.seq --batch 32 --length 50 "
      "--threads 1 --json\n"
      "  seqc bench examples/sentiment.seq --training --batch 32 --length 50");
  command->callback([options] {
    checkLengths(*options);
    if (options->training && options->onDemand)
      return answerTrainingRounds(*options);
    if (options->training)
      return print(benchTraining(*options));
    const Measured measured = measure(*options);
    if (!options->onDemand)
      print(options->json ? toJson(measured) : toText(measured));
  });
}

} // namespace seqc::tool
