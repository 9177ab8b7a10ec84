//===- Random.cpp - Random numbers in compiled code -----------------------===//
// The key of a stream is made once, at the entry of the function; a draw is
// made where its value is asked for. Each element computes all four words of
// its block and takes its own: so any vector of elements draws alike, wherever
// it begins.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Random.h"
#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "runtime/core/random.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

namespace {

/// Philox on i32.
class Philox {
public:
  explicit Philox(ImplicitLocOpBuilder &b) : b(b) {}

  using Words = std::array<Value, 4>;

  Words run(Words counter, Value key0, Value key1);

  Value constant(Type element, uint64_t n) {
    return arith::ConstantOp::create(
        b, b.getIntegerAttr(element, static_cast<int64_t>(n)));
  }

private:
  /// The upper and the lower half of `x` times `factor`.
  std::pair<Value, Value> multiply(Value x, uint32_t factor);

  ImplicitLocOpBuilder &b;
};

} // namespace

std::pair<Value, Value> Philox::multiply(Value x, uint32_t factor) {
  Type i32 = b.getI32Type(), i64 = b.getI64Type();
  Value wide = arith::ExtUIOp::create(b, i64, x);
  Value product = arith::MulIOp::create(b, wide, constant(i64, factor));
  Value upper = arith::ShRUIOp::create(b, product, constant(i64, 32));
  return {arith::TruncIOp::create(b, i32, upper),
          arith::TruncIOp::create(b, i32, product)};
}

Philox::Words Philox::run(Words counter, Value key0, Value key1) {
  constexpr int rounds = 10;
  auto next = [&](Value key, uint32_t increment) -> Value {
    Value step = arith::ConstantOp::create(
        b, b.getIntegerAttr(b.getI32Type(), static_cast<int32_t>(increment)));
    return arith::AddIOp::create(b, key, step);
  };
  auto mix = [&](Value upper, Value word, Value key) -> Value {
    Value mixed = arith::XOrIOp::create(b, upper, word);
    return arith::XOrIOp::create(b, mixed, key);
  };
  for (int round = 0; round < rounds; ++round) {
    auto [upper0, lower0] = multiply(counter[0], 0xD2511F53u);
    auto [upper1, lower1] = multiply(counter[2], 0xCD9E8D57u);
    counter = {mix(upper1, counter[1], key0), lower1,
               mix(upper0, counter[3], key1), lower0};
    key0 = next(key0, 0x9E3779B9u);
    key1 = next(key1, 0xBB67AE85u);
  }
  return counter;
}

/// The lower and the upper word of an i64.
static std::pair<Value, Value> halves(ImplicitLocOpBuilder &b, Value wide) {
  Value bits = arith::ConstantIntOp::create(b, b.getI64Type(), 32);
  Value upper = arith::ShRUIOp::create(b, wide, bits);
  return {arith::TruncIOp::create(b, b.getI32Type(), wide),
          arith::TruncIOp::create(b, b.getI32Type(), upper)};
}

static std::pair<Value, Value> streamKey(Lowering &l, int64_t site) {
  auto &key = l.streams[site];
  if (key.first)
    return key;
  ImplicitLocOpBuilder &b = l.b;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&l.function.getBody().front());
  const RuntimeBlock block = loadRuntime(b, b.getLoc(), l.call);
  auto [seedLow, seedHigh] = halves(b, block.seed);
  auto [stepLow, stepHigh] = halves(b, block.step);
  Philox philox(b);
  Value word = philox.constant(b.getI32Type(), static_cast<uint32_t>(site));
  Value purpose = philox.constant(
      b.getI32Type(), static_cast<uint32_t>(runtime::Purpose::Dropout));
  const Philox::Words words =
      philox.run({stepLow, stepHigh, word, purpose}, seedLow, seedHigh);
  return key = {words[0], words[1]};
}

/// A time of more than 32 bits in one word.
static Value foldTime(ImplicitLocOpBuilder &b, Value time) {
  auto [low, high] = halves(b, time);
  Value factor = arith::ConstantOp::create(
      b, b.getI32IntegerAttr(static_cast<int32_t>(0x9E3779B9u)));
  return arith::AddIOp::create(b, low, arith::MulIOp::create(b, high, factor));
}

Value drawUniform(Lowering &l, int64_t site, Value element, Value time,
                  Value sample) {
  auto [key0, key1] = streamKey(l, site);
  ImplicitLocOpBuilder &b = l.b;
  Philox philox(b);
  Type i32 = b.getI32Type();
  auto number = [&](uint64_t n) { return philox.constant(i32, n); };
  // An axis of more than 2^32 elements has no place in memory.
  Value narrow = arith::IndexCastOp::create(b, i32, element);
  Value none = arith::ConstantIntOp::create(b, b.getI64Type(), 0);
  auto [sampleLow, sampleHigh] = halves(b, sample ? sample : none);
  const Philox::Words words =
      philox.run({arith::ShRUIOp::create(b, narrow, number(2)),
                  foldTime(b, time), sampleLow, sampleHigh},
                 key0, key1);
  Value which = arith::AndIOp::create(b, narrow, number(3));
  Value bits = words[3];
  for (int64_t k = 2; k >= 0; --k) {
    Value isThis =
        arith::CmpIOp::create(b, arith::CmpIPredicate::eq, which, number(k));
    bits = arith::SelectOp::create(b, isThis, words[k], bits);
  }
  Value upper = arith::ShRUIOp::create(b, bits, number(8));
  Value scale = arith::ConstantOp::create(b, b.getF32FloatAttr(0x1p-24F));
  Value drawn = arith::SIToFPOp::create(b, b.getF32Type(), upper);
  return arith::MulFOp::create(b, drawn, scale);
}

void emitSampleIds(Lowering &l, SampleIdsOp op) {
  ImplicitLocOpBuilder &b = l.b;
  Value result = l.buffers.lookup(op);
  Value given = loadRuntime(b, b.getLoc(), l.call).sampleIds;
  Value isMissing = isNull(b, b.getLoc(), given);
  forAll(l, l.sizes.of(op), [&](ArrayRef<Value> ivs) {
    Value row = arith::AddIOp::create(b, l.firstRow, ivs[0]);
    auto branch = scf::IfOp::create(b, b.getI64Type(), isMissing,
                                    /*withElseRegion=*/true);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      scf::YieldOp::create(
          b, Value(arith::IndexCastOp::create(b, b.getI64Type(), row)));
      b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(b, loadI64(b, b.getLoc(), given, row));
    }
    memref::StoreOp::create(b, branch.getResult(0), result, ivs);
  });
}

} // namespace seqc::loops
