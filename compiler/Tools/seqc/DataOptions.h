//===- DataOptions.h - What subcommands are told of data ------------------===//
// Where it is and how it is read.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_DATAOPTIONS_H
#define SEQC_COMPILER_TOOLS_SEQC_DATAOPTIONS_H

#include "runtime/data/data_set.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace seqc::tool {

/// How data becomes samples: the options of data::DataOptions.
struct ReadingOptions {
  data::DataOptions options;
  /// Whether numbers are scaled; nothing: as the kind of data wants it.
  std::optional<bool> isNormalised;

  void addTo(CLI::App &command);
  data::DataOptions get() const;
};

/// Takes a number from 0 to 1, or a path. Throws CLI::ValidationError.
data::HeldOut parseHeldOut(const std::string &text);

/// Writes what was wrong with data, and read all the same, to stderr.
void printWarnings(const data::Warnings &warnings);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_DATAOPTIONS_H
