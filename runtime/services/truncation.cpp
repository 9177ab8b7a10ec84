//===- truncation.cpp - Parts of a batch along its time axis --------------===//
// Tensors become views of a part; lengths are those of the part.
//===----------------------------------------------------------------------===//

#include "runtime/services/truncation.h"

#include <algorithm>

namespace seqc::runtime {

static TensorView cutTensor(const TensorSpec &spec, TensorView view, size_t dim,
                            int64_t begin, int64_t end) {
  for (size_t axis = 0; axis < spec.axes.size(); ++axis) {
    if (spec.axes[axis] != static_cast<int64_t>(dim))
      continue;
    const int64_t offset = begin * view.strides[axis + 1] *
                           static_cast<int64_t>(elementSize(view.type));
    view.data = static_cast<const char *>(view.data) + offset;
    view.shape[axis + 1] = end - begin;
  }
  return view;
}

/// Of each sample, what lies in the part.
static std::vector<int64_t> cutLengths(std::vector<int64_t> lengths,
                                       int64_t begin, int64_t end) {
  for (int64_t &length : lengths)
    length = std::clamp(length, begin, end) - begin;
  return lengths;
}

/// Lengths of a dimension inside the one that is cut: [B, size, inner].
static std::vector<int64_t> cutRows(const std::vector<int64_t> &lengths,
                                    int64_t batch, int64_t size, int64_t begin,
                                    int64_t end) {
  std::vector<int64_t> part;
  if (lengths.empty() || size == 0)
    return part;
  const int64_t inner = static_cast<int64_t>(lengths.size()) / (batch * size);
  for (int64_t sample = 0; sample < batch; ++sample) {
    const auto first = lengths.begin() + sample * size * inner;
    part.insert(part.end(), first + begin * inner, first + end * inner);
  }
  return part;
}

/// Whether `dim` lies inside `outer`, directly or not.
static bool isInside(const Signature &signature, size_t dim, size_t outer) {
  int64_t enclosing = signature.enclosing[dim];
  while (enclosing >= 0 && enclosing != static_cast<int64_t>(outer))
    enclosing = signature.enclosing[static_cast<size_t>(enclosing)];
  return enclosing >= 0;
}

CheckedInputs cut(const Signature &signature, const CheckedInputs &whole,
                  size_t dim, int64_t begin, int64_t end) {
  CheckedInputs part;
  part.dims = whole.dims;
  const int64_t size = whole.dims[dim + 1];
  part.dims[dim + 1] = end - begin;
  for (size_t d = 0; d < whole.lengths.size(); ++d) {
    if (d == dim)
      part.lengths.push_back(cutLengths(whole.lengths[d], begin, end));
    else if (isInside(signature, d, dim))
      part.lengths.push_back(
          cutRows(whole.lengths[d], whole.batch(), size, begin, end));
    else
      part.lengths.push_back(whole.lengths[d]);
  }
  for (size_t i = 0; i < whole.inputs.size(); ++i) {
    TensorView view =
        cutTensor(signature.inputs[i], whole.inputs[i], dim, begin, end);
    if (!followsConvention(view)) {
      part.copies.push_back(Tensor::copyOf(view, "a part of an input"));
      view = part.copies.back();
    }
    part.inputs.push_back(std::move(view));
  }
  return part;
}

} // namespace seqc::runtime
