//===- MinimumCut.cpp - The cheapest cut of a network ---------------------===//
// Breadth-first searches in the residual network.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/MinimumCut.h"

#include <algorithm>

using llvm::SmallVector;

namespace seqc::seq {

void MinimumCut::addEdge(int64_t from, int64_t to, int64_t capacity) {
  const auto forth = static_cast<int64_t>(edges[from].size());
  const auto back = static_cast<int64_t>(edges[to].size());
  edges[from].push_back({to, capacity, back});
  edges[to].push_back({from, 0, forth});
}

/// Sends as much as one shortest path takes; false where there is none.
bool MinimumCut::augment(int64_t source, int64_t sink) {
  struct Step {
    int64_t node = -1, edge = -1;
  };
  std::vector<Step> reachedFrom(edges.size());
  std::vector<int64_t> queue{source};
  reachedFrom[source].node = source;
  for (size_t i = 0; i < queue.size() && reachedFrom[sink].node < 0; ++i)
    for (auto [number, edge] : llvm::enumerate(edges[queue[i]]))
      if (edge.capacity > 0 && reachedFrom[edge.to].node < 0) {
        reachedFrom[edge.to] = {queue[i], static_cast<int64_t>(number)};
        queue.push_back(edge.to);
      }
  if (reachedFrom[sink].node < 0)
    return false;
  int64_t flow = kInfinite;
  for (int64_t node = sink; node != source; node = reachedFrom[node].node)
    flow = std::min(
        flow, edges[reachedFrom[node].node][reachedFrom[node].edge].capacity);
  for (int64_t node = sink; node != source; node = reachedFrom[node].node) {
    Edge &edge = edges[reachedFrom[node].node][reachedFrom[node].edge];
    edge.capacity -= flow;
    edges[node][edge.back].capacity += flow;
  }
  return true;
}

SmallVector<bool> MinimumCut::solve(int64_t source, int64_t sink) {
  while (augment(source, sink)) {
  }
  // Whoever still reaches the sink is on its side.
  SmallVector<bool> reaches(edges.size(), false);
  std::vector<int64_t> open{sink};
  reaches[sink] = true;
  while (!open.empty()) {
    const int64_t node = open.back();
    open.pop_back();
    for (const Edge &edge : edges[node])
      if (!reaches[edge.to] && edges[edge.to][edge.back].capacity > 0) {
        reaches[edge.to] = true;
        open.push_back(edge.to);
      }
  }
  return reaches;
}

} // namespace seqc::seq
