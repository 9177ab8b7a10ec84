//===- main.cpp - seqc ----------------------------------------------------===//
// The command line as a whole, and how a failure ends: results on stdout,
// one message on stderr, exit code 1, and never an abort.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Compilation.h"
#include "compiler/Tools/seqc/Commands.h"
#include "dsl/Diag/Suggest.h"
#include "runtime/services/messages.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

int reportNoMemory() {
  std::fputs("error: not enough memory for this model and these sizes\n",
             stderr);
  return 1;
}

/// Turns the exception that is being handled into a message.
int reportCurrentException() {
  try {
    throw;
  } catch (const seqc::DiagnosedError &error) {
    std::fprintf(stderr, "%s\n", error.what());
  } catch (const std::bad_alloc &) {
    return reportNoMemory();
  } catch (const std::exception &error) {
    std::fprintf(stderr, "error: %s\n", error.what());
  }
  return 1;
}

/// Memory can run out where no exception may pass.
[[noreturn]] void onTerminate() {
  if (std::current_exception())
    reportCurrentException();
  std::_Exit(1);
}

/// Without this a wrong name would be told as a missing subcommand.
void checkCommandName(const CLI::App &app, const std::string &given) {
  if (given.empty() || given[0] == '-')
    return;
  std::vector<std::string_view> names;
  for (const CLI::App *command : app.get_subcommands(nullptr))
    names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), given) != names.end())
    return;
  const std::string hint = seqc::dsl::didYouMean(given, names);
  throw std::runtime_error("there is no subcommand " +
                           seqc::runtime::quoteName(given) +
                           (hint.empty() ? "" : ": " + hint) +
                           "\nRun with --help for more information.");
}

int runCommandLine(int argc, char **argv) {
  CLI::App app("seqc compiles sequence models, written as .seq files, to "
               "native code.");
  app.footer("A first model in four commands:\n"
             "  seqc check model.seq\n"
             "  seqc summary model.seq\n"
             "  seqc run model.seq --weights w.safetensors "
             "--inputs x.safetensors --outputs y.safetensors\n"
             "  seqc build model.seq -o model.o\n\n"
             "`seqc COMMAND --help` explains each command with an example.");
  app.set_version_flag("--version", "seqc " SEQC_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App *, const CLI::Error &error) {
    return std::string("error: ") + error.what() +
           "\nRun with --help for more information.\n";
  });
  seqc::tool::addCheck(app);
  seqc::tool::addRun(app);
  seqc::tool::addTrain(app);
  seqc::tool::addEval(app);
  seqc::tool::addPredict(app);
  seqc::tool::addGenerate(app);
  seqc::tool::addInspect(app);
  seqc::tool::addStep(app);
  seqc::tool::addEmit(app);
  seqc::tool::addBuild(app);
  seqc::tool::addBench(app);
  seqc::tool::addSummary(app);
  seqc::tool::addDoc(app);
  if (argc > 1)
    checkCommandName(app, argv[1]);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError &error) {
    return error.get_exit_code();
  } catch (const CLI::ParseError &error) {
    // --help and --version come this way too, with 0.
    const int code = app.exit(error);
    if (!std::cout.flush())
      throw std::runtime_error("cannot write to standard output");
    return code == 0 ? 0 : 1;
  }
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  std::set_terminate(onTerminate);
  // A file that grows past a limit is a failed write like others.
  std::signal(SIGXFSZ, SIG_IGN);
  seqc::installFatalErrorHandlers();
  try {
    return runCommandLine(argc, argv);
  } catch (...) {
    return reportCurrentException();
  }
}
