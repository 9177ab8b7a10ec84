//===- seq-check-gradient.cpp - Gradients against central differences -----===//
// For tests: differentiates the program of one sample and holds what the
// reference interpreter makes of it, in double precision, against differences
// of the program itself; then, after each later phase, against that.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/Reference/Samples.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Pipelines/Phases.h"
#include "compiler/Pipelines/Signature.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>
#include <random>

namespace cl = llvm::cl;
using namespace mlir;
using namespace seqc;
using namespace seqc::reference;

static cl::opt<std::string> inputFile(cl::Positional, cl::init("-"),
                                      cl::desc("FILE.mlir (phase seq)"));
static cl::opt<unsigned> seed("seed", cl::init(1), cl::desc("of all values"));
static cl::opt<unsigned> batchSize("batch", cl::init(3),
                                   cl::desc("how many samples"));
static cl::opt<unsigned> length("length", cl::init(4),
                                cl::desc("size of the first dimension; each "
                                         "next one has one less or more"));
static cl::opt<unsigned>
    directions("directions", cl::init(0),
               cl::desc("compare along so many random directions (default: "
                        "each component)"));
static cl::opt<double> scale("scale", cl::init(0.7),
                             cl::desc("numbers lie between minus and plus "
                                      "this, parameters too"));
static cl::opt<double> lowest("lowest", cl::init(NAN),
                              cl::desc("the least number, if not -scale"));
static cl::opt<Save> save(
    "save", cl::desc("what the backward loops have of the forward ones"),
    cl::values(clEnumValN(Save::Recompute, "recompute", "the least memory"),
               clEnumValN(Save::All, "all", "all that they read"),
               clEnumValN(Save::Checkpoint, "checkpoint",
                          "states between segments of two steps")),
    cl::init(Save::Recompute));
static cl::list<std::string>
    constants("constant",
              cl::desc("ends of names that the program takes for constants by "
                       "seq.stop_gradient, which differences do not see"));
static cl::opt<bool> verbose("v", cl::desc("say what was compared"));

namespace {

/// A program with its signature.
struct Program {
  OwningOpRef<ModuleOp> module;
  runtime::Signature signature;
};

class Checker {
public:
  Checker(Program original, Program gradient, Goal goal)
      : original(std::move(original)), gradient(std::move(gradient)),
        goal(goal), random(seed) {}

  bool run();

private:
  void draw();
  Tensor drawTensor(const runtime::TensorSpec &spec, bool hasBatch);
  int64_t vocabularyOf(StringRef input);
  double objective();
  double differenceAlong(ArrayRef<std::pair<double *, double>> direction);
  Tensor *variable(const runtime::GradientSpec &spec);
  bool compareDifferences();
  bool compareEach(const runtime::GradientSpec &spec, const Tensor &found);
  bool compareDirections();
  bool comparePhase(Phase phase);
  bool report(StringRef what, StringRef of, double difference, double norm,
              double tolerance);

  Program original, gradient;
  const Goal goal;
  std::mt19937 random;
  Batch batch;
  /// What is multiplied with the outputs: the gradient program's further
  /// inputs. Empty in training, where the loss is what counts.
  std::vector<Tensor> weights;
  BatchResults exact;
};

} // namespace

[[noreturn]] static void fail(const Twine &message) {
  llvm::errs() << "error: " << message << "\n";
  std::exit(1);
}

