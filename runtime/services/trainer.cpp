//===- trainer.cpp - Training steps on tensors ----------------------------===//
// Batches are added up by the compiled step, which updates with the last one.
//===----------------------------------------------------------------------===//

#include "runtime/services/trainer.h"

#include "runtime/services/messages.h"
#include "runtime/services/non_finite.h"
#include "runtime/services/trainer_state.h"
#include "runtime/services/truncation.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace seqc::runtime {

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

static std::vector<TensorSpec> specsOfGradients(const Signature &signature) {
  std::vector<TensorSpec> specs;
  for (const GradientSpec &gradient : signature.gradients) {
    if (gradient.of != GradientSpec::Of::Param)
      throw Error(fmt::format("{} is not a training program: it has a gradient "
                              "of {}, which is no parameter",
                              quoteName(signature.model),
                              quoteName(gradient.tensor.name)));
    specs.push_back(gradient.tensor);
  }
  return specs;
}

static std::vector<Tensor> makeGradients(const Signature &signature,
                                         std::pmr::memory_resource *memory) {
  std::vector<Tensor> tensors;
  for (const TensorSpec &spec : specsOfGradients(signature))
    tensors.emplace_back(ElementType::F32, spec.shape,
                         "the gradient of " + quoteName(spec.name), memory);
  return tensors;
}

static SessionOptions optionsFor(const Program &program,
                                 const TrainerOptions &options) {
  SessionOptions made;
  made.memory = options.memory;
  made.code = program.code;
  return made;
}

Trainer::State::State(TrainingPrograms programs, TrainerOptions options)
    : spec(std::move(programs.spec)), options(options),
      program(std::move(programs.step)),
      makeEvaluation(std::move(programs.evaluation)),
      reader(program.signature, spec.measures),
      optimizer(programs.optimizer, specsOfGradients(program.signature),
                options.memory),
      schedule(spec, std::move(programs.schedule)),
      params(initWeights(program.signature, options.seed)),
      gradients(makeGradients(program.signature, options.memory)),
      session(program.signature, program.functions, viewsOf(params),
              optionsFor(program, options)) {
  schedule.requireScalars(optimizer.scalars());
}

void Trainer::State::publishWeights() {
  session.setParams(viewsOf(params));
  isEvaluationStale = true;
}

void Trainer::State::restart() {
  pending = {};
  steps = 0;
  batches = 0;
  lastWeight = 0;
  optimizer.reset();
  schedule.reset();
}

//===----------------------------------------------------------------------===//
// One batch
//===----------------------------------------------------------------------===//

static std::vector<TensorView> joined(std::vector<TensorView> views,
                                      const std::vector<TensorView> &more) {
  views.insert(views.end(), more.begin(), more.end());
  return views;
}

static std::vector<float *> pointersTo(std::vector<Tensor> &tensors) {
  std::vector<float *> pointers;
  for (Tensor &tensor : tensors)
    pointers.push_back(tensor.data<float>());
  return pointers;
}

RunOptions
Trainer::State::runOptions(const CheckedInputs &batch,
                           const std::vector<int64_t> &sampleIds) const {
  RunOptions run;
  run.team = options.team;
  run.seed = options.seed;
  run.step = steps;
  run.sampleIds = sampleIds;
  if (sampleIds.empty() && pending.samples > 0) {
    run.sampleIds.resize(static_cast<size_t>(batch.batch()));
    std::iota(run.sampleIds.begin(), run.sampleIds.end(), pending.samples);
  }
  return run;
}

