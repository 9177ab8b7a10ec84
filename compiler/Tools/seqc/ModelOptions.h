//===- ModelOptions.h - What every subcommand is told of a model ----------===//
// The file, its dimensions, the target; and how results leave the tool.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_MODELOPTIONS_H
#define SEQC_COMPILER_TOOLS_SEQC_MODELOPTIONS_H

#include "compiler/Driver/Compilation.h"
#include "runtime/core/team.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace seqc::tool {

struct ModelOptions {
  std::string file;
  CompileOptions compile;

  /// Adds FILE, --set, --model, --target, --cpu and --features.
  void addTo(CLI::App &command);
  /// Reads and checks the file.
  Compilation start() const;
};

/// Adds --precision, which sets `compile.precision`.
CLI::Option *addPrecision(CLI::App &command, CompileOptions &compile);

/// Adds --no-cache and --verbose. Without --no-cache what is linked comes from
/// the cache, or is kept there.
void addCache(CLI::App &command, CompileOptions &compile);

/// Threads for a call; null for one thread. Throws runtime::Error.
std::shared_ptr<seqc_team> makeTeam(int32_t threads);

/// Refuses whole numbers beyond 64 bits, which would be read as the largest.
CLI::Validator fits64Bits();

/// Writes to stdout; throws runtime::Error if it cannot be written to.
void print(const std::string &text);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_MODELOPTIONS_H
