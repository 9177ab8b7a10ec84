//===- safetensors_header.h - The header of a safetensors file ------------===//
// Owns the text that says which tensor lies where.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_SAFETENSORS_HEADER_H
#define SEQC_RUNTIME_SERVICES_SAFETENSORS_HEADER_H

#include "runtime/services/safetensors.h"

#include <string_view>

namespace seqc::runtime {

/// The format's own limit on the header, in bytes.
constexpr uint64_t kLongestHeader = 100'000'000;

/// An element type of the format, and how its elements become ours.
struct FileType {
  std::string_view name;
  size_t bytes;
  ElementType element;
  /// Makes `count` elements at `to` of those at `from`; null: they are the
  /// same bytes.
  void (*convert)(const char *from, char *to, size_t count);
};

/// Null for a type that is not supported.
const FileType *findFileType(std::string_view name);

/// The format's name of the type that a tensor is written as.
std::string_view fileTypeName(ElementType type);

/// What the header says of one tensor; `begin` and `end` count bytes after the
/// header.
struct HeaderEntry {
  std::string name;
  const FileType *type = nullptr;
  Shape shape;
  uint64_t begin = 0;
  uint64_t end = 0;
};

struct Header {
  std::vector<HeaderEntry> entries;
  Metadata metadata;
};

/// Reads the JSON text of a header. Checks its form, and nothing that needs
/// more than one entry. Throws Error that begins with `file`.
Header parseHeader(std::string_view text, const std::string &file);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_SAFETENSORS_HEADER_H