/// Adds the batch's gradients to the pending ones; with the last batch, updates
/// the weights.
int32_t Trainer::State::callStep(const CheckedInputs &batch,
                                 const RunOptions &run,
                                 const std::vector<TensorView> &outputs,
                                 const std::vector<TensorView> &statesOut) {
  const bool isFirst = pending.batches == 0;
  if (!isFirst && batchGradients.empty())
    batchGradients = makeGradients(program.signature, options.memory);
  std::vector<Tensor> &made = isFirst ? gradients : batchGradients;
  if (batch.batch() == 0)
    for (Tensor &gradient : made)
      std::fill_n(gradient.data<float>(), gradient.size(), 0.0f);

  const bool isLast = pending.batches + 1 >= spec.accumulate;
  std::vector<float> scalars;
  if (isLast) {
    pending.plan = schedule.plan(steps);
    for (const std::string &name : optimizer.scalars())
      scalars.push_back(static_cast<float>(pending.plan.scalars.at(name)));
  }
  const std::vector<float *> sums = pointersTo(gradients);
  const std::vector<float *> states = optimizer.pointers();
  const std::vector<TensorView> views = viewsOf(params);
  const std::vector<seqc_tensor> weights = toConvention(views);

  seqc_step step = {};
  step.params = weights.data();
  step.sums = isFirst ? nullptr : sums.data();
  step.states = states.data();
  step.scalars = scalars.data();
  step.norm = &pending.gradientNorm;
  step.weight = isFirst ? 0 : pending.measures.front().weight;
  step.clip_norm = spec.clipNorm;
  step.update = isLast;
  return session.stepInto(batch, joined(outputs, viewsOf(made)), statesOut, run,
                          step);
}

/// Adds the batch to the pending ones.
Measures Trainer::State::addBatch(const CheckedInputs &batch,
                                  const std::vector<int64_t> &sampleIds,
                                  const std::vector<TensorView> &statesOut) {
  const std::vector<Tensor> outputs =
      makeOutputs(program.signature, batch.dims, options.memory);
  const int32_t status = callStep(batch, runOptions(batch, sampleIds),
                                  viewsOf(outputs), statesOut);
  const Measures measures = reader.read(outputs);
  if (status == SEQC_ERROR_NOT_FINITE)
    failNotFinite(batch, measures);
  add(pending.measures, measures);
  ++pending.batches;
  pending.samples += batch.batch();
  return measures;
}

void Trainer::State::failNotFinite(const CheckedInputs &batch,
                                   const Measures &measures) {
  const Measure &loss = measures.front();
  const bool isLossFinite =
      std::isfinite(loss.sum) && std::isfinite(loss.weight);
  // What was added up has taken in whatever the batch's gradients hold.
  StepTensors tensors = {program.signature,        batch,     params,
                         isLossFinite ? 0.0 : NAN, gradients, {}};
  for (const GradientSpec &gradient : program.signature.gradients)
    tensors.gradientNames.push_back(gradient.tensor.name);
  pending = {};
  throw NotFiniteError(
      fmt::format("step {}: {} not finite\n{}", steps,
                  isLossFinite ? "the gradients are" : "the loss is",
                  describeNonFinite(tensors)));
}

/// Uses the pending sums up, with which the weights have been updated.
void Trainer::State::conclude(StepResult &result) {
  Pending done = std::move(pending);
  pending = {};
  lastWeight = done.measures.front().weight;
  result.scalars = done.plan.scalars;
  ++steps;
  if (lastWeight == 0)
    return;
  schedule.advance(std::move(done.plan), done.measures);
  result.gradientNorm = done.gradientNorm;
  isEvaluationStale = true;
  ++result.updates;
}

void Trainer::State::report(StepResult &result,
                            const Measures &measures) const {
  result.loss = measures.front().mean();
  result.weight = measures.front().weight;
  result.metrics = schedule.metrics(result.step, measures);
}

StepResult Trainer::State::step(const CheckedInputs &batch,
                                const std::vector<int64_t> &sampleIds) {
  StepResult result;
  result.step = steps;
  const std::vector<Tensor> states =
      makeStates(program.signature, batch.dims, options.memory);
  result.measures = addBatch(batch, sampleIds, viewsOf(states));
  report(result, pending.measures);
  if (isComplete())
    conclude(result);
  return result;
}

/// The longest sample's length in the first dynamic dimension.
static int64_t lengthOf(const CheckedInputs &batch) {
  const std::vector<int64_t> &lengths = batch.lengths.front();
  return lengths.empty() ? batch.dims[1]
                         : *std::max_element(lengths.begin(), lengths.end());
}

