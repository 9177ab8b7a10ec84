//===- SeqToLoopsTest.cpp - Compiled programs against the interpreter -----===//
// Programs of one sample are compiled by the phases and called as a caller in C
// would; every element of every result is held against the interpreter, which
// runs the samples one by one. What lies in the padding of the inputs is NaN.
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/Jit.h"
#include "compiler/Codegen/MachineCode.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Dialect/Seq/Reference/Samples.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Pipelines/Phases.h"
#include "compiler/Pipelines/Signature.h"
#include "compiler/Target/TargetMachine.h"
#include "runtime/core/abi.h"
#include "runtime/core/team.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace seqc;
using reference::Batch;
using reference::BatchResults;
using reference::ElementKind;
using reference::Tensor;
using runtime::ElementType;
using runtime::TensorSpec;

namespace {

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// Two gated scans, one backwards, over a product of the inputs; widths that
/// fill no vector, a carried state that begins with a parameter.
constexpr llvm::StringLiteral kGated = R"(
module attributes {seq.model = "Gated", seq.dims = ["T"]} {
func.func @init(%v: tensor<20xf32> {seq.param = "v"})
    -> (tensor<20xf32> {seq.state = "h"}, tensor<20xf32> {seq.state = "c"}) {
  %zero = arith.constant dense<0.0> : tensor<20xf32>
  return %v, %zero : tensor<20xf32>, tensor<20xf32>
}
func.func @main(%x: tensor<?x10xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %wx: tensor<40x10xf32> {seq.param = "wx"}, %wh: tensor<40x20xf32> {seq.param = "wh"},
                %b: tensor<40xf32> {seq.param = "b"}, %wy: tensor<3x40xf32> {seq.param = "wy"},
                %v: tensor<20xf32> {seq.param = "v"},
                %h0: tensor<20xf32> {seq.state = "h", seq.axes = array<i64: -1>},
                %c0: tensor<20xf32> {seq.state = "c", seq.axes = array<i64: -1>})
    -> (tensor<?x40xf32> {seq.output = "both", seq.axes = array<i64: 0, -1>},
        tensor<?x3xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>},
        tensor<20xf32> {seq.state = "h", seq.axes = array<i64: -1>},
        tensor<20xf32> {seq.state = "c", seq.axes = array<i64: -1>}) {
  %h, %c, %forward = seq.scan sequences(%x : tensor<?x10xf32>) states(%h0, %c0 : tensor<20xf32>, tensor<20xf32>)
      invariants(%wx, %wh, %b : tensor<40x10xf32>, tensor<40x20xf32>, tensor<40xf32>)
      -> tensor<20xf32>, tensor<20xf32>, tensor<?x20xf32> {
  ^bb0(%x_t: tensor<10xf32>, %h: tensor<20xf32>, %c: tensor<20xf32>, %wx1: tensor<40x10xf32>, %wh1: tensor<40x20xf32>, %b1: tensor<40xf32>):
    %px = seq.contract %wx1 [1], %x_t [0] : tensor<40x10xf32>, tensor<10xf32> -> tensor<40xf32>
    %ph = seq.contract %wh1 [1], %h [0] : tensor<40x20xf32>, tensor<20xf32> -> tensor<40xf32>
    %s = arith.addf %px, %ph : tensor<40xf32>
    %g = arith.addf %s, %b1 : tensor<40xf32>
    %f = seq.slice %g axis 0 offset 0 : tensor<40xf32> -> tensor<20xf32>
    %u = seq.slice %g axis 0 offset 20 : tensor<40xf32> -> tensor<20xf32>
    %sf = seq.sigmoid %f : tensor<20xf32>
    %tu = math.tanh %u : tensor<20xf32>
    %kept = arith.mulf %sf, %c : tensor<20xf32>
    %c1 = arith.addf %kept, %tu : tensor<20xf32>
    %tc = math.tanh %c1 : tensor<20xf32>
    %h1 = arith.mulf %sf, %tc : tensor<20xf32>
    seq.yield %h1, %c1, %h1 : tensor<20xf32>, tensor<20xf32>, tensor<20xf32>
  }
  %z, %backward = seq.scan reverse sequences(%forward : tensor<?x20xf32>) states(%v : tensor<20xf32>)
      -> tensor<20xf32>, tensor<?x20xf32> {
  ^bb0(%x_t: tensor<20xf32>, %s: tensor<20xf32>):
    %sum = arith.addf %s, %x_t : tensor<20xf32>
    %next = math.tanh %sum : tensor<20xf32>
    seq.yield %next, %next : tensor<20xf32>, tensor<20xf32>
  }
  %both = seq.concat %forward, %backward axis 1 : tensor<?x20xf32>, tensor<?x20xf32> -> tensor<?x40xf32>
  %y = seq.contract %both [1], %wy [1] : tensor<?x40xf32>, tensor<3x40xf32> -> tensor<?x3xf32>
  %swapped = arith.addf %c, %z : tensor<20xf32>
  return %both, %y, %h, %swapped : tensor<?x40xf32>, tensor<?x3xf32>, tensor<20xf32>, tensor<20xf32>
}
})";

