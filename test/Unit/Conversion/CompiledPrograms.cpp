//===- CompiledPrograms.cpp - Compiled programs against the interpreter ---===//
// Compiling, calling, drawing batches, comparing.
//===----------------------------------------------------------------------===//

#include "test/Unit/Conversion/CompiledPrograms.h"

#include "compiler/Codegen/MachineCode.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Pipelines/Signature.h"
#include "compiler/Target/TargetMachine.h"
#include "runtime/core/team.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

#include <cmath>
#include <limits>

namespace seqc::compiled {

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

Model::Model(llvm::StringRef text, Form form, const TargetDescription &target,
             llvm::StringRef batched) {
  mlir::DialectRegistry registry;
  registerPhaseDialects(registry);
  registerTranslations(registry);
  context.appendDialectRegistry(registry);
  sample = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!sample)
    return;
  auto read = readSignature(*sample);
  if (mlir::failed(read))
    return;
  signature = *read;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  if (!batched.empty()) {
    module = mlir::parseSourceString<mlir::ModuleOp>(batched, &context);
    if (!module)
      return;
  } else {
    module = sample->clone();
    mlir::PassManager pm(&context);
    addBatchPhase(pm);
    if (mlir::failed(pm.run(*module)))
      return;
  }
  compile(*module, target, form);
}

