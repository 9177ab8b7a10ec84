//===- denormals.cpp - Flushing denormal numbers to zero ------------------===//
// Reads and writes the floating-point control register of each architecture.
//===----------------------------------------------------------------------===//

#include "runtime/core/denormals.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace seqc::runtime {

#if defined(__x86_64__)

// MXCSR: flush-to-zero is bit 15, denormals-are-zero bit 6.
static constexpr uint64_t kFlushBits = (1u << 15) | (1u << 6);
static uint64_t readControl() { return _mm_getcsr(); }
static void writeControl(uint64_t value) {
  _mm_setcsr(static_cast<unsigned>(value));
}

#elif defined(__aarch64__)

// FPCR: FZ, bit 24, covers results and operands.
static constexpr uint64_t kFlushBits = 1u << 24;
static uint64_t readControl() {
  uint64_t value;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
static void writeControl(uint64_t value) {
  asm volatile("msr fpcr, %0" : : "r"(value));
}

#else

static constexpr uint64_t kFlushBits = 0;
static uint64_t readControl() { return 0; }
static void writeControl(uint64_t) {}

#endif

// To write the register takes longer than to look at it, and who calls a model
// for each sample has often set it already.

FlushDenormals::FlushDenormals() : saved(readControl()) {
  if ((saved & kFlushBits) != kFlushBits)
    writeControl(saved | kFlushBits);
}

FlushDenormals::~FlushDenormals() {
  if (readControl() != saved)
    writeControl(saved);
}

} // namespace seqc::runtime
