//===- file_tree.cpp - The files of a folder or an archive ----------------===//
// Folders by the standard library, archives by libarchive. Nothing is unpacked
// to disk, so that a path in an archive leads nowhere.
//===----------------------------------------------------------------------===//

#include "runtime/data/file_tree.h"

#include "runtime/services/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

namespace fs = std::filesystem;

namespace seqc::data {
namespace {

/// More than any data set for which this is made; an archive may claim to hold
/// anything.
constexpr uint64_t kMostBytes = uint64_t{8} << 30;

/// Collects files, up to that many bytes.
class Collection {
public:
  explicit Collection(std::string source) : source(std::move(source)) {}

  void add(std::string path, std::string bytes) {
    files.push_back({std::move(path), std::move(bytes)});
  }

  /// Before they are read.
  void expect(uint64_t bytes) {
    total += bytes;
    if (total > kMostBytes)
      throw runtime::Error(
          fmt::format("`{}` holds more than {} GiB", source, kMostBytes >> 30));
  }

  std::vector<NamedFile> sorted() && {
    std::sort(
        files.begin(), files.end(),
        [](const NamedFile &a, const NamedFile &b) { return a.path < b.path; });
    return std::move(files);
  }

private:
  std::string source;
  uint64_t total = 0;
  std::vector<NamedFile> files;
};

//===----------------------------------------------------------------------===//
// Folders
//===----------------------------------------------------------------------===//

std::string readFile(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file),
                    std::istreambuf_iterator<char>()};
  if (!file && !file.eof())
    throw runtime::Error(
        fmt::format("cannot read `{}`: {}", path.string(), strerror(errno)));
  return bytes;
}

std::vector<NamedFile> readFolder(const fs::path &root,
                                  const FileFilter &wants) {
  Collection files(root.string());
  try {
    for (const fs::directory_entry &entry :
         fs::recursive_directory_iterator(root)) {
      const std::string path = entry.path().lexically_relative(root).string();
      if (!entry.is_regular_file() || !wants(path))
        continue;
      files.expect(entry.file_size());
      files.add(path, readFile(entry.path()));
    }
  } catch (const fs::filesystem_error &error) {
    throw runtime::Error(fmt::format("cannot read `{}`: {}",
                                     error.path1().string(),
                                     error.code().message()));
  }
  return std::move(files).sorted();
}

//===----------------------------------------------------------------------===//
// Archives
//===----------------------------------------------------------------------===//

class ArchiveReader {
public:
  explicit ArchiveReader(const std::string &path)
      : path(path), reader(archive_read_new(), archive_read_free) {
    if (!reader)
      throw std::bad_alloc();
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_all(reader.get());
    check(archive_read_open_filename(reader.get(), path.c_str(), chunk.size()));
  }

  /// The next entry; null behind the last one.
  archive_entry *next() {
    archive_entry *entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF)
      return nullptr;
    check(status);
    return entry;
  }

  /// The bytes of the entry that was read last.
  std::string bytes(Collection &files) {
    std::string all;
    while (true) {
      const la_ssize_t count =
          archive_read_data(reader.get(), chunk.data(), chunk.size());
      if (count < 0)
        check(static_cast<int>(count));
      if (count <= 0)
        return all;
      files.expect(static_cast<uint64_t>(count));
      all.append(chunk.data(), static_cast<size_t>(count));
    }
  }

private:
  /// A warning is damage, too: of what was cut short, say.
  void check(int status) {
    if (status == ARCHIVE_OK)
      return;
    const char *text = archive_error_string(reader.get());
    throw runtime::Error(fmt::format("cannot read the archive `{}`: {}", path,
                                     text ? text : "it is damaged"));
  }

  std::string path;
  std::vector<char> chunk = std::vector<char>(size_t{1} << 16);
  std::unique_ptr<archive, int (*)(archive *)> reader;
};

/// The path of an entry without `./` before it.
std::string pathOf(archive_entry *entry) {
  const char *path = archive_entry_pathname(entry);
  return path ? fs::path(path).lexically_normal().string() : std::string();
}

std::vector<NamedFile> readArchive(const std::string &path,
                                   const FileFilter &wants) {
  ArchiveReader reader(path);
  Collection files(path);
  while (archive_entry *entry = reader.next()) {
    const std::string name = pathOf(entry);
    if (archive_entry_filetype(entry) == AE_IFREG && wants(name))
      files.add(name, reader.bytes(files));
  }
  return std::move(files).sorted();
}

} // namespace

std::vector<NamedFile> readTree(const std::string &path,
                                const FileFilter &wants) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status))
    throw runtime::Error(fmt::format("there is no `{}`", path));
  return fs::is_directory(status) ? readFolder(path, wants)
                                  : readArchive(path, wants);
}

} // namespace seqc::data
