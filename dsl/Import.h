//===- Import.h - The files of a program ----------------------------------===//
// Parses a file and all that it imports.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_IMPORT_H
#define SEQC_DSL_IMPORT_H

#include "dsl/Frontend.h"

#include "dsl/Parse/Ast.h"
#include <filesystem>

namespace seqc::dsl {

/// The file's module behind those that it imports, each once and behind what it
/// imports itself. Paths are relative to the file that names them and lead
/// into its folder or below. What cannot be read, and a file that imports
/// itself, is reported. With `imports`, files are those texts and none is read.
std::vector<std::shared_ptr<const Module>>
parseAll(const SourcePtr &file, DiagnosticEngine &engine,
         const ImportedTexts *imports = nullptr);

/// The path of a file as ImportedTexts has it, where `folder` is that of the
/// file that imports it first.
std::filesystem::path relativeTo(const std::filesystem::path &folder,
                                 const std::filesystem::path &path);

} // namespace seqc::dsl

#endif // SEQC_DSL_IMPORT_H
