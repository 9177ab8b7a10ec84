//===- Compilation.cpp - One model on its way through the phases ----------===//
// Owns the contexts of MLIR and LLVM, and what stands after the last phase.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Compilation.h"
#include "compiler/Codegen/Jit.h"
#include "compiler/Codegen/MachineCode.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Driver/Caching.h"
#include "compiler/Driver/Diagnostics.h"
#include "compiler/Driver/MathematicsCount.h"
#include "compiler/Driver/OwnStack.h"
#include "compiler/Driver/Program.h"
#include "compiler/Driver/ReferenceRun.h"
#include "compiler/Pipelines/Phases.h"
#include "compiler/Pipelines/Signature.h"
#include "compiler/Target/TargetMachine.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <chrono>

using namespace mlir;

namespace seqc {
namespace {

DialectRegistry makeRegistry() {
  DialectRegistry registry;
  registerPhaseDialects(registry);
  registerTranslations(registry);
  return registry;
}

/// The check lets no wrong program through, so this is not the user's fault.
[[noreturn]] void failInternally(Phase phase, const std::string &details) {
  throw runtime::Error("internal error in phase `" +
                       std::string(nameOf(phase)) + "`: please report it\n" +
                       details);
}

} // namespace

/// Life cycle: `program` from the start, `module` from phase `seq` on (each
/// phase rewrites it) with what `made` says of it, `llvmModule` from `llvm` on,
/// `assembly` at `asm` or `ptx`, the object in `made` at `obj`, `jit` when it is
/// linked. Where `made` comes from the cache, nothing between it and `program`
/// ever is there.
struct Compilation::State {
  State(const SourceText &source, const CompileOptions &options)
      : context(makeRegistry(), MLIRContext::Threading::DISABLED),
        program(checkProgram(source, options)), sourceName(source.name),
        options(options) {
    std::string error;
    if (!resolveTarget(options.target, target, error))
      throw runtime::Error(error);
    checkPrecision();
  }

  void checkPrecision() const;
  void advance(Phase until, const Observer &observer);
  CacheEntry entry() const { return CacheEntry(*program, options, target); }
  Phase next(Phase standing) const;
  void checkPhase(Phase asked) const;
  void enter(Phase entered);
  void emit();
  void readSignature();
  runtime::Signature signatureOf(ModuleOp of);
  std::string printEvaluation();
  void differentiate();
  void lower(Phase entered);
  void translate();
  void generate(llvm::CodeGenFileType type, std::string &output);
  runtime::EntryPoints find(const std::string &prefix);
  std::string print();

