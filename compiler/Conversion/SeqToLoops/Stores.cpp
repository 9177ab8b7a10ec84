//===- Stores.cpp - Loops that write tensors to their places --------------===//
// Stores of one shape share a loop, and in it the expressions.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace seqc::loops {

/// The number of lanes that a store can use.
static int64_t widthOf(Lowering &l, const Store &store) {
  Sizes sizes = l.sizes.of(store.value);
  int64_t lane = int64_t(sizes.size()) - 1;
  if (lane < 0 || sizes[lane].is(1) || !hasUnitStride(store.memref) ||
      !canVectorize(l, store.value, lane, store.compute))
    return 1;
  if (store.ragged) {
    if (lane < store.ragged->axis &&
        !canVectorize(l, store.ragged->lengths, lane))
      return 1;
    if (store.ragged->previous && !hasUnitStride(store.ragged->previous))
      return 1;
  }
  return l.target.lanes();
}

/// What a row that has ended gets in place of `value`.
static Value selectActive(Lowering &l, Puller &puller, const Ragged &ragged,
                          Value value, Type element, const Position &position) {
  Position step = position.leading(ragged.axis);
  step.coords.push_back({ragged.position, 0});
  Value active = puller.isBelow(ragged.lengths, ragged.axis, step);
  Value other;
  if (ragged.previous)
    other = puller.load(ragged.previous, element, position);
  else
    other = arith::ConstantOp::create(
        l.b, cast<TypedAttr>(l.b.getZeroAttr(value.getType())));
  return arith::SelectOp::create(l.b, active, value, other);
}

static void emitStore(Lowering &l, Puller &puller, const Store &store,
                      const Position &position) {
  Type element = cast<RankedTensorType>(store.value.getType()).getElementType();
  Value value = store.compute ? puller.compute(store.value, position)
                              : puller.at(store.value, position);
  if (store.ragged)
    value = selectActive(l, puller, *store.ragged, value, element, position);
  puller.store(value, store.memref, position);
}

/// Places from `begin` to `end` of the first axis, which has `size`.
struct Part {
  Value begin, end;
};

/// The loops over `sizes`, of the outermost one `part` alone, if it is given.
static void forPart(Lowering &l, ArrayRef<Size> sizes, const Part *part,
                    const LoopBody &body) {
  if (!part)
    return forEach(l, sizes, body);
  forCarried(l, part->begin, part->end, 1, {}, [&](Value first, ValueRange) {
    forEach(l, sizes.drop_front(), [&](ArrayRef<Value> ivs) {
      SmallVector<Value> all(ivs);
      all.insert(all.begin(), first);
      body(all);
    });
    return SmallVector<Value>();
  });
}

/// Columns that are written together where there are no lanes, and rows of
/// theirs that share a line of the cache in what is read: what has another
/// order, a transposed matrix, is then read line by line.
static constexpr int64_t kColumnsOfBlock = 32, kRowsOfLine = 16;

static bool isBlocked(ArrayRef<Size> sizes, int64_t width) {
  return width == 1 && sizes.size() == 2 && !sizes.back().isSymbol &&
         sizes.back().value > kColumnsOfBlock;
}

/// The loops over a matrix, block of columns by block.
static void forBlocks(Lowering &l, ArrayRef<Size> sizes, const Part *part,
                      const LoopBody &body) {
  auto none = SmallVector<Value>();
  Value columns = l.size(sizes.back());
  auto overBlock = [&](Value first, ValueRange) {
    Value behind =
        arith::AddIOp::create(l.b, first, l.constant(kColumnsOfBlock));
    Value last = arith::MinUIOp::create(l.b, behind, columns);
    forPart(l, sizes.drop_back(), part, [&](ArrayRef<Value> row) {
      forCarried(l, first, last, 1, {}, [&](Value column, ValueRange) {
        body({row.front(), column});
        return none;
      });
    });
    return none;
  };
  forCarried(l, l.constant(0), columns, kColumnsOfBlock, {}, overBlock);
}

static void emitGroup(Lowering &l, ArrayRef<Size> sizes, int64_t width,
                      ArrayRef<const Store *> group,
                      const Part *part = nullptr) {
  auto body = [&](ArrayRef<Value> ivs, Value lanes, Value mask) {
    Puller puller(l, width, mask);
    Position position;
    for (Value iv : ivs)
      position.coords.push_back({iv, 0});
    if (lanes) {
      position.lane = width > 1 ? ivs.size() : -1;
      position.coords.push_back({lanes, 0});
    }
    for (const Store *store : group)
      emitStore(l, puller, *store, position);
  };
  if (sizes.empty())
    return body({}, {}, {});
  if (isBlocked(sizes, width))
    return forBlocks(l, sizes, part,
                     [&](ArrayRef<Value> at) { body(at[0], at[1], {}); });
  forPart(l, sizes.drop_back(), part, [&](ArrayRef<Value> ivs) {
    forLanes(l, sizes.back(), width,
             [&](Value iv, Value mask) { body(ivs, iv, mask); });
  });
}

void emitStores(Lowering &l, ArrayRef<Store> stores) {
  struct Group {
    Sizes sizes;
    int64_t width;
    SmallVector<const Store *> stores;
  };
  std::vector<Group> groups;
  for (const Store &store : stores) {
    Sizes sizes = l.sizes.of(store.value);
    int64_t width = widthOf(l, store);
    auto it = llvm::find_if(groups, [&](const Group &group) {
      return group.sizes == sizes && group.width == width;
    });
    if (it == groups.end())
      it = groups.insert(groups.end(), {sizes, width, {}});
    it->stores.push_back(&store);
  }
  for (const Group &group : groups) {
    l.b.setLoc(group.stores.front()->value.getLoc());
    emitGroup(l, group.sizes, group.width, group.stores);
  }
}

/// Elements of a task's part of a store: some ten microseconds of work.
static constexpr int64_t kElementsOfTask = 1 << 14;

Piece pieceOf(Lowering &l, const Store &store) {
  Sizes sizes = l.sizes.of(store.value);
  int64_t rest = 1;
  for (Size size : sizes)
    rest = size.isSymbol ? 0 : rest * size.value;
  // What has no fixed size is small: it depends on no sample.
  if (sizes.size() < 2 || rest <= kElementsOfTask)
    return {1, [&l, store](Value) { emitStores(l, store); }};
  const int64_t rows = sizes.front().value;
  const int64_t least = isBlocked(sizes, widthOf(l, store)) ? kRowsOfLine : 1;
  const int64_t most = std::max(kElementsOfTask * rows / rest, least);
  auto emit = [&l, store, sizes, rows, most](Value task) {
    l.b.setLoc(store.value.getLoc());
    Part part;
    part.begin = arith::MulIOp::create(l.b, task, l.constant(most));
    part.end = arith::MinUIOp::create(
        l.b, arith::AddIOp::create(l.b, part.begin, l.constant(most)),
        l.constant(rows));
    emitGroup(l, sizes, widthOf(l, store), &store, &part);
  };
  return {(rows + most - 1) / most, emit};
}

} // namespace seqc::loops
