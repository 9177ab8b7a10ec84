//===- EmitExpr.cpp - Expressions to ops ----------------------------------===//
// One op, or a few, for each node.
//===----------------------------------------------------------------------===//

#include "dsl/Emit/Emitter.h"

#include <cmath>

using namespace mlir;

namespace seqc::dsl {

void flatten(const Emitted &value, SmallVectorImpl<Value> &tensors) {
  if (value.tensor)
    tensors.push_back(value.tensor);
  for (const Emitted &part : value.parts)
    flatten(part, tensors);
}

Emitted unflatten(const Emitted &structure, ValueRange &tensors) {
  Emitted value;
  if (structure.tensor) {
    value.tensor = tensors.front();
    tensors = tensors.drop_front();
  }
  for (const Emitted &part : structure.parts)
    value.parts.push_back(unflatten(part, tensors));
  return value;
}

std::vector<Emitted> Emitter::emitOperands(const TypedExpr &expr,
                                           Frame &frame) {
  std::vector<Emitted> operands;
  for (const TypedPtr &operand : expr.operands)
    operands.push_back(operand ? emit(*operand, frame) : Emitted());
  return operands;
}

Value Emitter::emitTensor(const TypedExpr &expr, Frame &frame) {
  return emit(expr, frame).tensor;
}

/// The value of a scalar constant. In a cell over steps its arguments are known
/// too, so that `1 - beta` is worked out before it is rounded.
std::optional<double> Emitter::knownNumber(const TypedExpr &expr,
                                           const Frame &frame) {
  if (isConstant(expr))
    return evaluateConstant(expr, frame.dims);
  if (program.model->kind != DefinitionKind::Cell || !expr.type.isNumber() ||
      !expr.type.isScalar())
    return std::nullopt;
  if (const auto *local = expr.as<LocalNode>())
    return frame.locals[local->local].number;
  const auto *elementwise = expr.as<ElementwiseNode>();
  if (!elementwise || expr.operands.size() > 2)
    return std::nullopt;
  std::vector<double> operands;
  for (const TypedPtr &operand : expr.operands)
    if (std::optional<double> number = knownNumber(*operand, frame))
      operands.push_back(*number);
  if (operands.size() != expr.operands.size())
    return std::nullopt;
  return evaluateElementwise(elementwise->op, operands);
}

Emitted Emitter::emit(const TypedExpr &expr, Frame &frame) {
  Location loc = locationIn(frame, expr.range);
  if (std::optional<double> number = knownNumber(expr, frame)) {
    Emitted known(constant(*number, scalarType(), loc));
    known.number = number;
    return known;
  }
  return emitNode(expr, frame, loc);
}

Emitted Emitter::emitNode(const TypedExpr &expr, Frame &frame, Location loc) {
  auto operand = [&](size_t i) { return emitTensor(*expr.operands[i], frame); };
  auto value = [&](const Dim &dim) { return *evaluate(dim, frame.dims); };
  if (const auto *boolean = expr.as<BoolNode>())
    return arith::ConstantOp::create(
               builder, loc,
               DenseElementsAttr::get(
                   RankedTensorType::get({}, builder.getI1Type()),
                   boolean->value))
        .getResult();
  if (const auto *token = expr.as<TokenNode>())
    return scalarToken(value(token->value), loc);
  if (expr.as<PositionsNode>())
    return emitPositions(expr, frame, loc);
  if (const auto *local = expr.as<LocalNode>())
    return frame.locals[local->local];
  if (const auto *param = expr.as<ParamNode>())
    return params[frame.instance->params[param->param]];
  if (expr.as<ElementwiseNode>())
    return emitElementwise(expr, frame, loc);
  if (const auto *node = expr.as<BroadcastNode>())
    return emitBroadcast(expr, node->axes, frame, loc);
  if (expr.as<MatMulNode>()) {
    Value lhs = operand(0), rhs = operand(1);
    int64_t last = cast<RankedTensorType>(lhs.getType()).getRank() - 1;
    return seq::ContractOp::create(builder, loc, lhs, rhs,
                                   ArrayRef<int64_t>{last},
                                   ArrayRef<int64_t>{0})
        .getResult();
  }
  if (const auto *reduce = expr.as<ReduceNode>())
    return emitReduce(*reduce, operand(0), shapeOf(expr.type, frame), loc);
  if (expr.as<CountNode>())
    return emitCount(operand(0), loc);
  if (const auto *softmax = expr.as<SoftmaxNode>())
    return seq::SoftmaxOp::create(builder, loc, operand(0), softmax->axis)
        .getResult();
  if (const auto *cumsum = expr.as<CumsumNode>())
    return seq::CumsumOp::create(builder, loc, operand(0), cumsum->axis)
        .getResult();
  if (const auto *transpose = expr.as<TransposeNode>())
    return seq::TransposeOp::create(builder, loc, operand(0),
                                    transpose->permutation)
        .getResult();
  if (expr.as<ReshapeNode>())
    return seq::ReshapeOp::create(builder, loc, tensorType(expr.type, frame),
                                  operand(0))
        .getResult();
  if (const auto *shift = expr.as<ShiftNode>())
    return emitShift(expr, shift->axis, value(shift->by), frame, loc);
  if (expr.as<OneHotNode>())
    return seq::OneHotOp::create(builder, loc, tensorType(expr.type, frame),
                                 operand(0))
        .getResult();
  if (expr.as<ConcatNode>()) {
    SmallVector<Value> parts;
    for (const Emitted &part : emitOperands(expr, frame))
      parts.push_back(part.tensor);
    auto last = static_cast<int64_t>(expr.type.shape.size()) - 1;
    return seq::ConcatOp::create(builder, loc, parts, last).getResult();
  }
  if (expr.as<SplitNode>())
    return emitSplit(expr, operand(0), frame, loc);
  if (const auto *slice = expr.as<SliceNode>())
    return seq::SliceOp::create(builder, loc, operand(0), slice->axis,
                                value(slice->begin),
                                value(expr.type.shape[slice->axis]))
        .getResult();
  if (const auto *at = expr.as<AtNode>())
    return seq::AtOp::create(builder, loc, operand(0), at->axis,
                             value(at->index))
        .getResult();
  if (const auto *windows = expr.as<WindowsNode>())
    return seq::WindowsOp::create(
               builder, loc, operand(0), windows->axis,
               value(windows->size.dim), value(windows->stride.dim),
               value(windows->before.dim), value(windows->after.dim))
        .getResult();
  if (expr.as<GatherNode>()) {
    Value table = operand(0);
    return seq::GatherOp::create(builder, loc, table, operand(1)).getResult();
  }
  if (const auto *dropout = expr.as<DropoutNode>())
    return emitDropout(operand(0), evaluateConstant(*dropout->rate, frame.dims),
                       dropout->isVariational, loc);
  if (const auto *field = expr.as<FieldNode>())
    return emit(*expr.operands[0], frame).parts[field->part];
  if (const auto *element = expr.as<ElementNode>()) {
    Emitted list = emit(*expr.operands[0], frame);
    int64_t index = value(element->index);
    return list.parts[index < 0 ? index + list.parts.size() : index];
  }
  if (const auto *loop = expr.as<ForNode>())
    return emitFor(expr, *loop, frame, loc);
  if (const auto *call = expr.as<CallNode>())
    return emitCall(expr, *call, frame, loc);
  // A record or a list.
  Emitted all;
  all.parts = emitOperands(expr, frame);
  return all;
}

//===----------------------------------------------------------------------===//
// Constants, broadcasts
//===----------------------------------------------------------------------===//

Value Emitter::constant(double value, RankedTensorType type, Location loc) {
  return arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(type, static_cast<float>(value)));
}

