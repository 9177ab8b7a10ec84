//===- Residuals.cpp - What a backward loop has of the forward one --------===//
// A network with the body's values as nodes: what is cut is saved.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Residuals.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/Transforms/Differentiate/MinimumCut.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace seqc::seq {

/// The size of a dynamic axis where only a comparison of costs asks for it.
static constexpr int64_t kTypicalSize = 64;

namespace {

class Partition {
public:
  Partition(ScanOp scan, ArrayRef<Value> needed, SavePolicy policy)
      : scan(scan), body(&scan.getBody().front()), needed(needed),
        policy(policy) {}

  Residuals run();

private:
  bool isFree(Value value);
  bool isCheap(Operation *op);
  int64_t costOf(Value value);
  void collect();
  SmallVector<bool> cut();

  ScanOp scan;
  Block *body;
  ArrayRef<Value> needed;
  SavePolicy policy;
  /// All values that `needed` are made of, as far as they can be recomputed.
  SetVector<Value> values;
};

} // namespace

/// Elements and invariants: operands of the backward scan too.
bool Partition::isFree(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && !llvm::is_contained(scan.getStateArgs(), argument);
}

/// What maps, moves or repeats elements. A product, a reduction or a loop is
/// never computed twice, but in a segment of time.
bool Partition::isCheap(Operation *op) {
  if (scan->hasAttr(kSegmentsAttr))
    return isMemoryEffectFree(op);
  return isMemoryEffectFree(op) && op->getNumRegions() == 0 &&
         !isa<ContractOp, ReduceOp, SoftmaxOp, CumsumOp, GatherOp>(op);
}

/// The bytes that it takes to save a value of each step; none where the scan
/// has it as an output anyway.
int64_t Partition::costOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  const auto axis = static_cast<int64_t>(scan.getAxis());
  if (!type || type.getElementType().isInteger(1) || type.getRank() < axis)
    return MinimumCut::kInfinite;
  if (llvm::is_contained(scan.getStepOutputs(), value))
    return 0;
  int64_t bytes = type.getElementTypeBitWidth() / 8;
  for (int64_t size : type.getShape())
    bytes *= ShapedType::isDynamic(size) ? kTypicalSize : size;
  return bytes;
}

void Partition::collect() {
  values.insert(needed.begin(), needed.end());
  for (size_t i = 0; i < values.size(); ++i) {
    Operation *op = values[i].getDefiningOp();
    if (op && isCheap(op))
      values.insert(op->operand_begin(), op->operand_end());
  }
}

/// For each of `values` whether it is saved.
SmallVector<bool> Partition::cut() {
  MinimumCut network;
  const int64_t source = network.addNode(), sink = network.addNode();
  // Each value is an edge, from its making to its uses.
  DenseMap<Value, std::pair<int64_t, int64_t>> nodes;
  for (Value value : values) {
    const int64_t made = network.addNode(), used = network.addNode();
    nodes[value] = {made, used};
    network.addEdge(made, used, isFree(value) ? 0 : costOf(value));
  }
  for (Value value : values) {
    Operation *op = value.getDefiningOp();
    if (!op || !isCheap(op))
      network.addEdge(source, nodes[value].first, MinimumCut::kInfinite);
    else
      for (Value operand : op->getOperands())
        network.addEdge(nodes[operand].second, nodes[value].first,
                        MinimumCut::kInfinite);
  }
  for (Value value : needed)
    network.addEdge(nodes[value].second, sink, MinimumCut::kInfinite);
  SmallVector<bool> onSinksSide = network.solve(source, sink);
  SmallVector<bool> isCut;
  for (Value value : values)
    isCut.push_back(!onSinksSide[nodes[value].first] &&
                    onSinksSide[nodes[value].second]);
  return isCut;
}

Residuals Partition::run() {
  collect();
  Residuals result;
  DenseSet<Value> available;
  if (policy == SavePolicy::All && !scan->hasAttr(kSegmentsAttr)) {
    for (Value value : needed)
      if (!isFree(value) && costOf(value) < MinimumCut::kInfinite)
        result.saved.insert(value);
  } else {
    for (auto [value, isCut] : llvm::zip_equal(values, cut()))
      if (isCut && !isFree(value))
        result.saved.insert(value);
  }
  SetVector<Value> open(needed.begin(), needed.end());
  DenseSet<Operation *> again;
  for (size_t i = 0; i < open.size(); ++i) {
    if (isFree(open[i]) || result.saved.contains(open[i]))
      continue;
    Operation *op = open[i].getDefiningOp();
    if (!op || !isCheap(op)) {
      result.saved.insert(open[i]);
      continue;
    }
    again.insert(op);
    open.insert(op->operand_begin(), op->operand_end());
  }
  for (Operation &op : *body)
    if (again.contains(&op))
      result.recomputed.push_back(&op);
  return result;
}

Residuals chooseResiduals(ScanOp scan, ArrayRef<Value> needed,
                          SavePolicy policy) {
  return Partition(scan, needed, policy).run();
}

} // namespace seqc::seq