/// Tokens are looked up and attended to; every kind of reduction.
constexpr llvm::StringLiteral kReader = R"(
module attributes {seq.model = "Reader", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%text: tensor<?xi64> {seq.input = "text", seq.axes = array<i64: 0>},
                %e: tensor<7x18xf32> {seq.param = "e"}, %q: tensor<18xf32> {seq.param = "q"})
    -> (tensor<18xf32> {seq.output = "context", seq.axes = array<i64: -1>},
        tensor<?xf32> {seq.output = "weights", seq.axes = array<i64: 0>},
        tensor<18xf32> {seq.output = "sum", seq.axes = array<i64: -1>},
        tensor<?xf32> {seq.output = "top", seq.axes = array<i64: 0>},
        tensor<f32> {seq.output = "total", seq.axes = array<i64>},
        tensor<?x18xi1> {seq.output = "positive", seq.axes = array<i64: 0, -1>},
        tensor<?xi64> {seq.output = "next", seq.axes = array<i64: 0>}) {
  %x = seq.gather %e[%text] : tensor<7x18xf32>, tensor<?xi64> -> tensor<?x18xf32>
  %scores = seq.contract %x [1], %q [0] : tensor<?x18xf32>, tensor<18xf32> -> tensor<?xf32>
  %weights = seq.softmax %scores axis 0 : tensor<?xf32>
  %context = seq.contract %weights [0], %x [0] : tensor<?xf32>, tensor<?x18xf32> -> tensor<18xf32>
  %sum = seq.reduce sum %x axis 0 : tensor<?x18xf32> -> tensor<18xf32>
  %top = seq.reduce max %x axis 1 : tensor<?x18xf32> -> tensor<?xf32>
  %least = seq.reduce min %x axis 1 : tensor<?x18xf32> -> tensor<?xf32>
  %span = arith.subf %top, %least : tensor<?xf32>
  %total = seq.reduce sum %span axis 0 : tensor<?xf32> -> tensor<f32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %text, %c0 : tensor<?xi64>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %zeros = seq.broadcast %zero sizes(%n) dims [] : tensor<f32> -> tensor<?x18xf32>
  %positive = arith.cmpf ogt, %x, %zeros : tensor<?x18xf32>
  %next = arith.addi %text, %text : tensor<?xi64>
  return %context, %weights, %sum, %span, %total, %positive, %next
      : tensor<18xf32>, tensor<?xf32>, tensor<18xf32>, tensor<?xf32>, tensor<f32>, tensor<?x18xi1>, tensor<?xi64>
}
})";

/// The last element of each row, which an empty row does not have.
constexpr llvm::StringLiteral kLast = R"(
module attributes {seq.model = "Last", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x5xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>})
    -> (tensor<5xf32> {seq.output = "last", seq.axes = array<i64: -1>}) {
  %last = seq.at %x axis 0 index -1 : tensor<?x5xf32> -> tensor<5xf32>
  return %last : tensor<5xf32>
}
})";

