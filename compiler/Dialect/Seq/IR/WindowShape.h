//===- WindowShape.h - How many windows an axis has ----------------------===//
// Owns the arithmetic of sizes that follow from others: what `seq.windows` and
// `seq.window_count` say, and every pass and lowering follows.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_IR_WINDOWSHAPE_H
#define SEQC_COMPILER_DIALECT_SEQ_IR_WINDOWSHAPE_H

#include <cstdint>
#include <tuple>

namespace seqc::seq {

/// One window every `stride` positions; the first one's end lies `-offset`
/// positions behind the axis's begin (the padding less the window's size).
struct WindowShape {
  int64_t offset = -1;
  int64_t stride = 1;

  /// How many of them there are over `length` positions.
  int64_t count(int64_t length) const {
    return length + offset < 0 ? 0 : (length + offset) / stride + 1;
  }
  /// Whether that is the length itself, whatever it is.
  bool keepsLength() const { return stride == 1 && offset == -1; }

  bool operator<(const WindowShape &o) const {
    return std::tie(offset, stride) < std::tie(o.offset, o.stride);
  }
  bool operator==(const WindowShape &o) const {
    return std::tie(offset, stride) == std::tie(o.offset, o.stride);
  }
};

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_IR_WINDOWSHAPE_H
