//===- workspaces.cpp - Workspaces that calls take in turns ---------------===//
// Taking and giving back.
//===----------------------------------------------------------------------===//

#include "runtime/services/workspaces.h"

#include <algorithm>
#include <new>

namespace seqc::runtime {

Workspaces::Lease Workspaces::take(size_t bytes, const std::string &what) {
  Buffer buffer = takeIdle();
  if (!buffer.data() || buffer.size() < bytes) {
    // First the old one goes, so that both never take memory at once.
    buffer = Buffer();
    buffer = Buffer(bytes, what, memory);
  }
  return Lease(*this, std::move(buffer));
}

Buffer Workspaces::takeIdle() {
  std::lock_guard<std::mutex> lock(mutex);
  auto largest = std::max_element(
      idle.begin(), idle.end(),
      [](const Buffer &a, const Buffer &b) { return a.size() < b.size(); });
  if (largest == idle.end())
    return Buffer();
  Buffer buffer = std::move(*largest);
  idle.erase(largest);
  return buffer;
}

void Workspaces::giveBack(Buffer buffer) noexcept {
  std::lock_guard<std::mutex> lock(mutex);
  try {
    idle.push_back(std::move(buffer));
  } catch (const std::bad_alloc &) {
    // No room to remember it: the buffer is freed, the next call allocates.
  }
}

} // namespace seqc::runtime
