//===- workspaces.h - Workspaces that calls take in turns -----------------===//
// Owns the workspaces of a session between calls.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_WORKSPACES_H
#define SEQC_RUNTIME_SERVICES_WORKSPACES_H

#include "runtime/services/buffer.h"

#include <mutex>
#include <utility>
#include <vector>

namespace seqc::runtime {

/// Thread-safe. Holds as many workspaces as there were calls at one time; one
/// that is too small is given up before a larger one is allocated.
class Workspaces {
public:
  explicit Workspaces(std::pmr::memory_resource *memory) : memory(memory) {}

  /// A workspace on loan for one call.
  class Lease {
  public:
    Lease(Workspaces &owner, Buffer buffer)
        : owner(owner), buffer(std::move(buffer)) {}
    ~Lease() { owner.giveBack(std::move(buffer)); }
    Lease(const Lease &) = delete;
    Lease &operator=(const Lease &) = delete;
    void *data() const { return buffer.data(); }

  private:
    Workspaces &owner;
    Buffer buffer;
  };

  /// At least `bytes` bytes; throws Error with `what` where there is no memory.
  Lease take(size_t bytes, const std::string &what);

private:
  /// An idle workspace, the largest; an empty buffer if there is none.
  Buffer takeIdle();
  void giveBack(Buffer buffer) noexcept;

  std::pmr::memory_resource *memory;
  std::mutex mutex;
  std::vector<Buffer> idle;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_WORKSPACES_H
