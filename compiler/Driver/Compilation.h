//===- Compilation.h - One model on its way through the phases ------------===//
// The compiler as a value: made from text, advanced phase by phase, asked for
// what stands there. Free of LLVM's headers, as are all its users.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_COMPILATION_H
#define SEQC_COMPILER_DRIVER_COMPILATION_H

#include "compiler/Cache/CacheFolder.h"
#include "compiler/Pipelines/Goal.h"
#include "compiler/Pipelines/PhaseNames.h"
#include "compiler/Target/Precision.h"
#include "compiler/Target/TargetDescription.h"
#include "runtime/core/signature.h"
#include "runtime/services/error.h"
#include "runtime/services/session.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace seqc {

/// A file's name and what is in it. A name that ends in `.mlir` says that the
/// text is what phase `seq` prints.
struct SourceText {
  std::string name;
  std::string text;
  /// Texts of the files that it imports, by path relative to the file; nothing:
  /// they are read from disk.
  std::optional<std::map<std::string, std::string>> imports = std::nullopt;
};

/// Reads a file; throws runtime::Error.
SourceText readSource(const std::string &path);

/// The first sentence that a definition says of itself.
struct Remark {
  std::string kind; ///< `cell`, `layer` or `model`
  std::string name;
  std::string text; ///< may be empty
};

struct CompileOptions {
  /// Values of dimensions, "H=256".
  std::vector<std::string> settings;
  /// Which model of the file; "" is the last one.
  std::string model;
  TargetRequest target;
  Goal goal = Goal::Inference;
  Precision precision = Precision::F32;
  SaveOptions save;
  /// Takes the warnings of the check, as they are printed, if there are any;
  /// without it they go to stderr.
  std::function<void(const std::string &)> onWarnings;
  /// The folder in which `link` looks for the code before it compiles, and in
  /// which it keeps what it compiles, for this process and later ones; code
  /// from it is run. `defaultCacheFolder()` is the command line's; "": none.
  std::string cacheFolder;
  /// Told by `link` where the code comes from: sentences, each without an end
  /// of line.
  std::function<void(const std::string &)> onCode;
};

/// A text that did not pass the check: `what()` is its diagnostics as they are
/// printed, with places and carets. Every other Error is a bare message.
class DiagnosedError : public runtime::Error {
public:
  using runtime::Error::Error;
};

/// Everything that a user can be at fault for is a runtime::Error whose text
/// is ready to be printed. Not safe for use from several threads at once.
class Compilation {
public:
  /// Checks the text.
  explicit Compilation(const SourceText &source,
                       const CompileOptions &options = {});
  ~Compilation();
  Compilation(Compilation &&) noexcept;

  /// False for a library of definitions, which can be checked and no more.
  bool hasModel() const;

  /// What code is made for.
  const TargetDescription &target() const;

  /// Whether the model has a `train` block.
  bool hasTraining() const;

  /// Called after each phase with what stands there, as text (machine code as
  /// bytes).
  using Observer = std::function<void(Phase, const std::string &)>;

  /// Runs the phases that have not run yet, `until` included.
  void advance(Phase until, const Observer &observer = nullptr);

  /// Goes to phase `obj` at once where the cache has what all phases give: then
  /// `signature` and what is like it are valid, and nothing that is asked for
  /// at a phase is. Where it has not, or has no folder, stays as it is.
  void load();

  /// What phase `parse` gave.
  std::string printParsed() const;
  /// What stands after the last phase that ran.
  std::string print() const;

  /// What is said of the model, and of each layer and cell that it uses, in
  /// the order in which they are met. Empty where the text is not the
  /// language's.
  std::vector<Remark> remarks() const;

  /// Valid from phase `seq` on. Phase `grad` adds the gradients, and the
  /// inputs that they need.
  const runtime::Signature &signature() const;

  /// What the `train` block says besides its program. From phase `seq` on,
  /// where the goal is training.
  const runtime::TrainingSpec &training() const;

  /// What the programs beside a training step take and give, which are compiled
  /// with it. From phase `seq` on; nothing where the goal is another. The
  /// optimizer updates one parameter, a row of elements, and is called with a
  /// batch of 1: its first state is `w`, its inputs are `g`, `scale` and the
  /// run-time scalars. The schedule takes `step`, `loss` and the means that
  /// metrics are made of, and gives run-time scalars and metrics; there is none
  /// where nothing changes from step to step. Both say how their states begin.
  const std::optional<runtime::Signature> &optimizer() const;
  const std::optional<runtime::Signature> &schedule() const;

  /// Where the goal is training: what the step measures, as the model is
  /// outside training. A compilation of its own at phase `check`.
  Compilation evaluation() const;

  /// Twice the products of the contractions of the mathematics, for a batch
  /// of samples whose dynamic dimensions all have size `length`. At phase
  /// `seq`.
  double countContractions(int64_t batch, int64_t length) const;

  /// The number of tokens that every table of the program has (1 if it has no
  /// table). At phase `seq`.
  int64_t countTokens() const;

  /// Runs the program of one sample in double precision, sample by sample. At
  /// phase `seq`. `params` are in the order of the signature.
  runtime::RunResult
  interpret(const std::vector<runtime::TensorView> &params,
            const runtime::ViewMap &inputs,
            const runtime::ViewMap &states = {}) const;

  /// Advances to machine code, by the cache where that can be, and links it
  /// into this process. The functions live as long as `code`.
  runtime::EntryPoints link(std::shared_ptr<const void> &code);
  /// The same of the schedule, which there is.
  runtime::EntryPoints linkSchedule(std::shared_ptr<const void> &code);

private:
  struct State;
  std::unique_ptr<State> state;
};

/// Handles what LLVM reports as fatal, or as memory that it cannot have: one
/// line on stderr and exit code 1, instead of an abort.
void installFatalErrorHandlers();

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_COMPILATION_H
