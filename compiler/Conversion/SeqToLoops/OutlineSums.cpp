//===- OutlineSums.cpp - What sums over the batch, behind it --------------===//
// Finds what has no axis of rows but follows from rows, gives its contractions
// one form, and moves it to a function of its own.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Conversion/SeqToLoops/ArgumentSizes.h"
#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

#include <numeric>

using namespace mlir;
using namespace seqc::seq;

namespace seqc {
#define GEN_PASS_DEF_OUTLINESUMSPASS
#include "compiler/Conversion/Passes.h.inc"

namespace loops {
namespace {

//===----------------------------------------------------------------------===//
// What belongs to the stage
//===----------------------------------------------------------------------===//

/// The part of @main that @sums will be.
class Stage {
public:
  explicit Stage(func::FuncOp main) : main(main) {
    setArgumentSizes(main, sizes);
    auto terminator = main.getBody().front().getTerminator();
    for (unsigned i = 0; i < main.getNumResults(); ++i)
      if (isSum(i)) {
        results.push_back(i);
        visit(terminator->getOperand(i));
      }
  }

  /// Whether result `i` is the gradient of a parameter.
  bool isSum(unsigned i) {
    auto of = main.getResultAttrOfType<StringAttr>(i, kOfAttr);
    return of && of.getValue() == kOfParam;
  }

  bool hasRows(Value tensor) {
    return llvm::is_contained(sizes.of(tensor), Size::rows());
  }

  func::FuncOp main;
  SizeAnalysis sizes;
  SmallVector<unsigned> results;
  llvm::SetVector<Operation *> ops;
  /// What the stage reads of rows: results of @main's operations.
  llvm::SetVector<Value> kept;
  /// States of loops that hold sums over rows: the stage reads one for each
  /// tile of rows.
  llvm::SetVector<Value> partial;
  /// The value that the stage reads in place of one with a vain mask.
  llvm::DenseMap<Value, Value> unmasked;

private:
  void visit(Value v);
  void visitOperands(Operation *op);
  void visitRows(Value v);
  bool isViewOfMemory(Value v);
  bool walksRows(ScanOp scan);
};

void Stage::visitOperands(Operation *op) {
  if (!ops.insert(op))
    return;
  for (Value operand : op->getOperands())
    visit(operand);
}

void Stage::visit(Value v) {
  if (isa<RankedTensorType>(v.getType()) && hasRows(v))
    return visitRows(v);
  Operation *op = v.getDefiningOp();
  auto scan = dyn_cast_or_null<ScanOp>(op);
  if (scan && walksRows(scan))
    partial.insert(v);
  else if (op)
    visitOperands(op);
}

/// Whether a loop has rows, and so belongs to the tiles.
bool Stage::walksRows(ScanOp scan) {
  return llvm::any_of(scan->getOperands(), [&](Value operand) {
    return isa<RankedTensorType>(operand.getType()) && hasRows(operand);
  });
}

/// Whether `v` is a part, in another shape perhaps, of what is in memory in any
/// case: then the whole is kept and not the part.
bool Stage::isViewOfMemory(Value v) {
  auto isInMemory = [&](Value input) {
    Operation *op = withoutVainMasks(input).getDefiningOp();
    return op && isComputed(op) && !isa<ConcatOp, WindowsOp>(op);
  };
  if (auto slice = v.getDefiningOp<SliceOp>())
    return isa<BlockArgument>(withoutVainMasks(slice.getInput())) ||
           isInMemory(slice.getInput());
  auto reshape = v.getDefiningOp<ReshapeOp>();
  return reshape && isInMemory(reshape.getInput());
}

void Stage::visitRows(Value v) {
  Value bare = withoutVainMasks(v);
  if (bare != v)
    unmasked[v] = bare;
  if (isViewOfMemory(bare))
    return visitOperands(bare.getDefiningOp());
  if (!isa<BlockArgument>(bare))
    kept.insert(bare);
}

//===----------------------------------------------------------------------===//
// The form of a contraction
//===----------------------------------------------------------------------===//

/// One operand of a contraction.
struct Side {
  Value value;
  SmallVector<int64_t> summed, free;

