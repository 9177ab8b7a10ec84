//===- BenchTraining.cpp - seqc bench --training --------------------------===//
// How long forward pass, backward pass and whole step take, and how much
// memory they need.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Peak.h"
#include "compiler/Driver/Training.h"
#include "compiler/Tools/seqc/Bench.h"
#include "compiler/Tools/seqc/BenchErrors.h"
#include "compiler/Tools/seqc/BenchRounds.h"
#include "compiler/Tools/seqc/ResidentSize.h"
#include "runtime/services/inputs.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace seqc::tool {
namespace {

struct Times {
  double minimum = 0;
  double median = 0;

  explicit Times(const std::vector<double> &sorted)
      : minimum(sorted.front()), median(sorted[sorted.size() / 2]) {}
};

/// Steps of the memory's measure: the first fills whatever is kept.
constexpr int kMemorySteps = 3;

bool hasLengths(const runtime::TensorSpec &spec) {
  return std::any_of(spec.axes.begin(), spec.axes.end(),
                     [](int64_t dimension) { return dimension >= 0; });
}

/// A batch of made-up samples.
class MadeUpBatch {
public:
  MadeUpBatch(const runtime::Signature &signature, const BenchOptions &options,
              int64_t tokens)
      : dims(signature.dims.size() + 1, options.length) {
    dims.front() = options.batch;
    for (const runtime::TensorSpec &spec : signature.inputs) {
      Tensor tensor(spec.type, runtime::shapeOf(spec, dims),
                    "input `" + spec.name + "`");
      fillInput(tensor, tokens);
      tensors.emplace(spec.name, std::move(tensor));
      if (options.lengths.empty() || !hasLengths(spec))
        continue;
      Tensor lengths(runtime::ElementType::Token, {options.batch}, "lengths");
      std::copy(options.lengths.begin(), options.lengths.end(),
                lengths.data<int64_t>());
      tensors.emplace(spec.name + ".lengths", std::move(lengths));
    }
  }

  ViewMap views() const { return runtime::viewsOf(tensors); }

  std::vector<int64_t> dims;

private:
  TensorMap tensors;
};

/// One program, called again and again with the same tensors.
class ProgramCall {
public:
  ProgramCall(const runtime::Program &program, const MadeUpBatch &batch,
              seqc_team *team)
      : weights(runtime::initWeights(program.signature, 0)),
        session(program.signature, program.functions, runtime::viewsOf(weights),
                optionsOf(program)),
        checked(runtime::checkInputs(program.signature, batch.views())),
        results(runtime::makeOutputs(program.signature, checked.dims)),
        states(runtime::makeStates(program.signature, checked.dims)) {
    for (const runtime::GradientSpec &gradient : program.signature.gradients)
      results.emplace_back(gradient.tensor.type, gradient.tensor.shape);
    run.team = team;
  }

  /// As after an update.
  void pack() { session.setParams(runtime::viewsOf(weights)); }

  void operator()() const {
    session.runInto(checked, runtime::viewsOf(results),
                    runtime::viewsOf(states), run);
  }

  /// The errors of what is f32 in the last call's results, where `exact` was
  /// called with the same tensors.
  std::vector<OutputError> errors(const ProgramCall &exact) const {
    const runtime::Signature &signature = session.signature();
    std::vector<std::string> names;
    for (const runtime::TensorSpec &output : signature.outputs)
      names.push_back(output.name);
    for (const runtime::GradientSpec &gradient : signature.gradients)
      names.push_back(gradient.tensor.name + ".gradient");
    std::vector<OutputError> errors;
    for (size_t i = 0; i < results.size(); ++i)
      if (results[i].type() == runtime::ElementType::F32)
        errors.push_back(errorOf(names[i], results[i], exact.results[i]));
    return errors;
  }

private:
  static runtime::SessionOptions optionsOf(const runtime::Program &program) {
    runtime::SessionOptions options;
    options.code = program.code;
    return options;
  }

  std::vector<Tensor> weights;
  runtime::Session session;
  runtime::CheckedInputs checked;
  std::vector<Tensor> results;
  std::vector<Tensor> states;
  RunOptions run;
};

Times timeProgram(const runtime::Program &program, const MadeUpBatch &batch,
                  seqc_team *team, int32_t repeat) {
  const ProgramCall call(program, batch, team);
  return Times(timeRuns([&call] { call(); }, RunLength::of(repeat)));
}

struct MeasuredMemory {
  size_t workspace = 0;
  runtime::Trainer::Memory held;
  /// Of some steps: inputs, weights, gradients, the optimizer's state and the
  /// workspace; nothing where the system does not tell.
  std::optional<size_t> peak;
};

struct MeasuredTraining {
  double compileMs = 0;
  Times forward{{0}};
  /// Forward and backward.
  Times gradient{{0}};
  Times step{{0}};
  double forwardFlops = 0;
  double peakRate = 0;
  MeasuredMemory memory;
  /// Of another precision than f32: how products are made, and what that costs.
  std::string products;
  std::vector<OutputError> errors;

