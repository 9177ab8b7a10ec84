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
#include <sys/mman.h>

namespace seqc::runtime {

/// The size of a page that is worth asking for: a pass over weights of some
/// megabytes misses the tables of smaller ones all the time.
static constexpr size_t kHugePage = size_t{2} << 20;

static bool isLarge(size_t bytes) { return bytes >= kHugePage; }

static size_t alignmentFor(size_t bytes) {
  return isLarge(bytes) ? kHugePage : SEQC_ALIGNMENT;
}

void BufferRelease::operator()(void *data) const noexcept {
  memory->deallocate(data, bytes, alignmentFor(bytes));
}

static void *tryAllocate(size_t bytes, std::pmr::memory_resource *memory) {
  // No object is larger than this, and sanitizers stop the program that asks.
  if (bytes > PTRDIFF_MAX)
    return nullptr;
  try {
    void *data = memory->allocate(bytes, alignmentFor(bytes));
    // A wish, which may be refused.
    if (isLarge(bytes))
      madvise(data, bytes, MADV_HUGEPAGE);
    return data;
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
