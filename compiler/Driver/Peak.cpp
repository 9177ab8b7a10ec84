//===- Peak.cpp - This machine's peak of fused multiply-add ---------------===//
// The kernel is a loop in MLIR that goes the way of every model, so that it is
// made for the host's vectors wherever that is.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Peak.h"
#include "compiler/Codegen/Jit.h"
#include "compiler/Codegen/MachineCode.h"
#include "compiler/Pipelines/Phases.h"
#include "compiler/Target/TargetMachine.h"
#include "runtime/services/error.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

using namespace mlir;

namespace seqc {
namespace {

/// Products and sums in flight: enough to hide the latency of two units, and
/// leaving registers for the operands.
int64_t accumulatorsOf(const TargetDescription &target) {
  return std::min<int64_t>(16, target.vectorRegisters - 4);
}

/// `text` once for each accumulator, with its number for `$`.
std::string repeat(int64_t count, const std::string &text,
                   const std::string &separator) {
  std::string all;
  for (int64_t i = 0; i < count; ++i) {
    if (i > 0)
      all += separator;
    for (char c : text)
      all += c == '$' ? std::to_string(i) : std::string(1, c);
  }
  return all;
}

/// A function of (memory of one vector for each accumulator, steps). The
/// accumulators begin with what is in memory: equal ones would become one.
std::string peakProgram(const TargetDescription &target) {
  const int64_t count = accumulatorsOf(target);
  const std::string type = "vector<" + std::to_string(target.lanes()) + "xf32>";
  const std::string access = " {alignment = 4 : i64} : ";
  auto each = [count](const std::string &text, const std::string &separator) {
    return repeat(count, text, separator);
  };
  return "func.func @peak(%memory: !llvm.ptr, %steps: index) {\n"
         "  %c0 = arith.constant 0 : index\n"
         "  %c1 = arith.constant 1 : index\n" +
         each("  %p$ = llvm.getelementptr %memory[$] : (!llvm.ptr) -> "
              "!llvm.ptr, " + type + "\n"
              "  %x$ = llvm.load %p$" + access + "!llvm.ptr -> " + type + "\n",
              "") +
         "  %r:" + std::to_string(count) +
         " = scf.for %i = %c0 to %steps step %c1 iter_args(" +
         each("%a$ = %x$", ", ") + ") -> (" + each(type, ", ") + ") {\n" +
         each("    %n$ = math.fma %x0, %x1, %a$ : " + type + "\n", "") +
         "    scf.yield " + each("%n$", ", ") + " : " + each(type, ", ") +
         "\n  }\n" +
         each("  llvm.store %r#$, %p$" + access + type + ", !llvm.ptr\n", "") +
         "  return\n}\n";
}

using PeakFunction = void (*)(float *, int64_t);

/// Compiles the kernel; null if that fails.
std::unique_ptr<Jit> compilePeak(const TargetDescription &target) {
  DialectRegistry registry;
  registerPhaseDialects(registry);
  registerTranslations(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto module = parseSourceString<ModuleOp>(peakProgram(target), &context);
  if (!module || failed(runPhase(*module, Phase::LLVM, target)))
    return nullptr;
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(target);
  llvm::LLVMContext llvmContext;
  auto translated = translateToLLVMIR(*module, llvmContext, *machine);
  if (!translated)
    return nullptr;
  optimize(*translated, *machine);
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  emitMachineCode(*translated, *machine, llvm::CodeGenFileType::ObjectFile,
                  stream);
  auto jit = Jit::link(llvm::MemoryBuffer::getMemBufferCopy(
      StringRef(object.data(), object.size()), "peak"));
  if (jit)
    return std::move(*jit);
  llvm::consumeError(jit.takeError());
  return nullptr;
}

/// The best round of all threads together, in units of `work` per second.
/// The threads meet before each round, so that all of them run at once.
double bestRate(PeakFunction peak, int32_t threads, size_t floats,
                double workOfStep) {
  constexpr int kRounds = 30;
  constexpr int64_t kSteps = 500000;
  std::vector<double> rates(kRounds, 0);
  std::atomic<int64_t> arrived{0};
  std::mutex mutex;
  auto work = [&] {
    std::vector<float> memory(floats, 0.5f);
    peak(memory.data(), kSteps);
    for (int round = 0; round < kRounds; ++round) {
      ++arrived;
      while (arrived.load() < int64_t(threads) * (round + 1))
        std::this_thread::yield();
      auto start = std::chrono::steady_clock::now();
      peak(memory.data(), kSteps);
      std::chrono::duration<double> time =
          std::chrono::steady_clock::now() - start;
      std::lock_guard<std::mutex> lock(mutex);
      rates[round] += workOfStep * kSteps / time.count();
    }
  };
  std::vector<std::thread> others;
  for (int32_t i = 1; i < threads; ++i)
    others.emplace_back(work);
  work();
  for (std::thread &other : others)
    other.join();
  return *std::max_element(rates.begin(), rates.end());
}

} // namespace

double measurePeak(int32_t threads) {
  TargetDescription target = hostTarget();
  std::unique_ptr<Jit> jit = compilePeak(target);
  PeakFunction peak = nullptr;
  if (!jit)
    throw runtime::Error("internal error: no kernel for this machine's peak");
  if (llvm::Error error = jit->lookup("peak", peak))
    throw runtime::Error(llvm::toString(std::move(error)));
  const int64_t floats = accumulatorsOf(target) * target.lanes();
  return bestRate(peak, threads, floats, 2.0 * floats) * 1e-9;
}

} // namespace seqc