/// Constants with different elements of each type: in vectors and in scalars,
/// in a step, and beside a parameter, where @pack reads them.
constexpr llvm::StringLiteral kConstants = R"(
module attributes {seq.model = "Constants", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x18xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %p: tensor<3x18xf32> {seq.param = "p"})
    -> (tensor<?x18xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>},
        tensor<2x18xf32> {seq.output = "rows", seq.axes = array<i64: -1, -1>},
        tensor<18xf32> {seq.output = "last", seq.axes = array<i64: -1>}) {
  %c = arith.constant dense<[-1.75, -1.5, -1.25, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5]> : tensor<18xf32>
  %zero = arith.constant dense<0.0> : tensor<18xf32>
  %last, %y = seq.scan sequences(%x : tensor<?x18xf32>) states(%c : tensor<18xf32>) -> tensor<18xf32>, tensor<?x18xf32> {
  ^bb0(%x_t: tensor<18xf32>, %s: tensor<18xf32>):
    %some = arith.constant dense<[false, true, true, false, true, true, false, true, true, false, true, true, false, true, true, false, true, true]> : tensor<18xi1>
    %half = arith.constant dense<[0.0, 0.125, 0.25, 0.375, 0.5, 0.0, 0.125, 0.25, 0.375, 0.5, 0.0, 0.125, 0.25, 0.375, 0.5, 0.0, 0.125, 0.25]> : tensor<18xf32>
    %kept = arith.mulf %s, %half : tensor<18xf32>
    %sum = arith.addf %kept, %x_t : tensor<18xf32>
    %next = arith.select %some, %sum, %s : tensor<18xi1>, tensor<18xf32>
    seq.yield %next, %next : tensor<18xf32>, tensor<18xf32>
  }
  %which = arith.constant dense<[2, 0]> : tensor<2xi64>
  %all = seq.broadcast %c dims [1] : tensor<18xf32> -> tensor<3x18xf32>
  %table = arith.mulf %p, %all : tensor<3x18xf32>
  %rows = seq.gather %table[%which] : tensor<3x18xf32>, tensor<2xi64> -> tensor<2x18xf32>
  return %y, %rows, %last : tensor<?x18xf32>, tensor<2x18xf32>, tensor<18xf32>
}
})";

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

/// How far the program on tensors has been optimised.
enum class Form { AsWritten, Fused, Unrolled };

/// A program, its reference and its machine code.
class Model {
public:
  Model(llvm::StringRef text, Form form, const TargetDescription &target) {
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
    compile(target, form);
  }

  explicit operator bool() const { return jit != nullptr; }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> sample;
  runtime::Signature signature;
  runtime::EntryPoints entry;

private:
  void compile(const TargetDescription &target, Form form) {
    mlir::OwningOpRef<mlir::ModuleOp> module = sample->clone();
    mlir::PassManager pm(&context);
    addBatchPhase(pm);
    if (form != Form::AsWritten) {
      pm.addNestedPass<mlir::func::FuncOp>(seq::createHoistInPass());
      pm.addNestedPass<mlir::func::FuncOp>(seq::createFuseGatesPass());
    }
    pm.addPass(seq::createOutlinePackPass());
    if (form == Form::Unrolled)
      pm.addNestedPass<mlir::func::FuncOp>(seq::createUnrollTimePass());
    addLoopsPhase(pm, target);
    addLLVMPhase(pm);
    if (mlir::failed(pm.run(*module)))
      return;
    auto machine = createTargetMachine(target);
    llvm::LLVMContext llvmContext;
    auto translated = translateToLLVMIR(*module, llvmContext, *machine);
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

  std::unique_ptr<Jit> jit;
};

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

/// A tensor as the calling convention wants it.
struct Memory {
  Memory(const Tensor &tensor) : shape(tensor.shape), kind(tensor.kind) {
    auto dense = tensor.strides();
    strides.assign(dense.begin(), dense.end());
    size_t width = kind == ElementKind::F32     ? sizeof(float)
                   : kind == ElementKind::Token ? sizeof(int64_t)
                                                : 1;
    // Anything that is not written shows.
    bytes.assign(tensor.size() * width, 0x7f);
  }

  static Memory of(const Tensor &tensor) {
    Memory memory(tensor);
    for (int64_t i = 0; i < tensor.size(); ++i)
      memory.set(i, tensor);
    return memory;
  }

