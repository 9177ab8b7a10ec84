//===- row_order.cpp - The order in which a call takes its samples --------===//
// Sorts and deals; copies rows there and back.
//===----------------------------------------------------------------------===//

#include "runtime/services/row_order.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace seqc::runtime {

//===----------------------------------------------------------------------===//
// The order
//===----------------------------------------------------------------------===//

/// The most rows of a tile of compiled code (TargetDescription::rowsPerTile).
/// Another number would cost time, and change no result of a row.
static constexpr int64_t kRowsOfTile = 16;

std::vector<int64_t> orderByLength(const std::vector<int64_t> &lengths) {
  const auto rows = static_cast<int64_t>(lengths.size());
  std::vector<int64_t> sorted(lengths.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  auto keyOf = [&](int64_t row) {
    return std::pair(-lengths[static_cast<size_t>(row)], row);
  };
  std::sort(sorted.begin(), sorted.end(),
            [&](int64_t a, int64_t b) { return keyOf(a) < keyOf(b); });
  // Dealt to the tiles in turn, as many to each as compiled code takes.
  const int64_t tiles =
      std::max<int64_t>((rows + kRowsOfTile - 1) / kRowsOfTile, 1);
  const int64_t rowsOfTile = (rows + tiles - 1) / tiles;
  std::vector<std::vector<int64_t>> dealt(static_cast<size_t>(tiles));
  auto capacity = [&](int64_t tile) {
    return std::clamp<int64_t>(rows - tile * rowsOfTile, 0, rowsOfTile);
  };
  int64_t tile = 0;
  for (int64_t row : sorted) {
    while (static_cast<int64_t>(dealt[static_cast<size_t>(tile)].size()) >=
           capacity(tile))
      tile = (tile + 1) % tiles;
    dealt[static_cast<size_t>(tile)].push_back(row);
    tile = (tile + 1) % tiles;
  }
  std::vector<int64_t> order;
  for (const std::vector<int64_t> &ofTile : dealt)
    order.insert(order.end(), ofTile.begin(), ofTile.end());
  return order;
}

std::vector<int64_t> orderOf(const Signature &signature,
                             const CheckedInputs &inputs) {
  for (size_t dim = 0; dim < inputs.lengths.size(); ++dim) {
    if (inputs.lengths[dim].empty() || signature.enclosing[dim] >= 0)
      continue;
    std::vector<int64_t> order = orderByLength(inputs.lengths[dim]);
    const bool isInOrder = std::is_sorted(order.begin(), order.end());
    return isInOrder ? std::vector<int64_t>() : order;
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// Copies elements of `view` from `axis` on, from or to memory where they lie
/// side by side; gives the end of that.
template <bool isGather>
static char *copyElements(char *dense, char *strided, const TensorView &view,
                          size_t axis) {
  const auto size = static_cast<int64_t>(elementSize(view.type));
  if (axis == view.shape.size() ||
      (axis + 1 == view.shape.size() && view.strides[axis] == 1)) {
    const int64_t count = axis == view.shape.size() ? 1 : view.shape[axis];
    const auto bytes = static_cast<size_t>(count * size);
    std::memcpy(isGather ? dense : strided, isGather ? strided : dense, bytes);
    return dense + bytes;
  }
  for (int64_t i = 0; i < view.shape[axis]; ++i)
    dense = copyElements<isGather>(
        dense, strided + i * view.strides[axis] * size, view, axis + 1);
  return dense;
}

/// Row `row` of a tensor [B, ...].
static char *rowOf(const TensorView &view, int64_t row) {
  // The caller's result, which is written, comes as a view as well.
  return static_cast<char *>(const_cast<void *>(view.data)) +
         row * view.strides.front() *
             static_cast<int64_t>(elementSize(view.type));
}

Tensor ReorderedCall::take(const TensorView &from) const {
  Tensor taken(from.type, from.shape, "rows in order of length");
  auto *to = static_cast<char *>(taken.data());
  for (int64_t row : order)
    to = copyElements<true>(to, rowOf(from, row), from, /*axis=*/1);
  return taken;
}

TensorView ReorderedCall::makeRoom(const TensorView &of) {
  made.emplace_back(of.type, of.shape, "results in order of length");
  wanted.push_back(of);
  return made.back().view();
}

/// The values of each row, several for a dimension inside another.
static std::vector<int64_t> takeValues(const std::vector<int64_t> &values,
                                       const std::vector<int64_t> &order) {
  const size_t each = values.size() / order.size();
  std::vector<int64_t> taken;
  for (int64_t row : order) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(each) * row;
    taken.insert(taken.end(), begin, begin + static_cast<std::ptrdiff_t>(each));
  }
  return taken;
}

ReorderedCall::ReorderedCall(const Signature &signature,
                             std::vector<int64_t> rows,
                             const CheckedInputs &given,
                             const std::vector<TensorView> &results,
                             const std::vector<TensorView> &statesAfter,
                             const std::vector<int64_t> &ids)
    : sampleIds(ids.empty() ? rows : takeValues(ids, rows)),
      order(std::move(rows)) {
  inputs.dims = given.dims;
  for (const std::vector<int64_t> &lengths : given.lengths)
    inputs.lengths.push_back(takeValues(lengths, order));
  auto takeAll = [&](const std::vector<TensorView> &views) {
    std::vector<TensorView> taken;
    for (const TensorView &view : views) {
      inputs.copies.push_back(take(view));
      taken.push_back(inputs.copies.back().view());
    }
    return taken;
  };
  inputs.inputs = takeAll(given.inputs);
  inputs.states = takeAll(given.states);
  for (size_t i = 0; i < results.size(); ++i) {
    const bool isOutput = i < signature.outputs.size();
    const bool hasRows =
        isOutput || signature.gradients[i - signature.outputs.size()].of !=
                        GradientSpec::Of::Param;
    outputs.push_back(hasRows ? makeRoom(results[i]) : results[i]);
  }
  for (const TensorView &state : statesAfter)
    states.push_back(makeRoom(state));
}

void ReorderedCall::giveBack() const {
  for (size_t i = 0; i < made.size(); ++i) {
    auto *from = static_cast<char *>(const_cast<void *>(made[i].data()));
    for (int64_t row : order)
      from = copyElements<false>(from, rowOf(wanted[i], row), wanted[i],
                                 /*axis=*/1);
  }
}

} // namespace seqc::runtime
