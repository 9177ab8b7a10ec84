//===- signature.h - What a compiled model takes and gives ----------------===//
// Plain data, made by the compiler from a program's `seq.*` attributes, and
// all that the runtime knows of a model: names, types, shapes, and how each
// parameter begins. Orders are those of the calling convention (abi.h).
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_CORE_SIGNATURE_H
#define SEQC_RUNTIME_CORE_SIGNATURE_H

#include "runtime/core/abi.h"

#include <cstdint>
#include <string>
#include <vector>

namespace seqc::runtime {

/// Element types of the calling convention.
enum class ElementType : uint8_t { F32, Token, Bool };

/// A tensor of one sample (inputs, outputs, states) or of the model
/// (parameters). The batch is not part of it.
struct TensorSpec {
  std::string name;
  ElementType type = ElementType::F32;
  /// The size of each axis; of a dynamic axis -1.
  std::vector<int64_t> shape;
  /// For each axis the ordinal of its dynamic dimension (0: the first after
  /// the batch), or -1 where the size is static.
  std::vector<int64_t> axes;
};

/// How a parameter's first value is drawn.
enum class InitKind : uint8_t { Constant, Uniform, Normal };

struct ParamSpec {
  TensorSpec tensor;
  InitKind init = InitKind::Constant;
  /// The constant; the bound of uniform(-v, v); the standard deviation.
  double initValue = 0;
  /// The ordinal of the draw in the program (see random.h).
  int64_t site = 0;
  /// Other names under which a file may hold the parameter, instead of its
  /// own (`seq.aliases`).
  std::vector<std::string> aliases;
  /// Names of other places of the model that share the parameter (`seq.ties`):
  /// a file may hold the same values under these too, or instead.
  std::vector<std::string> ties;
};

struct Signature {
  std::string model;
  /// Names of the dynamic dimensions without the batch, by ordinal.
  std::vector<std::string> dims;
  /// For each dynamic dimension the one that encloses it, or -1: its lengths
  /// are then one for each sample.
  std::vector<int64_t> enclosing;
  std::vector<TensorSpec> inputs;
  std::vector<TensorSpec> outputs;
  std::vector<ParamSpec> params;
  /// Carried states, in the order of states_in and states_out.
  std::vector<TensorSpec> states;
  /// The source file's name, for messages.
  std::string source;
};

/// The functions of a compiled model (abi.h).
struct EntryPoints {
  seqc_packed_fn packed = nullptr;
  seqc_pack_fn pack = nullptr;
  seqc_workspace_fn workspace = nullptr;
  seqc_model_fn model = nullptr;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_CORE_SIGNATURE_H
