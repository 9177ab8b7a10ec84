//===- Trees.h - Small trees of files -------------------------------------===//
// Writes them as folders and as archives.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_DATA_TREES_H
#define SEQC_TEST_UNIT_DATA_TREES_H

#include "runtime/services/error.h"
#include "test/Unit/Runtime/TemporaryDirectory.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

/// The path and the bytes of each file.
using Tree = std::vector<std::pair<std::string, std::string>>;

inline void writeTree(const std::filesystem::path &root, const Tree &tree) {
  for (const auto &[path, bytes] : tree) {
    std::filesystem::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << bytes;
  }
}

/// A .tar.gz, with paths as `tar` writes those of `.`.
inline void writeArchive(const std::string &path, const Tree &tree) {
  archive *writer = archive_write_new();
  archive_write_add_filter_gzip(writer);
  archive_write_set_format_pax_restricted(writer);
  archive_write_open_filename(writer, path.c_str());
  for (const auto &[name, bytes] : tree) {
    archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, ("./" + name).c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_free(writer);
}

/// Text that does not get smaller in an archive.
inline std::string randomText(size_t size) {
  std::mt19937 random(1);
  std::string text(size, ' ');
  for (char &each : text)
    each = static_cast<char>(random() % 256);
  return text;
}

/// Tests of what reads one file: `Read::read(path)`.
template <typename Read> class ReaderTest : public testing::Test {
protected:
  explicit ReaderTest(std::string name) : name(std::move(name)) {}

  /// What is read of a file with this text.
  Read read(const std::string &text) {
    writeTree(folder / "", {{name, text}});
    return Read::read(folder / name);
  }

  void expectError(const std::string &text, const std::string &message) {
    EXPECT_THAT([&] { read(text); },
                testing::ThrowsMessage<seqc::runtime::Error>(
                    testing::HasSubstr(message)))
        << text;
  }

  seqc::runtime::TemporaryDirectory folder;

private:
  std::string name;
};

#endif // SEQC_TEST_UNIT_DATA_TREES_H
