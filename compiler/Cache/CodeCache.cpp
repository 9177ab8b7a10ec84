//===- CodeCache.cpp - Bytes that are kept on disk, by key ----------------===//
// An entry is a header, of which every byte is known beforehand from the key
// and the bytes behind it, and those bytes.
//===----------------------------------------------------------------------===//

#include "compiler/Cache/CodeCache.h"

#include "runtime/services/atomic_file.h"
#include "runtime/services/error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace seqc {
namespace {

/// LLVM removes files with this prefix alone; those that are being written have
/// it too, so that a process which is killed leaves nothing for ever.
constexpr const char *kPrefix = "llvmcache-";

/// No padding: it is compared byte by byte. Another layout of it, or of what
/// stands behind it, takes another `format`.
struct Header {
  char magic[8] = {'s', 'e', 'q', 'c', 'c', 'o', 'd', 'e'};
  uint64_t format = 1;
  CodeKey key;
  uint64_t length;
  llvm::BLAKE3Result<> checksum;
};
static_assert(sizeof(Header) == 8 + 8 + 32 + 8 + 32);

Header headerOf(const CodeKey &key, llvm::StringRef bytes) {
  Header header;
  header.key = key;
  header.length = bytes.size();
  llvm::BLAKE3 hasher;
  hasher.update(bytes);
  header.checksum = hasher.final();
  return header;
}

class Descriptor {
public:
  explicit Descriptor(int number) : number(number) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() {
    if (number >= 0)
      close(number);
  }

  bool isOpen() const { return number >= 0; }

  const int number;
};

std::string describe(int error) {
  return std::generic_category().message(error);
}

/// Why what stands there is not to be trusted; nothing where it is.
std::optional<std::string> findDoubt(const struct stat &status) {
  if (status.st_uid != geteuid())
    return "it belongs to another user";
  if (status.st_mode & (S_IWGRP | S_IWOTH))
    return "other users may write to it";
  return std::nullopt;
}

/// The folder by its descriptor, so that what is looked at is what is used.
std::optional<std::string> findDoubtOfFolder(const Descriptor &folder) {
  struct stat status;
  if (fstat(folder.number, &status) != 0)
    return describe(errno);
  return findDoubt(status);
}

CodeCache::Read problem(const std::string &path, const std::string &reason) {
  return {std::nullopt, path + ": " + reason};
}

/// Checks an entry and takes its bytes out of it.
CodeCache::Read unpack(const std::string &path, llvm::StringRef entry,
                       const CodeKey &key) {
  Header header;
  if (entry.size() < sizeof(header))
    return problem(path, "it is damaged");
  const llvm::StringRef bytes = entry.substr(sizeof(header));
  header = headerOf(key, bytes);
  if (std::memcmp(entry.data(), &header, sizeof(header)) != 0)
    return problem(path, "it is damaged, or holds something else");
  return {bytes.str(), ""};
}

CodeCache::Read readEntry(const std::string &path, const Descriptor &file,
                          const CodeKey &key) {
  struct stat status;
  if (fstat(file.number, &status) != 0)
    return problem(path, describe(errno));
  if (!S_ISREG(status.st_mode))
    return problem(path, "it is not a regular file");
  if (std::optional<std::string> doubt = findDoubt(status))
    return problem(path, *doubt);
  // Not mapped: a file that becomes shorter would end the process.
  auto entry = llvm::MemoryBuffer::getOpenFile(
      file.number, path, status.st_size, /*RequiresNullTerminator=*/false,
      /*IsVolatile=*/true);
  if (!entry)
    return problem(path, entry.getError().message());
  CodeCache::Read read = unpack(path, (*entry)->getBuffer(), key);
  // Many systems do not note that a file was read; what was not read for long
  // is removed.
  const timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
  if (read.bytes)
    (void)futimens(file.number, times);
  return read;
}

void prune(const std::string &folder) {
  llvm::CachePruningPolicy policy;
  policy.Expiration = std::chrono::hours(24 * 30);
  policy.MaxSizeBytes = uint64_t{512} << 20;
  llvm::pruneCache(folder, policy);
}

} // namespace

std::string CodeCache::pathOf(const CodeKey &key) const {
  return folder + "/" + kPrefix + llvm::toHex(key, /*LowerCase=*/true);
}

CodeCache::Read CodeCache::read(const CodeKey &key) const {
  const Descriptor opened(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.isOpen())
    return errno == ENOENT ? Read() : problem(folder, describe(errno));
  if (std::optional<std::string> doubt = findDoubtOfFolder(opened))
    return problem(folder, *doubt);
  const std::string path = pathOf(key);
  // Neither a link nor a pipe that nobody writes to.
  const Descriptor file(openat(opened.number, path.c_str() + folder.size() + 1,
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.isOpen())
    return errno == ENOENT ? Read() : problem(path, describe(errno));
  return readEntry(path, file, key);
}

std::optional<std::string> CodeCache::write(const CodeKey &key,
                                            std::string_view bytes) const {
  if (std::error_code error = llvm::sys::fs::create_directories(
          folder, /*IgnoreExisting=*/true, llvm::sys::fs::owner_all))
    return folder + ": " + error.message();
  {
    const Descriptor opened(
        open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.isOpen())
      return folder + ": " + describe(errno);
    if (std::optional<std::string> doubt = findDoubtOfFolder(opened))
      return folder + ": " + *doubt;
  }
  const Header header = headerOf(key, bytes);
  try {
    runtime::writeFileAtomically(
        pathOf(key),
        {{reinterpret_cast<const char *>(&header), sizeof(header)}, bytes},
        /*permissions=*/0600);
  } catch (const runtime::Error &error) {
    return error.what();
  }
  prune(folder);
  return std::nullopt;
}

} // namespace seqc
