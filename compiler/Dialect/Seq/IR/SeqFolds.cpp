//===- SeqFolds.cpp - Folders and canonical forms of the seq ops ----------===//
// What an op is when its operands or attributes make it trivial. Folders make
// no op; what needs a new one is a pattern.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace seqc::seq;

/// A constant of which every element is the same stays one in any static
/// shape.
static OpFoldResult foldSplat(Attribute input, RankedTensorType result) {
  auto splat = dyn_cast_if_present<SplatElementsAttr>(input);
  if (!splat || !result.hasStaticShape())
    return {};
  return splat.resizeSplat(result);
}

//===----------------------------------------------------------------------===//
// Broadcast
//===----------------------------------------------------------------------===//

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return foldSplat(adaptor.getInput(), getType());
}

namespace {

/// A broadcast of a broadcast is one. The sizes of the new axes are those of
/// both, in the order of the result's axes.
struct MergeBroadcasts : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BroadcastOp outer,
                                PatternRewriter &rewriter) const override {
    auto inner = outer.getInput().getDefiningOp<BroadcastOp>();
    if (!inner)
      return failure();
    SmallVector<int64_t> dims;
    for (int64_t dim : inner.getDims())
      dims.push_back(outer.getDims()[dim]);
    SmallVector<Value> sizes;
    auto innerSize = inner.getSizes().begin();
    auto outerSize = outer.getSizes().begin();
    for (int64_t axis = 0; axis < outer.getType().getRank(); ++axis) {
      if (!outer.getType().isDynamicDim(axis) || llvm::is_contained(dims, axis))
        continue;
      const bool ofInner = llvm::is_contained(outer.getDims(), axis);
      sizes.push_back(ofInner ? *innerSize++ : *outerSize++);
    }
    rewriter.replaceOpWithNewOp<BroadcastOp>(
        outer, outer.getType(), inner.getInput(), sizes,
        rewriter.getDenseI64ArrayAttr(dims));
    return success();
  }
};

} // namespace

void BroadcastOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<MergeBroadcasts>(context);
}

//===----------------------------------------------------------------------===//
// Concat
//===----------------------------------------------------------------------===//

/// The first of the operands if all are slices of one tensor along the axis of
/// the concat, each beginning where the one before ends.
static SliceOp firstOfContiguous(ConcatOp concat) {
  auto first = concat.getInputs().front().getDefiningOp<SliceOp>();
  int64_t next = first ? first.getOffset() : 0;
  for (Value input : concat.getInputs()) {
    auto slice = input.getDefiningOp<SliceOp>();
    if (!slice || slice.getInput() != first.getInput() ||
        slice.getAxis() != concat.getAxis() ||
        static_cast<int64_t>(slice.getOffset()) != next)
      return {};
    next += slice.getType().getDimSize(slice.getAxis());
  }
  return first;
}

OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getInputs().size() == 1)
    return getInputs().front();
  if (SliceOp first = firstOfContiguous(*this))
    if (first.getInput().getType() == getType())
      return first.getInput();
  auto sameValue = [&](Attribute input) {
    auto splat = dyn_cast_if_present<SplatElementsAttr>(input);
    auto first =
        dyn_cast_if_present<SplatElementsAttr>(adaptor.getInputs().front());
    return splat && first &&
           splat.getSplatValue<Attribute>() == first.getSplatValue<Attribute>();
  };
  if (llvm::all_of(adaptor.getInputs(), sameValue))
    return foldSplat(adaptor.getInputs().front(), getType());
  return {};
}

namespace {

/// Contiguous slices of one tensor, joined again, are one slice of it.
struct JoinSlices : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConcatOp concat,
                                PatternRewriter &rewriter) const override {
    SliceOp first = firstOfContiguous(concat);
    if (!first)
      return failure();
    rewriter.replaceOpWithNewOp<SliceOp>(concat, concat.getType(),
                                         first.getInput(), concat.getAxis(),
                                         first.getOffset());
    return success();
  }
};

} // namespace

void ConcatOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *context) {
  patterns.add<JoinSlices>(context);
}

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

/// Makes `slice` one of `input` at `offset`, or `input` itself.
static OpFoldResult sliceInstead(SliceOp slice, Value input, int64_t offset) {
  if (input.getType() == slice.getType())
    return input;
  slice.getInputMutable().assign(input);
  slice.setOffset(offset);
  return slice.getResult();
}

