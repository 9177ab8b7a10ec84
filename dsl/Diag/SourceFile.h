//===- SourceFile.h - Text and places in it -------------------------------===//
// Owns a source's text and turns offsets into lines and columns. A file lives
// as long as anything that points into it: hold it by `SourcePtr`.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_DIAG_SOURCEFILE_H
#define SEQC_DSL_DIAG_SOURCEFILE_H

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace seqc::dsl {

/// A place for people: both count from 1; a column is one code point.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

class SourceFile {
public:
  SourceFile(std::string name, std::string text);

  const std::string &name() const { return fileName; }
  std::string_view text() const { return contents; }
  LineColumn lineColumn(uint32_t offset) const;
  /// The text of a line (from 1) without its end.
  std::string_view line(uint32_t number) const;
  /// The offset at which a line begins.
  uint32_t lineStart(uint32_t number) const { return lineStarts[number - 1]; }

private:
  std::string fileName;
  std::string contents;
  std::vector<uint32_t> lineStarts;
};

using SourcePtr = std::shared_ptr<const SourceFile>;

inline SourcePtr makeSource(std::string name, std::string text) {
  return std::make_shared<const SourceFile>(std::move(name), std::move(text));
}

/// Half-open part of a file. Without a file: no place (a command-line option).
struct SourceRange {
  const SourceFile *file = nullptr;
  uint32_t begin = 0;
  uint32_t end = 0;

  std::string_view text() const {
    return file ? file->text().substr(begin, end - begin) : std::string_view();
  }
};

/// The smallest range that covers both, which must be of one file.
inline SourceRange cover(SourceRange a, SourceRange b) {
  return {a.file, a.begin < b.begin ? a.begin : b.begin,
          a.end > b.end ? a.end : b.end};
}

/// The offset of the first byte that is not part of well-formed UTF-8, or
/// `npos`.
size_t findInvalidUtf8(std::string_view text);

/// How many code points a (well-formed) piece of text has.
size_t countCodePoints(std::string_view text);

} // namespace seqc::dsl

#endif // SEQC_DSL_DIAG_SOURCEFILE_H
