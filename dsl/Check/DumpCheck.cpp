//===- DumpCheck.cpp - A checked program as text --------------------------===//
// Phase `check`: the file's definitions with every type resolved, then what
// the model has after it is laid out.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Program.h"
#include "dsl/Frontend.h"

#include <fmt/format.h>

namespace seqc::dsl {

static std::string join(const std::vector<Named> &all) {
  std::string out;
  for (const Named &named : all)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", named.name,
                       toString(named.type));
  return out;
}

static std::string instanceText(const Use &use) {
  std::string dims;
  for (const std::optional<Dim> &dim : use.dims)
    dims += (dims.empty() ? "" : ", ") + (dim ? dim->str() : "_");
  std::string out = use.definition->name + "[" + dims + "]";
  for (const SharedPart &part : use.shared)
    out += fmt::format("{}{} = {}", &part == &use.shared.front() ? "(" : ", ",
                       part.range.text(), part.ownerRange.text());
  out += use.shared.empty() ? "" : ")";
  if (!use.recurrence)
    return out;
  const Recurrence &recurrence = *use.recurrence;
  if (recurrence.layers)
    out += ", layers = " + recurrence.layers->str();
  out += recurrence.bidirectional ? ", bidirectional" : "";
  out += recurrence.reverse ? ", reverse" : "";
  return "recurrent(" + out + ")";
}

static std::string bodyText(const Definition &definition) {
  std::string out;
  for (const Param &param : definition.params)
    out += fmt::format("  param {}: {}\n", param.name, toString(param.type));
  for (const State &state : definition.states)
    out += fmt::format("  state {}: {}\n", state.name, toString(state.type));
  for (const Use &use : definition.uses)
    out += fmt::format("  use {} = {}\n", use.name, instanceText(use));
  for (const Statement &statement : definition.body)
    for (const auto &target : statement.targets)
      if (target) {
        const Named &local = definition.locals[*target];
        out += fmt::format("  {}: {}\n", local.name, toString(local.type));
      }
  return out;
}

static std::string definitionText(const Definition &definition) {
  std::string dims;
  for (size_t i = 0; i < definition.bracketDims; ++i)
    dims += (i ? ", " : "") + definition.dims[i]->name;
  return fmt::format("{} {}[{}]({}) -> ({})\n{}", spelling(definition.kind),
                     definition.name, dims, join(definition.arguments),
                     join(definition.results), bodyText(definition));
}

template <typename T>
static std::string storedText(const char *what, const T &t) {
  return fmt::format("  {} {}: f32[{}]\n", what, t.name,
                     fmt::join(t.shape, ", "));
}

std::string dumpCheck(const Program &program) {
  std::string out;
  for (const auto &definition : program.definitions)
    if (definition->range.file == program.file.get())
      out += definitionText(*definition);
  if (!program.model)
    return out;
  out += fmt::format("layout of {}\n", program.model->name);
  for (size_t i = 0; i < program.model->bracketDims; ++i)
    out += fmt::format("  {} = {}\n", program.model->dims[i]->name,
                       program.root->dims[i].str());
  for (const ProgramParam &param : program.params)
    out += storedText("param", param);
  for (const ProgramState &state : program.states)
    out += storedText("state", state);
  return out;
}

} // namespace seqc::dsl
