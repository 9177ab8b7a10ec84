//===- lengths.cpp - Lengths of ragged inputs -----------------------------===//
// Finds, checks and compares them.
//===----------------------------------------------------------------------===//

#include "runtime/services/lengths.h"

#include "runtime/services/messages.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace seqc::runtime {

namespace {
/// The lengths that an input may bring for one of its dimensions.
struct Slot {
  std::string name;
  int64_t dim;
};
} // namespace

/// The slots of an input: `x.lengths` for the first of its dynamic
/// dimensions, `x.NAME.lengths` for each of the others.
static std::vector<Slot> slotsOf(const Signature &signature,
                                 const TensorSpec &spec) {
  std::vector<Slot> slots;
  for (size_t axis = 0; axis < spec.shape.size(); ++axis) {
    int64_t dim = spec.axes[axis];
    // One that follows from others has no lengths of its own.
    if (spec.shape[axis] >= 0 ||
        dim >= static_cast<int64_t>(signature.dims.size()))
      continue;
    if (std::any_of(slots.begin(), slots.end(),
                    [&](const Slot &slot) { return slot.dim == dim; }))
      continue;
    std::string middle = slots.empty() ? "" : "." + signature.dims[dim];
    slots.push_back({spec.name + middle + ".lengths", dim});
  }
  return slots;
}

bool isNameOfLengths(const Signature &signature, const TensorSpec &spec,
                     const std::string &name) {
  for (const Slot &slot : slotsOf(signature, spec))
    if (slot.name == name)
      return true;
  return false;
}

namespace {
/// Gathers the lengths of one dimension from all inputs that bring them.
class DimLengths {
public:
  DimLengths(const Signature &signature, int64_t dim,
             const std::vector<int64_t> &dims, Faults &faults)
      : signature(signature), dim(dim), size(dims[dim + 1]), faults(faults) {
    for (int64_t d = dim; d >= 0; d = signature.enclosing[d])
      if (signature.enclosing[d] >= 0)
        outer.insert(outer.begin(), signature.enclosing[d]);
    shape = {dims.front()};
    for (int64_t d : outer)
      shape.push_back(dims[d + 1]);
  }

  /// Takes what the input called `name` says.
  void add(const std::string &name, const TensorView &view) {
    if (view.type != ElementType::Token || view.shape != shape)
      return faults.add(
          fmt::format("{} is {}, but must be i64[{}] = {}", quoteName(name),
                      describeType(view.type, view.shape), sizeNames(),
                      describeType(ElementType::Token, shape)));
    if (std::string fault = faultOf(view); !fault.empty())
      return faults.add(fmt::format("{}: {}", quoteName(name), fault));
    Tensor tensor = Tensor::copyOf(view, quoteName(name));
    const int64_t *data = tensor.data<int64_t>();
    std::vector<int64_t> lengths(data, data + tensor.size());
    if (!inRange(name, lengths))
      return;
    if (first.empty()) {
      first = name;
      values = std::move(lengths);
    } else {
      compare(name, lengths);
    }
  }

  std::vector<int64_t> take() { return std::move(values); }

private:
  /// The numbers of a length are in no vocabulary: they are i64 and no tokens.
  static std::string describeType(ElementType type, const Shape &shape) {
    if (type != ElementType::Token)
      return describe(type, shape);
    return fmt::format("i64[{}]", fmt::join(shape, ", "));
  }

  std::string sizeNames() const {
    std::vector<std::string> sizes = {"batch"};
    for (int64_t d : outer)
      sizes.push_back(signature.dims[d]);
    return fmt::format("{}", fmt::join(sizes, ", "));
  }

  /// `sample 3`, or `sample 3 at position 2` inside another dimension.
  std::string place(size_t row) const {
    if (outer.empty())
      return fmt::format("sample {}", row);
    size_t perSample = 1;
    for (size_t axis = 1; axis < shape.size(); ++axis)
      perSample *= static_cast<size_t>(shape[axis]);
    return fmt::format("sample {} at position {}", row / perSample,
                       row % perSample);
  }

  bool inRange(const std::string &name, const std::vector<int64_t> &lengths) {
    for (size_t row = 0; row < lengths.size(); ++row) {
      if (lengths[row] >= 0 && lengths[row] <= size)
        continue;
      std::string reason =
          lengths[row] < 0 ? "which is negative"
                           : fmt::format("but {} is {}",
                                         quoteName(signature.dims[dim]), size);
      faults.add(fmt::format("{}: {} has length {}, {}", quoteName(name),
                             place(row), lengths[row], reason));
      return false;
    }
    return true;
  }

  void compare(const std::string &name, const std::vector<int64_t> &lengths) {
    auto [mine, theirs] =
        std::mismatch(values.begin(), values.end(), lengths.begin());
    if (mine == values.end())
      return;
    faults.add(fmt::format(
        "{} and {} are both lengths of {}, but {} has {} in one and {} in the "
        "other",
        quoteName(first), quoteName(name), quoteName(signature.dims[dim]),
        place(static_cast<size_t>(mine - values.begin())), *mine, *theirs));
  }

  const Signature &signature;
  int64_t dim;
  int64_t size;
  /// The dimensions that enclose this one, outermost first.
  std::vector<int64_t> outer;
  /// What the lengths' shape must be.
  Shape shape;
  /// Who brought the lengths; empty: nobody yet.
  std::string first;
  std::vector<int64_t> values;
  Faults &faults;
};
} // namespace

std::vector<std::vector<int64_t>> checkLengths(const Signature &signature,
                                               const ViewMap &inputs,
                                               const std::vector<int64_t> &dims,
                                               Faults &faults) {
  std::vector<DimLengths> gathered;
  for (size_t dim = 0; dim < signature.dims.size(); ++dim)
    gathered.emplace_back(signature, static_cast<int64_t>(dim), dims, faults);
  for (const TensorSpec &spec : signature.inputs)
    for (const Slot &slot : slotsOf(signature, spec))
      if (auto found = inputs.find(slot.name); found != inputs.end())
        gathered[slot.dim].add(slot.name, found->second);

  std::vector<std::vector<int64_t>> lengths;
  lengths.reserve(gathered.size());
  for (DimLengths &dim : gathered)
    lengths.push_back(dim.take());
  return lengths;
}

} // namespace seqc::runtime
