//===- Products.cpp - Products of data with a weight ----------------------===//
// Cuts products into what their readers ask for, and joins those that share
// their data.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Products.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"
#include "compiler/Dialect/Seq/Transforms/Structure.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace seqc::seq;

static int64_t rankOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getRank();
}

//===----------------------------------------------------------------------===//
// The form
//===----------------------------------------------------------------------===//

std::optional<Product>
seqc::seq::matchProduct(Operation *op, const ParameterValues &parameters) {
  auto contract = dyn_cast<ContractOp>(op);
  if (!contract || contract.getLhsAxes().size() != 1 ||
      !contract.getLhsBatch().empty())
    return std::nullopt;
  Product product{contract, /*dataIsLeft=*/true};
  // A vector may stand on either side: the result is the same.
  if (parameters.contains(contract.getLhs()) && rankOf(contract.getRhs()) == 1)
    product.dataIsLeft = false;
  if (!parameters.contains(product.weight()) || rankOf(product.weight()) != 2 ||
      parameters.contains(product.data()))
    return std::nullopt;
  return product;
}

Value Product::columnsFirst(OpBuilder &builder) const {
  if (weightAxis() == 1)
    return weight();
  return TransposeOp::create(builder, op->getLoc(), weight(),
                             ArrayRef<int64_t>{1, 0});
}

Value Product::withWeight(OpBuilder &builder, Value columns) const {
  return ContractOp::create(builder, op->getLoc(), data(), columns,
                            {dataAxis()}, {1});
}

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

using Columns = std::pair<int64_t, int64_t>;

/// The slices of the last axis that are all that reads `value`, by offset and
/// size; empty where something else does, or where two overlap.
static llvm::MapVector<Columns, SmallVector<SliceOp>>
findColumnReaders(Value value) {
  llvm::MapVector<Columns, SmallVector<SliceOp>> readers;
  for (Operation *user : value.getUsers()) {
    auto slice = dyn_cast<SliceOp>(user);
    if (!slice || static_cast<int64_t>(slice.getAxis()) != rankOf(value) - 1)
      return {};
    readers[{slice.getOffset(), slice.getType().getShape().back()}].push_back(
        slice);
  }
  SmallVector<Columns> parts;
  for (auto &[part, slices] : readers)
    parts.push_back(part);
  llvm::sort(parts);
  for (size_t i = 1; i < parts.size(); ++i)
    if (parts[i - 1].first + parts[i - 1].second > parts[i].first)
      return {};
  return readers;
}

/// `x @ W` and `transpose(W) @ x` are one product.
static void normalize(const Product &product) {
  if (product.dataIsLeft && product.weightAxis() == 1)
    return;
  OpBuilder builder(product.op);
  Value weight = product.columnsFirst(builder);
  product.result().replaceAllUsesWith(product.withWeight(builder, weight));
}

static void cut(const Product &product) {
  auto readers = findColumnReaders(product.result());
  if (readers.empty())
    return normalize(product);
  OpBuilder builder(product.op);
  Value weight = product.columnsFirst(builder);
  for (auto &[part, slices] : readers) {
    Value columns = SliceOp::create(builder, product.op->getLoc(), weight, 0,
                                    part.first, part.second);
    Value result = product.withWeight(builder, columns);
    for (SliceOp slice : slices) {
      slice.getResult().replaceAllUsesWith(result);
      slice.erase();
    }
  }
}

void seqc::seq::cutProducts(Block &block, const ParameterValues &parameters) {
  SmallVector<Product> products;
  for (Operation &op : block)
    if (std::optional<Product> product = matchProduct(&op, parameters))
      products.push_back(*product);
  for (const Product &product : products)
    cut(product);
}

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

namespace {

/// The bias of one product: the addition that alone reads it, and the vector.
struct Bias {
  arith::AddFOp add;
  BroadcastOp broadcast;
};

/// Products that share their data, and become one. It stands where the first
/// of them did; weights that come later are for `orderOps` to move.
class JoinedProduct {
public:
  explicit JoinedProduct(ArrayRef<Product> parts)
      : parts(parts), builder(parts.front().op) {}