Value Emitter::scalarToken(int64_t value, Location loc) {
  auto type = RankedTensorType::get({}, builder.getI64Type());
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, value));
}

Value Emitter::emitPositions(const TypedExpr &expr, Frame &frame,
                             Location loc) {
  RankedTensorType type = tensorType(expr.type, frame);
  Value size;
  if (type.isDynamicDim(0))
    size = cast<Value>(sizeOf(shapeOf(expr.type, frame).front()));
  return seq::IotaOp::create(builder, loc, type, size);
}

Value Emitter::emitShift(const TypedExpr &expr, int64_t axis, int64_t by,
                         Frame &frame, Location loc) {
  const TypedExpr &written = *expr.operands[1];
  TypedAttr fill;
  if (const auto *token = written.as<TokenNode>())
    fill = builder.getI64IntegerAttr(*evaluate(token->value, frame.dims));
  else
    fill = builder.getF32FloatAttr(
        static_cast<float>(evaluateConstant(written, frame.dims)));
  return seq::ShiftOp::create(
      builder, loc, emitTensor(*expr.operands[0], frame), axis, by, fill);
}

Value Emitter::emitBroadcast(const TypedExpr &expr, ArrayRef<int64_t> axes,
                             Frame &frame, Location loc) {
  const TypedExpr &operand = *expr.operands.front();
  RankedTensorType type = tensorType(expr.type, frame);
  if (type.hasStaticShape() && isConstant(operand))
    return constant(evaluateConstant(operand, frame.dims), type, loc);
  return broadcast(emitTensor(operand, frame), axes, shapeOf(expr.type, frame),
                   loc);
}

