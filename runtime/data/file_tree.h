//===- file_tree.h - The files of a folder or an archive ------------------===//
// Owns the difference between the two: readers of trees see paths and bytes.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_FILE_TREE_H
#define SEQC_RUNTIME_DATA_FILE_TREE_H

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace seqc::data {

struct NamedFile {
  /// Below the folder or in the archive, with `/` between its parts.
  std::string path;
  std::string bytes;
};

/// Whether a file is read at all.
using FileFilter = std::function<bool(std::string_view path)>;

/// The files below the folder `path`, or in the archive that it is (tar,
/// gzipped or not, zip, ...), for which `wants` is true, in the order of their
/// paths. Links are followed to files, not to folders, and not in archives.
/// Throws runtime::Error where something cannot be read, an archive is damaged
/// or cut short, or the files have more than 8 GiB.
std::vector<NamedFile> readTree(const std::string &path,
                                const FileFilter &wants);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_FILE_TREE_H
