//===- Import.cpp - The files of a program --------------------------------===//
// Depth-first over imports. A file is known by its canonical path, so that two
// ways to it are one file, and so that no link leads out of the folder.
//===----------------------------------------------------------------------===//

#include "dsl/Import.h"
#include "dsl/Lex/Lexer.h"
#include "dsl/Parse/Parser.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace seqc::dsl {

namespace fs = std::filesystem;
using ModulePtr = std::shared_ptr<const Module>;

namespace {

class Importer {
public:
  /// Texts are known by their paths from `folder`.
  Importer(DiagnosticEngine &engine, const ImportedTexts *texts,
           fs::path folder)
      : engine(engine), texts(texts), folder(std::move(folder)) {}

  ModulePtr add(const SourcePtr &file, const fs::path &canonical);
  std::vector<ModulePtr> modules; ///< what is imported first

private:
  ModulePtr find(const ImportDecl &import, const std::string &importer);
  ModulePtr read(const ImportDecl &import, const fs::path &shown,
                 const fs::path &canonical);
  ModulePtr take(const ImportDecl &import, const fs::path &shown);
  ModulePtr addText(const fs::path &shown, const fs::path &canonical,
                    std::string text);
  ModulePtr failToFind(const ImportDecl &import, const char *why);
  void reportCycle(const ImportDecl &import, const fs::path &canonical);

  DiagnosticEngine &engine;
  const ImportedTexts *texts; ///< in place of files; may be null
  fs::path folder;
  std::vector<fs::path> open; ///< from the first file to the one at hand
  std::map<fs::path, ModulePtr> done;
};

} // namespace

/// Deeper than anybody nests files, and shallow enough to recurse.
static constexpr size_t maxDepth = 64;
static constexpr const char *tooDeep = "files import each other too deeply";

static bool isBelow(const fs::path &folder, const fs::path &path) {
  auto [end, rest] =
      std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end() ||
         (std::next(end) == folder.end() && end->empty());
}

ModulePtr Importer::add(const SourcePtr &file, const fs::path &canonical) {
  Module module = parse(file, engine);
  open.push_back(canonical);
  for (ImportDecl &import : module.imports)
    import.module = find(import, file->name());
  open.pop_back();
  modules.push_back(std::make_shared<const Module>(std::move(module)));
  return done[canonical] = modules.back();
}

/// Where a path leads, links and all; whether or not there is something.
static fs::path canonicalOf(const fs::path &path) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error);
  fs::path canonical = fs::weakly_canonical(absolute, error);
  return error ? fs::path() : canonical;
}

ModulePtr Importer::find(const ImportDecl &import,
                         const std::string &importer) {
  const fs::path folder = fs::path(importer).parent_path();
  const fs::path shown = folder / import.path;
  if (texts)
    return take(import, shown.lexically_normal());
  const fs::path base = canonicalOf(folder.empty() ? fs::path(".") : folder);
  const fs::path canonical = canonicalOf(shown);
  if (canonical.empty() || import.path.empty() || fs::path(import.path).is_absolute() ||
      !isBelow(base, canonical)) {
    engine.report<Diag::ImportOutside>(import.range, import.path);
    return nullptr;
  }
  if (std::find(open.begin(), open.end(), canonical) != open.end()) {
    reportCycle(import, canonical);
    return nullptr;
  }
  auto known = done.find(canonical);
  return known != done.end() ? known->second : read(import, shown, canonical);
}

ModulePtr Importer::failToFind(const ImportDecl &import, const char *why) {
  engine.report<Diag::ImportNotFound>(import.range, import.path, why);
  return nullptr;
}

ModulePtr Importer::addText(const fs::path &shown, const fs::path &canonical,
                            std::string text) {
  SourcePtr file = makeSource(shown.string(), std::move(text));
  engine.keep(file);
  return add(file, canonical);
}

fs::path relativeTo(const fs::path &folder, const fs::path &path) {
  return folder.empty() ? path.lexically_normal()
                        : path.lexically_normal().lexically_relative(
                              folder.lexically_normal());
}

/// One of the texts that stand for files.
ModulePtr Importer::take(const ImportDecl &import, const fs::path &shown) {
  if (std::find(open.begin(), open.end(), shown) != open.end()) {
    reportCycle(import, shown);
    return nullptr;
  }
  if (auto known = done.find(shown); known != done.end())
    return known->second;
  if (open.size() > maxDepth)
    return failToFind(import, tooDeep);
  const auto text = texts->find(relativeTo(folder, shown).string());
  return text == texts->end() ? failToFind(import, "there is no such file")
                              : addText(shown, shown, text->second);
}

ModulePtr Importer::read(const ImportDecl &import, const fs::path &shown,
                         const fs::path &canonical) {
  std::error_code error;
  const char *why = nullptr;
  if (open.size() > maxDepth)
    why = tooDeep;
  else if (!fs::exists(canonical, error))
    why = "there is no such file";
  else if (!fs::is_regular_file(canonical, error))
    why = "it is not a file";
  else if (fs::file_size(canonical, error) > maxFileSize)
    why = "it has more than 16 MiB";
  std::ifstream stream;
  if (!why)
    stream.open(canonical, std::ios::binary);
  std::stringstream text;
  if (!why && !(stream && text << stream.rdbuf()) &&
      fs::file_size(canonical, error) > 0)
    why = "it cannot be opened";
  return why ? failToFind(import, why) : addText(shown, canonical, text.str());
}

void Importer::reportCycle(const ImportDecl &import,
                           const fs::path &canonical) {
  std::string chain;
  for (auto at = std::find(open.begin(), open.end(), canonical);
       at != open.end(); ++at)
    chain += "`" + at->filename().string() + "`, ";
  const std::string name = canonical.filename().string();
  engine.report<Diag::ImportCycle>(import.range, name,
                                   chain + "`" + name + "`");
}

std::vector<ModulePtr> parseAll(const SourcePtr &file, DiagnosticEngine &engine,
                                const ImportedTexts *imports) {
  Importer importer(engine, imports, fs::path(file->name()).parent_path());
  importer.add(file, imports ? fs::path(file->name()).lexically_normal()
                             : canonicalOf(file->name()));
  return std::move(importer.modules);
}

} // namespace seqc::dsl
