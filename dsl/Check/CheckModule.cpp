//===- CheckModule.cpp - Which definitions there are, and their order -----===//
// Names of definitions, the graph of what uses what, recursion.
//===----------------------------------------------------------------------===//

#include "dsl/Check/TrainChecker.h"
#include "dsl/Parse/Visit.h"

#include <algorithm>

namespace seqc::dsl {

namespace {

/// What a definition refers to: calls, but for those of its own instances, and
/// what it makes instances of.
std::vector<const Identifier *> references(const DefinitionDecl &decl) {
  std::vector<const Identifier *> names, used;
  std::set<std::string_view> instances;
  for (const Member &member : decl.body) {
    forEachCall(member,
                [&](const CallExpr &call) { names.push_back(&call.callee); });
    if (const auto *use = std::get_if<UseMember>(&member.node)) {
      used.push_back(&use->definition);
      instances.insert(use->name.name);
    }
  }
  for (const Identifier *name : names)
    if (!instances.count(name->name))
      used.push_back(name);
  return used;
}

/// Depth-first over what refers to what, without recursion: a chain may be as
/// long as the file.
class Ordering {
public:
  Ordering(DiagnosticEngine &engine) : engine(engine) {}

  void visit(Definition &root, const DefinitionTable &table) {
    push(root);
    while (!path.empty()) {
      Step &step = path.back();
      if (step.next == step.names.size()) {
        marks[step.definition] = Mark::Done;
        order.push_back(step.definition);
        path.pop_back();
        continue;
      }
      const Identifier &name = *step.names[step.next++];
      auto found = table.find(name.name);
      if (found == table.end())
        continue;
      Mark mark = marks[found->second];
      if (mark == Mark::None)
        push(*found->second);
      else if (mark == Mark::Open)
        reportRecursion(*found->second, name);
    }
  }

  std::vector<Definition *> order;
  bool sawRecursion = false;

private:
  enum class Mark : uint8_t { None, Open, Done };
  struct Step {
    Definition *definition;
    std::vector<const Identifier *> names;
    size_t next = 0;
  };

  void push(Definition &definition) {
    if (marks[&definition] != Mark::None)
      return;
    marks[&definition] = Mark::Open;
    path.push_back({&definition, references(*definition.decl)});
  }

  void reportRecursion(Definition &again, const Identifier &name) {
    auto from = std::find_if(path.begin(), path.end(), [&](const Step &step) {
      return step.definition == &again;
    });
    std::string chain;
    if (path.end() - from <= 8)
      for (auto step = from; step != path.end(); ++step)
        chain += "`" + step->definition->name + "`, ";
    else
      chain = "`" + again.name + "`, ..., ";
    engine
        .report<Diag::Recursion>(name.range, again.name,
                                 chain + "`" + again.name + "`")
        .label(again.range, "`" + again.name + "` begins here");
    sawRecursion = true;
  }

  DiagnosticEngine &engine;
  std::map<Definition *, Mark> marks;
  std::vector<Step> path;
};

std::unique_ptr<Definition> makeDefinition(const DefinitionDecl &decl) {
  auto definition = std::make_unique<Definition>();
  definition->decl = &decl;
  definition->kind = decl.kind;
  definition->name = decl.name.name;
  definition->range = decl.name.range;
  return definition;
}

/// A definition of the file may hide the library's, but seldom should.
void warnOfHidden(const Definition &definition, const DefinitionTable &library,
                  DiagnosticEngine &engine) {
  auto hidden = library.find(definition.name);
  if (hidden != library.end())
    engine
        .report<Diag::HiddenName>(definition.range, definition.name,
                                  std::string("a ") +
                                      spelling(hidden->second->kind) +
                                      " of the library")
        .label(hidden->second->range, "the library's");
  else if (DefinitionChecker::isBuiltin(definition.name))
    engine.report<Diag::HiddenName>(definition.range, definition.name,
                                    "a built-in function");
}

} // namespace

//===----------------------------------------------------------------------===//
// The names of each file
//===----------------------------------------------------------------------===//

namespace {

/// Gives each file its names: what it defines, what it imports, the library's.
class Naming {
public:
  Naming(Program &program, DiagnosticEngine &engine)
      : program(program), engine(engine) {}

  void run();
  const ModuleNames &of(const Module &module) { return names[&module]; }

  /// Every definition by the module that it stands in, in the modules' order.
  std::vector<std::pair<const Module *, Definition *>> definitions;
  std::map<Definition *, std::unique_ptr<Definition>> owned;

private:
  using Declared = std::map<std::string, SourceRange>;
  void makeDefinitions(const Module &module);
  void addLibrary(const Module &module);
  void addFile(const Module &module);
  void addImport(const ImportDecl &import, ModuleNames &into,
                 Declared &declared);
  void addConstant(const ConstantDecl &constant, ModuleNames &into,
                   Declared &declared);
  bool declare(const std::string &name, SourceRange range, Declared &declared);