Value Emitter::broadcast(Value input, ArrayRef<int64_t> axes,
                         const Shape &shape, Location loc) {
  SmallVector<OpFoldResult> added;
  for (auto [axis, dim] : llvm::enumerate(shape))
    if (!llvm::is_contained(axes, static_cast<int64_t>(axis)))
      added.push_back(sizeOf(dim));
  return seq::BroadcastOp::create(builder, loc, input, axes, added);
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

/// `x^2` is a product and not a call of pow; other exponents that are known
/// have cheaper forms too. Null where there is none.
Value Emitter::emitKnownPower(const TypedExpr &expr, Frame &frame,
                              Location loc) {
  const TypedExpr *written = expr.operands[1].get();
  while (written->as<BroadcastNode>())
    written = written->operands[0].get();
  double power = isConstant(*written) ? evaluateConstant(*written, frame.dims)
                                      : std::nan("");
  bool isSmall = power >= 1 && power <= 8 && power == std::floor(power);
  if (!isSmall && power != 0.5)
    return {};
  Value base = emitTensor(*expr.operands[0], frame);
  if (!isSmall)
    return math::SqrtOp::create(builder, loc, base);
  Value result;
  for (auto bits = static_cast<unsigned>(power); bits; bits >>= 1) {
    if (bits & 1)
      result =
          result ? arith::MulFOp::create(builder, loc, result, base) : base;
    if (bits > 1)
      base = arith::MulFOp::create(builder, loc, base, base);
  }
  return result;
}

static arith::CmpIPredicate tokenPredicate(ElementwiseOp op) {
  switch (op) {
  case ElementwiseOp::Equal:
    return arith::CmpIPredicate::eq;
  case ElementwiseOp::NotEqual:
    return arith::CmpIPredicate::ne;
  case ElementwiseOp::Less:
    return arith::CmpIPredicate::slt;
  case ElementwiseOp::LessEqual:
    return arith::CmpIPredicate::sle;
  case ElementwiseOp::Greater:
    return arith::CmpIPredicate::sgt;
  default:
    return arith::CmpIPredicate::sge;
  }
}

static arith::CmpFPredicate floatPredicate(ElementwiseOp op) {
  switch (op) {
  case ElementwiseOp::Equal:
    return arith::CmpFPredicate::OEQ;
  case ElementwiseOp::NotEqual:
    return arith::CmpFPredicate::UNE;
  case ElementwiseOp::Less:
    return arith::CmpFPredicate::OLT;
  case ElementwiseOp::LessEqual:
    return arith::CmpFPredicate::OLE;
  case ElementwiseOp::Greater:
    return arith::CmpFPredicate::OGT;
  default:
    return arith::CmpFPredicate::OGE;
  }
}

static Value emitComparison(OpBuilder &builder, Location loc, ElementwiseOp op,
                            Value a, Value b) {
  if (isa<FloatType>(getElementTypeOrSelf(a)))
    return arith::CmpFOp::create(builder, loc, floatPredicate(op), a, b);
  return arith::CmpIOp::create(builder, loc, tokenPredicate(op), a, b);
}

template <typename Op>
static Value apply(OpBuilder &builder, Location loc, ValueRange operands) {
  return Op::create(builder, loc, operands.front().getType(), operands)
      ->getResult(0);
}

static Value emitSimple(OpBuilder &builder, Location loc, ElementwiseOp op,
                        ValueRange x) {
  bool isToken = getElementTypeOrSelf(x.front()).isInteger(64);
  if (isToken && op == ElementwiseOp::Add)
    return apply<arith::AddIOp>(builder, loc, x);
  if (isToken && op == ElementwiseOp::Multiply)
    return apply<arith::MulIOp>(builder, loc, x);
  switch (op) {
  case ElementwiseOp::Add:
    return apply<arith::AddFOp>(builder, loc, x);
  case ElementwiseOp::Subtract:
    return apply<arith::SubFOp>(builder, loc, x);
  case ElementwiseOp::Multiply:
    return apply<arith::MulFOp>(builder, loc, x);
  case ElementwiseOp::Divide:
    return apply<arith::DivFOp>(builder, loc, x);
  case ElementwiseOp::Power:
    return apply<math::PowFOp>(builder, loc, x);
  case ElementwiseOp::Negate:
    return apply<arith::NegFOp>(builder, loc, x);
  case ElementwiseOp::And:
    return apply<arith::AndIOp>(builder, loc, x);
  case ElementwiseOp::Or:
    return apply<arith::OrIOp>(builder, loc, x);
  case ElementwiseOp::Min:
    return apply<arith::MinimumFOp>(builder, loc, x);
  case ElementwiseOp::Max:
    return apply<arith::MaximumFOp>(builder, loc, x);
  case ElementwiseOp::Select:
    return arith::SelectOp::create(builder, loc, x[0], x[1], x[2]);
  case ElementwiseOp::Abs:
    return apply<math::AbsFOp>(builder, loc, x);
  case ElementwiseOp::Cos:
    return apply<math::CosOp>(builder, loc, x);
  case ElementwiseOp::Erf:
    return apply<math::ErfOp>(builder, loc, x);
  case ElementwiseOp::Exp:
    return apply<math::ExpOp>(builder, loc, x);
  case ElementwiseOp::Log:
    return apply<math::LogOp>(builder, loc, x);
  case ElementwiseOp::Sigmoid:
    return apply<seq::SigmoidOp>(builder, loc, x);
  case ElementwiseOp::Sin:
    return apply<math::SinOp>(builder, loc, x);
  case ElementwiseOp::Sqrt:
    return apply<math::SqrtOp>(builder, loc, x);
  case ElementwiseOp::StopGradient:
    return apply<seq::StopGradientOp>(builder, loc, x);
  case ElementwiseOp::Tanh:
    return apply<math::TanhOp>(builder, loc, x);
  default:
    return emitComparison(builder, loc, op, x[0], x[1]);
  }
}

/// Exclusive or with true; `shape` is that of the operand.
Value Emitter::emitNot(Value x, const Shape &shape, Location loc) {
  auto scalar = RankedTensorType::get({}, builder.getI1Type());
  Value isTrue = arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(scalar, true));
  if (!shape.empty())
    isTrue = broadcast(isTrue, {}, shape, loc);
  return arith::XOrIOp::create(builder, loc, x, isTrue);
}