/// The operand of `concat` that holds the whole of `slice`.
static OpFoldResult foldSliceOfConcat(SliceOp slice, ConcatOp concat) {
  int64_t offset = slice.getOffset();
  const int64_t size = slice.getType().getDimSize(slice.getAxis());
  for (Value input : concat.getInputs()) {
    const int64_t width =
        cast<RankedTensorType>(input.getType()).getDimSize(slice.getAxis());
    if (offset < width)
      return offset + size <= width ? sliceInstead(slice, input, offset)
                                    : OpFoldResult();
    offset -= width;
  }
  return {};
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<SliceOp>())
    if (inner.getAxis() == getAxis())
      return sliceInstead(*this, inner.getInput(),
                          inner.getOffset() + getOffset());
  if (auto concat = getInput().getDefiningOp<ConcatOp>())
    if (concat.getAxis() == getAxis())
      if (OpFoldResult folded = foldSliceOfConcat(*this, concat))
        return folded;
  return foldSplat(adaptor.getInput(), getType());
}

//===----------------------------------------------------------------------===//
// At, transpose, reshape, shift, mask
//===----------------------------------------------------------------------===//

OpFoldResult AtOp::fold(FoldAdaptor adaptor) {
  // A dynamic axis may hold no position, and a row may be too short: then the
  // element is not the constant.
  if (getLengths() || getInput().getType().isDynamicDim(getAxis()))
    return {};
  auto broadcast = getInput().getDefiningOp<BroadcastOp>();
  if (broadcast && broadcast.getInput().getType() == getType() &&
      !llvm::is_contained(broadcast.getDims(), static_cast<int64_t>(getAxis())))
    return broadcast.getInput();
  return foldSplat(adaptor.getInput(), getType());
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::equal(getPermutation(), llvm::seq<int64_t>(getType().getRank())))
    return getInput();
  if (auto inner = getInput().getDefiningOp<TransposeOp>()) {
    setPermutation(llvm::map_to_vector(getPermutation(), [&](int64_t axis) {
      return inner.getPermutation()[axis];
    }));
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return foldSplat(adaptor.getInput(), getType());
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return foldSplat(adaptor.getInput(), getType());
}

OpFoldResult ShiftOp::fold(FoldAdaptor adaptor) {
  if (getBy() == 0)
    return getInput();
  auto splat = dyn_cast_if_present<SplatElementsAttr>(adaptor.getInput());
  if (splat && splat.getSplatValue<Attribute>() == getFill())
    return splat;
  return {};
}

OpFoldResult MaskOp::fold(FoldAdaptor adaptor) {
  auto splat = dyn_cast_if_present<SplatElementsAttr>(adaptor.getInput());
  if (splat && splat.getSplatValue<Attribute>() == getFill())
    return splat;
  auto inner = getInput().getDefiningOp<MaskOp>();
  if (!inner || inner.getLengths() != getLengths() ||
      inner.getAxis() != getAxis())
    return {};
  if (inner.getFill() == getFill())
    return inner.getResult();
  // The same positions are filled twice: the outer fill is what remains.
  getInputMutable().assign(inner.getInput());
  return getResult();
}

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

namespace {

/// Outputs that nobody reads go.
struct DropUnusedOutputs : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp scan,
                                PatternRewriter &rewriter) const override {
    auto isRead = [](Value output) { return !output.use_empty(); };
    if (llvm::all_of(scan.getOutputs(), isRead))
      return failure();
    SmallVector<Value> yielded(scan.getNextStates()), read(scan.getFinals());
    SmallVector<Type> types;
    for (auto [output, step] :
         llvm::zip_equal(scan.getOutputs(), scan.getStepOutputs()))
      if (isRead(output)) {
        yielded.push_back(step);
        read.push_back(output);
        types.push_back(step.getType());
      }
    auto less = ScanOp::create(rewriter, scan.getLoc(), scan.getSequences(),
                               scan.getInits(), scan.getInvariants(),
                               scan.getLengths(), scan.getAxis(),
                               scan.getReverse(), types);
    less->setDiscardableAttrs(scan->getDiscardableAttrDictionary());
    less.getBody().takeBody(scan.getBody());
    rewriter.modifyOpInPlace(less.getYield(), [&] {
      less.getYield().getValuesMutable().assign(yielded);
    });
    for (auto [before, after] : llvm::zip_equal(read, less.getResults()))
      rewriter.replaceAllUsesWith(before, after);
    rewriter.eraseOp(scan);
    return success();
  }
};

} // namespace

void ScanOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  patterns.add<DropUnusedOutputs>(context);
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

OpFoldResult WindowCountOp::fold(FoldAdaptor adaptor) {
  const WindowShape shape = getWindowShape();
  if (shape.keepsLength())
    return getInput();
  if (auto size = dyn_cast_if_present<IntegerAttr>(adaptor.getInput()))
    return IntegerAttr::get(getType(), shape.count(size.getInt()));
  auto lengths = dyn_cast_if_present<DenseIntElementsAttr>(adaptor.getInput());
  if (!lengths)
    return {};
  return lengths.mapValues(
      getElementTypeOrSelf(getType()), [&](const APInt &length) {
        return APInt(64, shape.count(length.getSExtValue()));
      });
}
