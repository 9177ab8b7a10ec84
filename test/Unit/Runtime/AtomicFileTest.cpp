//===- AtomicFileTest.cpp - Files that are written whole or not at all ----===//
// Success replaces the file; failure leaves everything as it was.
//===----------------------------------------------------------------------===//

#include "runtime/services/atomic_file.h"
#include "runtime/services/error.h"
#include "test/Unit/Runtime/TemporaryDirectory.h"

#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

using namespace seqc::runtime;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

namespace {

TEST(AtomicFile, ReplacesWhatWasThere) {
  TemporaryDirectory directory;
  writeFileAtomically(directory / "f", {"the first, ", "longer text"});
  EXPECT_EQ(directory.read("f"), "the first, longer text");
  writeFileAtomically(directory / "f", {"second"});
  EXPECT_EQ(directory.read("f"), "second");
  EXPECT_EQ(directory.count(), 1);
}

TEST(AtomicFile, NamesThePathItCannotWrite) {
  TemporaryDirectory directory;
  std::string path = directory / "no/such/f";
  EXPECT_THAT(
      [&] { writeFileAtomically(path, {"x"}); },
      ThrowsMessage<Error>(AllOf(StartsWith(path + ": it cannot be written: "),
                                 HasSubstr("No such file or directory"))));
}

TEST(AtomicFile, DirectoriesAndDevicesAreNotReplaced) {
  TemporaryDirectory directory;
  for (const std::string &path : {directory / ".", std::string("/dev/null")})
    EXPECT_THAT([&] { writeFileAtomically(path, {"x"}); },
                ThrowsMessage<Error>(HasSubstr("it is not a regular file")));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_EQ(directory.count(), 0);
}

/// While it lives, no file of this process may grow beyond `bytes`.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &saved);
    rlimit limit = {bytes, saved.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    handler = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &saved);
    std::signal(SIGXFSZ, handler);
  }

private:
  rlimit saved;
  void (*handler)(int);
};

TEST(AtomicFile, AFailureHalfwayLeavesTheOldFileAlone) {
  TemporaryDirectory directory;
  writeFileAtomically(directory / "f", {"old"});
  std::string large(100'000, 'x');
  {
    FileSizeLimit limit(5000);
    EXPECT_THAT([&] { writeFileAtomically(directory / "f", {large}); },
                ThrowsMessage<Error>(HasSubstr("File too large")));
  }
  EXPECT_EQ(directory.read("f"), "old");
  EXPECT_EQ(directory.count(), 1);
}

} // namespace
