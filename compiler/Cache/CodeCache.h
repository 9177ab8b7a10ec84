//===- CodeCache.h - Bytes that are kept on disk, by key ------------------===//
// A folder with a file for each key. What is read from it is run, so it is only
// taken from a folder and a file that nobody but the user can write, and only
// if it is whole. Processes need no lock: a file is there whole or not at all.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CACHE_CODECACHE_H
#define SEQC_COMPILER_CACHE_CODECACHE_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace seqc {

/// A hash of all that decides what is kept.
using CodeKey = std::array<uint8_t, 32>;

/// Nothing here throws: without its cache a compiler is slower, and no worse.
class CodeCache {
public:
  /// What reading or writing gave, and the reason if it gave nothing.
  struct Read {
    std::optional<std::string> bytes;
    /// Empty where there simply is no entry.
    std::string problem;
  };

  explicit CodeCache(std::string folder) : folder(std::move(folder)) {}

  std::string pathOf(const CodeKey &key) const;

  /// What is kept under `key`. An entry that is damaged, or that another user
  /// can have written, is a problem and gives nothing.
  Read read(const CodeKey &key) const;

  /// Keeps `bytes` under `key`, in place of what is there, and makes the folder
  /// where there is none; then removes what has long not been read, if there is
  /// too much. Returns why it could not, or nothing.
  std::optional<std::string> write(const CodeKey &key,
                                   std::string_view bytes) const;

private:
  std::string folder;
};

} // namespace seqc

#endif // SEQC_COMPILER_CACHE_CODECACHE_H
