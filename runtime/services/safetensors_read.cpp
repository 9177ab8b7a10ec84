//===- safetensors_read.cpp - Reading safetensors files -------------------===//
// Holds the header against the file, then reads tensor by tensor.
//===----------------------------------------------------------------------===//

#include "runtime/services/error.h"
#include "runtime/services/messages.h"
#include "runtime/services/safetensors_header.h"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <tuple>

namespace seqc::runtime {

namespace {
/// Reads one file from its beginning to its end.
class Reader {
public:
  Reader(std::istream &stream, const std::string &file)
      : stream(stream), file(file) {}

  Safetensors read() {
    fileBytes = measure();
    Header header = readHeader();
    sortByPlace(header.entries);
    for (const HeaderEntry &entry : header.entries)
      checkSize(entry);
    checkLayout(header.entries);

    Safetensors result;
    result.metadata = std::move(header.metadata);
    for (const HeaderEntry &entry : header.entries)
      result.tensors.emplace(entry.name, readTensor(entry));
    return result;
  }

private:
  [[noreturn]] void fail(const std::string &fault) const {
    throw Error(fmt::format("{}: {}", file, fault));
  }
  [[noreturn]] void fail(const HeaderEntry &entry,
                         const std::string &fault) const {
    fail(fmt::format("tensor {}: {}", quoteName(entry.name), fault));
  }

  uint64_t measure() {
    stream.seekg(0, std::ios::end);
    std::streamoff end = stream.tellg();
    stream.seekg(0);
    if (!stream || end < 0)
      fail("it cannot be read");
    return static_cast<uint64_t>(end);
  }

  void readBytes(char *to, size_t bytes) {
    if (!stream.read(to, static_cast<std::streamsize>(bytes)))
      fail("it cannot be read, or was cut while it was being read");
  }

  Header readHeader() {
    uint64_t length = 0;
    if (fileBytes < sizeof(length))
      fail(fmt::format("it is not a safetensors file: it has only {} bytes",
                       fileBytes));
    char bytes[sizeof(length)];
    readBytes(bytes, sizeof(length));
    length = std::bit_cast<uint64_t>(bytes);
    uint64_t rest = fileBytes - sizeof(length);
    if (length > kLongestHeader)
      fail(fmt::format("it is not a safetensors file: its header would have {} "
                       "bytes, more than the format allows",
                       length));
    if (length > rest)
      fail(fmt::format("it is truncated: its header has {} bytes, but only {} "
                       "are there",
                       length, rest));
    std::string text(length, '\0');
    readBytes(text.data(), length);
    dataBytes = rest - length;
    return parseHeader(text, file);
  }

  static void sortByPlace(std::vector<HeaderEntry> &entries) {
    std::sort(entries.begin(), entries.end(),
              [](const HeaderEntry &a, const HeaderEntry &b) {
                return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
              });
  }

  void checkSize(const HeaderEntry &entry) const {
    if (entry.begin > entry.end)
      fail(entry, fmt::format("it ends at byte {}, before it begins at {}",
                              entry.end, entry.begin));
    if (entry.end > dataBytes)
      fail(entry, fmt::format("it ends at byte {}, but only {} are there: the "
                              "file is truncated",
                              entry.end, dataBytes));
    // Counted in the widest type, so that no type makes it too large later.
    std::optional<int64_t> count =
        elementCount(entry.shape, ElementType::Token);
    if (!count)
      fail(entry, "its shape is too large");
    uint64_t bytes = static_cast<uint64_t>(*count) * entry.type->bytes;
    if (bytes != entry.end - entry.begin)
      fail(entry, fmt::format("its shape and type take {} bytes, but it has {}",
                              bytes, entry.end - entry.begin));
  }

  /// The format wants every byte to belong to exactly one tensor.
  void checkLayout(const std::vector<HeaderEntry> &entries) const {
    uint64_t end = 0;
    for (const HeaderEntry &entry : entries) {
      if (entry.begin < end)
        fail(entry, "it overlaps another tensor");
      if (entry.begin > end)
        fail(entry, fmt::format("the {} bytes before it belong to no tensor",
                                entry.begin - end));
      end = entry.end;
    }
    if (end != dataBytes)
      fail(fmt::format("the last {} bytes belong to no tensor",
                       dataBytes - end));
  }

  Tensor readTensor(const HeaderEntry &entry) {
    Tensor tensor(entry.type->element, entry.shape,
                  fmt::format("tensor {} of {}", quoteName(entry.name), file));
    if (entry.type->convert)
      readConverted(entry, tensor);
    else
      readBytes(tensor.data<char>(), tensor.bytes());
    return tensor;
  }

  void readConverted(const HeaderEntry &entry, Tensor &tensor) {
    constexpr size_t kChunk = 8192;
    char chunk[kChunk * sizeof(double)];
    size_t width = elementSize(tensor.type());
    size_t total = static_cast<size_t>(tensor.size());
    for (size_t done = 0; done < total; done += kChunk) {
      size_t count = std::min(kChunk, total - done);
      readBytes(chunk, count * entry.type->bytes);
      entry.type->convert(chunk, tensor.data<char>() + done * width, count);
    }
  }

  std::istream &stream;
  const std::string &file;
  uint64_t fileBytes = 0;
  /// Bytes after the header.
  uint64_t dataBytes = 0;
};
} // namespace

Safetensors readSafetensors(std::istream &stream, const std::string &name) {
  return Reader(stream, name).read();
}

Safetensors readSafetensors(const std::string &path) {
  std::error_code error;
  std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status))
    throw Error(
        fmt::format("{}: {}", path, error ? error.message() : "no such file"));
  if (!std::filesystem::is_regular_file(status))
    throw Error(fmt::format("{}: it is not a regular file", path));
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    throw Error(fmt::format("{}: it cannot be opened", path));
  return readSafetensors(stream, path);
}

} // namespace seqc::runtime
