//===- CentreWeights.cpp - Means of products leave the loop ---------------===//
// A product less its mean along the weight's axis is the product with weights
// less theirs: layer normalisation has one sum a step, and not two.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/ParameterValues.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_CENTREWEIGHTSPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct CentreWeightsPass : impl::CentreWeightsPassBase<CentreWeightsPass> {
  void runOnOperation() override;
};

/// `value` less its mean along `axis`, which `difference` gives.
struct Centred {
  arith::SubFOp difference;
  Value value;
  int64_t axis;
  /// What reads `value` to find the mean.
  Operation *sum;
};

} // namespace

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Whether all elements of `value` are `number`.
static bool isAll(Value value, double number) {
  if (auto broadcast = value.getDefiningOp<BroadcastOp>())
    return isAll(broadcast.getInput(), number);
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto splat = constant ? dyn_cast<SplatElementsAttr>(constant.getValue())
                        : SplatElementsAttr();
  return splat && splat.getSplatValue<APFloat>().convertToDouble() == number;
}

/// The sum along an axis of which `mean` is the mean.
static ReduceOp sumOfMean(Value mean) {
  auto division = mean.getDefiningOp<arith::DivFOp>();
  auto sum =
      division ? division.getLhs().getDefiningOp<ReduceOp>() : ReduceOp();
  if (!sum || sum.getKind() != ReductionKind::Sum)
    return {};
  const int64_t size = typeOf(sum.getInput()).getDimSize(sum.getAxis());
  return !ShapedType::isDynamic(size) && isAll(division.getRhs(), size)
             ? sum
             : ReduceOp();
}

static std::optional<Centred> matchCentred(arith::SubFOp difference) {
  auto mean = difference.getRhs().getDefiningOp<BroadcastOp>();
  ReduceOp sum = mean ? sumOfMean(mean.getInput()) : ReduceOp();
  if (!sum || sum.getInput() != difference.getLhs())
    return std::nullopt;
  const int64_t axis = sum.getAxis();
  if (llvm::is_contained(mean.getDims(), axis))
    return std::nullopt;
  return Centred{difference, sum.getInput(), axis, sum};
}

/// `value` less its mean along `axis`.
static Value makeCentred(OpBuilder &builder, Location loc, Value value,
                         int64_t axis) {
  const int64_t size = typeOf(value).getDimSize(axis);
  Value sum = ReduceOp::create(builder, loc, ReductionKind::Sum, value, axis);
  Value count = arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(typeOf(sum), static_cast<float>(size)));
  Value mean = arith::DivFOp::create(builder, loc, sum, count);
  SmallVector<int64_t> dims;
  for (int64_t i = 0; i < typeOf(value).getRank(); ++i)
    if (i != axis)
      dims.push_back(i);
  Value all = BroadcastOp::create(builder, loc, typeOf(value), mean,
                                  /*sizes=*/ValueRange(), dims);
  return arith::SubFOp::create(builder, loc, value, all);
}

namespace {

/// Takes the mean from the weights of one value.
class Centring {
public:
  Centring(const ParameterValues &parameters, const Centred &centred)
      : parameters(parameters), centred(centred) {}

  /// Whether all that `value` is the sum of is a parameter, or a product that
  /// has `axis` from one and that nothing else reads.
  bool isPossible(Value value, int64_t axis) const {
    if (parameters.contains(value))
      return typeOf(value).hasStaticShape();
    if (!isReadHereAlone(value))
      return false;
    if (auto add = value.getDefiningOp<arith::AddFOp>())
      return isPossible(add.getLhs(), axis) && isPossible(add.getRhs(), axis);
    auto product = value.getDefiningOp<ContractOp>();
    // A look-up takes a few rows: the mean of the table is that of all.
    auto side = product ? sideOf(product, axis) : std::nullopt;
    return side && !side->first.other().getDefiningOp<OneHotOp>();
  }

  Value rewrite(Value value, int64_t axis) const {
    Operation *op = value.getDefiningOp();
    OpBuilder builder(centred.difference);
    const Location loc = value.getLoc();
    if (parameters.contains(value))
      return makeCentred(builder, loc, value, axis);
    if (auto add = dyn_cast<arith::AddFOp>(op))
      return arith::AddFOp::create(builder, loc, rewrite(add.getLhs(), axis),
                                   rewrite(add.getRhs(), axis));
    auto [side, weightAxis] = *sideOf(cast<ContractOp>(op), axis);
    Value weights = makeCentred(builder, loc, side.operand(), weightAxis);
    return side.create(builder, weights, side.other());
  }

private:
  /// Of a product, the side of the parameter that has the result's `axis`, and
  /// the axis there.
  std::optional<std::pair<ContractSide, int64_t>> sideOf(ContractOp product,
                                                         int64_t axis) const {
    int64_t number = axis - static_cast<int64_t>(product.getLhsBatch().size());
    for (bool isLeft : {true, false}) {
      const ContractSide side{product, isLeft};
      const SmallVector<int64_t> free = side.freeAxes();
      if (number >= 0 && number < static_cast<int64_t>(free.size()))
        return parameters.contains(side.operand())
                   ? std::optional(std::pair(side, free[number]))
                   : std::nullopt;
      number -= static_cast<int64_t>(free.size());
    }
    return std::nullopt;
  }

  bool isReadHereAlone(Value value) const {
    return value.hasOneUse() ||
           (value == centred.value &&
            llvm::all_of(value.getUsers(), [&](Operation *user) {
              return user == centred.difference || user == centred.sum;
            }));
  }

  const ParameterValues &parameters;
  const Centred &centred;
};

} // namespace

void CentreWeightsPass::runOnOperation() {
  func::FuncOp function = getOperation();
  const ParameterValues parameters(function);
  function.walk([&](arith::SubFOp difference) {
    auto centred = matchCentred(difference);
    // A mean of parameters is taken once as it is.
    if (!centred || parameters.contains(difference))
      return;
    const Centring centring(parameters, *centred);
    if (!centring.isPossible(centred->value, centred->axis))
      return;
    difference.replaceAllUsesWith(
        centring.rewrite(centred->value, centred->axis));
  });
  eraseDeadOps(function.getBody());
}

} // namespace seqc::seq