StepResult Trainer::State::stepInChunks(const CheckedInputs &batch,
                                        const std::vector<int64_t> &sampleIds) {
  StepResult result;
  result.step = steps;
  Measures total;
  const int64_t length = batch.batch() == 0 ? 0 : lengthOf(batch);
  std::vector<Tensor> states;
  int64_t begin = 0;
  do {
    const int64_t end = std::min(begin + spec.truncate, length);
    CheckedInputs chunk = cut(program.signature, batch, /*dim=*/0, begin, end);
    chunk.states = viewsOf(states);
    std::vector<Tensor> after =
        makeStates(program.signature, chunk.dims, options.memory);
    add(total, addBatch(chunk, sampleIds, viewsOf(after)));
    states = std::move(after);
    if (isComplete())
      conclude(result);
    begin = end;
  } while (begin < length);
  report(result, total);
  result.measures = std::move(total);
  return result;
}

//===----------------------------------------------------------------------===//
// Measuring
//===----------------------------------------------------------------------===//

const Session &Trainer::State::evaluation() {
  if (!makeEvaluation)
    throw Error(fmt::format("the training of the model {} was made without a "
                            "program to evaluate it",
                            quoteName(program.signature.model)));
  if (!evaluationSession) {
    const Program made = makeEvaluation();
    evaluationSession.emplace(made.signature, made.functions, viewsOf(params),
                              optionsFor(made, options));
  } else if (isEvaluationStale) {
    evaluationSession->setParams(viewsOf(params));
  }
  isEvaluationStale = false;
  return *evaluationSession;
}

std::vector<Tensor> Trainer::State::evaluate(const ViewMap &batch) {
  const Session &called = evaluation();
  const Signature &signature = called.signature();
  const CheckedInputs checked = checkInputs(signature, batch);
  std::vector<Tensor> outputs =
      makeOutputs(signature, checked.dims, options.memory);
  const std::vector<Tensor> states =
      makeStates(signature, checked.dims, options.memory);
  RunOptions run;
  run.team = options.team;
  called.runInto(checked, viewsOf(outputs), viewsOf(states), run);
  return outputs;
}

//===----------------------------------------------------------------------===//
// Trainer
//===----------------------------------------------------------------------===//

Trainer::Trainer(TrainingPrograms programs, TrainerOptions options)
    : state(std::make_unique<State>(std::move(programs), options)) {}
Trainer::Trainer(Trainer &&) noexcept = default;
Trainer &Trainer::operator=(Trainer &&) noexcept = default;
Trainer::~Trainer() = default;

const Signature &Trainer::signature() const { return state->program.signature; }
const TrainingSpec &Trainer::spec() const { return state->spec; }
int64_t Trainer::steps() const { return state->steps; }
int64_t Trainer::batches() const { return state->batches; }
int64_t Trainer::seed() const { return state->options.seed; }
bool Trainer::isBetweenUpdates() const { return state->pending.batches == 0; }
void Trainer::setSteps(int64_t steps) { state->steps = steps; }

StepResult Trainer::step(const ViewMap &batch,
                         const std::vector<int64_t> &sampleIds) {
  const CheckedInputs checked = checkInputs(signature(), batch);
  ++state->batches;
  return spec().truncate > 0 && !signature().dims.empty()
             ? state->stepInChunks(checked, sampleIds)
             : state->step(checked, sampleIds);
}

Measures Trainer::measure(const ViewMap &batch) {
  const std::vector<Tensor> outputs = state->evaluate(batch);
  return MeasureReader(state->evaluation().signature(), spec().measures)
      .read(outputs);
}

std::vector<Measures> Trainer::measureEach(const ViewMap &batch) {
  const std::vector<Tensor> outputs = state->evaluate(batch);
  return MeasureReader(state->evaluation().signature(), spec().measures)
      .readEach(outputs);
}

Numbers Trainer::means(const Measures &measures) const {
  Numbers means = state->schedule.metrics(state->steps, measures);
  means["loss"] = measures.front().mean();
  return means;
}

void Trainer::setScalar(const std::string &name, double value) {
  state->schedule.setScalar(name, value);
}

Trainer::Memory Trainer::memory() const {
  Memory memory;
  for (const Tensor &param : state->params)
    memory.params += param.bytes();
  for (const Tensor &gradient : state->gradients)
    memory.gradients += gradient.bytes();
  for (const Tensor &gradient : state->batchGradients)
    memory.gradients += gradient.bytes();
  memory.optimizer = state->optimizer.bytes();
  memory.packed = state->program.functions.packed();
  return memory;
}

} // namespace seqc::runtime