  double backwardMs() const { return gradient.minimum - forward.minimum; }
  double rateOf(double passes, double milliseconds) const {
    return passes * forwardFlops / (milliseconds * 1e6);
  }
  double share(double rate) const { return peakRate > 0 ? rate / peakRate : 0; }
};

/// `before`: what was resident when there was neither a batch nor a trainer.
MeasuredMemory measureMemory(std::optional<size_t> before,
                             const runtime::Program &program,
                             runtime::Trainer &trainer,
                             const MadeUpBatch &batch, int32_t threads) {
  MeasuredMemory memory;
  memory.workspace =
      program.functions.stepWorkspace(batch.dims.data(), threads);
  for (int step = 0; step < kMemorySteps; ++step)
    trainer.step(batch.views());
  const std::optional<size_t> peak = peakResident();
  if (before && peak)
    memory.peak = *peak > *before ? *peak - *before : 0;
  memory.held = trainer.memory();
  return memory;
}

/// The same weights in all steps, where that can be had: made-up samples teach
/// nothing, and after some hundred steps numbers may grow beyond all bounds.
void standStill(Trainer &trainer) {
  try {
    trainer.setScalar("lr", 0);
  } catch (const Error &) {
  }
}

struct Compiled {
  runtime::TrainingPrograms programs;
  std::string products;
  double compileMs = 0;
  double forwardFlops = 0;
  int64_t tokens = 0;
};

Compiled compileAndCount(const BenchOptions &options) {
  Compiled result;
  CompileOptions compile = options.model.compile;
  compile.goal = Goal::Training;
  const SourceText source = readSource(options.model.file);
  const Clock::time_point start = Clock::now();
  result.programs = compileTraining(source, compile);
  result.compileMs = millisecondsSince(start);
  Compilation counted(source, compile);
  counted.advance(Phase::Seq);
  result.forwardFlops = flopsOf(options, counted);
  result.tokens = counted.countTokens();
  result.products = describeProducts(compile.precision, counted.target());
  return result;
}

/// Each batch is a step, and a whole one.
Trainer makeTrainer(runtime::TrainingPrograms programs, int32_t threads) {
  programs.spec.accumulate = 1;
  programs.spec.truncate = 0;
  TrainOptions options;
  options.threads = threads;
  Trainer trainer(std::move(programs), options);
  standStill(trainer);
  return trainer;
}

/// Results and gradients of `program` against the same in f32.
std::vector<OutputError> errorsAgainstF32(const BenchOptions &options,
                                          const runtime::Program &program,
                                          const MadeUpBatch &batch) {
  BenchOptions exactly = options;
  exactly.model.compile.precision = Precision::F32;
  exactly.model.compile.onWarnings = [](const std::string &) {};
  const Compiled compiled = compileAndCount(exactly);
  const ProgramCall call(program, batch, /*team=*/nullptr);
  const ProgramCall exact(compiled.programs.step, batch, /*team=*/nullptr);
  call();
  exact();
  return call.errors(exact);
}

MeasuredTraining measure(const BenchOptions &options) {
  MeasuredTraining result;
  Compiled compiled = compileAndCount(options);
  result.compileMs = compiled.compileMs;
  result.forwardFlops = compiled.forwardFlops;

  const runtime::Program gradient = compiled.programs.step;
  const runtime::Program forward = compiled.programs.evaluation();
  const std::optional<size_t> before = restartPeakResident();
  const MadeUpBatch batch(gradient.signature, options, compiled.tokens);
  Trainer trainer = makeTrainer(std::move(compiled.programs), options.threads);
  result.memory =
      measureMemory(before, gradient, trainer, batch, options.threads);
  result.step = Times(timeRuns([&] { trainer.step(batch.views()); },
                               RunLength::of(options.repeat)));
  const std::shared_ptr<seqc_team> team = makeTeam(options.threads);
  result.forward = timeProgram(forward, batch, team.get(), options.repeat);
  result.gradient = timeProgram(gradient, batch, team.get(), options.repeat);
  result.peakRate = measurePeak(options.threads);
  if (options.model.compile.precision != Precision::F32) {
    result.products = compiled.products;
    result.errors = errorsAgainstF32(options, gradient, batch);
  }
  return result;
}

std::string toJson(const MeasuredTraining &measured) {
  const double backward = measured.rateOf(2, measured.backwardMs());
  const MeasuredMemory &memory = measured.memory;
  nlohmann::ordered_json json = {
      {"compile_ms", measured.compileMs},
      {"forward_ms_min", measured.forward.minimum},
      {"forward_ms_median", measured.forward.median},
      {"gradient_ms_min", measured.gradient.minimum},
      {"gradient_ms_median", measured.gradient.median},
      {"backward_ms", measured.backwardMs()},
      {"step_ms_min", measured.step.minimum},
      {"step_ms_median", measured.step.median},
      {"gflop_forward", measured.forwardFlops * 1e-9},
      {"gflops_gradient", measured.rateOf(3, measured.gradient.minimum)},
      {"gflops_backward", backward},
      {"peak_gflops", measured.peakRate},
      {"share_of_peak_backward", measured.share(backward)},
      {"workspace_bytes", memory.workspace},
      {"parameter_bytes", memory.held.params},
      {"packed_bytes", memory.held.packed},
      {"gradient_bytes", memory.held.gradients},
      {"optimizer_bytes", memory.held.optimizer}};
  if (memory.peak)
    json["peak_resident_bytes"] = *memory.peak;
  if (!measured.products.empty()) {
    json["products"] = measured.products;
    json["errors"] = toJson(measured.errors);
  }
  return json.dump(2) + "\n";
}

std::string line(const char *label, double value, const char *unit) {
  return fmt::format("{:<26} {:>12.3f} {}\n", label, value, unit);
}

std::string toText(const MeasuredTraining &measured) {
  const double mega = 1e-6;
  const double whole = measured.rateOf(3, measured.gradient.minimum);
  const double backward = measured.rateOf(2, measured.backwardMs());
  const MeasuredMemory &memory = measured.memory;
  std::string text =
      line("compile", measured.compileMs, "ms") +
      line("forward, minimum", measured.forward.minimum, "ms") +
      line("forward, median", measured.forward.median, "ms") +
      line("with backward, minimum", measured.gradient.minimum, "ms") +
      line("with backward, median", measured.gradient.median, "ms") +
      line("step, minimum", measured.step.minimum, "ms") +
      line("step, median", measured.step.median, "ms") +
      line("rate, with backward", whole, "GFLOP/s") +
      line("rate, backward alone", backward, "GFLOP/s") +
      line("peak", measured.peakRate, "GFLOP/s") +
      line("share of peak, backward", 100 * measured.share(backward), "%") +
      line("workspace", memory.workspace * mega, "MB") +
      line("parameters", memory.held.params * mega, "MB") +
      line("parameters, packed", memory.held.packed * mega, "MB") +
      line("gradients", memory.held.gradients * mega, "MB") +
      line("optimizer", memory.held.optimizer * mega, "MB");
  if (memory.peak)
    text += line("resident, peak of steps", *memory.peak * mega, "MB");
  if (!measured.products.empty())
    text += "products " + measured.products + "\n" + toText(measured.errors);
  return text;
}

nlohmann::ordered_json aboutOf(const Compiled &compiled,
                               const MeasuredMemory &memory) {
  nlohmann::ordered_json json = {{"compile_ms", compiled.compileMs},
                                 {"gflop", compiled.forwardFlops * 1e-9},
                                 {"workspace_bytes", memory.workspace}};
  if (memory.peak)
    json["peak_resident_bytes"] = *memory.peak;
  return json;
}

} // namespace

void answerTrainingRounds(const BenchOptions &options) {
  Compiled compiled = compileAndCount(options);
  const runtime::Program gradient = compiled.programs.step;
  const std::optional<size_t> before = restartPeakResident();
  const MadeUpBatch batch(gradient.signature, options, compiled.tokens);
  Trainer trainer = makeTrainer(std::move(compiled.programs), options.threads);
  const MeasuredMemory memory =
      measureMemory(before, gradient, trainer, batch, options.threads);
  const std::shared_ptr<seqc_team> team = makeTeam(options.threads);
  ProgramCall call(gradient, batch, team.get());
  const auto runGradient = [&call] {
    call.pack();
    call();
  };
  answerRounds(aboutOf(compiled, memory),
               {{"gradient", runGradient},
                {"step", [&] { trainer.step(batch.views()); }}});
}

std::string benchTraining(const BenchOptions &options) {
  const MeasuredTraining measured = measure(options);
  return options.json ? toJson(measured) : toText(measured);
}

} // namespace seqc::tool
