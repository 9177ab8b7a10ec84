//===- text_folders.h - Texts in a folder for each class ------------------===//
// Reads trees as the Large Movie Review Dataset is shipped (Maas et al., 2011):
// PART/CLASS/NAME.txt, or CLASS/NAME.txt.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_TEXT_FOLDERS_H
#define SEQC_RUNTIME_DATA_TEXT_FOLDERS_H

#include "runtime/data/warnings.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace seqc::data {

struct LabelledText {
  /// Valid UTF-8, not empty.
  std::string text;
  /// The number of its class.
  int64_t label;
  /// The file, as `train/pos/0_9.txt`.
  std::string name;
};

struct TextFolders {
  /// The names of the classes, in their order: `neg` is 0 and `pos` is 1.
  std::vector<std::string> classes;
  /// The texts of each part, `train` and `test`; of a tree without parts under
  /// the empty name. In the order of their files.
  std::map<std::string, std::vector<LabelledText>> parts;
};

/// Reads the tree in the folder or archive `path`, which may stand in one more
/// folder there (`aclImdb/train/pos/0_9.txt`). `unsup`, the reviews without a
/// class, and files that are not `.txt` are left out. Files that are empty are
/// left out and counted; bytes that are no valid UTF-8 are replaced, and their
/// files counted.
///
/// Throws runtime::Error for what `readTree` does, where there are no two
/// classes, or where a class of one part is missing in another.
TextFolders readTextFolders(const std::string &path, Warnings &warnings);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_TEXT_FOLDERS_H
