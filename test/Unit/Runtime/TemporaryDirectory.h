//===- TemporaryDirectory.h - A directory for one test --------------------===//
// Owns an empty directory that goes away with the test.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_RUNTIME_TEMPORARYDIRECTORY_H
#define SEQC_TEST_UNIT_RUNTIME_TEMPORARYDIRECTORY_H

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace seqc::runtime {

class TemporaryDirectory {
public:
  TemporaryDirectory() {
    std::string name =
        (std::filesystem::temp_directory_path() / "seqc-XXXXXX").string();
    if (!mkdtemp(name.data()))
      throw std::runtime_error("no temporary directory");
    path = name;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }

  std::string operator/(const std::string &file) const {
    return (path / file).string();
  }
  /// How many files are in it.
  long count() const {
    return std::distance(std::filesystem::directory_iterator(path), {});
  }
  std::string read(const std::string &file) const {
    std::ifstream stream(path / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

private:
  std::filesystem::path path;
};

} // namespace seqc::runtime

#endif // SEQC_TEST_UNIT_RUNTIME_TEMPORARYDIRECTORY_H
