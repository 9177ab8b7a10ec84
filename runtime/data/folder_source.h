//===- folder_source.h - Samples from texts in folders --------------------===//
// A text and the class that its folder is: `text` and `label`.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_FOLDER_SOURCE_H
#define SEQC_RUNTIME_DATA_FOLDER_SOURCE_H

#include "runtime/data/source.h"

namespace seqc::data {

/// Of a folder or an archive as readTextFolders takes it. A part called `test`
/// is the test part; `valid`, `val` or `dev` is for validation.
Sources readFolderSources(const std::string &path,
                          const runtime::Interface &interface,
                          Warnings &warnings);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_FOLDER_SOURCE_H
