//===- safetensors.h - Files of named tensors -----------------------------===//
// Owns the `.safetensors` format: eight bytes with the length of a JSON
// header, the header (type, shape and place of each tensor, and metadata),
// the elements.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_SAFETENSORS_H
#define SEQC_RUNTIME_SERVICES_SAFETENSORS_H

#include "runtime/services/tensor.h"

#include <istream>
#include <map>
#include <string>

namespace seqc::runtime {

using Metadata = std::map<std::string, std::string>;

struct Safetensors {
  TensorMap tensors;
  Metadata metadata;
};

/// Reads a file that nobody vouches for. Every claim of the header is checked
/// before it is believed, no memory is asked for beyond a small multiple of
/// the file's size, and each fault is an Error that names the file and, where
/// there is one, the tensor.
///
/// F32, I64 and BOOL are taken as they are (any byte but 0 is true). I32 is
/// widened to tokens, F64, F16 and BF16 become f32. Other types are an error,
/// and so are more than 64 axes.
Safetensors readSafetensors(const std::string &path);

/// The same from a stream that can seek; `name` stands for the file's name.
Safetensors readSafetensors(std::istream &stream, const std::string &name);

/// Writes a file: all of it or nothing (see writeFileAtomically). Equal
/// tensors and metadata give equal bytes. The header's length is a multiple of
/// eight, and each tensor is aligned to its elements.
void writeSafetensors(const std::string &path, const ViewMap &tensors,
                      const Metadata &metadata = {});

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_SAFETENSORS_H
