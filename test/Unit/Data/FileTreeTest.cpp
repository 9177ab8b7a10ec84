//===- FileTreeTest.cpp - The files of a folder or an archive -------------===//
// Both give the same files; damage is told.
//===----------------------------------------------------------------------===//

#include "runtime/data/file_tree.h"
#include "runtime/services/error.h"
#include "test/Unit/Data/Trees.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::data;
using seqc::runtime::Error;
using seqc::runtime::TemporaryDirectory;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

namespace {

const Tree kTree = {{"b/2.txt", "two"},
                    {"a/1.txt", "one"},
                    {"a/0.bin", "0"},
                    {"c.txt", std::string(200000, 'x')}};

bool isText(std::string_view path) { return path.ends_with(".txt"); }

std::vector<std::string> pathsOf(const std::vector<NamedFile> &files) {
  std::vector<std::string> paths;
  for (const NamedFile &file : files)
    paths.push_back(file.path);
  return paths;
}

void expectAll(const std::vector<NamedFile> &files) {
  ASSERT_THAT(pathsOf(files), ElementsAre("a/1.txt", "b/2.txt", "c.txt"));
  EXPECT_EQ(files[0].bytes, "one");
  EXPECT_EQ(files[1].bytes, "two");
  EXPECT_EQ(files[2].bytes, std::string(200000, 'x'));
}

TEST(FileTree, ReadsAFolderInTheOrderOfPaths) {
  TemporaryDirectory folder;
  writeTree(folder / "", kTree);
  expectAll(readTree(folder / "", isText));
}

TEST(FileTree, ReadsAnArchiveInTheSameOrder) {
  TemporaryDirectory folder;
  const std::string path = folder / "tree.tar.gz";
  writeArchive(path, kTree);
  expectAll(readTree(path, isText));
}

TEST(FileTree, ReadsOnlyWhatIsWanted) {
  TemporaryDirectory folder;
  writeTree(folder / "", kTree);
  auto none = [](std::string_view) { return false; };
  EXPECT_THAT(readTree(folder / "", none), IsEmpty());
}

TEST(FileTree, TellsThatThereIsNothing) {
  EXPECT_THAT([] { readTree("/no/such/tree", isText); },
              ThrowsMessage<Error>(HasSubstr("there is no `/no/such/tree`")));
}

TEST(FileTree, TellsThatAnArchiveIsCutShort) {
  TemporaryDirectory folder;
  const std::string path = folder / "tree.tar.gz";
  writeArchive(path, {{"a/1.txt", randomText(100000)}});
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_THAT([&] { readTree(path, isText); },
              ThrowsMessage<Error>(
                  HasSubstr("cannot read the archive `" + path + "`")));
}

TEST(FileTree, TellsThatAFileIsNoArchive) {
  TemporaryDirectory folder;
  writeTree(folder / "", {{"notes", "These are no archive's first bytes."}});
  EXPECT_THAT([&] { readTree(folder / "notes", isText); },
              ThrowsMessage<Error>(HasSubstr("cannot read the archive")));
}

TEST(FileTree, AnEmptyArchiveHasNoFiles) {
  TemporaryDirectory folder;
  writeArchive(folder / "none.tar.gz", {});
  EXPECT_THAT(readTree(folder / "none.tar.gz", isText), IsEmpty());
}

} // namespace