void Model::compile(mlir::ModuleOp module, const TargetDescription &target,
                    Form form) {
  mlir::PassManager pm(&context);
  if (form != Form::AsWritten) {
    pm.addNestedPass<mlir::func::FuncOp>(seq::createHoistInPass());
    pm.addNestedPass<mlir::func::FuncOp>(seq::createFuseGatesPass());
    pm.addNestedPass<mlir::func::FuncOp>(seq::createGatherOneHotPass());
  }
  pm.addPass(seq::createOutlinePackPass());
  pm.addPass(createOutlineSumsPass());
  if (form == Form::Unrolled)
    pm.addNestedPass<mlir::func::FuncOp>(seq::createUnrollTimePass());
  addLoopsPhase(pm, target);
  addLLVMPhase(pm, target);
  if (mlir::failed(pm.run(module)))
    return;
  auto machine = createTargetMachine(target);
  llvm::LLVMContext llvmContext;
  auto translated = translateToLLVMIR(module, llvmContext, *machine);
  if (!translated)
    return;
  optimize(*translated, *machine);
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  emitMachineCode(*translated, *machine, llvm::CodeGenFileType::ObjectFile,
                  stream);
  auto linked = Jit::link(std::make_unique<llvm::SmallVectorMemoryBuffer>(
      std::move(object), /*RequiresNullTerminator=*/false));
  if (!linked)
    return llvm::consumeError(linked.takeError());
  jit = std::move(*linked);
  auto find = [&](llvm::StringRef suffix, auto &function) {
    EXPECT_FALSE(jit->lookup(signature.model + suffix.str(), function));
  };
  find("_packed", entry.packed);
  find("_pack", entry.pack);
  find("_workspace", entry.workspace);
  find("", entry.model);
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

Memory::Memory(const Tensor &tensor) : shape(tensor.shape), kind(tensor.kind) {
  auto dense = tensor.strides();
  strides.assign(dense.begin(), dense.end());
  size_t width = kind == ElementKind::F32     ? sizeof(float)
                 : kind == ElementKind::Token ? sizeof(int64_t)
                                              : 1;
  bytes.assign(tensor.size() * width, 0x7f);
}

Memory Memory::of(const Tensor &tensor) {
  Memory memory(tensor);
  for (int64_t i = 0; i < tensor.size(); ++i)
    memory.set(i, tensor);
  return memory;
}

double Memory::get(int64_t i) const {
  if (kind == ElementKind::F32)
    return reinterpret_cast<const float *>(bytes.data())[i];
  if (kind == ElementKind::Token)
    return reinterpret_cast<const int64_t *>(bytes.data())[i];
  return bytes[i];
}

void Memory::set(int64_t i, const Tensor &from) {
  if (kind == ElementKind::F32)
    reinterpret_cast<float *>(bytes.data())[i] =
        static_cast<float>(from.numbers[i]);
  else if (kind == ElementKind::Token)
    reinterpret_cast<int64_t *>(bytes.data())[i] = from.integers[i];
  else
    bytes[i] = from.integers[i] != 0;
}

static std::vector<Memory> memoriesOf(llvm::ArrayRef<Tensor> tensors,
                                      bool copy) {
  std::vector<Memory> memories;
  for (const Tensor &tensor : tensors)
    memories.push_back(copy ? Memory::of(tensor) : Memory(tensor));
  return memories;
}

static std::vector<seqc_tensor> tensorsOf(std::vector<Memory> &memories) {
  std::vector<seqc_tensor> tensors;
  for (Memory &memory : memories)
    tensors.push_back(memory.tensor());
  return tensors;
}

namespace {

/// Bytes at the alignment that compiled code asks for, with a guard behind.
class Aligned {
public:
  explicit Aligned(size_t size)
      : size(size), bytes(size + 2 * SEQC_ALIGNMENT, 0xff) {}
  uint8_t *data() {
    auto address = reinterpret_cast<uintptr_t>(bytes.data());
    return bytes.data() + (-address & (SEQC_ALIGNMENT - 1));
  }
  bool isIntact() {
    for (size_t i = 0; i < SEQC_ALIGNMENT; ++i)
      if (data()[size + i] != 0xff)
        return false;
    return true;
  }

private:
  size_t size;
  std::vector<uint8_t> bytes;
};

} // namespace

Answer call(Model &model, const Batch &batch, int64_t dimension,
            const BatchResults &shapes, int32_t workers) {
  std::vector<Memory> params = memoriesOf(batch.params, true);
  Aligned packed(model.entry.packed());
  model.entry.pack(tensorsOf(params).data(), packed.data());
  EXPECT_TRUE(packed.isIntact());

  Answer answer;
  std::vector<Memory> inputs = memoriesOf(batch.inputs, true);
  std::vector<Memory> statesIn = memoriesOf(batch.states, true);
  answer.outputs = memoriesOf(shapes.outputs, false);
  answer.gradients = memoriesOf(shapes.gradients, false);
  // States are updated in place where they are given.
  answer.states = memoriesOf(shapes.states, false);
  auto inputTensors = tensorsOf(inputs),
       outputTensors = tensorsOf(answer.outputs),
       inTensors = tensorsOf(statesIn), outTensors = tensorsOf(answer.states);
  llvm::append_range(outputTensors, tensorsOf(answer.gradients));
  if (!statesIn.empty())
    outTensors = inTensors;

  int64_t dims[] = {batch.size, dimension};
  const int64_t *lengths[] = {batch.lengths.empty() ? nullptr
                                                    : batch.lengths[0].data()};
  Aligned workspace(model.entry.workspace(dims, workers));
  seqc_team *team = workers > 1 ? seqc_team_create(workers) : nullptr;
  seqc_call call = {};
  call.abi_version = SEQC_ABI_VERSION;
  call.dims = dims;
  call.lengths = lengths;
  call.inputs = inputTensors.data();
  call.outputs = outputTensors.data();
  call.packed = packed.data();
  call.states_in = batch.states.empty() ? nullptr : inTensors.data();
  call.states_out = outTensors.data();
  call.workspace = workspace.data();
  const std::vector<int64_t> &ids = batch.draws.sampleIds;
  const seqc_runtime runtime = {batch.draws.seed, batch.draws.step,
                                ids.empty() ? nullptr : ids.data(), nullptr};
  call.team = team;
  call.runtime = &runtime;
  call.error = &answer.error;
  answer.status = model.entry.model(&call);
  seqc_team_destroy(team);
  EXPECT_TRUE(workspace.isIntact());
  if (!statesIn.empty())
    answer.states = statesIn;
  return answer;
}

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

static Tensor randomTensor(std::mt19937 &random, const TensorSpec &spec,
                           std::vector<int64_t> shape, bool isParam) {
  ElementKind kind = spec.type == ElementType::F32     ? ElementKind::F32
                     : spec.type == ElementType::Token ? ElementKind::Token
                                                       : ElementKind::Bool;
  Tensor tensor = Tensor::zeros(kind, shape);
  std::uniform_real_distribution<float> number(-1, 1);
  for (double &value : tensor.numbers)
    value = isParam ? number(random) / 2 : number(random);
  for (int64_t &value : tensor.integers)
    value = random() % (kind == ElementKind::Bool ? 2 : 7);
  return tensor;
}

/// Fills what lies behind each row's length.
static void spoilPadding(Tensor &tensor, llvm::ArrayRef<int64_t> lengths) {
  int64_t inner = 1;
  for (int64_t size : llvm::ArrayRef(tensor.shape).drop_front(2))
    inner *= size;
  for (size_t row = 0; row < lengths.size(); ++row)
    for (int64_t i = lengths[row] * inner; i < tensor.shape[1] * inner; ++i) {
      int64_t at = row * tensor.shape[1] * inner + i;
      if (tensor.isNumber())
        tensor.numbers[at] = std::numeric_limits<double>::quiet_NaN();
      else
        tensor.integers[at] = 1 << 20;
    }
}

Batch randomBatch(const runtime::Signature &signature, const Case &c,
                  int64_t shortest) {
  std::mt19937 random(7 * c.batch + c.size);
  Batch batch;
  batch.size = c.batch;
  auto shapeOf = [&](const TensorSpec &spec, bool batched) {
    std::vector<int64_t> shape;
    if (batched)
      shape.push_back(c.batch);
    for (int64_t size : spec.shape)
      shape.push_back(size < 0 ? c.size : size);
    return shape;
  };
  if (c.ragged) {
    batch.lengths.emplace_back();
    for (int64_t row = 0; row < c.batch; ++row)
      batch.lengths[0].push_back(
          std::max<int64_t>(random() % (c.size + 1), shortest));
  }
  for (const TensorSpec &spec : signature.inputs) {
    batch.inputs.push_back(
        randomTensor(random, spec, shapeOf(spec, true), false));
    if (c.ragged)
      spoilPadding(batch.inputs.back(), batch.lengths[0]);
  }
  for (const runtime::ParamSpec &spec : signature.params)
    batch.params.push_back(
        randomTensor(random, spec.tensor, shapeOf(spec.tensor, false), true));
  if (c.givesStates)
    for (const TensorSpec &spec : signature.states)
      batch.states.push_back(
          randomTensor(random, spec, shapeOf(spec, true), false));
  return batch;
}

static void expectNear(llvm::ArrayRef<Memory> actual,
                       llvm::ArrayRef<Tensor> expected,
                       llvm::ArrayRef<TensorSpec> specs) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t k = 0; k < actual.size(); ++k)
    for (int64_t i = 0; i < expected[k].size(); ++i) {
      double want = expected[k].isNumber() ? expected[k].numbers[i]
                                           : double(expected[k].integers[i]);
      ASSERT_NEAR(actual[k].get(i), want, 1e-5 + 1e-5 * std::abs(want))
          << specs[k].name << ", element " << i;
    }
}

