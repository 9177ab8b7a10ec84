//===- SeqVerifiers.cpp - What makes a seq op well-formed -----------------===//
// Each check carries the number that the op's description gives it. What ODS
// checks (kinds of elements, ranks known, one block) is not checked again.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallBitVector.h"

#include <limits>

using namespace mlir;
using namespace seqc::seq;

//===----------------------------------------------------------------------===//
// Checks that several ops share
//===----------------------------------------------------------------------===//

static LogicalResult checkAxis(Operation *op, RankedTensorType type,
                               int64_t axis) {
  if (axis >= 0 && axis < type.getRank())
    return success();
  return op->emitOpError("names axis ") << axis << " of " << type;
}

static LogicalResult checkType(Operation *op, const Twine &what, Type found,
                               Type expected) {
  if (found == expected)
    return success();
  return op->emitOpError("has ") << what << " of type " << found << " where "
                                 << expected << " is expected";
}

static LogicalResult checkTypes(Operation *op, StringRef what, TypeRange found,
                                ArrayRef<Type> expected) {
  if (found.size() != expected.size())
    return op->emitOpError("has ") << found.size() << " " << what << "s where "
                                   << expected.size() << " are expected";
  for (auto [index, pair] : llvm::enumerate(llvm::zip(found, expected)))
    if (failed(checkType(op, what + " " + Twine(index), std::get<0>(pair),
                         std::get<1>(pair))))
      return failure();
  return success();
}

/// One length for each row of the dimensions of `type` before `axis`.
static LogicalResult checkLengths(Operation *op, RankedTensorType lengths,
                                  RankedTensorType type, int64_t axis) {
  if (lengths.getRank() == axis && type.getRank() >= axis &&
      lengths.getShape() == type.getShape().take_front(axis))
    return success();
  return op->emitOpError("has lengths of type ")
         << lengths << " where " << type << " has axis " << axis;
}

/// All of `values` have `axis`, with the size that the first has.
static LogicalResult checkSameSize(Operation *op, StringRef what,
                                   TypeRange types, int64_t axis,
                                   int64_t size) {
  for (Type found : types) {
    auto type = cast<RankedTensorType>(found);
    if (failed(checkAxis(op, type, axis)))
      return failure();
    if (type.getDimSize(axis) != size)
      return op->emitOpError("has ")
             << what << " of different sizes along axis " << axis;
  }
  return success();
}

