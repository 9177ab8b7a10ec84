//===- TargetDescription.h - What code is made for ------------------------===//
// The only place of numbers that belong to a target. Plain data: passes take
// what they need from it as options, and the code generator the names.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TARGET_TARGETDESCRIPTION_H
#define SEQC_COMPILER_TARGET_TARGETDESCRIPTION_H

#include "compiler/Target/Precision.h"

#include <cstdint>
#include <string>

namespace seqc {

/// One CPU or GPU to make code for.
struct TargetDescription {
  /// Bits of the widest vector register that is worth using; of a GPU, what the
  /// threads that run in step hold together.
  int64_t vectorBits = 128;
  /// How many vector registers there are.
  int64_t vectorRegisters = 16;
  /// The most rows of a batch that one piece of work takes. What a step of a
  /// common cell touches then fits the first cache, and 32 samples make two.
  int64_t rowsPerTile = 16;
  /// Whether there is a dot product of pairs of bf16 that is worth using: that
  /// adds up at least as many products in a second as f32's multiply-adds.
  bool dotBf16 = false;
  /// Whether there is a dot product of four int8, those of one side without
  /// sign.
  bool dotInt8 = false;
  /// Whether it multiplies tiles of bf16 (Intel's AMX), and this process may
  /// use the registers for them.
  bool tileBf16 = false;
  /// Numbers (f32) that stay in the second cache from where they are made to
  /// where they are read: 256 KiB.
  int64_t blockElements = 1 << 16;
  /// Bytes of weights that a core keeps to itself while a step passes over
  /// them: half of the second cache of some, all of that of others.
  int64_t secondCacheBytes = 1 << 20;
  /// Weights of a step for which another worker is worth waiting for: what it
  /// multiplies in a few times the time that two of them need to meet.
  int64_t weightsPerMember = 24 << 10;
  /// The threads that do one piece of work together; 0 for a CPU, where a piece
  /// has one thread.
  int64_t threadsPerBlock = 0;
  /// LLVM's names. `features` is a list `+avx2,+fma,-avx512f`.
  std::string triple;
  std::string cpu;
  std::string features;

  /// How many f32 one vector register holds.
  int64_t lanes() const { return vectorBits / 32; }
  bool isGpu() const { return threadsPerBlock > 0; }
  /// Whether there is an instruction that multiplies bf16 with bf16.
  bool multipliesBf16() const { return dotBf16 || tileBf16; }
};

/// How products are made on a target, in words: of which numbers, and whether
/// an instruction for these is missing.
std::string describeProducts(Precision precision,
                             const TargetDescription &target);

/// What a user asks for; empty members mean this machine.
struct TargetRequest {
  std::string triple;
  std::string cpu;
  std::string features;
  /// In place of the target's own `weightsPerMember`; 0: that.
  int64_t weightsPerMember = 0;
  /// The code is shipped: another process runs it, which has not asked its
  /// system for registers that it must ask for.
  bool isShipped = false;
};

/// The machine that runs the compiler, by the features that it reports and
/// never by its name: a virtual machine hides features that its CPU has.
TargetDescription hostTarget();

/// Whether this process can call code that is made for `target`; which of the
/// instructions the CPU has is not asked.
bool runsHere(const TargetDescription &target);

/// The target that `request` asks for. On failure returns false and sets
/// `error` to what is unknown, in the user's words.
bool resolveTarget(const TargetRequest &request, TargetDescription &target,
                   std::string &error);

} // namespace seqc

#endif // SEQC_COMPILER_TARGET_TARGETDESCRIPTION_H