/// In an elementwise function that is applied to tensors, what does not depend
/// on its arguments is still a scalar, and takes their shape here.
Value Emitter::emitElementwise(const TypedExpr &expr, Frame &frame,
                               Location loc) {
  ElementwiseOp op = expr.as<ElementwiseNode>()->op;
  if (op == ElementwiseOp::Power)
    if (Value power = emitKnownPower(expr, frame, loc))
      return power;
  SmallVector<Value> operands;
  bool hasShaped = false;
  for (const Emitted &operand : emitOperands(expr, frame)) {
    operands.push_back(operand.tensor);
    hasShaped |= cast<RankedTensorType>(operand.tensor.getType()).getRank() > 0;
  }
  for (Value &operand : operands)
    if (hasShaped && !frame.shape.empty() &&
        cast<RankedTensorType>(operand.getType()).getRank() == 0)
      operand = broadcast(operand, {}, frame.shape, loc);
  if (op == ElementwiseOp::Not)
    return emitNot(operands.front(),
                   hasShaped && !frame.shape.empty()
                       ? frame.shape
                       : shapeOf(expr.type, frame),
                   loc);
  return emitSimple(builder, loc, op, operands);
}

//===----------------------------------------------------------------------===//
// Reductions, split, dropout
//===----------------------------------------------------------------------===//

