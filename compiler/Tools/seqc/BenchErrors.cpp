//===- BenchErrors.cpp - What a precision costs in accuracy ---------------===//
// Norms of differences.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/BenchErrors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seqc::tool {

OutputError errorOf(const std::string &name, const runtime::Tensor &result,
                    const runtime::Tensor &exact) {
  OutputError error{name};
  double differences = 0, squares = 0;
  for (int64_t i = 0; i < exact.size(); ++i) {
    const double is = exact.data<float>()[i];
    const double difference = std::abs(result.data<float>()[i] - is);
    error.largest = std::max(error.largest, difference);
    differences += difference * difference;
    squares += is * is;
  }
  if (differences > 0)
    error.relative = std::sqrt(differences / squares);
  return error;
}

std::string toText(const std::vector<OutputError> &errors) {
  std::string text;
  for (const OutputError &error : errors)
    text += fmt::format("error of `{}` against f32: {:.2g} at most, {:.2g} of "
                        "its root mean square\n",
                        error.name, error.largest, error.relative);
  return text;
}

nlohmann::ordered_json toJson(const std::vector<OutputError> &errors) {
  nlohmann::ordered_json json;
  for (const OutputError &error : errors)
    json[error.name] = {{"max_abs", error.largest},
                        {"rms_relative", error.relative}};
  return json;
}

} // namespace seqc::tool