static SmallVector<Type> withoutAxis(TypeRange types, int64_t axis) {
  return llvm::map_to_vector(types, [&](Type type) -> Type {
    return dropAxis(cast<RankedTensorType>(type), axis);
  });
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

LogicalResult ScanOp::verify() {
  if (getSequences().empty()) // scan_c1
    return emitOpError("has no sequence");
  const int64_t axis = getAxis();
  auto first = cast<RankedTensorType>(getSequences().front().getType());
  if (failed(checkAxis(*this, first, axis)) || // scan_c1
      failed(checkSameSize(*this, "sequences", getSequences().getTypes(), axis,
                           first.getDimSize(axis))))
    return failure();
  if (getNumResults() < getInits().size()) // scan_c4
    return emitOpError("has ") << getInits().size() << " states, but only "
                               << getNumResults() << " results";
  if (failed(checkTypes(*this, "final state", getFinals().getTypes(), // scan_c4
                        llvm::to_vector(getInits().getTypes()))) ||
      failed(checkSameSize(*this, "outputs", getOutputs().getTypes(), axis,
                           first.getDimSize(axis))))
    return failure();
  if (!getLengths())
    return success();
  auto lengths = cast<RankedTensorType>(getLengths().getType());
  for (TypeRange group :
       {TypeRange(getSequences().getTypes()), TypeRange(getInits().getTypes()),
        TypeRange(getOutputs().getTypes())})
    for (Type type : group) // scan_c5
      if (failed(
              checkLengths(*this, lengths, cast<RankedTensorType>(type), axis)))
        return failure();
  return success();
}

LogicalResult ScanOp::verifyRegions() {
  const int64_t axis = getAxis();
  SmallVector<Type> arguments = withoutAxis(getSequences().getTypes(), axis);
  llvm::append_range(arguments, getInits().getTypes());
  llvm::append_range(arguments, getInvariants().getTypes());
  SmallVector<Type> yielded(getInits().getTypes());
  llvm::append_range(yielded, withoutAxis(getOutputs().getTypes(), axis));
  if (failed(checkTypes(*this, "body argument", getBody().getArgumentTypes(),
                        arguments))) // scan_c2
    return failure();
  return checkTypes(*this, "yielded value", // scan_c3
                    getYield().getOperandTypes(), yielded);
}

LogicalResult MapOp::verify() {
  if (getSequences().empty()) // map_c1
    return emitOpError("has no sequence");
  auto first = cast<RankedTensorType>(getSequences().front().getType());
  if (failed(checkAxis(*this, first, 0)) || // map_c1
      failed(checkSameSize(*this, "sequences", getSequences().getTypes(), 0,
                           first.getDimSize(0))))
    return failure();
  return checkSameSize(*this, "results", getResultTypes(), 0,
                       first.getDimSize(0));
}

LogicalResult MapOp::verifyRegions() {
  SmallVector<Type> arguments = withoutAxis(getSequences().getTypes(), 0);
  llvm::append_range(arguments, getInvariants().getTypes());
  if (failed(checkTypes(*this, "body argument", getBody().getArgumentTypes(),
                        arguments))) // map_c2
    return failure();
  return checkTypes(*this, "yielded value", // map_c3
                    getYield().getOperandTypes(),
                    withoutAxis(getResultTypes(), 0));
}

//===----------------------------------------------------------------------===//
// Products and reductions
//===----------------------------------------------------------------------===//

static LogicalResult checkPairs(ContractOp op, ArrayRef<int64_t> lhsAxes,
                                ArrayRef<int64_t> rhsAxes) {
  auto lhs = op.getLhs().getType(), rhs = op.getRhs().getType();
  if (lhsAxes.size() != rhsAxes.size()) // contract_c1
    return op.emitOpError("pairs ")
           << lhsAxes.size() << " axes with " << rhsAxes.size();
  for (auto [l, r] : llvm::zip(lhsAxes, rhsAxes)) {
    if (failed(checkAxis(op, lhs, l)) || // contract_c1
        failed(checkAxis(op, rhs, r)))
      return failure();
    if (lhs.getDimSize(l) != rhs.getDimSize(r)) // contract_c1
      return op.emitOpError("pairs axis ")
             << l << " of " << lhs << " with axis " << r << " of " << rhs;
  }
  return success();
}

static LogicalResult checkNamedOnce(ContractOp op, ArrayRef<int64_t> axes,
                                    ArrayRef<int64_t> batch) {
  llvm::SmallDenseSet<int64_t> seen;
  for (int64_t axis : llvm::concat<const int64_t>(axes, batch))
    if (!seen.insert(axis).second) // contract_c2
      return op.emitOpError("names axis ") << axis << " twice";
  return success();
}

LogicalResult ContractOp::verify() {
  if (failed(checkPairs(*this, getLhsAxes(), getRhsAxes())) ||
      failed(checkPairs(*this, getLhsBatch(), getRhsBatch())) ||
      failed(checkNamedOnce(*this, getLhsAxes(), getLhsBatch())) ||
      failed(checkNamedOnce(*this, getRhsAxes(), getRhsBatch())))
    return failure();
  return checkType(*this, "a result", getType(), // contract_c3
                   inferType(getLhs().getType(), getRhs().getType(),
                             getLhsAxes(), getRhsAxes(), getLhsBatch(),
                             getRhsBatch()));
}

LogicalResult ReduceOp::verify() {
  auto type = getInput().getType();
  if (failed(checkAxis(*this, type, getAxis()))) // reduce_c1
    return failure();
  return checkType(*this, "a result", getType(), // reduce_c2
                   dropAxis(type, getAxis()));
}

LogicalResult SoftmaxOp::verify() {
  return checkAxis(*this, getInput().getType(), getAxis()); // softmax_c1
}

LogicalResult CumsumOp::verify() {
  return checkAxis(*this, getInput().getType(), getAxis()); // cumsum_c1
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

LogicalResult BroadcastOp::verify() {
  auto input = getInput().getType();
  ArrayRef<int64_t> dims = getDims();
  if (static_cast<int64_t>(dims.size()) != input.getRank()) // broadcast_c1
    return emitOpError("has ") << dims.size() << " dims for " << input;
  for (auto [axis, dim] : llvm::enumerate(dims)) {
    if (failed(checkAxis(*this, getType(), dim))) // broadcast_c1
      return failure();
    if (axis > 0 && dims[axis - 1] >= dim) // broadcast_c1
      return emitOpError("has dims that do not increase");
  }
  SmallVector<int64_t> shape(getType().getShape());
  for (auto [axis, dim] : llvm::enumerate(dims))
    shape[dim] = input.getDimSize(axis);
  if (failed(checkType(*this, "a result", getType(), // broadcast_c2
                       input.clone(shape))))
    return failure();
  size_t dynamic = 0;
  for (int64_t axis = 0; axis < getType().getRank(); ++axis)
    dynamic += getType().isDynamicDim(axis) && !llvm::is_contained(dims, axis);
  if (dynamic != getSizes().size()) // broadcast_c3
    return emitOpError("has ") << getSizes().size() << " sizes for " << dynamic
                               << " new dynamic axes";
  return success();
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty()) // concat_c1
    return emitOpError("has no operand");
  int64_t size = 0;
  for (Type operand : getInputs().getTypes()) {
    auto type = cast<RankedTensorType>(operand);
    if (failed(checkAxis(*this, type, getAxis()))) // concat_c1
      return failure();
    if (type.isDynamicDim(getAxis())) // concat_c2
      return emitOpError("joins along the dynamic axis of ") << type;
    size += type.getDimSize(getAxis());
  }
  for (Type operand : getInputs().getTypes())
    if (failed(checkType(
            *this, "a result", getType(), // concat_c2
            resizeAxis(cast<RankedTensorType>(operand), getAxis(), size))))
      return failure();
  return success();
}

LogicalResult SliceOp::verify() {
  auto input = getInput().getType();
  const int64_t axis = getAxis();
  if (failed(checkAxis(*this, input, axis)) || // slice_c1
      failed(checkAxis(*this, getType(), axis)))
    return failure();
  if (input.isDynamicDim(axis) || getType().isDynamicDim(axis)) // slice_c1
    return emitOpError("takes a part of a dynamic axis");
  const int64_t size = getType().getDimSize(axis);
  const int64_t offset = getOffset();
  if (offset < 0 || offset > input.getDimSize(axis) - size) // slice_c2
    return emitOpError("takes ") << size << " positions from " << offset
                                 << " of " << input.getDimSize(axis);
  return checkType(*this, "a result", getType(), // slice_c3
                   resizeAxis(input, axis, size));
}

LogicalResult AtOp::verify() {
  auto input = getInput().getType();
  const int64_t axis = getAxis();
  if (failed(checkAxis(*this, input, axis))) // at_c1
    return failure();
  const int64_t index = getIndex();
  if (!input.isDynamicDim(axis) && (index >= input.getDimSize(axis) ||
                                    index < -input.getDimSize(axis))) // at_c1
    return emitOpError("reads index ")
           << index << " of " << input.getDimSize(axis) << " positions";
  if (failed(checkType(*this, "a result", getType(), // at_c2
                       dropAxis(input, axis))))
    return failure();
  if (!getLengths())
    return success();
  return checkLengths(*this, cast<RankedTensorType>(getLengths().getType()),
                      input, axis); // at_c3
}

LogicalResult TransposeOp::verify() {
  auto input = getInput().getType();
  if (static_cast<int64_t>(getPermutation().size()) !=
      input.getRank()) // transpose_c1
    return emitOpError("has ")
           << getPermutation().size() << " entries for the axes of " << input;
  llvm::SmallBitVector seen(input.getRank());
  for (int64_t axis : getPermutation()) {
    if (failed(checkAxis(*this, input, axis))) // transpose_c1
      return failure();
    if (seen.test(axis)) // transpose_c1
      return emitOpError("names axis ") << axis << " twice";
    seen.set(axis);
  }
  return checkType(*this, "a result", getType(), // transpose_c2
                   inferType(input, getPermutation()));
}

/// Takes axes of either side until both hold the same number of elements.
static std::optional<ReshapePart>
nextPart(ArrayRef<int64_t> from, ArrayRef<int64_t> to, int64_t i, int64_t j) {
  const auto sizeAt = [](ArrayRef<int64_t> shape, int64_t axis) {
    return axis < static_cast<int64_t>(shape.size()) ? shape[axis] : 1;
  };
  ReshapePart part{i, 1, j, 1};
  int64_t have = sizeAt(from, i), want = sizeAt(to, j);
  const bool fromDynamic = ShapedType::isDynamic(have);
  const bool toDynamic = ShapedType::isDynamic(want);
  if (fromDynamic && toDynamic)
    return part;
  // Ones in front of a dynamic axis have no partner.
  if (toDynamic && have == 1 && i < static_cast<int64_t>(from.size()))
    return ReshapePart{i, 1, j, 0};
  if (fromDynamic && want == 1 && j < static_cast<int64_t>(to.size()))
    return ReshapePart{i, 0, j, 1};
  if (fromDynamic || toDynamic)
    return std::nullopt;
  while (have != want) {
    const bool growFrom = have < want;
    ArrayRef<int64_t> shape = growFrom ? from : to;
    const int64_t next = growFrom ? i + part.from++ : j + part.to++;
    if (next >= static_cast<int64_t>(shape.size()) ||
        ShapedType::isDynamic(shape[next]))
      return std::nullopt;
    (growFrom ? have : want) *= shape[next];
  }
  return part;
}

std::optional<SmallVector<ReshapePart>>
seqc::seq::reshapeParts(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  SmallVector<ReshapePart> parts;
  const int64_t fromRank = from.size(), toRank = to.size();
  int64_t i = 0, j = 0;
  while (i < fromRank || j < toRank) {
    std::optional<ReshapePart> part = nextPart(from, to, i, j);
    if (!part)
      return std::nullopt;
    // Ones at the end of the shorter side have no partner.
    part->from = std::min(part->from, fromRank - i);
    part->to = std::min(part->to, toRank - j);
    i += part->from;
    j += part->to;
    parts.push_back(*part);
  }
  return parts;
}

SmallVector<ReshapePart> ReshapeOp::getParts() {
  return *reshapeParts(getInput().getType().getShape(), getType().getShape());
}

LogicalResult ReshapeOp::verify() {
  auto input = getInput().getType();
  if (input.getElementType() != getType().getElementType()) // reshape_c1
    return emitOpError("makes ") << getType() << " of " << input;
  if (!reshapeParts(input.getShape(), getType().getShape())) // reshape_c2
    return emitOpError("cannot cut ")
           << input << " into " << getType() << ": their dynamic axes, or the "
           << "elements between them, differ";
  return success();
}

LogicalResult ShiftOp::verify() {
  if (failed(checkAxis(*this, getInput().getType(), getAxis()))) // shift_c1
    return failure();
  return checkType(*this, "a fill", getFill().getType(), // shift_c2
                   getInput().getType().getElementType());
}

LogicalResult IotaOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  if (type.getRank() != 1) // iota_c1
    return emitOpError("has a result of type ") << type;
  if (type.isDynamicDim(0) != static_cast<bool>(getSize())) // iota_c2
    return emitOpError("of type ")
           << type << " has " << (getSize() ? "a size" : "no size");
  return success();
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

static LogicalResult checkFrom(Operation *op, StringRef what, int64_t value,
                               int64_t least, int64_t most) {
  if (value >= least && value <= most)
    return success();
  return op->emitOpError("has ") << what << " of " << value;
}

LogicalResult WindowsOp::verify() {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  auto input = cast<RankedTensorType>(getInput().getType());
  const int64_t axis = getAxis();
  if (failed(checkAxis(*this, input, axis)) ||                  // windows_c1
      failed(checkFrom(*this, "a size", getSize(), 1, most)) || // windows_c2
      failed(
          checkFrom(*this, "a stride", getStride(), 1, most)) || // windows_c2
      failed(checkFrom(*this, "a part before", getBefore(), 0, most)) ||
      failed(checkFrom(*this, "a part after", getAfter(), 0, most)))
    return failure();
  return checkType(*this, "a result", getType(), // windows_c3
                   inferType(input, axis, getSize(), getWindowShape()));
}

LogicalResult OverlapAddOp::verify() {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  auto input = getInput().getType();
  const int64_t axis = getAxis();
  if (failed(checkAxis(*this, input, axis)) || // overlap_add_c1
      failed(checkAxis(*this, input, axis + 1)))
    return failure();
  if (input.isDynamicDim(axis + 1)) // overlap_add_c1
    return emitOpError("has windows of a dynamic size: ") << input;
  if (failed(checkFrom(*this, "a stride", getStride(), 1,
                       most)) || // overlap_add_c2
      failed(checkFrom(*this, "a part before", getBefore(), 0, most)))
    return failure();
  const RankedTensorType positions = dropAxis(input, axis + 1);
  const int64_t size =
      getType().getRank() > axis ? getType().getDimSize(axis) : 0;
  if (failed(checkType(*this, "a result", getType(), // overlap_add_c3
                       resizeAxis(positions, axis, size))))
    return failure();
  if (ShapedType::isDynamic(size) != static_cast<bool>(getSize()))
    return emitOpError("of type ") // overlap_add_c4
           << getType() << " has " << (getSize() ? "a size" : "no size");
  return success();
}

LogicalResult WindowCountOp::verify() {
  constexpr int64_t most = int64_t(1) << 31;
  if (failed(checkFrom(*this, "a stride", getStride(), 1,
                       most))) // window_count_c1
    return failure();
  return checkFrom(*this, "an offset", getOffset(), -most,
                   2 * most); // window_count_c1
}

//===----------------------------------------------------------------------===//
// Tokens, lengths, random
//===----------------------------------------------------------------------===//

LogicalResult GatherOp::verify() {
  auto table = getTable().getType();
  // A dynamic size is a negative number. Compiled code reads the first row in
  // place of one that is not there, so there must be one.
  if (table.getRank() == 0 || table.getDimSize(0) < 1) // gather_c1
    return emitOpError("has a table of type ")
           << table << ", whose first axis must be static and not empty";
  return checkType(*this, "a result", getType(), // gather_c2
                   inferType(table, getTokens().getType()));
}

LogicalResult OneHotOp::verify() {
  auto tokens = getTokens().getType();
  const auto shape = getType().getShape();
  // A dynamic size is a negative number.
  if (shape.empty() || shape.back() < 1 || // onehot_c1
      shape.drop_back() != tokens.getShape())
    return emitOpError("has a result of type ")
           << getType() << " for tokens of type " << tokens;
  return success();
}

LogicalResult ScatterAddOp::verify() {
  const auto updates = getUpdates().getType().getShape();
  const auto tokens = getTokens().getType().getShape();
  if (updates.size() < tokens.size() || // scatteradd_c1
      updates.take_front(tokens.size()) != tokens)
    return emitOpError("has updates of type ")
           << getUpdates().getType() << " for tokens of type "
           << getTokens().getType();
  const auto shape = getType().getShape();
  // A dynamic size is a negative number.
  if (shape.empty() || shape.front() < 1 || // scatteradd_c2
      shape.drop_front() != updates.drop_front(tokens.size()))
    return emitOpError("has a result of type ")
           << getType() << " for updates of type " << getUpdates().getType();
  return success();
}

LogicalResult MaskOp::verify() {
  auto type = getInput().getType();
  if (failed(checkAxis(*this, type, getAxis()))) // mask_c1
    return failure();
  if (failed(checkLengths(*this, getLengths().getType(), type,
                          getAxis()))) // mask_c2
    return failure();
  return checkType(*this, "a fill", getFill().getType(), // mask_c3
                   type.getElementType());
}

LogicalResult LengthOp::verify() {
  auto type = getInput().getType();
  if (failed(checkAxis(*this, type, getAxis()))) // length_c1
    return failure();
  const int64_t rows = getType().getRank();
  if (rows > static_cast<int64_t>(getAxis()) || // length_c2
      getType().getShape() != type.getShape().take_front(rows))
    return emitOpError("has a result of type ")
           << getType() << ", which are no rows of " << type << " before axis "
           << getAxis();
  return success();
}

LogicalResult UniformOp::verify() {
  auto time = getTime().getType();
  const auto shape = getType().getShape();
  const size_t rank = time.getRank();
  if (shape.size() < rank || shape.take_front(rank) != time.getShape() ||
      ShapedType::isDynamicShape(shape.drop_front(rank))) // uniform_c1
    return emitOpError("has a result of type ")
           << getType() << " for times of type " << time;
  if (getSample() && failed(checkType(*this, "samples", getSample().getType(),
                                      time))) // uniform_c2
    return failure();
  return checkFrom(*this, "a site", getSite(), 0, // uniform_c3
                   std::numeric_limits<uint32_t>::max());
}

LogicalResult DropoutOp::verify() {
  const double rate = getRate().convertToDouble();
  if (rate >= 0 && rate <= 1) // dropout_c1
    return success();
  return emitOpError("has a rate of ") << rate;
}
