//===- buffer.cpp - Aligned memory ----------------------------------------===//
// Allocation and release of buffers.
//===----------------------------------------------------------------------===//

#include "runtime/services/buffer.h"

#include "runtime/core/abi.h"
#include "runtime/services/error.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <new>

namespace seqc::runtime {

void BufferRelease::operator()(void *data) const noexcept {
  memory->deallocate(data, bytes, SEQC_ALIGNMENT);
}

static void *tryAllocate(size_t bytes, std::pmr::memory_resource *memory) {
  // No object is larger than this, and sanitizers stop the program that asks.
  if (bytes > PTRDIFF_MAX)
    return nullptr;
  try {
    return memory->allocate(bytes, SEQC_ALIGNMENT);
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

Buffer::Buffer(size_t bytes, const std::string &what,
               std::pmr::memory_resource *memory) {
  if (!memory)
    memory = std::pmr::new_delete_resource();
  size_t size = std::max<size_t>(bytes, 1);
  void *data = tryAllocate(size, memory);
  if (!data)
    throw Error(fmt::format("not enough memory for {} ({} bytes)", what, size));
  block = std::unique_ptr<void, BufferRelease>(data, {size, memory});
}

} // namespace seqc::runtime
