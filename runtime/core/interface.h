//===- interface.h - What a model asks of data ----------------------------===//
// Plain data, made by the compiler from a checked text: inputs, targets and
// results with the names that their sizes have there. Unlike a signature it
// exists before every dimension has a value, so that data can give them some.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_CORE_INTERFACE_H
#define SEQC_RUNTIME_CORE_INTERFACE_H

#include "runtime/core/signature.h"

#include <optional>

namespace seqc::runtime {

/// A size in a type, as the model writes it.
struct SizeSpec {
  std::string text; ///< `T`, `2*I`, `12`
  /// The model's dimension that it is; empty where it is anything else.
  std::string dimension;
  /// A length: each sample may have another one.
  bool isLength = false;
  /// Nothing for a length, and where a dimension has neither a default nor a
  /// value that was given.
  std::optional<int64_t> value;
  /// Data cannot change the value: it is written, or was given.
  bool isFixed = false;
};

/// An input of the model, or a target of its `train` block.
struct InputSpec {
  std::string name;
  std::string type; ///< `token<V>[T]`
  bool isTarget = false;
  ElementType element = ElementType::F32;
  SizeSpec tokens; ///< of tokens: how many there are
  std::vector<SizeSpec> axes;

  bool hasLength() const { return !axes.empty() && axes.front().isLength; }
};

/// What the loss takes a result for.
enum class Reading : uint8_t {
  Value, ///< the target itself, or nothing that is known
  Logit, ///< of the target being 1
  Scores ///< of the classes, along the last axis
};

struct ResultSpec {
  std::string name;
  std::string type;
  std::vector<SizeSpec> axes;
  Reading reading = Reading::Value;
  /// The target that the loss compares it with; empty where that is not plain.
  std::string target;
};

struct Interface {
  std::string model;
  /// Of the model, then the targets.
  std::vector<InputSpec> inputs;
  std::vector<ResultSpec> results;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_CORE_INTERFACE_H
