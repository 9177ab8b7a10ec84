//===- team_loop.h - Loops of the services on a team ----------------------===//
// Owns how tensors are cut into parts that workers take, so that results
// depend on sizes alone and not on who took which part.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_TEAM_LOOP_H
#define SEQC_RUNTIME_SERVICES_TEAM_LOOP_H

#include "runtime/core/team.h"
#include "runtime/services/tensor.h"

#include <functional>

namespace seqc::runtime {

/// Elements of a chunk: they and what belongs to them fit the second cache.
constexpr int64_t kChunkElements = 16384;

/// Elements [begin, end) of tensor `tensor` of a list.
struct Chunk {
  size_t tensor;
  int64_t begin;
  int64_t end;

  int64_t size() const { return end - begin; }
};

/// All elements of tensors of these sizes, in order. With `whole` each tensor
/// is one chunk.
std::vector<Chunk> chunksOf(const std::vector<int64_t> &sizes,
                            bool whole = false);

/// Calls `body(i, worker)` once for each i from 0 to `count` - 1, with denormal
/// numbers flushed to zero. `body` must not throw. Null `team`: the caller's
/// thread alone.
void forEachOnTeam(seqc_team *team, int64_t count,
                   const std::function<void(int64_t, int32_t)> &body);

/// total += part, tensor by tensor.
void addInto(std::vector<Tensor> &total, const std::vector<Tensor> &part,
             seqc_team *team);

/// The sum of all squares, in double precision: not finite if and only if one
/// of the f32 elements is not.
double squaredNorm(const std::vector<Tensor> &tensors, seqc_team *team);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_TEAM_LOOP_H
