//===- TargetDescription.cpp - What code is made for ----------------------===//
// Asks LLVM about the host and about the targets that a user names.
//===----------------------------------------------------------------------===//

#include "compiler/Target/TargetDescription.h"
#include "compiler/Target/TargetMachine.h"

#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"

#include <mutex>

#if defined(__linux__) && defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace seqc {
namespace {

void initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
  });
}

/// Any of the short names of the one GPU target stands for it.
std::string fullTriple(const std::string &name) {
  std::string normalized = llvm::Triple::normalize(name);
  return llvm::Triple(normalized).isNVPTX() ? "nvptx64-nvidia-cuda"
                                            : normalized;
}

/// The least CPU of an architecture: what it can do more is a feature. Of GPUs
/// one that CUDA's tools, old and new, have code for.
std::string baselineCpu(const llvm::Triple &triple) {
  if (triple.isNVPTX())
    return "sm_80";
  return triple.getArch() == llvm::Triple::x86_64 ? "x86-64" : "generic";
}

std::string hostFeatures() {
  llvm::SubtargetFeatures features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    features.AddFeature(feature.first(), feature.second);
  return features.getString();
}

/// LLVM itself only warns of a name that it does not know.
bool namesAreKnown(const llvm::MCSubtargetInfo &subtarget,
                   const TargetRequest &request, std::string &error) {
  if (!request.cpu.empty() && !subtarget.isCPUStringValid(request.cpu)) {
    error = "unknown CPU `" + request.cpu + "`";
    return false;
  }
  const llvm::SubtargetFeatures asked(request.features);
  for (const std::string &flag : asked.getFeatures()) {
    llvm::StringRef name = llvm::SubtargetFeatures::StripFlag(flag);
    // LLVM would take a name without a sign as one to leave out.
    if (name.empty() || !llvm::SubtargetFeatures::hasFlag(flag)) {
      error = "feature `" + flag + "` is not `+NAME` or `-NAME`";
      return false;
    }
    auto hasName = [&](const auto &known) { return name == known.Key; };
    if (llvm::none_of(subtarget.getAllProcessorFeatures(), hasName)) {
      error = "unknown feature `" + name.str() + "`";
      return false;
    }
  }
  return true;
}

/// The register file, as far as tiling asks for it.
void describeRegisters(TargetDescription &target, const llvm::Triple &triple,
                       const llvm::MCSubtargetInfo &subtarget) {
  if (triple.isNVPTX()) {
    // A warp is 32 threads.
    target.vectorBits = 32 * 32;
    target.vectorRegisters = 32;
    target.threadsPerBlock = 256;
    return;
  }
  const bool isX86 = triple.isX86();
  auto has = [&](llvm::StringRef feature) {
    return subtarget.checkFeatures(("+" + feature).str());
  };
  if (isX86 && has("avx512f"))
    target.vectorBits = 512;
  else if (isX86 && has("avx"))
    target.vectorBits = 256;
  else
    target.vectorBits = 128;
  const bool hasThirtyTwo =
      triple.isAArch64() || (isX86 && has("avx512f"));
  target.vectorRegisters = hasThirtyTwo ? 32 : 16;
}

/// The products of short numbers. Where the CPU has tiles of bf16 besides, its
/// dot product in vectors is a slow one: half the rate of f32's multiply-adds,
/// as measured on Emerald Rapids.
void describeProducts(TargetDescription &target, const llvm::Triple &triple,
                      const llvm::MCSubtargetInfo &subtarget) {
  target.tileBf16 =
      triple.isX86() && triple.isOSLinux() &&
      subtarget.checkFeatures("+amx-bf16,+amx-tile,+avx512bf16,+avx512vl");
  target.dotBf16 = triple.isX86() &&
                   subtarget.checkFeatures("+avx512bf16,+avx512vl") &&
                   !subtarget.checkFeatures("+amx-bf16");
  const bool isWide = target.vectorBits == 512;
  target.dotInt8 =
      triple.isX86() && (subtarget.checkFeatures("+avx512vnni,+avx512vl") ||
                         (!isWide && subtarget.checkFeatures("+avxvnni")));
}

bool describe(TargetDescription &target, const TargetRequest &request,
              std::string &error) {
  initializeTargets();
  llvm::Triple triple(target.triple);
  const llvm::Target *backend =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!backend) {
    error = "unknown target `" + target.triple + "`";
    return false;
  }
  // The names are checked on a machine without them: LLVM prints warnings.
  std::unique_ptr<llvm::MCSubtargetInfo> baseline(
      backend->createMCSubtargetInfo(triple, "", ""));
  if (!baseline || !namesAreKnown(*baseline, request, error))
    return false;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
      backend->createMCSubtargetInfo(triple, target.cpu, target.features));
  describeRegisters(target, triple, *subtarget);
  describeProducts(target, triple, *subtarget);
  return true;
}

/// Asks Linux, once, for the registers of AMX, which a process has for itself
/// and its threads when it has asked (`Documentation/arch/x86/xstate.rst`).
bool mayUseTiles() {
#if defined(__linux__) && defined(__x86_64__)
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  static const bool may =
      syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  return may;
#else
  return false;
#endif
}

std::string join(const std::string &first, const std::string &second) {
  return first.empty() || second.empty() ? first + second
                                         : first + "," + second;
}

} // namespace

std::string describeProducts(Precision precision,
                             const TargetDescription &target) {
  switch (precision) {
  case Precision::F32:
    return "f32";
  case Precision::BF16:
    return target.multipliesBf16()
               ? "bf16"
               : "bf16, emulated: the target has no dot product of bf16 that "
                 "is as fast as f32; weights are bf16, what they are "
                 "multiplied with stays f32";
  case Precision::Int8:
    return target.dotInt8
               ? "int8"
               : "int8, emulated: the target has no dot product of int8";
  }
  return "";
}

bool runsHere(const TargetDescription &target) {
  const llvm::Triple asked(target.triple);
  const llvm::Triple here(llvm::sys::getProcessTriple());
  return asked.getArch() == here.getArch() && asked.getOS() == here.getOS();
}

TargetDescription hostTarget() {
  TargetDescription target;
  std::string error;
  resolveTarget({}, target, error);
  return target;
}

bool resolveTarget(const TargetRequest &request, TargetDescription &target,
                   std::string &error) {
  const bool isHost = request.triple.empty();
  target.triple =
      isHost ? llvm::sys::getProcessTriple() : fullTriple(request.triple);
  target.cpu = request.cpu.empty() ? baselineCpu(llvm::Triple(target.triple))
                                   : request.cpu;
  if (request.weightsPerMember > 0)
    target.weightsPerMember = request.weightsPerMember;
  const bool detects = isHost && request.cpu.empty();
  target.features =
      join(detects ? hostFeatures() : std::string(), request.features);
  if (!describe(target, request, error))
    return false;
  target.tileBf16 &= detects && !request.isShipped && mayUseTiles();
  return true;
}

std::unique_ptr<llvm::TargetMachine>
createTargetMachine(const TargetDescription &description) {
  initializeTargets();
  llvm::Triple triple(description.triple);
  std::string error;
  const llvm::Target *backend =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!backend)
    return nullptr;
  llvm::TargetOptions options;
  return std::unique_ptr<llvm::TargetMachine>(backend->createTargetMachine(
      triple, description.cpu, description.features, options,
      llvm::Reloc::PIC_, std::nullopt, llvm::CodeGenOptLevel::Default));
}

} // namespace seqc
