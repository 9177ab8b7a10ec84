//===- PhaseNames.h - The phases from text to machine code ----------------===//
// Apart from Phases.h, for code that includes no LLVM header.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_PIPELINES_PHASENAMES_H
#define SEQC_COMPILER_PIPELINES_PHASENAMES_H

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace seqc {

/// All phases, in order. Only gradients and training go through `Grad`. The way
/// ends in `Asm` and `Obj` for a CPU, in `Ptx` for a GPU.
enum class Phase : uint8_t {
  Parse,
  Check,
  Seq,
  Grad,
  Batch,
  Fused,
  Loops,
  LLVM,
  Asm,
  Obj,
  Ptx
};

/// Their names on the command line.
inline constexpr std::array<std::string_view, 11> kPhaseNames = {
    "parse", "check", "seq", "grad", "batch", "fused",
    "loops", "llvm",  "asm", "obj",  "ptx"};

constexpr std::string_view nameOf(Phase phase) {
  return kPhaseNames[static_cast<size_t>(phase)];
}

constexpr std::optional<Phase> parsePhase(std::string_view name) {
  for (size_t index = 0; index < kPhaseNames.size(); ++index)
    if (kPhaseNames[index] == name)
      return static_cast<Phase>(index);
  return std::nullopt;
}

} // namespace seqc

#endif // SEQC_COMPILER_PIPELINES_PHASENAMES_H
