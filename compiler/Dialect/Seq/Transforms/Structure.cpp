//===- Structure.cpp - An order that the spelling does not change ---------===//
// A value's key is a hash of the expression that it is, down to inputs and
// states; equal keys mean that either order gives the same program.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Structure.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace seqc::seq;

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

namespace {

using Key = uint64_t;

/// Text and keys, hashed together.
class KeyBuilder {
public:
  template <typename T> KeyBuilder &add(const T &part) {
    stream << part << ';';
    return *this;
  }
  Key build() { return llvm::xxh3_64bits(StringRef(text)); }

private:
  std::string text;
  llvm::raw_string_ostream stream{text};
};

class OperandOrdering {
public:
  explicit OperandOrdering(const ParameterValues &parameters)
      : parameters(parameters) {}

  void run(func::FuncOp function);

private:
  void visit(Block &block);
  void visitSum(Operation *root);
  void visitScan(ScanOp scan);
  void visitOther(Operation *op);
  bool isBias(Value addend) const;
  /// The keys of an op's operands, those of commutative ops sorted.
  SmallVector<Key> operandKeys(Operation *op) const;
  Key of(Value value) const {
    if (parameters.contains(value))
      return KeyBuilder().add("parameter").add(value.getType()).build();
    return keys.lookup(value);
  }

  const ParameterValues &parameters;
  DenseMap<Value, Key> keys;
};

} // namespace

void OperandOrdering::run(func::FuncOp function) {
  llvm::StringMap<int64_t> counts;
  for (BlockArgument argument : function.getArguments()) {
    StringRef kind = "other";
    for (StringRef attribute : {StringRef(kInputAttr), StringRef(kStateAttr),
                                StringRef(kLengthsAttr)})
      if (function.getArgAttr(argument.getArgNumber(), attribute))
        kind = attribute;
    if (!parameters.contains(argument))
      keys[argument] = KeyBuilder().add(kind).add(counts[kind]++).build();
  }
  for (Block &block : function.getBody())
    visit(block);
}

void OperandOrdering::visit(Block &block) {
  SmallVector<Operation *> ops = llvm::map_to_vector(
      block.getOperations(), [](Operation &op) { return &op; });
  for (Operation *op : ops) {
    if (op->getNumResults() != 0 && parameters.contains(op->getResult(0)))
      continue;
    if (auto scan = dyn_cast<ScanOp>(op))
      visitScan(scan);
    else if (isSumRoot(op))
      visitSum(op);
    else
      visitOther(op);
  }
}

bool OperandOrdering::isBias(Value addend) const {
  auto broadcast = addend.getDefiningOp<BroadcastOp>();
  return broadcast && parameters.contains(broadcast.getInput());
}

void OperandOrdering::visitSum(Operation *root) {
  SmallVector<std::pair<Key, size_t>> order;
  const SmallVector<Value> flat = flattenSum(root->getResult(0));
  for (auto [i, addend] : llvm::enumerate(flat))
    order.push_back({of(addend), i});
  llvm::sort(order);
  SmallVector<Value> addends;
  KeyBuilder key;
  key.add("sum");
  for (auto [addendKey, i] : order) {
    key.add(addendKey);
    addends.push_back(flat[i]);
  }
  auto *product = llvm::find_if(addends, [](Value v) {
    return isa_and_nonnull<ContractOp>(v.getDefiningOp());
  });
  if (product != addends.end()) {
    std::rotate(addends.begin(), product, product + 1);
    auto *bias = std::find_if(addends.begin() + 1, addends.end(),
                              [&](Value v) { return isBias(v); });
    if (bias != addends.end())
      std::rotate(addends.begin() + 1, bias, bias + 1);
  }
  OpBuilder builder(root);
  Value sum = buildSum(builder, root->getLoc(), addends);
  keys[sum] = key.build();
  root->getResult(0).replaceAllUsesWith(sum);
}

void OperandOrdering::visitScan(ScanOp scan) {
  for (auto [argument, sequence] :
       llvm::zip_equal(scan.getElementArgs(), scan.getSequences()))
    keys[argument] = KeyBuilder().add("element").add(of(sequence)).build();
  for (auto [k, argument] : llvm::enumerate(scan.getStateArgs()))
    keys[argument] = KeyBuilder().add("state").add(k).build();
  for (auto [argument, invariant] :
       llvm::zip_equal(scan.getInvariantArgs(), scan.getInvariants()))
    keys[argument] = of(invariant);
  visit(scan.getBody().front());

  KeyBuilder builder;
  builder.add("scan").add(scan.getAxis()).add(scan.getReverse());
  for (Value value : scan.getYield().getValues())
    builder.add(of(value));
  for (Value init : scan.getInits())
    builder.add(of(init));
  const Key key = builder.build();
  for (OpResult result : scan.getResults())
    keys[result] = KeyBuilder().add(key).add(result.getResultNumber()).build();
}

