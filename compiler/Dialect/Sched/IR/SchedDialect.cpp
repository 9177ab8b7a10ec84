//===- SchedDialect.cpp - The sched dialect -------------------------------===//
// Registration, builders and verifiers.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Sched/IR/SchedDialect.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace seqc::sched;

#include "compiler/Dialect/Sched/IR/SchedDialect.cpp.inc"

#define GET_OP_CLASSES
#include "compiler/Dialect/Sched/IR/SchedOps.cpp.inc"

void SchedDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "compiler/Dialect/Sched/IR/SchedOps.cpp.inc"
      >();
}

void ProductOp::build(OpBuilder &b, OperationState &state, Value rows,
                      Value lhs, Value panels, ValueRange scales, Value init,
                      int64_t units, int64_t groups) {
  auto scale = [&](size_t i) { return scales.empty() ? Value() : scales[i]; };
  build(b, state, lhs, panels, scale(0), scale(1), scale(2), init, rows,
        b.getI64IntegerAttr(units), /*firstPanel=*/Value(),
        /*endPanel=*/Value());
  Block &body = state.regions.front()->emplaceBlock();
  body.addArguments({b.getIndexType(), b.getIndexType()},
                    {state.location, state.location});
  for (int64_t group = 0; group < groups; ++group)
    body.addArgument(b.getF32Type(), state.location);
}

/// Short whole numbers have scales, and nothing else has.
static LogicalResult verifyScales(ProductOp op) {
  MemRefType lhs = op.getLhs().getType(), panels = op.getPanels().getType();
  const bool isWhole =
      lhs.getElementType().isInteger(8) && panels.getElementType().isInteger(8);
  const bool isAny =
      lhs.getElementType().isInteger(8) || panels.getElementType().isInteger(8);
  if (isAny != isWhole || isAny != op.isQuantized())
    return op.emitOpError("int8 takes int8, and scales");
  if (!op.isQuantized())
    return success();
  const int64_t columns[] = {panels.getDimSize(0),
                             op.getGroups() * op.getPanelUnits()};
  if (op.getScales().getType().getShape() != ArrayRef(columns) ||
      op.getOffsets().getType().getShape() != ArrayRef(columns))
    return op.emitOpError("scales and offsets must have the panels' columns");
  return success();
}

LogicalResult ProductOp::verifyRegions() {
  TypeRange arguments = getBody()->getArgumentTypes();
  const bool isIndexed =
      arguments.size() > 2 && arguments[0].isIndex() && arguments[1].isIndex();
  if (!isIndexed || !llvm::all_of(arguments.drop_front(2),
                                  [](Type type) { return type.isF32(); }))
    return emitOpError("the epilogue takes a row, a unit, and sums");

  MemRefType panels = getPanels().getType();
  const int64_t pack = getPack();
  if (!panels.hasStaticShape() ||
      panels.getDimSize(2) % (getGroups() * pack) != 0)
    return emitOpError(
        "panels must be static, each group as wide as the others");
  const int64_t panelUnits = getPanelUnits(), units = getUnits();
  if (panels.getDimSize(0) != (units + panelUnits - 1) / panelUnits)
    return emitOpError("has ") << units << " units in " << panels.getDimSize(0)
                               << " panels of " << panelUnits;
  MemRefType lhs = getLhs().getType();
  if (lhs.isDynamicDim(1) || panels.getDimSize(1) != (getK() + pack - 1) / pack)
    return emitOpError("the left operand's rows must be as long as the panels");
  if (!lhs.getElementType().isF32() &&
      (lhs.getElementType() != panels.getElementType() || getK() % pack != 0))
    return emitOpError("a left operand of short numbers takes panels of the "
                       "same, and whole packs");
  if (failed(verifyScales(*this)))
    return failure();
  if (getInit() && getInit().getType().getDimSize(1) != getGroups() * units)
    return emitOpError("init must have a column for each sum");
  if (!getFirstPanel() != !getEndPanel())
    return emitOpError("needs both ends of the panels, or none");
  return success();
}
