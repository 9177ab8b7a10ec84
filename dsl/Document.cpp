//===- Document.cpp - What definitions say of themselves ------------------===//
// Walks the syntax tree; types and values are quoted from the source.
//===----------------------------------------------------------------------===//

#include "dsl/Document.h"
#include "dsl/Check/Checker.h"
#include "dsl/Check/Training.h"
#include "dsl/Import.h"
#include "dsl/Std/Library.h"

#include <fmt/format.h>

#include <set>

namespace seqc::dsl {

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

/// On one line and without comments, up to `end`.
static std::string oneLine(std::string_view text, char end = '\0') {
  std::string out;
  bool space = false;
  for (size_t at = 0; at < text.size() && text[at] != end; ++at) {
    if (text.substr(at, 2) == "//")
      at = text.find('\n', at);
    if (at == std::string_view::npos)
      break;
    if (std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos) {
      space = !out.empty();
      continue;
    }
    if (space && out.back() != '(' && out.back() != '[')
      out += ' ';
    space = false;
    out += text[at];
  }
  return out;
}

static std::string textOf(SourceRange range) { return oneLine(range.text()); }

/// The comment that begins a file, of lines that begin with `mark`, if an empty
/// line parts it from the rest.
static std::string introduction(const SourceFile &file, std::string_view mark) {
  std::string out;
  std::string_view text = file.text();
  while (text.substr(0, mark.size()) == mark) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    line.remove_prefix(std::min(line.size(), line.find_first_not_of("/ \t")));
    out += std::string(line) + "\n";
  }
  const bool isParted = text.empty() || text[0] == '\n' || text[0] == '\r';
  return isParted ? out : std::string();
}

/// `cell LSTM[I, H](x: f32[I]) -> f32[H]`: all before the body.
static std::string signature(const DefinitionDecl &decl) {
  const SourceFile &file = *decl.name.range.file;
  return fmt::format("{} {}", spelling(decl.kind),
                     oneLine(file.text().substr(decl.name.range.begin), '{'));
}

static std::string firstSentence(const std::string &doc) {
  std::string_view text = doc;
  text = text.substr(0, text.find("\n\n"));
  for (size_t dot = text.find('.'); dot != std::string_view::npos;
       dot = text.find('.', dot + 1))
    if (dot + 1 == text.size() || text[dot + 1] == ' ' || text[dot + 1] == '\n')
      text = text.substr(0, dot + 1);
  return oneLine(text);
}

//===----------------------------------------------------------------------===//
// Markdown
//===----------------------------------------------------------------------===//

namespace {

/// One table: what a definition holds of one kind.
class Table {
public:
  explicit Table(std::vector<std::string> columns)
      : columns(std::move(columns)) {}

  void add(const std::vector<std::string> &cells) {
    for (const std::string &cell : cells)
      rows += "| `" + cell + "` ";
    rows += "|\n";
  }
  std::string text() const {
    if (rows.empty())
      return "";
    std::string rule;
    for (size_t i = 0; i < columns.size(); ++i)
      rule += "|---";
    return fmt::format("\n| {} |\n{}|\n{}", fmt::join(columns, " | "), rule,
                       rows);
  }

private:
  std::vector<std::string> columns;
  std::string rows;
};

/// What the body of one definition holds.
struct Holdings {
  Table params{{"parameter", "shape", "first value"}};
  Table states{{"state", "shape", "first value"}};
  Table uses{{"instance", "of"}};

  void add(const ParamMember &param) {
    params.add({param.name.name, textOf(param.type.range),
                firstValue(param.initializer)});
  }
  void add(const StateMember &state) {
    states.add({state.name.name, textOf(state.type.range),
                textOf(state.initial->range)});
  }
  void add(const UseMember &use) {
    uses.add({use.name.name, textOf(use.range)});
  }
  template <typename T> void add(const T &) {}

private:
  /// `uniform(1)`, or a number without its `=`.
  static std::string firstValue(const Initializer &initializer) {
    const std::string text = textOf(initializer.range);
    return text[0] == '=' ? oneLine(text.substr(1)) : text;
  }
};

} // namespace

static std::string documentDefinition(const DefinitionDecl &decl) {
  std::string out = fmt::format("\n### `{}`\n\n```text\n{}\n```\n",
                                decl.name.name, signature(decl));
  if (!decl.doc.empty())
    out += "\n" + decl.doc;
  Holdings holdings;
  for (const Member &member : decl.body)
    std::visit([&](const auto &node) { holdings.add(node); }, member.node);
  return out + holdings.params.text() + holdings.states.text() +
         holdings.uses.text();
}

/// The numbers that a file names, and what their comments say.
static std::string documentConstants(const Module &module) {
  std::string rows;
  for (const ConstantDecl &constant : module.constants)
    rows += fmt::format("| `{}` | `{}` | {} |\n", constant.name.name,
                        textOf(constant.value->range),
                        firstSentence(constant.doc));
  if (rows.empty())
    return "";
  return "\n| constant | value | |\n|---|---|---|\n" + rows;
}

static std::string documentModule(const Module &module) {
  const std::string &path = module.file->name();
  std::string out =
      fmt::format("## {}\n", path.substr(path.find_last_of('/') + 1));
  const std::string about = introduction(*module.file, "//");
  if (!about.empty())
    out += "\n" + about;
  out += documentConstants(module);
  for (const DefinitionDecl &decl : module.definitions)
    out += documentDefinition(decl);
  return out;
}

std::string document(const SourcePtr &file, DiagnosticEngine &engine) {
  Program program;
  program.file = file;
  program.modules = libraryModules();
  program.modulesOfLibrary = program.modules.size();
  for (auto &module : parseAll(file, engine))
    program.modules.push_back(std::move(module));
  if (!engine.hasErrors())
    checkDefinitions(program, engine);
  return engine.hasErrors() ? "" : documentModule(*program.modules.back());
}

std::string documentLibrary() {
  std::string out =
      "# The library\n\nWhat every file may use without saying "
      "so: `seqc doc` prints this page from the library's text.\n";
  for (const auto &module : libraryModules())
    out += "\n" + documentModule(*module);
  return out;
}

//===----------------------------------------------------------------------===//
// Remarks
//===----------------------------------------------------------------------===//

static void addRemarks(const Definition &definition, std::vector<Remark> &out,
                       std::set<const Definition *> &seen) {
  if (!seen.insert(&definition).second)
    return;
  out.push_back({spelling(definition.kind), definition.name,
                 firstSentence(definition.decl->doc)});
  for (const Use &use : definition.uses)
    addRemarks(*use.definition, out, seen);
}

std::vector<Remark> remarks(const Program &program) {
  std::vector<Remark> out;
  std::set<const Definition *> seen;
  addRemarks(program.training ? *program.training->training->model
                              : *program.model,
             out, seen);
  if (out.front().text.empty())
    out.front().text = firstSentence(introduction(*program.file, "///"));
  return out;
}

} // namespace seqc::dsl
