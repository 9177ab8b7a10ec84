//===- buffer.h - Aligned memory ------------------------------------------===//
// Owns how the services get memory for tensors, packed parameters and
// workspaces: from a replaceable source, with an error that a user can read.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_BUFFER_H
#define SEQC_RUNTIME_SERVICES_BUFFER_H

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <string>

namespace seqc::runtime {

/// Gives a buffer's memory back to where it came from.
struct BufferRelease {
  size_t bytes = 0;
  std::pmr::memory_resource *memory = nullptr;
  void operator()(void *data) const noexcept;
};

/// Bytes aligned to SEQC_ALIGNMENT, not set to anything. Even one of no bytes
/// has an address. From 2 MiB on they are aligned to that, and the system is
/// asked for pages of that size.
class Buffer {
public:
  /// No memory, no address.
  Buffer() = default;
  /// Throws Error `not enough memory for WHAT (N bytes)`. Null `memory` is
  /// the heap; otherwise it must outlive the buffer.
  Buffer(size_t bytes, const std::string &what,
         std::pmr::memory_resource *memory = nullptr);

  void *data() const { return block.get(); }
  /// How many bytes may be used.
  size_t size() const { return block ? block.get_deleter().bytes : 0; }
  std::pmr::memory_resource *resource() const {
    return block.get_deleter().memory;
  }

private:
  std::unique_ptr<void, BufferRelease> block;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_BUFFER_H
