//===- atomic_file.h - Files that are written whole or not at all ---------===//
// Owns how results reach the disk.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_ATOMIC_FILE_H
#define SEQC_RUNTIME_SERVICES_ATOMIC_FILE_H

#include <string>
#include <string_view>
#include <vector>

namespace seqc::runtime {

/// Writes `parts`, one after the other, to a new file beside `path`, flushes
/// it to the disk and renames it to `path`. Whatever goes wrong is an Error
/// that names `path`; what stood there before then still stands there, and the
/// new file is gone. A path that is something other than a regular file (a
/// directory, a device) is an error. `permissions` are those of the new file,
/// less what the process's umask takes away.
void writeFileAtomically(const std::string &path,
                         const std::vector<std::string_view> &parts,
                         unsigned permissions = 0666);

/// Throws what writeFileAtomically would throw for `path` today, so that a long
/// run is not made for nothing. Leaves everything as it is.
void checkWritable(const std::string &path);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_ATOMIC_FILE_H
