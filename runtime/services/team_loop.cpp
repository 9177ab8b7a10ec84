//===- team_loop.cpp - Loops of the services on a team --------------------===//
// Chunks, and the elementwise work on all gradients.
//===----------------------------------------------------------------------===//

#include "runtime/services/team_loop.h"

#include <algorithm>

namespace seqc::runtime {

std::vector<Chunk> chunksOf(const std::vector<int64_t> &sizes, bool whole) {
  std::vector<Chunk> chunks;
  for (size_t tensor = 0; tensor < sizes.size(); ++tensor) {
    const int64_t size = sizes[tensor];
    const int64_t step = whole ? std::max<int64_t>(size, 1) : kChunkElements;
    for (int64_t begin = 0; begin < size; begin += step)
      chunks.push_back({tensor, begin, std::min(begin + step, size)});
  }
  return chunks;
}

void forEachOnTeam(seqc_team *team, int64_t count,
                   const std::function<void(int64_t, int32_t)> &body) {
  // A team works on calls of compiled code; of this one it sees the workspace.
  seqc_call call = {};
  call.team = team;
  call.workspace = const_cast<void *>(static_cast<const void *>(&body));
  seqc_run_tiles(
      &call, count, [](const seqc_call *call, int64_t tile, int32_t worker) {
        const auto *body =
            static_cast<const std::function<void(int64_t, int32_t)> *>(
                call->workspace);
        (*body)(tile, worker);
      });
}

static std::vector<int64_t> sizesOf(const std::vector<Tensor> &tensors) {
  std::vector<int64_t> sizes;
  for (const Tensor &tensor : tensors)
    sizes.push_back(tensor.size());
  return sizes;
}

void addInto(std::vector<Tensor> &total, const std::vector<Tensor> &part,
             seqc_team *team) {
  const std::vector<Chunk> chunks = chunksOf(sizesOf(total));
  forEachOnTeam(team, static_cast<int64_t>(chunks.size()),
                [&](int64_t i, int32_t) {
                  const Chunk &chunk = chunks[i];
                  float *sum = total[chunk.tensor].data<float>();
                  const float *more = part[chunk.tensor].data<float>();
                  for (int64_t e = chunk.begin; e < chunk.end; ++e)
                    sum[e] += more[e];
                });
}

/// In four sums that take turns, for the processor adds them side by side.
static double squaredNorm(const float *values, int64_t size) {
  double sums[4] = {};
  int64_t i = 0;
  for (; i + 4 <= size; i += 4)
    for (int lane = 0; lane < 4; ++lane)
      sums[lane] += static_cast<double>(values[i + lane]) * values[i + lane];
  for (; i < size; ++i)
    sums[0] += static_cast<double>(values[i]) * values[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

double squaredNorm(const std::vector<Tensor> &tensors, seqc_team *team) {
  const std::vector<Chunk> chunks = chunksOf(sizesOf(tensors));
  std::vector<double> sums(chunks.size());
  forEachOnTeam(
      team, static_cast<int64_t>(chunks.size()), [&](int64_t i, int32_t) {
        const Chunk &chunk = chunks[i];
        sums[i] = squaredNorm(tensors[chunk.tensor].data<float>() + chunk.begin,
                              chunk.size());
      });
  double total = 0;
  for (double sum : sums)
    total += sum;
  return total;
}

} // namespace seqc::runtime