static const char *nameOf(ReduceKind kind) {
  static constexpr const char *names[] = {"sum", "max", "min", "mean"};
  return names[static_cast<size_t>(kind)];
}

Value Emitter::emitReduce(const ReduceNode &reduce, Value input,
                          const Shape &result, Location loc) {
  auto type = cast<RankedTensorType>(input.getType());
  bool isSum = reduce.kind == ReduceKind::Sum;
  bool isMean = reduce.kind == ReduceKind::Mean;
  Value length;
  // One length, or where the axis may be inside another dimension, one for
  // each position before it.
  auto before = type.getShape().take_front(reduce.axis);
  if (!llvm::any_of(before, ShapedType::isDynamic))
    before = {};
  // What has no value for an empty sequence is an error at run time.
  if (!isSum && type.isDynamicDim(reduce.axis)) {
    length = seq::LengthOp::create(
        builder, loc, RankedTensorType::get(before, builder.getI64Type()),
        input, reduce.axis);
    seq::RequireLengthOp::create(builder, loc, length, 1, nameOf(reduce.kind));
  }
  seq::ReductionKind kind =
      reduce.kind == ReduceKind::Max   ? seq::ReductionKind::Max
      : reduce.kind == ReduceKind::Min ? seq::ReductionKind::Min
                                       : seq::ReductionKind::Sum;
  Value reduced = seq::ReduceOp::create(builder, loc, kind, input, reduce.axis);
  if (!isMean)
    return reduced;
  Value count;
  if (length)
    count = arith::SIToFPOp::create(
        builder, loc, RankedTensorType::get(before, builder.getF32Type()),
        length);
  else
    count = constant(static_cast<double>(type.getDimSize(reduce.axis)),
                     scalarType(), loc);
  auto kept = llvm::to_vector(
      llvm::seq<int64_t>(cast<RankedTensorType>(count.getType()).getRank()));
  if (kept.size() < result.size())
    count = broadcast(count, kept, result, loc);
  return arith::DivFOp::create(builder, loc, reduced, count);
}

Value Emitter::emitCount(Value input, Location loc) {
  auto type = cast<RankedTensorType>(input.getType());
  auto before = type.getShape().drop_back();
  Value length = seq::LengthOp::create(
      builder, loc, RankedTensorType::get(before, builder.getI64Type()), input,
      type.getRank() - 1);
  return arith::SIToFPOp::create(
      builder, loc, RankedTensorType::get(before, builder.getF32Type()),
      length);
}

Emitted Emitter::emitSplit(const TypedExpr &expr, Value input, Frame &frame,
                           Location loc) {
  Emitted parts;
  const Type &part = expr.type.parts.front();
  int64_t size = *evaluate(part.shape.back(), frame.dims);
  auto axis = static_cast<int64_t>(part.shape.size()) - 1;
  for (size_t i = 0; i < expr.type.parts.size(); ++i)
    parts.parts.push_back(Emitted(seq::SliceOp::create(
        builder, loc, input, axis, static_cast<int64_t>(i) * size, size)));
  return parts;
}

/// Each draw in the emitted program has a site of its own, behind those of the
/// parameters.
Value Emitter::emitDropout(Value input, double rate, bool isVariational,
                           Location loc) {
  int64_t site = nextSite++;
  if (rate == 0)
    return input;
  return seq::DropoutOp::create(
      builder, loc, input.getType(), input, builder.getF64FloatAttr(rate),
      builder.getI64IntegerAttr(site),
      isVariational ? builder.getUnitAttr() : nullptr);
}

} // namespace seqc::dsl