SmallVector<Key> OperandOrdering::operandKeys(Operation *op) const {
  SmallVector<Key> result =
      llvm::map_to_vector(op->getOperands(), [&](Value v) { return of(v); });
  if (op->hasTrait<OpTrait::IsCommutative>())
    llvm::sort(result);
  return result;
}

void OperandOrdering::visitOther(Operation *op) {
  if (op->hasTrait<OpTrait::IsCommutative>() && op->getNumOperands() == 2 &&
      of(op->getOperand(1)) < of(op->getOperand(0)))
    op->setOperands({op->getOperand(1), op->getOperand(0)});
  KeyBuilder builder;
  builder.add(op->getName().getStringRef()).add(op->getAttrDictionary());
  for (Key operand : operandKeys(op))
    builder.add(operand);
  const Key key = builder.build();
  for (OpResult result : op->getResults())
    keys[result] = KeyBuilder()
                       .add(key)
                       .add(result.getType())
                       .add(result.getResultNumber())
                       .build();
}

void seqc::seq::orderOperands(func::FuncOp function,
                              const ParameterValues &parameters) {
  OperandOrdering(parameters).run(function);
  eraseDeadOps(function.getBody());
}

//===----------------------------------------------------------------------===//
// Walks
//===----------------------------------------------------------------------===//

static bool hasEffect(Operation &op) {
  return !op.hasTrait<OpTrait::IsTerminator>() && !isMemoryEffectFree(&op);
}

DemandOrder::DemandOrder(Block &block) {
  SmallVector<Value> open;
  auto demand = [&](Operation *op) {
    ops.push_back(op);
    open.append(op->operand_begin(), op->operand_end());
    std::reverse(open.end() - op->getNumOperands(), open.end());
  };
  DenseSet<Operation *> seenOps;
  llvm::SmallSetVector<Value, 16> seenArguments;
  auto drain = [&] {
    while (!open.empty()) {
      Value value = open.pop_back_val();
      Operation *op = value.getDefiningOp();
      if (op && seenOps.insert(op).second)
        demand(op);
      if (!op && seenArguments.insert(value))
        arguments.push_back(cast<BlockArgument>(value));
    }
  };
  demand(block.getTerminator());
  drain();
  for (Operation &op : block)
    if (hasEffect(op) && seenOps.insert(&op).second) {
      demand(&op);
      drain();
    }
}

/// Moves `root`, and before it what it is made of, in front of `place`.
static void moveWithCone(Operation *root, Operation *place,
                         DenseSet<Operation *> &placed) {
  SmallVector<std::pair<Operation *, unsigned>> open;
  auto enter = [&](Operation *op) {
    if (op && op->getBlock() == place->getBlock() && placed.insert(op).second)
      open.push_back({op, 0});
  };
  enter(root);
  while (!open.empty()) {
    auto &[op, next] = open.back();
    if (next < op->getNumOperands()) {
      enter(op->getOperand(next++).getDefiningOp());
      continue;
    }
    if (op != place)
      op->moveBefore(place);
    open.pop_back();
  }
}

void seqc::seq::orderOps(Block &block) {
  Operation *terminator = block.getTerminator();
  SmallVector<Operation *> roots;
  for (Operation &op : block)
    if (hasEffect(op))
      roots.push_back(&op);
  roots.push_back(terminator);
  DenseSet<Operation *> placed;
  for (Operation *root : roots)
    moveWithCone(root, terminator, placed);
}

/// Sequences and invariants in the order in which the body asks for them.
static void orderScanOperands(ScanOp scan) {
  const DemandOrder order(scan.getBody().front());
  const auto elements = static_cast<int64_t>(scan.getSequences().size());
  const auto states = static_cast<int64_t>(scan.getInits().size());
  SmallVector<int64_t> sequences, invariants;
  for (BlockArgument argument : order.arguments) {
    const int64_t number = argument.getArgNumber();
    if (number < elements)
      sequences.push_back(number);
    else if (number >= elements + states)
      invariants.push_back(number - elements - states);
  }
  if (sequences.empty())
    sequences.push_back(0);
  selectOperands(scan, sequences, invariants);
}

void seqc::seq::orderProgram(func::FuncOp function) {
  // What nothing needs is left in front, in its old order, and goes.
  function.walk([](ScanOp scan) {
    orderOps(scan.getBody().front());
    eraseDeadOps(scan.getBody());
    orderScanOperands(scan);
  });
  for (Block &block : function.getBody())
    orderOps(block);
  eraseDeadOps(function.getBody());
}
