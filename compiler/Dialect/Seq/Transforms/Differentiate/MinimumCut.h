//===- MinimumCut.h - The cheapest cut of a network -----------------------===//
// Maximum flow by shortest augmenting paths (Edmonds & Karp, 1972): networks
// here have some hundred nodes.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_MINIMUMCUT_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_MINIMUMCUT_H

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace seqc::seq {

class MinimumCut {
public:
  static constexpr int64_t kInfinite = std::numeric_limits<int64_t>::max() / 4;

  int64_t addNode() {
    edges.emplace_back();
    return static_cast<int64_t>(edges.size()) - 1;
  }
  void addEdge(int64_t from, int64_t to, int64_t capacity);

  /// For each node whether it is on the sink's side of a cut of least capacity:
  /// of all such cuts the one nearest to the sink.
  llvm::SmallVector<bool> solve(int64_t source, int64_t sink);

private:
  struct Edge {
    int64_t to, capacity;
    /// Its place among the edges of `to`.
    int64_t back;
  };

  bool augment(int64_t source, int64_t sink);

  std::vector<std::vector<Edge>> edges;
};

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_MINIMUMCUT_H