  void run(const ParameterValues &parameters, bool withBiases);

private:
  void findBiases(const ParameterValues &parameters);
  Value joinWeights();
  Value joinBiases(Value product);

  ArrayRef<Product> parts;
  OpBuilder builder;
  /// One for each part, or none at all. A part without one has null ops.
  SmallVector<Bias> biases;
};

} // namespace

/// The bias of `product`, if all that is done with it is to add a vector that
/// depends on parameters alone.
static std::optional<Bias> findBias(const Product &product,
                                    const ParameterValues &parameters) {
  Value value = product.result();
  auto add = value.hasOneUse() ? dyn_cast<arith::AddFOp>(*value.user_begin())
                               : arith::AddFOp();
  if (!add)
    return std::nullopt;
  Value other = add.getLhs() == value ? add.getRhs() : add.getLhs();
  auto broadcast = other.getDefiningOp<BroadcastOp>();
  if (!broadcast || !parameters.contains(broadcast.getInput()) ||
      broadcast.getDims() != ArrayRef<int64_t>{rankOf(value) - 1})
    return std::nullopt;
  return Bias{add, broadcast};
}

void JoinedProduct::findBiases(const ParameterValues &parameters) {
  bool hasAny = false;
  for (const Product &part : parts) {
    std::optional<Bias> bias = findBias(part, parameters);
    hasAny |= bias.has_value();
    biases.push_back(bias.value_or(Bias{}));
  }
  if (!hasAny)
    biases.clear();
}

Value JoinedProduct::joinWeights() {
  SmallVector<Value> weights;
  for (const Product &part : parts)
    weights.push_back(part.columnsFirst(builder));
  return ConcatOp::create(builder, parts.front().op->getLoc(), weights, 0);
}

/// Parts without a bias get zeros: a wide addition is one.
Value JoinedProduct::joinBiases(Value product) {
  const Location loc = parts.front().op->getLoc();
  SmallVector<Value> vectors;
  BroadcastOp like;
  for (auto [part, bias] : llvm::zip_equal(parts, biases)) {
    if (bias.broadcast) {
      like = bias.broadcast;
      vectors.push_back(like.getInput());
      continue;
    }
    auto type = RankedTensorType::get(part.columns(), builder.getF32Type());
    vectors.push_back(
        arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type)));
  }
  Value joined = ConcatOp::create(builder, loc, vectors, 0);
  Value wide = BroadcastOp::create(builder, loc, product.getType(), joined,
                                   like.getSizes(), like.getDims());
  return arith::AddFOp::create(builder, loc, product, wide);
}

void JoinedProduct::run(const ParameterValues &parameters, bool withBiases) {
  if (withBiases)
    findBiases(parameters);
  Value joined = parts.front().withWeight(builder, joinWeights());
  if (!biases.empty())
    joined = joinBiases(joined);
  const int64_t axis = rankOf(joined) - 1;
  int64_t offset = 0;
  for (auto [i, part] : llvm::enumerate(parts)) {
    Value columns = SliceOp::create(builder, part.op->getLoc(), joined, axis,
                                    offset, part.columns());
    offset += part.columns();
    Operation *replaced = part.op;
    if (!biases.empty() && biases[i].add)
      replaced = biases[i].add;
    replaced->getResult(0).replaceAllUsesWith(columns);
  }
}

void seqc::seq::joinProducts(Block &block, const ParameterValues &parameters,
                             bool withBiases) {
  // What only one loop reads it can make as it goes: loops share no product.
  using Key = std::tuple<Value, int64_t, Operation *>;
  llvm::MapVector<Key, SmallVector<Product>> groups;
  for (Operation *op : DemandOrder(block).ops)
    if (std::optional<Product> product = matchProduct(op, parameters))
      groups[{product->data(), product->dataAxis(),
              findReadingScan(product->result()).getOperation()}]
          .push_back(*product);
  for (auto &[key, parts] : groups)
    if (parts.size() > 1)
      JoinedProduct(parts).run(parameters, withBiases);
}