  Side(Value value, ArrayRef<int64_t> summed) : value(value), summed(summed) {
    const int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
    for (int64_t axis = 0; axis < rank; ++axis)
      if (!llvm::is_contained(summed, axis))
        free.push_back(axis);
  }

  /// The operand with its summed axes in front, and at most one behind them.
  Value inForm(OpBuilder &builder, Location loc) const {
    SmallVector<int64_t> order(summed);
    llvm::append_range(order, free);
    Value ordered = value;
    if (auto turned = value.getDefiningOp<TransposeOp>()) {
      ordered = turned.getInput();
      for (int64_t &axis : order)
        axis = turned.getPermutation()[axis];
    }
    if (!llvm::is_sorted(order))
      ordered = TransposeOp::create(builder, loc, ordered, order);
    if (free.size() < 2)
      return ordered;
    auto type = cast<RankedTensorType>(ordered.getType());
    auto shape = type.getShape();
    SmallVector<int64_t> joined(shape.take_front(summed.size()));
    joined.push_back(
        ShapedType::getNumElements(shape.drop_front(summed.size())));
    return ReshapeOp::create(builder, loc, type.clone(joined), ordered);
  }
};

} // namespace

/// Brings a contraction over the rows into the form that has a kernel, where it
/// stands in the stage or in a loop that adds up sums over rows.
static void bringIntoForm(Stage &stage, ContractOp op) {
  if (!op.getLhsBatch().empty() || !op.getType().hasStaticShape())
    return;
  Side lhs(op.getLhs(), op.getLhsAxes()), rhs(op.getRhs(), op.getRhsAxes());
  Sizes sizes = stage.sizes.of(lhs.value);
  SmallVector<size_t> order(lhs.summed.size());
  std::iota(order.begin(), order.end(), 0);
  // The rows first, the others as the left operand has them.
  llvm::sort(order, [&](size_t a, size_t b) {
    auto rank = [&](size_t i) {
      return std::pair(sizes[lhs.summed[i]] != Size::rows(), lhs.summed[i]);
    };
    return rank(a) < rank(b);
  });
  if (order.empty() || sizes[lhs.summed[order[0]]] != Size::rows())
    return;
  for (Side *side : {&lhs, &rhs}) {
    SmallVector<int64_t> given(side->summed);
    for (auto [to, from] : llvm::zip_equal(side->summed, order))
      to = given[from];
  }
  if (rhs.free.empty())
    std::swap(lhs, rhs);
  if (rhs.free.empty())
    return;
  OpBuilder builder(op);
  const Location loc = op.getLoc();
  SmallVector<int64_t> axes(order.size());
  std::iota(axes.begin(), axes.end(), 0);
  Value left = lhs.inForm(builder, loc), right = rhs.inForm(builder, loc);
  if (left == op.getLhs() && right == op.getRhs() &&
      op.getLhsAxes() == ArrayRef(axes) && op.getRhsAxes() == ArrayRef(axes))
    return;
  Value result = ContractOp::create(builder, loc, left, right, axes, axes);
  if (result.getType() != op.getType())
    result = ReshapeOp::create(builder, loc, op.getType(), result);
  op.getResult().replaceAllUsesWith(result);
}

/// A transposed sum of outer products is that of the swapped operands.
static void swapTransposed(TransposeOp transpose) {
  auto op = transpose.getInput().getDefiningOp<ContractOp>();
  if (!op || !op->hasOneUse() || !op.getLhsBatch().empty() ||
      op.getType().getRank() != 2 ||
      transpose.getPermutation() != ArrayRef<int64_t>{1, 0})
    return;
  const Side lhs(op.getLhs(), op.getLhsAxes());
  if (lhs.free.size() != 1)
    return;
  OpBuilder builder(transpose);
  Value swapped =
      ContractOp::create(builder, op.getLoc(), op.getRhs(), op.getLhs(),
                         op.getRhsAxes(), op.getLhsAxes());
  transpose.getResult().replaceAllUsesWith(swapped);
}

/// Reads sizes of arguments, so that no other value is kept for its size.
static void traceSizes(func::FuncOp main) {
  for (auto dim :
       llvm::make_early_inc_range(main.getBody().getOps<tensor::DimOp>())) {
    if (isa<BlockArgument>(dim.getSource()))
      continue;
    OpBuilder builder(dim);
    Value traced =
        traceSize(builder, dim.getSource(), *dim.getConstantIndex());
    dim.getResult().replaceAllUsesWith(traced);
  }
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

namespace {

class SumsOutliner {
public:
  explicit SumsOutliner(Stage &stage)
      : stage(stage), main(stage.main), builder(main.getContext()) {
    builder.setInsertionPointAfter(main);
    sums = func::FuncOp::create(builder, main.getLoc(), kSumsName,
                                builder.getFunctionType({}, {}));
    builder.setInsertionPointToStart(sums.addEntryBlock());
  }

  void run() {
    numberGradients();
    addArguments();
    for (Operation &op : main.getBody().front())
      if (stage.ops.contains(&op))
        copy(op);
    finishSums();
    finishMain();
    eraseDeadOps(main.getBody());
  }

private:
  void numberGradients();
  void addArguments();
  Value addKept(Type type, Location loc);
  Value ofOneTile(Value value);
  DictionaryAttr keptAttributes(int64_t number) {
    return builder.getDictionaryAttr(
        builder.getNamedAttr(kKeptAttr, builder.getI64IntegerAttr(number)));
  }
  void copy(Operation &op);
  Value mapped(Value v);
  void finishSums();
  void finishMain();

  DictionaryAttr orEmpty(DictionaryAttr attributes) {
    return attributes ? attributes : builder.getDictionaryAttr({});
  }

  Stage &stage;
  func::FuncOp main, sums;
  OpBuilder builder;
  IRMapping mapping;
  SmallVector<DictionaryAttr> argumentAttributes;
  int64_t keptArguments = 0;
};

} // namespace

/// Says of each gradient where it stands among outputs and gradients: those
/// before it may be results of the other function.
void SumsOutliner::numberGradients() {
  int64_t place = 0;
  for (unsigned i = 0; i < main.getNumResults(); ++i) {
    if (main.getResultAttr(i, kStateAttr))
      continue;
    if (main.getResultAttr(i, kGradientAttr))
      main.setResultAttr(i, kPlaceAttr, builder.getI64IntegerAttr(place));
    ++place;
  }
}

void SumsOutliner::addArguments() {
  Block &entry = sums.front();
  for (BlockArgument argument : main.getArguments()) {
    mapping.map(argument,
                entry.addArgument(argument.getType(), argument.getLoc()));
    argumentAttributes.push_back(
        orEmpty(main.getArgAttrDict(argument.getArgNumber())));
  }
  for (Value value : stage.kept)
    mapping.map(value, addKept(value.getType(), value.getLoc()));
  for (Value value : stage.partial) {
    auto type = cast<RankedTensorType>(value.getType());
    Value all =
        addKept(insertAxis(type, 0, ShapedType::kDynamic), value.getLoc());
    mapping.map(value, ReduceOp::create(builder, value.getLoc(),
                                        ReductionKind::Sum, all, /*axis=*/0));
  }
}

/// An argument for what @main keeps under the next number.
Value SumsOutliner::addKept(Type type, Location loc) {
  argumentAttributes.push_back(keptAttributes(keptArguments++));
  return sums.front().addArgument(type, loc);
}

Value SumsOutliner::mapped(Value v) {
  auto it = stage.unmasked.find(v);
  return mapping.lookup(it == stage.unmasked.end() ? v : it->second);
}

/// The dimension at whose lengths in each row the sum of products ends, since
/// one of the operands is zero behind them.
static Attribute dimensionOf(ContractOp op) {
  if (op.getLhsAxes().size() != 2 || op.getLhsAxes() != op.getRhsAxes() ||
      op.getLhsAxes() != ArrayRef<int64_t>{0, 1})
    return {};
  auto function = op->getParentOfType<func::FuncOp>();
  for (Value operand : {op.getLhs(), op.getRhs()})
    if (auto lengths =
            dyn_cast_or_null<BlockArgument>(paddingLengths(operand, 1)))
      if (lengths.getOwner() == &function.front())
        return function.getArgAttr(lengths.getArgNumber(), kLengthsAttr);
  return {};
}

void SumsOutliner::copy(Operation &op) {
  for (Value operand : op.getOperands())
    mapping.map(operand, mapped(operand));
  Operation *copied = builder.clone(op, mapping);
  if (auto contract = dyn_cast<ContractOp>(op))
    if (Attribute dimension = dimensionOf(contract))
      copied->setAttr(kLengthsAttr, dimension);
}

void SumsOutliner::finishSums() {
  auto terminator = main.getBody().front().getTerminator();
  SmallVector<Value> results;
  SmallVector<DictionaryAttr> attributes;
  for (unsigned i : stage.results) {
    results.push_back(mapped(terminator->getOperand(i)));
    attributes.push_back(orEmpty(main.getResultAttrDict(i)));
  }
  func::ReturnOp::create(builder, terminator->getLoc(), results);
  sums.setType(builder.getFunctionType(sums.front().getArgumentTypes(),
                                       ValueRange(results).getTypes()));
  sums.setAllArgAttrs(argumentAttributes);
  sums.setAllResultAttrs(attributes);
}

/// `value` with one more axis in front, that of the tiles.
Value SumsOutliner::ofOneTile(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> dims =
      llvm::to_vector(llvm::seq<int64_t>(1, type.getRank() + 1));
  return BroadcastOp::create(builder, value.getLoc(), insertAxis(type, 0, 1),
                             value, ValueRange(), dims);
}

void SumsOutliner::finishMain() {
  auto terminator = main.getBody().front().getTerminator();
  SmallVector<Value> results;
  SmallVector<DictionaryAttr> attributes;
  for (auto [i, value] : llvm::enumerate(terminator->getOperands())) {
    if (stage.isSum(i))
      continue;
    results.push_back(value);
    attributes.push_back(orEmpty(main.getResultAttrDict(i)));
  }
  SmallVector<Value> kept(stage.kept.begin(), stage.kept.end());
  builder.setInsertionPoint(terminator);
  for (Value value : stage.partial)
    kept.push_back(ofOneTile(value));
  for (auto [number, value] : llvm::enumerate(kept)) {
    results.push_back(value);
    attributes.push_back(keptAttributes(number));
  }
  terminator->setOperands(results);
  main.setType(builder.getFunctionType(main.getArgumentTypes(),
                                       ValueRange(results).getTypes()));
  main.setAllResultAttrs(attributes);
}

/// Brings what sums over the rows into the form that is easiest to compute.
static void prepare(func::FuncOp main) {
  traceSizes(main);
  // Analyses hold for the program that they were made for.
  const auto forEachOp = [&](auto visit) {
    Stage stage(main);
    for (Operation *op : stage.ops)
      visit(stage, op);
  };
  forEachOp([](Stage &, Operation *op) {
    if (auto transpose = dyn_cast<TransposeOp>(op))
      swapTransposed(transpose);
  });
  forEachOp([](Stage &stage, Operation *op) {
    if (auto contract = dyn_cast<ContractOp>(op))
      bringIntoForm(stage, contract);
  });
  Stage stage(main);
  llvm::SetVector<Operation *> loops;
  for (Value value : stage.partial)
    loops.insert(value.getDefiningOp());
  for (Operation *loop : loops)
    loop->walk([&](ContractOp contract) { bringIntoForm(stage, contract); });
  eraseDeadOps(main.getBody());
}

} // namespace loops

namespace {

struct OutlineSumsPass : impl::OutlineSumsPassBase<OutlineSumsPass> {
  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>(kMainName);
    if (!main || loops::Stage(main).results.empty())
      return;
    loops::prepare(main);
    loops::Stage stage(main);
    loops::SumsOutliner(stage).run();
  }
};

} // namespace
} // namespace seqc
