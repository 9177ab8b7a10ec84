//===- OutputFiles.cpp - Where a command's results go ---------------------===//
// Compares paths, and tries whether they can be written.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/OutputFiles.h"

#include "runtime/services/atomic_file.h"
#include "runtime/services/error.h"

#include <filesystem>
#include <system_error>

namespace seqc::tool {
namespace {

/// By name where one of them is still to be made.
bool areSame(const std::string &a, const std::string &b) {
  std::error_code error;
  if (std::filesystem::equivalent(a, b, error) && !error)
    return true;
  // A path whose first part does not exist stays relative without `absolute`.
  const auto whole = [&error](const std::string &path) {
    return std::filesystem::weakly_canonical(
        std::filesystem::absolute(path, error), error);
  };
  return whole(a) == whole(b);
}

void requireDistinct(const GivenPath &output, const GivenPath &other) {
  if (!other.path.empty() && areSame(output.path, other.path))
    throw runtime::Error(output.option + " and " + other.option +
                         " are the same file, `" + output.path + "`");
}

} // namespace

void checkOutputs(const std::vector<GivenPath> &outputs,
                  const std::vector<GivenPath> &inputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].path.empty())
      continue;
    for (const GivenPath &input : inputs)
      requireDistinct(outputs[i], input);
    for (size_t j = 0; j < i; ++j)
      requireDistinct(outputs[i], outputs[j]);
    runtime::checkWritable(outputs[i].path);
  }
}

} // namespace seqc::tool
