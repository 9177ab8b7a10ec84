//===- atomic_file.cpp - Files that are written whole or not at all -------===//
// A new file beside the old one, then a rename.
//===----------------------------------------------------------------------===//

#include "runtime/services/atomic_file.h"

#include "runtime/services/error.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace seqc::runtime {

namespace {
/// A file that goes away unless it is given its final name.
class TemporaryFile {
public:
  explicit TemporaryFile(const std::string &path, unsigned permissions = 0666)
      : path(path) {
    // Another thread or process may be writing a file of the same name.
    static std::atomic<unsigned> counter = 0;
    do {
      name = fmt::format("{}.tmp.{}.{}", path, getpid(), counter++);
      descriptor = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                        permissions);
    } while (descriptor < 0 && errno == EEXIST);
    if (descriptor < 0) {
      int reason = errno;
      name.clear();
      fail(reason);
    }
  }
  TemporaryFile(const TemporaryFile &) = delete;
  TemporaryFile &operator=(const TemporaryFile &) = delete;
  ~TemporaryFile() {
    if (descriptor >= 0)
      close(descriptor);
    if (!name.empty())
      unlink(name.c_str());
  }

  void write(std::string_view part) {
    while (!part.empty()) {
      ssize_t written = ::write(descriptor, part.data(), part.size());
      if (written < 0 && errno == EINTR)
        continue;
      check(written >= 0);
      part.remove_prefix(static_cast<size_t>(written));
    }
  }

  void commit() {
    check(fsync(descriptor) == 0);
    int closed = close(descriptor);
    descriptor = -1;
    check(closed == 0);
    check(rename(name.c_str(), path.c_str()) == 0);
    name.clear();
  }

private:
  void check(bool succeeded) const {
    if (!succeeded)
      fail(errno);
  }
  [[noreturn]] void fail(int reason) const {
    throw Error(fmt::format("{}: it cannot be written: {}", path,
                            std::generic_category().message(reason)));
  }

  const std::string &path;
  /// Empty once the file has its final name.
  std::string name;
  int descriptor = -1;
};

/// A rename would put a file in the place of a device such as /dev/null.
void requireFileOrNothing(const std::string &path) {
  std::error_code ignored;
  std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) &&
      !std::filesystem::is_regular_file(status))
    throw Error(fmt::format("{}: it cannot be written: it is not a regular "
                            "file",
                            path));
}
} // namespace

void writeFileAtomically(const std::string &path,
                         const std::vector<std::string_view> &parts,
                         unsigned permissions) {
  requireFileOrNothing(path);
  TemporaryFile file(path, permissions);
  for (std::string_view part : parts)
    file.write(part);
  file.commit();
}

void checkWritable(const std::string &path) {
  requireFileOrNothing(path);
  TemporaryFile file(path);
}

} // namespace seqc::runtime
