//===- messages.cpp - Models and errors in the user's words ---------------===//
// The wording that several services and the tools share.
//===----------------------------------------------------------------------===//

#include "runtime/services/messages.h"

#include "runtime/services/token_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

namespace seqc::runtime {

std::string quoteName(std::string_view name) {
  constexpr size_t kLongest = 200;
  bool cut = name.size() > kLongest;
  if (cut) {
    size_t end = kLongest;
    // Not in the middle of a UTF-8 character.
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
      --end;
    name = name.substr(0, end);
  }
  std::string text = "`";
  for (char c : name) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      text += fmt::format("\\x{:02x}", byte);
    else
      text += c;
  }
  return text + (cut ? "...`" : "`");
}

std::string describeParam(const TensorSpec &spec) {
  return describe(spec.type, spec.shape);
}

/// The name of a dimension, or how it follows from others where it has none.
static std::string nameOfDim(const Signature &signature, int64_t ordinal) {
  const auto index = static_cast<size_t>(ordinal);
  if (index < signature.dims.size())
    return signature.dims[index];
  const size_t derived = index - signature.dims.size();
  const std::string &name = signature.derived[derived].name;
  return name.empty() ? describeDerived(signature, derived) : name;
}

std::string describeDerived(const Signature &signature, size_t derived) {
  const DerivedDim &dim = signature.derived[derived];
  std::string text = nameOfDim(signature, dim.source);
  const bool isName = text.find(' ') == std::string::npos;
  // Whole numbers: one less in the dividend, one more in the quotient.
  const int64_t added = dim.offset + (dim.stride == 1 ? 1 : 0);
  if (added != 0)
    text =
        fmt::format("{} {} {}", text, added < 0 ? '-' : '+', std::abs(added));
  if (dim.stride == 1)
    return text;
  const bool isSum = added != 0 || !isName;
  return isSum ? fmt::format("({}) / {} + 1", text, dim.stride)
               : fmt::format("{} / {} + 1", text, dim.stride);
}

std::string describeBatched(const Signature &signature,
                            const TensorSpec &spec) {
  std::vector<std::string> sizes = {"batch"};
  for (size_t axis = 0; axis < spec.shape.size(); ++axis)
    sizes.push_back(spec.shape[axis] < 0 ? nameOfDim(signature, spec.axes[axis])
                                         : std::to_string(spec.shape[axis]));
  return fmt::format("{}[{}]", elementName(spec.type), fmt::join(sizes, ", "));
}

static std::string describeToken(const seqc_error &error,
                                 const std::string &source) {
  std::string where =
      fmt::format("token {} of sample {}", error.value, error.sample);
  if (error.position >= 0)
    where += fmt::format(" at position {}", error.position);
  where += source;
  if (error.value < 0)
    return where + " is negative";
  return fmt::format("{} is not below the vocabulary size {}", where,
                     error.bound);
}

static std::string describeLength(const seqc_error &error) {
  std::string where = fmt::format("sample {}", error.sample);
  if (error.position >= 0)
    where += fmt::format(" at position {}", error.position);
  return fmt::format("{} has length {}, but at least {} is needed here", where,
                     error.value, error.bound);
}

static std::string describeFault(const seqc_error &error,
                                 const std::string &source) {
  switch (error.kind) {
  case SEQC_ERROR_TOKEN:
    return describeToken(error, source);
  case SEQC_ERROR_LENGTH:
    return describeLength(error);
  case SEQC_ERROR_VERSION:
    return fmt::format("the model was compiled for another version of the "
                       "calling convention than {}",
                       SEQC_ABI_VERSION);
  default:
    return fmt::format("the model failed with status {}", error.kind);
  }
}

std::string describeError(const Signature &signature, const seqc_error &error,
                          const std::vector<TensorView> &inputs) {
  std::string fault =
      describeFault(error, sourceOfToken(signature, error, inputs));
  if (error.line <= 0)
    return fault;
  return fmt::format("{}:{}:{}: {}", signature.source, error.line, error.column,
                     fault);
}

std::string reasonOf(const std::exception &error) {
  const std::string_view text = error.what();
  const size_t end = text.find("] ");
  return std::string(text.starts_with('[') && end != std::string_view::npos
                         ? text.substr(end + 2)
                         : text);
}

} // namespace seqc::runtime