static Program withSignature(OwningOpRef<ModuleOp> module) {
  auto signature = readSignature(*module);
  if (failed(signature))
    std::exit(1);
  return {std::move(module), std::move(*signature)};
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static int64_t sizeOfDimension(int64_t ordinal) {
  return std::max<int64_t>(1,
                           length + (ordinal % 2 ? -1 : 1) * (ordinal + 1) / 2);
}

int64_t Checker::vocabularyOf(StringRef input) {
  auto main = original.module->lookupSymbol<func::FuncOp>(seq::kMainName);
  for (unsigned i = 0; i < main.getNumArguments(); ++i) {
    auto name = main.getArgAttrOfType<StringAttr>(i, seq::kInputAttr);
    auto size = main.getArgAttrOfType<IntegerAttr>(i, seq::kVocabularyAttr);
    if (name && name.getValue() == input && size)
      return size.getInt();
  }
  return 2;
}

Tensor Checker::drawTensor(const runtime::TensorSpec &spec, bool hasBatch) {
  SmallVector<int64_t> shape;
  if (hasBatch)
    shape.push_back(batchSize);
  for (auto [size, ordinal] : llvm::zip_equal(spec.shape, spec.axes)) {
    if (ordinal < 0) {
      shape.push_back(size);
      continue;
    }
    const auto dims = static_cast<int64_t>(original.signature.dims.size());
    int64_t extent = 0;
    if (ordinal < dims) {
      extent = sizeOfDimension(ordinal);
    } else {
      std::vector<int64_t> sizes;
      for (int64_t i = 0; i < dims; ++i)
        sizes.push_back(sizeOfDimension(i));
      for (const runtime::DerivedDim &derived : original.signature.derived)
        sizes.push_back(derived.count(sizes[derived.source]));
      extent = sizes[ordinal];
    }
    shape.push_back(extent);
  }
  if (spec.type != runtime::ElementType::F32) {
    const int64_t bound =
        spec.type == runtime::ElementType::Bool ? 2 : vocabularyOf(spec.name);
    Tensor tensor = Tensor::zeros(spec.type == runtime::ElementType::Bool
                                      ? ElementKind::Bool
                                      : ElementKind::Token,
                                  shape);
    for (int64_t &token : tensor.integers)
      token = static_cast<int64_t>(random() % bound);
    return tensor;
  }
  Tensor tensor = Tensor::zeros(ElementKind::F32, shape);
  std::uniform_real_distribution<double> number(
      std::isnan(lowest) ? -scale : lowest.getValue(), scale);
  for (double &element : tensor.numbers)
    element = number(random);
  return tensor;
}

void Checker::draw() {
  batch.size = batchSize;
  const runtime::Signature &signature = original.signature;
  for (const runtime::TensorSpec &spec : signature.inputs)
    batch.inputs.push_back(drawTensor(spec, true));
  for (const runtime::ParamSpec &param : signature.params)
    batch.params.push_back(drawTensor(param.tensor, false));
  for (const runtime::TensorSpec &spec : signature.states)
    batch.states.push_back(drawTensor(spec, true));
  for (auto [ordinal, outer] : llvm::enumerate(signature.enclosing)) {
    std::vector<int64_t> lengths;
    // The longest sample fills the dimension; one inside another is full.
    if (outer < 0)
      for (unsigned i = 0; i < batchSize; ++i)
        lengths.push_back(i == 0 ? sizeOfDimension(ordinal)
                                 : 1 + random() % sizeOfDimension(ordinal));
    batch.lengths.push_back(lengths);
  }
  for (size_t i = signature.inputs.size(); i < gradient.signature.inputs.size();
       ++i)
    weights.push_back(drawTensor(gradient.signature.inputs[i], true));
}

//===----------------------------------------------------------------------===//
// Differences
//===----------------------------------------------------------------------===//

/// What is differentiated: the loss, or the outputs weighted.
double Checker::objective() {
  RunError error;
  auto results = runSamples(*original.module, original.signature, batch, error);
  if (failed(results))
    fail(error.message);
  double sum = 0;
  auto weight = weights.begin();
  for (auto [spec, output] :
       llvm::zip_equal(original.signature.outputs, results->outputs)) {
    if (spec.type != runtime::ElementType::F32)
      continue;
    if (weights.empty()) {
      if (spec.name == seq::kLossName)
        for (double number : output.numbers)
          sum += number;
      continue;
    }
    for (auto [number, factor] :
         llvm::zip_equal(output.numbers, weight->numbers))
      sum += number * factor;
    ++weight;
  }
  return sum;
}

/// The slope along a direction, with an error of the fourth order.
double
Checker::differenceAlong(ArrayRef<std::pair<double *, double>> direction) {
  auto at = [&](double step) {
    for (auto [place, slope] : direction)
      *place += step * slope;
    const double value = objective();
    for (auto [place, slope] : direction)
      *place -= step * slope;
    return value;
  };
  const double h = 1e-3;
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

/// The tensor that a gradient is of.
Tensor *Checker::variable(const runtime::GradientSpec &spec) {
  using Of = runtime::GradientSpec::Of;
  auto find = [&](auto &specs, std::vector<Tensor> &tensors,
                  auto nameOf) -> Tensor * {
    for (auto [each, tensor] : llvm::zip(specs, tensors))
      if (nameOf(each) == spec.tensor.name)
        return &tensor;
    fail("no argument `" + Twine(spec.tensor.name) + "`");
  };
  auto name = [](const runtime::TensorSpec &each) { return each.name; };
  if (spec.of == Of::Param)
    return find(
        original.signature.params, batch.params,
        [](const runtime::ParamSpec &each) { return each.tensor.name; });
  if (spec.of == Of::Input)
    return find(original.signature.inputs, batch.inputs, name);
  return find(original.signature.states, batch.states, name);
}

static bool isConstant(const runtime::GradientSpec &spec) {
  return llvm::any_of(constants, [&](const std::string &end) {
    return StringRef(spec.tensor.name).ends_with(end);
  });
}

static double largest(const Tensor &tensor) {
  double norm = 0;
  for (double number : tensor.numbers)
    norm = std::max(norm, std::abs(number));
  return norm;
}

bool Checker::report(StringRef what, StringRef of, double difference,
                     double norm, double tolerance) {
  const bool isRight = difference <= tolerance * std::max(norm, 1e-3);
  if (verbose || !isRight)
    (isRight ? llvm::outs() : llvm::errs())
        << (isRight ? "" : "error: ") << what << ": gradient of `" << of
        << "`: largest " << llvm::format("%.3g", norm) << ", off by "
        << llvm::format("%.2g", difference) << "\n";
  return isRight;
}

bool Checker::compareEach(const runtime::GradientSpec &spec,
                          const Tensor &found) {
  Tensor &place = *variable(spec);
  double off = 0;
  for (auto [number, slope] : llvm::zip_equal(place.numbers, found.numbers)) {
    const double expected = differenceAlong({{&number, 1.0}});
    off = std::max(off, std::abs(expected - slope));
    if (std::isnan(expected) || std::isnan(slope))
      off = INFINITY;
  }
  return report("differences", spec.tensor.name, off, largest(found), 1e-6);
}

bool Checker::compareDirections() {
  std::normal_distribution<double> normal;
  bool isRight = true;
  for (unsigned i = 0; i < directions; ++i) {
    std::vector<std::pair<double *, double>> direction;
    double slope = 0, norm = 0;
    for (auto [spec, found] :
         llvm::zip_equal(gradient.signature.gradients, exact.gradients)) {
      if (isConstant(spec))
        continue;
      Tensor &place = *variable(spec);
      for (auto [number, each] :
           llvm::zip_equal(place.numbers, found.numbers)) {
        direction.push_back({&number, normal(random)});
        slope += each * direction.back().second;
        norm = std::max(norm, std::abs(each));
      }
    }
    // A direction of length one.
    const double size = std::sqrt(static_cast<double>(direction.size()));
    for (auto &[number, part] : direction)
      part /= size;
    const double off = std::abs(differenceAlong(direction) - slope / size);
    isRight &= report("direction " + std::to_string(i), "all",
                      std::isnan(off) ? INFINITY : off, norm, 1e-6);
  }
  return isRight;
}

bool Checker::compareDifferences() {
  if (directions)
    return compareDirections();
  bool isRight = true;
  for (auto [spec, found] :
       llvm::zip_equal(gradient.signature.gradients, exact.gradients))
    if (!isConstant(spec))
      isRight &= compareEach(spec, found);
  return isRight;
}

//===----------------------------------------------------------------------===//
// Phases
//===----------------------------------------------------------------------===//

/// The gradient program of the whole batch, after one phase more.
bool Checker::comparePhase(Phase phase) {
  if (failed(runPhase(*gradient.module, phase, hostTarget(), goal)))
    fail("phase `" + Twine(nameOf(phase)) + "` failed");
  Batch all = batch;
  llvm::append_range(all.inputs, weights);
  RunError error;
  auto results = runBatched(*gradient.module, gradient.signature, all, error);
  if (failed(results))
    fail("after phase `" + Twine(nameOf(phase)) + "`: " + error.message);
  bool isRight = true;
  for (auto [spec, found, expected] : llvm::zip_equal(
           gradient.signature.gradients, results->gradients, exact.gradients)) {
    double off = 0;
    for (auto [x, y] : llvm::zip_equal(found.numbers, expected.numbers))
      off = std::isnan(x - y) ? INFINITY : std::max(off, std::abs(x - y));
    isRight &= report("phase " + std::string(nameOf(phase)), spec.tensor.name,
                      off, largest(expected), 1e-9);
  }
  return isRight;
}

bool Checker::run() {
  draw();
  Batch all = batch;
  llvm::append_range(all.inputs, weights);
  RunError error;
  auto results = runSamples(*gradient.module, gradient.signature, all, error);
  if (failed(results))
    fail(error.message);
  exact = std::move(*results);
  if (exact.gradients.empty())
    fail("nothing has a gradient");
  bool isRight = compareDifferences();
  for (Phase phase : {Phase::Batch, Phase::Fused})
    isRight &= comparePhase(phase);
  return isRight;
}

/// What is differentiated in training: the same numbers are drawn each time.
static LogicalResult drawDropout(ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addNestedPass<func::FuncOp>(seq::createDrawDropoutPass());
  return passes.run(module);
}

/// Checks the gradient of one program.
static bool check(MLIRContext &context, StringRef text) {
  auto module = parseSourceString<ModuleOp>(text, &context, inputFile);
  if (!module)
    return false;
  const Goal goal =
      (*module)->hasAttr(seq::kTrainingAttr) ? Goal::Training : Goal::Gradient;
  if (goal == Goal::Training && failed(drawDropout(*module)))
    return false;
  OwningOpRef<ModuleOp> differentiated = module->clone();
  if (failed(runPhase(*differentiated, Phase::Grad, hostTarget(), goal,
                      {save, /*every=*/2})))
    return false;
  Checker checker(withSignature(std::move(module)),
                  withSignature(std::move(differentiated)), goal);
  return checker.run();
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "checks gradients of seq IR\n");
  DialectRegistry registry;
  registerPhaseDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto file = llvm::MemoryBuffer::getFileOrSTDIN(inputFile);
  if (!file)
    fail("cannot read `" + inputFile + "`: " + file.getError().message());
  // Several programs stand apart as in the input of mlir-opt.
  SmallVector<StringRef> programs;
  (*file)->getBuffer().split(programs, "// -----\n");
  bool isRight = true;
  for (StringRef program : programs)
    isRight &= check(context, program);
  return isRight ? 0 : 1;
}
