//===- Bench.cpp - seqc bench ---------------------------------------------===//
// How long compiling and running take, and how much of the machine that is.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Bench.h"
#include "compiler/Driver/Peak.h"
#include "compiler/Tools/seqc/Commands.h"
#include "runtime/services/inputs.h"
#include "runtime/services/session.h"
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

std::vector<double> timeRuns(const std::function<void()> &run, int32_t repeat) {
  run();
  std::vector<double> times;
  const Clock::time_point start = Clock::now();
  const auto isEnough = [&] {
    const int64_t runs = static_cast<int64_t>(times.size());
    return repeat > 0 ? runs >= repeat
                      : runs >= 5 && millisecondsSince(start) > 500;
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

  double rate() const { return flops / (minimumMs * 1e6); }
  double share() const { return peak > 0 ? rate() / peak : 0; }
};

/// All that one call needs, made once, so that calls alone are measured.
class Call {
public:
  Call(const runtime::Session &session, const BenchOptions &options,
       int64_t tokens, seqc_team *team)
      : session(session), team(team) {
    const runtime::Signature &signature = session.signature();
    dims.assign(signature.dims.size() + 1, options.length);
    dims[0] = options.batch;
    for (const runtime::TensorSpec &spec : signature.inputs) {
      tensors.emplace_back(spec.type, runtime::shapeOf(spec, dims),
                           "input `" + spec.name + "`");
      fillInput(tensors.back(), tokens);
    }
    for (runtime::Tensor &output : runtime::makeOutputs(signature, dims))
      tensors.push_back(std::move(output));
    for (const runtime::Tensor &tensor : tensors)
      strides.push_back(runtime::rowMajorStrides(tensor.shape()));
    for (size_t i = 0; i < tensors.size(); ++i)
      arguments.push_back({tensors[i].data(), strides[i].data()});
    const size_t bytes =
        session.workspaceBytes(dims.data(), seqc_team_size(team));
    workspace = runtime::Buffer(bytes, "the workspace");
  }

  void run() const {
    const size_t inputs = session.signature().inputs.size();
    seqc_call call = {};
    seqc_error error = {};
    call.dims = dims.data();
    call.inputs = arguments.data();
    call.outputs = arguments.data() + inputs;
    call.workspace = workspace.data();
    call.team = team;
    call.error = &error;
    if (session.call(call) != SEQC_OK)
      throw runtime::Error("the model failed on the benchmark's inputs");
  }

private:
  const runtime::Session &session;
  seqc_team *team;
  std::vector<int64_t> dims;
  std::vector<runtime::Tensor> tensors;
  std::vector<runtime::Shape> strides;
  std::vector<seqc_tensor> arguments;
  runtime::Buffer workspace;
};

Measured measure(const BenchOptions &options) {
  const SourceText source = readSource(options.model.file);
  Measured result;
  const Clock::time_point start = Clock::now();
  Compilation compilation(source, options.model.compile);
  compilation.advance(Phase::Seq);
  // A walk over some dozens of operations: too short to be told apart.
  result.flops = compilation.countContractions(options.batch, options.length);
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
  const Call call(session, options, tokens, team.get());
  const std::vector<double> times =
      timeRuns([&call] { call.run(); }, options.repeat);
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
  return json.dump(2) + "\n";
}

std::string toText(const Measured &measured) {
  return fmt::format("compile       {:>10.1f} ms\n"
                     "run, minimum  {:>10.4f} ms\n"
                     "run, median   {:>10.4f} ms  of {} runs\n"
                     "rate          {:>10.1f} GFLOP/s\n"
                     "peak          {:>10.1f} GFLOP/s\n"
                     "share of peak {:>10.1f} %\n",
                     measured.compileMs, measured.minimumMs, measured.medianMs,
                     measured.runs, measured.rate(), measured.peak,
                     100 * measured.share());
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
  command->add_flag("--training", options->training,
                    "measure a training step of the model's `train` block");
  addSave(*command, options->model.compile);
  command->add_flag("--json", options->json, "print JSON");
  command->footer(
      "The rate counts the products of the model's contractions; the peak is "
      "what this machine's threads reach with fused multiply-adds alone. A "
      "training step counts them three times: forward, and for the gradients "
      "of both factors of each product.\n\n"
      "Example:\n  seqc bench examples/sentiment.seq --batch 32 --length 50 "
      "--threads 1 --json\n"
      "  seqc bench examples/sentiment.seq --training --batch 32 --length 50");
  command->callback([options] {
    if (options->training)
      return print(benchTraining(*options));
    const Measured measured = measure(*options);
    print(options->json ? toJson(measured) : toText(measured));
  });
}

} // namespace seqc::tool