  double get(int64_t i) const {
    if (kind == ElementKind::F32)
      return reinterpret_cast<const float *>(bytes.data())[i];
    if (kind == ElementKind::Token)
      return reinterpret_cast<const int64_t *>(bytes.data())[i];
    return bytes[i];
  }

  seqc_tensor tensor() { return {bytes.data(), strides.data()}; }

  llvm::SmallVector<int64_t> shape;
  std::vector<int64_t> strides;
  ElementKind kind;
  std::vector<uint8_t> bytes;

private:
  void set(int64_t i, const Tensor &from) {
    if (kind == ElementKind::F32)
      reinterpret_cast<float *>(bytes.data())[i] =
          static_cast<float>(from.numbers[i]);
    else if (kind == ElementKind::Token)
      reinterpret_cast<int64_t *>(bytes.data())[i] = from.integers[i];
    else
      bytes[i] = from.integers[i] != 0;
  }
};

std::vector<Memory> memoriesOf(llvm::ArrayRef<Tensor> tensors, bool copy) {
  std::vector<Memory> memories;
  for (const Tensor &tensor : tensors)
    memories.push_back(copy ? Memory::of(tensor) : Memory(tensor));
  return memories;
}

std::vector<seqc_tensor> tensorsOf(std::vector<Memory> &memories) {
  std::vector<seqc_tensor> tensors;
  for (Memory &memory : memories)
    tensors.push_back(memory.tensor());
  return tensors;
}

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

/// What a call returned and wrote.
struct Answer {
  int32_t status = -1;
  seqc_error error = {};
  std::vector<Memory> outputs, states;
};

Answer call(Model &model, const Batch &batch, int64_t dimension,
            const BatchResults &shapes, int32_t workers = 1) {
  std::vector<Memory> params = memoriesOf(batch.params, true);
  Aligned packed(model.entry.packed());
  model.entry.pack(tensorsOf(params).data(), packed.data());
  EXPECT_TRUE(packed.isIntact());

  Answer answer;
  std::vector<Memory> inputs = memoriesOf(batch.inputs, true);
  std::vector<Memory> statesIn = memoriesOf(batch.states, true);
  answer.outputs = memoriesOf(shapes.outputs, false);
  // States are updated in place where they are given.
  answer.states = memoriesOf(shapes.states, false);
  auto inputTensors = tensorsOf(inputs),
       outputTensors = tensorsOf(answer.outputs),
       inTensors = tensorsOf(statesIn), outTensors = tensorsOf(answer.states);
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
  call.team = team;
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

Tensor randomTensor(std::mt19937 &random, const TensorSpec &spec,
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
void spoilPadding(Tensor &tensor, llvm::ArrayRef<int64_t> lengths) {
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

struct Case {
  int64_t batch, size;
  bool ragged, givesStates;
};

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

void expectNear(llvm::ArrayRef<Memory> actual, llvm::ArrayRef<Tensor> expected,
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

void runCase(Model &model, const Case &c, int64_t shortest = 0) {
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
}

TargetDescription targetOf(int64_t vectorBits, int64_t registers) {
  TargetDescription target = hostTarget();
  target.vectorBits = vectorBits;
  target.vectorRegisters = registers;
  return target;
}

void runCases(llvm::StringRef program, const TargetDescription &target,
              Form form, int64_t shortest = 0) {
  Model model(program, form, target);
  ASSERT_TRUE(bool(model));
  for (const Case &c : {Case{1, 1, false, false}, Case{3, 7, false, true},
                        Case{3, 7, true, false}, Case{17, 5, true, true},
                        Case{33, 3, true, false}, Case{2, 0, false, true},
                        Case{0, 4, false, false}})
    if (c.size >= shortest)
      runCase(model, c, shortest);
}

TEST(SeqToLoops, Gated) { runCases(kGated, hostTarget(), Form::AsWritten); }
TEST(SeqToLoops, GatedFused) { runCases(kGated, hostTarget(), Form::Fused); }
TEST(SeqToLoops, GatedUnrolled) {
  runCases(kGated, hostTarget(), Form::Unrolled);
}
TEST(SeqToLoops, GatedNarrow) {
  runCases(kGated, targetOf(128, 16), Form::Fused);
}
TEST(SeqToLoops, Reader) { runCases(kReader, hostTarget(), Form::Fused); }
TEST(SeqToLoops, ReaderNarrow) {
  runCases(kReader, targetOf(128, 16), Form::Fused);
}
TEST(SeqToLoops, Last) {
  runCases(kLast, hostTarget(), Form::Fused, /*shortest=*/1);
}

TEST(SeqToLoops, Constants) {
  runCases(kConstants, hostTarget(), Form::AsWritten);
  runCases(kConstants, hostTarget(), Form::Fused);
  runCases(kConstants, targetOf(128, 16), Form::Unrolled);
}

TEST(SeqToLoops, WorkersChangeNoBit) {
  Model model(kGated, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Case c{50, 6, true, true};
  Batch batch = randomBatch(model.signature, c, 0);
  reference::RunError error;
  auto shapes =
      reference::runSamples(*model.sample, model.signature, batch, error);
  Answer one = call(model, batch, c.size, *shapes, 1);
  for (int32_t workers : {2, 3}) {
    Answer several = call(model, batch, c.size, *shapes, workers);
    for (size_t k = 0; k < one.outputs.size(); ++k)
      EXPECT_EQ(one.outputs[k].bytes, several.outputs[k].bytes);
    for (size_t k = 0; k < one.states.size(); ++k)
      EXPECT_EQ(one.states[k].bytes, several.states[k].bytes);
  }
}

TEST(SeqToLoops, TokenOutsideOfItsTable) {
  Model model(kReader, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Case c{20, 5, false, false};
  Batch batch = randomBatch(model.signature, c, 0);
  reference::RunError error;
  auto shapes =
      reference::runSamples(*model.sample, model.signature, batch, error);
  batch.inputs[0].integers[18 * 5 + 1] = -1;
  batch.inputs[0].integers[18 * 5 + 3] = 9;
  Answer answer = call(model, batch, c.size, *shapes);
  EXPECT_EQ(answer.status, SEQC_ERROR_TOKEN);
  EXPECT_EQ(answer.error.sample, 18);
  EXPECT_EQ(answer.error.position, 1);
  EXPECT_EQ(answer.error.value, -1);
  EXPECT_EQ(answer.error.bound, 7);
  EXPECT_GT(answer.error.line, 0);
}

TEST(SeqToLoops, RowTooShort) {
  Model model(kLast, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Case c{3, 4, true, false};
  Batch batch = randomBatch(model.signature, c, 1);
  reference::RunError error;
  auto shapes =
      reference::runSamples(*model.sample, model.signature, batch, error);
  batch.lengths[0] = {2, 0, 4};
  Answer answer = call(model, batch, c.size, *shapes);
  EXPECT_EQ(answer.status, SEQC_ERROR_LENGTH);
  EXPECT_EQ(answer.error.sample, 1);
  EXPECT_EQ(answer.error.position, -1);
  EXPECT_EQ(answer.error.value, 0);
  EXPECT_EQ(answer.error.bound, 1);
}

TEST(SeqToLoops, TilesHaveTheTargetsRows) {
  TargetDescription target = hostTarget();
  target.rowsPerTile = 5;
  runCases(kGated, target, Form::Fused);
  Model small(kGated, Form::Fused, target);
  Model large(kGated, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(small) && bool(large));
  int64_t dims[] = {320, 4};
  EXPECT_LT(small.entry.workspace(dims, 1), large.entry.workspace(dims, 1));
}

TEST(SeqToLoops, WorkspaceSaturates) {
  Model model(kGated, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  int64_t large[] = {int64_t(1) << 40, int64_t(1) << 60};
  EXPECT_EQ(model.entry.workspace(large, 1), SIZE_MAX);
  int64_t small[] = {4, 4};
  EXPECT_EQ(model.entry.workspace(small, 3),
            3 * model.entry.workspace(small, 1));
}

TEST(SeqToLoops, OtherVersionIsRefused) {
  Model model(kLast, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  seqc_call call = {};
  call.abi_version = SEQC_ABI_VERSION + 1;
  EXPECT_EQ(model.entry.model(&call), SEQC_ERROR_VERSION);
}

} // namespace