  Program &program;
  DiagnosticEngine &engine;
  ModuleNames library;
  std::map<const Module *, ModuleNames> names;
  /// Without what it imports.
  std::map<const Module *, ModuleNames> ownNames;
};

} // namespace

void Naming::makeDefinitions(const Module &module) {
  for (const DefinitionDecl &decl : module.definitions) {
    std::unique_ptr<Definition> made = makeDefinition(decl);
    definitions.emplace_back(&module, made.get());
    owned[made.get()] = std::move(made);
  }
}

/// The library is one: its files see each other.
void Naming::addLibrary(const Module &module) {
  for (const auto &[where, definition] : definitions)
    if (where == &module)
      library.definitions[definition->name] = definition;
}

bool Naming::declare(const std::string &name, SourceRange range,
                     Declared &declared) {
  auto [at, isNew] = declared.try_emplace(name, range);
  if (!isNew)
    engine.report<Diag::DuplicateName>(range, name)
        .label(at->second, "`" + name + "` is declared here");
  return isNew;
}

void Naming::addImport(const ImportDecl &import, ModuleNames &into,
                       Declared &declared) {
  if (!import.module)
    return; // after a fault
  const ModuleNames &theirs = ownNames[import.module.get()];
  for (const auto &[name, definition] : theirs.definitions)
    if (declare(name, import.range, declared))
      into.definitions[name] = definition;
  for (const auto &[name, constant] : theirs.constants)
    if (declare(name, import.range, declared))
      into.constants.emplace(name, constant);
}

void Naming::addConstant(const ConstantDecl &constant, ModuleNames &into,
                         Declared &declared) {
  if (!declare(constant.name.name, constant.name.range, declared))
    return;
  Definition nothing;
  nothing.name = constant.name.name;
  std::optional<double> value =
      DefinitionChecker(nothing, into, nullptr, engine)
          .checkFileConstant(*constant.value);
  into.constants[constant.name.name] = {value.value_or(1), constant.name.range};
}

void Naming::addFile(const Module &module) {
  ModuleNames &all = names[&module];
  ModuleNames &own = ownNames[&module];
  all = library;
  Declared declared;
  for (const ImportDecl &import : module.imports)
    addImport(import, all, declared);
  for (const auto &[where, definition] : definitions) {
    if (where != &module ||
        !declare(definition->name, definition->range, declared))
      continue;
    warnOfHidden(*definition, library.definitions, engine);
    all.definitions[definition->name] = definition;
    own.definitions[definition->name] = definition;
  }
  for (const ConstantDecl &constant : module.constants) {
    addConstant(constant, all, declared);
    auto made = all.constants.find(constant.name.name);
    if (made != all.constants.end())
      own.constants.insert(*made);
  }
}

void Naming::run() {
  for (const auto &module : program.modules)
    makeDefinitions(*module);
  for (const auto &module : program.modules)
    if (program.isLibrary(*module))
      addLibrary(*module);
  for (const auto &module : program.modules)
    if (program.isLibrary(*module))
      names[module.get()] = library;
    else
      addFile(*module);
}

/// The `train` blocks of the file itself, one for each model.
static void checkTrains(Program &program, Naming &naming, Usage &usage,
                        DiagnosticEngine &engine) {
  std::map<std::string, SourceRange> trained;
  const Module &module = *program.modules.back();
  for (const TrainDecl &train : module.trains) {
    const Identifier &model = train.model;
    auto [at, isNew] = trained.try_emplace(model.name, model.range);
    if (!isNew) {
      engine.report<Diag::TrainedTwice>(model.range, model.name)
          .label(at->second, "the first one is here");
      continue;
    }
    program.trainings.push_back(std::make_unique<Training>());
    usage.beginDefinition();
    TrainChecker(train, *program.trainings.back(), naming.of(module), &usage,
                 engine)
        .check();
  }
}

void checkDefinitions(Program &program, DiagnosticEngine &engine) {
  Naming naming(program, engine);
  naming.run();
  std::map<Definition *, const Module *> modules;
  Ordering ordering(engine);
  // A file comes behind what it imports, so that each name means what it means
  // where it is written.
  for (const auto &[module, definition] : naming.definitions) {
    modules[definition] = module;
    ordering.visit(*definition, naming.of(*module).definitions);
  }
  if (ordering.sawRecursion)
    return;
  Usage usage;
  for (Definition *definition : ordering.order) {
    const Module &module = *modules[definition];
    bool isOwn = !program.isLibrary(module);
    if (isOwn)
      usage.beginDefinition();
    DefinitionChecker(*definition, naming.of(module), isOwn ? &usage : nullptr,
                      engine)
        .check();
    program.definitions.push_back(std::move(naming.owned[definition]));
    if (engine.isFull())
      break;
  }
  if (!engine.isFull())
    checkTrains(program, naming, usage, engine);
  if (!engine.hasErrors())
    usage.report(engine);
}

} // namespace seqc::dsl