void runCase(Model &model, const Case &c, int64_t shortest) {
  SCOPED_TRACE(testing::Message() << "batch " << c.batch << ", size " << c.size
                                  << (c.ragged ? ", ragged" : "")
                                  << (c.givesStates ? ", with states" : ""));
  Batch batch = randomBatch(model.signature, c, shortest);
  reference::RunError error;
  auto expected =
      reference::runSamples(*model.sample, model.signature, batch, error);
  ASSERT_TRUE(mlir::succeeded(expected)) << error.message;
  Answer answer = call(model, batch, c.size, *expected);
  ASSERT_EQ(answer.status, SEQC_OK);
  expectNear(answer.outputs, expected->outputs, model.signature.outputs);
  expectNear(answer.states, expected->states, model.signature.states);
  std::vector<TensorSpec> gradients;
  for (const runtime::GradientSpec &gradient : model.signature.gradients)
    gradients.push_back(gradient.tensor);
  expectNear(answer.gradients, expected->gradients, gradients);
}

TargetDescription targetOf(int64_t vectorBits, int64_t registers) {
  TargetDescription target = hostTarget();
  target.vectorBits = vectorBits;
  target.vectorRegisters = registers;
  return target;
}

void runCases(Model &model, int64_t shortest) {
  ASSERT_TRUE(bool(model));
  for (const Case &c : {Case{1, 1, false, false}, Case{3, 7, false, true},
                        Case{3, 7, true, false}, Case{17, 5, true, true},
                        Case{33, 3, true, false}, Case{2, 0, false, true},
                        Case{0, 4, false, false}})
    if (c.size >= shortest)
      runCase(model, c, shortest);
}

void expectSameBits(Model &model, const Case &c) {
  Batch batch = randomBatch(model.signature, c, 0);
  reference::RunError error;
  auto shapes =
      reference::runSamples(*model.sample, model.signature, batch, error);
  ASSERT_TRUE(mlir::succeeded(shapes)) << error.message;
  Answer one = call(model, batch, c.size, *shapes, 1);
  for (int32_t workers : {1, 2, 3}) {
    Answer several = call(model, batch, c.size, *shapes, workers);
    for (auto part : {&Answer::outputs, &Answer::states, &Answer::gradients})
      for (size_t k = 0; k < (one.*part).size(); ++k)
        EXPECT_EQ((one.*part)[k].bytes, (several.*part)[k].bytes)
            << workers << " workers";
  }
}

} // namespace seqc::compiled
