//===- BenchErrors.h - What a precision costs in accuracy -----------------===//
// The same weights and inputs, in f32 beside.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_BENCHERRORS_H
#define SEQC_COMPILER_TOOLS_SEQC_BENCHERRORS_H

#include "runtime/services/tensor.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace seqc::tool {

/// How far a result is from f32's.
struct OutputError {
  std::string name;
  double largest = 0;
  /// The root of the sum of squared differences, in parts of that of squares.
  double relative = 0;
};

/// Of two results of a name, f32 both.
OutputError errorOf(const std::string &name, const runtime::Tensor &result,
                    const runtime::Tensor &exact);

std::string toText(const std::vector<OutputError> &errors);
nlohmann::ordered_json toJson(const std::vector<OutputError> &errors);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_BENCHERRORS_H
