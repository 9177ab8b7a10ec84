//===- safetensors_write.cpp - Writing safetensors files ------------------===//
// Lays tensors out, writes the header, and hands both to the disk.
//===----------------------------------------------------------------------===//

#include "runtime/services/atomic_file.h"
#include "runtime/services/error.h"
#include "runtime/services/messages.h"
#include "runtime/services/safetensors_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <tuple>

namespace seqc::runtime {

/// A tensor with its elements side by side, as the file wants them.
static bool isRowMajor(const TensorView &view) {
  return view.strides == rowMajorStrides(view.shape);
}

namespace {
/// Makes the parts of one file.
class Writer {
public:
  Writer(const std::string &path, const ViewMap &tensors) : path(path) {
    for (const auto &[name, view] : tensors)
      add(name, view);
    // Wide elements first, and each tensor is aligned to its elements. Else
    // in the order of their names: equal tensors give equal bytes.
    std::sort(entries.begin(), entries.end(),
              [](const Entry &a, const Entry &b) {
                size_t widthOfA = elementSize(a.view.type);
                size_t widthOfB = elementSize(b.view.type);
                return std::tie(widthOfB, a.name) < std::tie(widthOfA, b.name);
              });
  }

  void write(const Metadata &metadata) {
    std::string header = writeHeader(metadata);
    uint64_t length = header.size();
    auto lengthBytes = std::bit_cast<std::array<char, sizeof(length)>>(length);
    std::vector<std::string_view> parts = {
        {lengthBytes.data(), lengthBytes.size()}, header};
    for (const Entry &entry : entries)
      parts.push_back(
          {static_cast<const char *>(entry.view.data), entry.bytes});
    writeFileAtomically(path, parts);
  }

private:
  struct Entry {
    std::string name;
    TensorView view;
    size_t bytes;
  };

  [[noreturn]] void fail(const std::string &fault) const {
    throw Error(fmt::format("{}: {}", path, fault));
  }

  void add(const std::string &name, const TensorView &view) {
    std::string what = "tensor " + quoteName(name);
    if (name == "__metadata__")
      fail(what + ": the name is taken by the format");
    if (std::string fault = faultOf(view); !fault.empty())
      fail(what + ": " + fault);
    size_t bytes = static_cast<size_t>(*elementCount(view.shape, view.type)) *
                   elementSize(view.type);
    entries.push_back({name, view, bytes});
    if (isRowMajor(view))
      return;
    copies.push_back(Tensor::copyOf(view, what));
    entries.back().view = copies.back();
  }

  std::string quoteJson(const std::string &text) const {
    try {
      return nlohmann::json(text).dump();
    } catch (const nlohmann::json::type_error &) {
      fail(quoteName(text) + " is not UTF-8");
    }
  }

  std::string writeHeader(const Metadata &metadata) const {
    std::vector<std::string> items;
    if (!metadata.empty())
      items.push_back("\"__metadata__\":" + writeMetadata(metadata));
    uint64_t offset = 0;
    for (const Entry &entry : entries) {
      items.push_back(fmt::format(
          R"({}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
          quoteJson(entry.name), fileTypeName(entry.view.type),
          fmt::join(entry.view.shape, ","), offset, offset + entry.bytes));
      offset += entry.bytes;
    }
    std::string header = fmt::format("{{{}}}", fmt::join(items, ","));
    header.resize((header.size() + 7) / 8 * 8, ' ');
    if (header.size() > kLongestHeader)
      fail("its header would be longer than the format allows");
    return header;
  }

  std::string writeMetadata(const Metadata &metadata) const {
    std::vector<std::string> items;
    for (const auto &[key, value] : metadata)
      items.push_back(quoteJson(key) + ":" + quoteJson(value));
    return fmt::format("{{{}}}", fmt::join(items, ","));
  }

  const std::string &path;
  std::vector<Entry> entries;
  std::vector<Tensor> copies;
};
} // namespace

void writeSafetensors(const std::string &path, const ViewMap &tensors,
                      const Metadata &metadata) {
  Writer(path, tensors).write(metadata);
}

} // namespace seqc::runtime
