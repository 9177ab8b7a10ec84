//===- OutputFiles.h - Where a command's results go -----------------------===//
// Owns the rule that a command harms no file and writes all or nothing.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_OUTPUTFILES_H
#define SEQC_COMPILER_TOOLS_SEQC_OUTPUTFILES_H

#include <string>
#include <vector>

namespace seqc::tool {

/// A path and the option that gave it; an empty path was not given.
struct GivenPath {
  std::string option;
  std::string path;
};

/// Throws unless each of `outputs` can be written and is neither another of
/// them nor one of `inputs`. Called before any work is done.
void checkOutputs(const std::vector<GivenPath> &outputs,
                  const std::vector<GivenPath> &inputs);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_OUTPUTFILES_H