  MLIRContext context;
  llvm::LLVMContext llvmContext;
  std::unique_ptr<CheckedProgram> program;
  std::string sourceName;
  CompileOptions options;
  TargetDescription target;
  Phase phase = Phase::Check;
  OwningOpRef<ModuleOp> module;
  Artifact made;
  std::unique_ptr<llvm::TargetMachine> machine;
  std::unique_ptr<llvm::Module> llvmModule;
  /// Of a CPU, or a GPU's PTX.
  std::string assembly;
  std::shared_ptr<Jit> jit;
};

void Compilation::State::checkPrecision() const {
  if (options.precision != Precision::Int8)
    return;
  if (options.goal != Goal::Inference)
    throw runtime::Error("precision `int8` is for inference alone: gradients "
                         "and training take `f32` or `bf16`");
  if (target.isGpu())
    throw runtime::Error("target `" + target.triple +
                         "` has no precision `int8`");
}

Phase Compilation::State::next(Phase standing) const {
  if (standing == Phase::LLVM && target.isGpu())
    return Phase::Ptx;
  const Phase entered = static_cast<Phase>(static_cast<uint8_t>(standing) + 1);
  return entered == Phase::Grad && options.goal == Goal::Inference
             ? Phase::Batch
             : entered;
}

void Compilation::State::checkPhase(Phase asked) const {
  const bool ofCpu = asked == Phase::Asm || asked == Phase::Obj;
  if (target.isGpu() ? ofCpu : asked == Phase::Ptx)
    throw runtime::Error("target `" + target.triple + "` has no phase `" +
                         std::string(nameOf(asked)) + "`");
  if (target.isGpu() && options.goal != Goal::Inference && asked > Phase::Fused)
    throw runtime::Error("target `" + target.triple +
                         "` has no gradients: phase `" +
                         std::string(nameOf(Phase::Fused)) + "` is the last");
}

void Compilation::State::enter(Phase entered) {
  switch (entered) {
  case Phase::Parse:
  case Phase::Check:
    break;
  case Phase::Seq:
    emit();
    break;
  case Phase::Grad:
    differentiate();
    break;
  case Phase::Batch:
  case Phase::Fused:
  case Phase::Loops:
    lower(entered);
    break;
  case Phase::LLVM:
    lower(entered);
    translate();
    break;
  case Phase::Asm:
  case Phase::Ptx:
    generate(llvm::CodeGenFileType::AssemblyFile, assembly);
    break;
  case Phase::Obj:
    generate(llvm::CodeGenFileType::ObjectFile, made.object);
    break;
  }
  phase = entered;
}

void Compilation::State::emit() {
  module = program->emit(context);
  readSignature();
  made.training = readTraining(*module);
  if (auto beside = module->lookupSymbol<ModuleOp>(seq::kOptimizerName))
    made.optimizer = signatureOf(beside);
  if (auto beside = module->lookupSymbol<ModuleOp>(seq::kScheduleName))
    made.schedule = signatureOf(beside);
}

void Compilation::State::readSignature() {
  made.signature = signatureOf(*module);
}

runtime::Signature Compilation::State::signatureOf(ModuleOp of) {
  DiagnosticCollector collector(&context);
  FailureOr<runtime::Signature> read = seqc::readSignature(of);
  if (failed(read))
    throw runtime::Error(collector.text());
  read->source = sourceName;
  return std::move(*read);
}

/// The step alone, as text, so that it has a context of its own; with places in
/// the source, for messages of calls.
std::string Compilation::State::printEvaluation() {
  OwningOpRef<ModuleOp> step = program->emit(context);
  for (ModuleOp beside : llvm::make_early_inc_range(step->getOps<ModuleOp>()))
    beside.erase();
  std::string text;
  llvm::raw_string_ostream stream(text);
  step->print(stream, OpPrintingFlags().enableDebugInfo());
  return text;
}

/// What has no derivative is the user's affair.
void Compilation::State::differentiate() {
  DiagnosticCollector collector(&context);
  if (failed(
          runPhase(*module, Phase::Grad, target, options.goal, options.save)))
    throw DiagnosedError(collector.text());
  readSignature();
}

void Compilation::State::lower(Phase entered) {
  DiagnosticCollector collector(&context);
  if (failed(runPhase(*module, entered, target, options.goal, options.save,
                      options.precision)))
    failInternally(entered, collector.text());
}

void Compilation::State::translate() {
  machine = createTargetMachine(target);
  DiagnosticCollector collector(&context);
  Operation *translated = *module;
  if (target.isGpu())
    translated = *module->getOps<gpu::GPUModuleOp>().begin();
  llvmModule = translateToLLVMIR(translated, llvmContext, *machine);
  if (!llvmModule)
    failInternally(Phase::LLVM, collector.text());
  optimize(*llvmModule, *machine);
}

void Compilation::State::generate(llvm::CodeGenFileType type,
                                  std::string &output) {
  // The code generator changes the module, which may be asked for once more.
  std::unique_ptr<llvm::Module> copy = llvm::CloneModule(*llvmModule);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (!emitMachineCode(*copy, *machine, type, stream))
    throw runtime::Error("target `" + target.triple +
                         "` has no writer of machine code");
  output.assign(bytes.begin(), bytes.end());
}

std::string Compilation::State::print() {
  std::string text;
  llvm::raw_string_ostream stream(text);
  switch (phase) {
  case Phase::Parse: // never left standing: the start is the check
  case Phase::Check:
    return program->dumpCheck();
  case Phase::Seq:
  case Phase::Grad:
  case Phase::Batch:
  case Phase::Fused:
  case Phase::Loops:
    module->print(stream);
    return text;
  case Phase::LLVM:
    llvmModule->print(stream, nullptr);
    return text;
  case Phase::Asm:
  case Phase::Ptx:
    return assembly;
  case Phase::Obj:
    return made.object;
  }
  return text;
}

Compilation::Compilation(const SourceText &source,
                         const CompileOptions &options) {
  runOnOwnStack([&] { state = std::make_unique<State>(source, options); });
}
Compilation::~Compilation() = default;
Compilation::Compilation(Compilation &&) noexcept = default;

bool Compilation::hasModel() const { return state->program->hasModel(); }

const TargetDescription &Compilation::target() const { return state->target; }

bool Compilation::hasTraining() const { return state->program->hasTraining(); }

const runtime::Signature &Compilation::signature() const {
  return state->made.signature;
}

const runtime::TrainingSpec &Compilation::training() const {
  return state->made.training;
}

const std::optional<runtime::Signature> &Compilation::optimizer() const {
  return state->made.optimizer;
}

const std::optional<runtime::Signature> &Compilation::schedule() const {
  return state->made.schedule;
}

Compilation Compilation::evaluation() const {
  if (state->options.goal != Goal::Training)
    throw runtime::Error("`" + state->sourceName + "` is no training program");
  SourceText source{state->sourceName + ".evaluation.mlir", ""};
  runOnOwnStack([&] { source.text = state->printEvaluation(); });
  CompileOptions options;
  options.target = state->options.target;
  options.precision = state->options.precision;
  options.cacheFolder = state->options.cacheFolder;
  options.onCode = state->options.onCode;
  return Compilation(source, options);
}

std::string Compilation::printParsed() const {
  std::string text;
  runOnOwnStack([&] { text = state->program->dumpParse(); });
  return text;
}

std::vector<Remark> Compilation::remarks() const {
  std::vector<Remark> result;
  runOnOwnStack([&] { result = state->program->remarks(); });
  return result;
}

std::string Compilation::print() const {
  std::string text;
  runOnOwnStack([&] { text = state->print(); });
  return text;
}

void Compilation::State::advance(Phase until, const Observer &observer) {
  while (next(phase) <= until) {
    // Assembly is for readers only.
    Phase entered = next(phase);
    if (entered == Phase::Asm && until == Phase::Obj && !observer)
      entered = Phase::Obj;
    enter(entered);
    if (observer)
      observer(entered, print());
  }
}

void Compilation::advance(Phase until, const Observer &observer) {
  state->checkPhase(until);
  if (state->phase < until)
    runOnOwnStack([&] { state->advance(until, observer); });
}

void Compilation::load() {
  if (state->phase != Phase::Check)
    return;
  if (std::optional<Artifact> found = state->entry().load()) {
    state->made = std::move(*found);
    state->phase = Phase::Obj;
  }
}

double Compilation::countContractions(int64_t batch, int64_t length) const {
  return batch * countContractionsOfSample(*state->module, length);
}

int64_t Compilation::countTokens() const {
  return countTokensOfInputs(*state->module);
}

runtime::RunResult
Compilation::interpret(const std::vector<runtime::TensorView> &params,
                       const runtime::ViewMap &inputs,
                       const runtime::ViewMap &states) const {
  runtime::RunResult result;
  runOnOwnStack([&] {
    result = runReference(*state->module, state->made.signature, params, inputs,
                          states);
  });
  return result;
}

/// The functions of a linked program whose names begin with `prefix`.
runtime::EntryPoints Compilation::State::find(const std::string &prefix) {
  runtime::EntryPoints functions;
  llvm::Error error = llvm::Error::success();
  const auto look = [&](const char *suffix, auto &function) {
    error = llvm::joinErrors(std::move(error),
                             jit->lookup(prefix + suffix, function));
  };
  look("", functions.model);
  look("_packed", functions.packed);
  look("_pack", functions.pack);
  look("_workspace", functions.workspace);
  if (made.optimizer && prefix == made.signature.model) {
    look("_step", functions.step);
    look("_step_workspace", functions.stepWorkspace);
  }
  if (error)
    failInternally(Phase::Obj, llvm::toString(std::move(error)));
  return functions;
}

runtime::EntryPoints Compilation::link(std::shared_ptr<const void> &code) {
  if (!runsHere(state->target))
    throw runtime::Error("code for target `" + state->target.triple +
                         "` cannot run on this machine, " +
                         hostTarget().triple);
  load();
  if (state->phase != Phase::Obj) {
    const auto start = std::chrono::steady_clock::now();
    advance(Phase::Obj);
    const std::chrono::duration<double, std::milli> passed =
        std::chrono::steady_clock::now() - start;
    state->entry().store(state->made, passed.count());
  }
  if (!state->jit) {
    auto linked = Jit::link(
        llvm::MemoryBuffer::getMemBufferCopy(state->made.object, "model"));
    if (!linked)
      failInternally(Phase::Obj, llvm::toString(linked.takeError()));
    state->jit = std::move(*linked);
  }
  code = state->jit;
  return state->find(state->made.signature.model);
}

runtime::EntryPoints
Compilation::linkSchedule(std::shared_ptr<const void> &code) {
  link(code);
  return state->find(state->made.signature.model + "_" +
                     seq::kScheduleName.str());
}

SourceText readSource(const std::string &path) {
  // A device such as /dev/zero has no end.
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      status.type() == llvm::sys::fs::file_type::character_file)
    throw runtime::Error("cannot read `" + path + "`: it is a device");
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false,
                                          /*IsVolatile=*/true);
  if (!file)
    throw runtime::Error("cannot read `" + path +
                         "`: " + file.getError().message());
  return {path, (*file)->getBuffer().str()};
}

void installFatalErrorHandlers() {
  llvm::install_fatal_error_handler([](void *, const char *reason, bool) {
    llvm::errs() << "error: internal error: " << reason << "\n";
    std::_Exit(1);
  });
  llvm::install_bad_alloc_error_handler([](void *, const char *, bool) {
    llvm::errs() << "error: not enough memory for compiling this model\n";
    std::_Exit(1);
  });
}

} // namespace seqc
