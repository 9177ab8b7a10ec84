//===- SumPlaces.cpp - Where a tile's sums come from and go to ------------===//
// Vectors of a row of `groups` times `units` numbers, masked behind the last
// unit; or of memory on the stack, which is wide enough.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SchedToVector/SumPlaces.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace seqc {

Value SumPlaces::constant(int64_t n) {
  return arith::ConstantIndexOp::create(b, n);
}

Value SumPlaces::zero(Type type) {
  return arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(type)));
}

SmallVector<Column> SumPlaces::columns(const Tile &tile) const {
  SmallVector<Column> all;
  for (int64_t group = 0; group < groups; ++group)
    for (int64_t v = 0; v < tile.vectors; ++v)
      all.push_back({group, v});
  return all;
}

/// In memory that has all rows, each of `groups` times `units` numbers.
SumPlaces::Place SumPlaces::inRow(Value memory, const Tile &tile, Value row,
                                  Column at) {
  Value column = arith::AddIOp::create(
      b, tile.firstUnit, constant(at.group * units + at.v * lanes));
  return {memory, {row, column}, {}};
}

SumPlaces::Place SumPlaces::first(const Tile &tile, Value row, Column at) {
  return op.getInit() ? inRow(op.getInit(), tile, row, at) : Place();
}

SumPlaces::Place SumPlaces::last(const Tile &tile, Value row, Column at) {
  if (!tile.memory)
    return inRow(result, tile, row, at);
  auto type = cast<MemRefType>(tile.memory.getType());
  Value behind = arith::SubIOp::create(b, row, tile.firstRow);
  return {tile.memory,
          {behind, constant(at.group), constant(at.v * lanes)},
          constant(type.getDimSize(1) * type.getDimSize(2))};
}

/// The mask of the lanes of a vector; null: all are there.
Value SumPlaces::maskOf(const Tile &tile, Column at) {
  const int64_t left = lanesOf(tile, at);
  if (left >= lanes)
    return {};
  return vector::CreateMaskOp::create(b, VectorType::get(lanes, b.getI1Type()),
                                      ValueRange{constant(left)});
}

Value SumPlaces::load(const Tile &tile, const Place &place, Column at) {
  if (Value mask = maskOf(tile, at))
    return vector::MaskedLoadOp::create(b, type(), place.memory, place.at, mask,
                                        zero(type()));
  return vector::LoadOp::create(b, type(), place.memory, place.at);
}

Value SumPlaces::begin(const Tile &tile, Value row, Column at) {
  const Place place = first(tile, row, at);
  return place.memory ? load(tile, place, at) : zero(type());
}

Value SumPlaces::left(const Tile &tile, Value row, Column at) {
  const Place place = last(tile, row, at);
  if (!tile.memory)
    return load(tile, place, at);
  return vector::LoadOp::create(b, type(), place.memory, place.at);
}

void SumPlaces::end(const Tile &tile, Value sum, Value row, Column at) {
  const Place place = last(tile, row, at);
  Value mask = tile.memory ? Value() : maskOf(tile, at);
  if (mask)
    vector::MaskedStoreOp::create(b, place.memory, place.at, mask, sum);
  else
    vector::StoreOp::create(b, sum, place.memory, place.at);
}

} // namespace seqc
