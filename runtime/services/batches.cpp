//===- batches.cpp - Batches out of tensors of all samples ----------------===//
// Shuffles, and copies rows.
//===----------------------------------------------------------------------===//

#include "runtime/services/batches.h"

#include "runtime/core/random.h"
#include "runtime/services/messages.h"

#include <cstring>
#include <numeric>
#include <utility>

namespace seqc::runtime {

/// Fisher and Yates, with 64 bits for each choice: what is left of a bias by
/// the remainder is far below anything that can be seen.
std::vector<int64_t> shuffled(int64_t seed, int64_t epoch, int64_t count,
                              uint32_t site) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  const Stream stream(static_cast<uint64_t>(seed), static_cast<uint64_t>(epoch),
                      site, Purpose::Order);
  for (uint64_t i = order.size(); i > 1; --i) {
    const uint64_t bits =
        uint64_t{stream.bits(2 * i)} << 32 | stream.bits(2 * i + 1);
    std::swap(order[i - 1], order[bits % i]);
  }
  return order;
}

std::vector<int64_t> SampleOrder::draw(int64_t number) {
  std::vector<int64_t> drawn;
  for (int64_t i = 0; i < batch; ++i) {
    const int64_t place = number * batch + i;
    const int64_t epoch = place / samples;
    if (begun != epoch)
      order = shuffled(seed, epoch, samples);
    begun = epoch;
    drawn.push_back(order[static_cast<size_t>(place % samples)]);
  }
  return drawn;
}

TensorMap takeRows(const ViewMap &tensors, const std::vector<int64_t> &rows) {
  TensorMap taken;
  for (const auto &[name, view] : tensors) {
    Shape shape = view.shape;
    shape.front() = static_cast<int64_t>(rows.size());
    Tensor tensor(view.type, shape, quoteName(name));
    TensorView row = view;
    row.shape.front() = 1;
    char *to = static_cast<char *>(tensor.data());
    for (int64_t index : rows) {
      row.data = static_cast<const char *>(view.data) +
                 index * view.strides.front() *
                     static_cast<int64_t>(elementSize(view.type));
      const Tensor copy = Tensor::copyOf(row, quoteName(name));
      std::memcpy(to, copy.data(), copy.bytes());
      to += copy.bytes();
    }
    taken.emplace(name, std::move(tensor));
  }
  return taken;
}

} // namespace seqc::runtime
