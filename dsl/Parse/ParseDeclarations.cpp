//===- ParseDeclarations.cpp - The declaration half of the parser ---------===//
// Definitions, their signatures and bodies; going on after a fault.
//===----------------------------------------------------------------------===//

#include "dsl/Diag/Suggest.h"
#include "dsl/Parse/Parser.h"
#include "dsl/Parse/ParserImpl.h"

#include <utility>

namespace seqc::dsl {

Module parse(SourcePtr file, DiagnosticEngine &engine) {
  if (!checkText(*file, engine))
    return {file, {}, {}, {}, {}};
  return Parser(file, engine).parseModule();
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

static std::optional<DefinitionKind> definitionKind(TokenKind kind) {
  switch (kind) {
  case TokenKind::KwCell:
    return DefinitionKind::Cell;
  case TokenKind::KwLayer:
    return DefinitionKind::Layer;
  case TokenKind::KwFn:
    return DefinitionKind::Fn;
  case TokenKind::KwModel:
    return DefinitionKind::Model;
  default:
    return std::nullopt;
  }
}

Module Parser::parseModule() {
  Module module{file, {}, {}, {}, {}};
  while (!is(TokenKind::EndOfFile) && !stopped && !engine.isFull())
    parseDefinition(module);
  return module;
}

/// The text of `///` lines without the slashes.
static std::string docText(SourceRange range) {
  std::string result;
  std::string_view text = range.text();
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t/")));
    result += line;
    result += '\n';
  }
  return result;
}

void Parser::parseDefinition(Module &module) {
  std::optional<DefinitionKind> kind = definitionKind(token.kind);
  if (is(TokenKind::KwImport) || is(TokenKind::KwLet))
    return is(TokenKind::KwLet) ? parseConstant(module) : parseImport(module);
  if (is(TokenKind::KwTrain))
    return parseTrain(module);
  if (!kind) {
    reportExpectedHere("`cell`, `layer`, `fn`, `model` or `train`")
        .hint(didYouMean(token.text(), {"cell", "layer", "fn", "model", "train",
                                        "import", "let"}));
    take();
    return skipToDefinition();
  }
  DefinitionDecl definition;
  definition.kind = *kind;
  definition.doc = docText(token.doc);
  take();
  brackets = depth = 0;
  if (parseSignature(definition) && parseBody(definition))
    module.definitions.push_back(std::move(definition));
  else
    skipToDefinition();
}

/// `import "cells.seq"`
void Parser::parseImport(Module &module) {
  take();
  if (!is(TokenKind::Text)) {
    expected("a path in quotes");
    return skipToDefinition();
  }
  SourceRange range = take().range;
  std::string_view quoted = range.text();
  module.imports.push_back(
      {std::string(quoted.substr(1, quoted.size() - 2)), range, nullptr});
  if (!token.startsLine)
    finishLine();
}

/// `let width = 64`
void Parser::parseConstant(Module &module) {
  ConstantDecl constant;
  constant.doc = docText(token.doc);
  take();
  brackets = depth = 0;
  if (!parseIdentifier(constant.name) || !expect(TokenKind::Equal) ||
      !(constant.value = parseExpr()))
    return skipToDefinition();
  if (!token.startsLine)
    return finishLine();
  module.constants.push_back(std::move(constant));
}

void Parser::finishLine() {
  if (is(TokenKind::EndOfFile))
    return;
  expected("the end of the line");
  skipToDefinition();
}

/// To the next definition at the beginning of a line.
void Parser::skipToDefinition() {
  while (!is(TokenKind::EndOfFile) && !stopped) {
    bool begins = definitionKind(token.kind) || is(TokenKind::KwTrain) ||
                  is(TokenKind::KwImport) || is(TokenKind::KwLet);
    if (begins && token.startsLine && isAtMargin())
      return;
    take();
  }
}

/// Whether the token begins its line without a space before it.
bool Parser::isAtMargin() const {
  uint32_t begin = token.range.begin;
  return begin == 0 || file->text()[begin - 1] == '\n';
}

bool Parser::parseSignature(DefinitionDecl &definition) {
  Bracket inside(*this);
  return parseIdentifier(definition.name) && parseDims(definition.dims) &&
         parseParameters(definition.arguments) && expect(TokenKind::Arrow) &&
         parseResults(definition.results);
}

bool Parser::parseDims(std::vector<DimDecl> &dims) {
  if (!accept(TokenKind::LeftBracket))
    return true;
  do {
    DimDecl dim;
    if (!parseIdentifier(dim.name))
      return false;
    if (accept(TokenKind::Equal) && !(dim.defaultValue = parseExpr()))
      return false;
    dims.push_back(std::move(dim));
  } while (accept(TokenKind::Comma) && !is(TokenKind::RightBracket));
  return expect(TokenKind::RightBracket);
}

bool Parser::parseParameters(std::vector<ArgumentDecl> &arguments) {
  if (!expect(TokenKind::LeftParen))
    return false;
  while (!is(TokenKind::RightParen)) {
    ArgumentDecl argument;
    if (!parseIdentifier(argument.name) || !expect(TokenKind::Colon) ||
        !parseType(argument.type))
      return false;
    if (accept(TokenKind::Equal) && !(argument.defaultValue = parseExpr()))
      return false;
    arguments.push_back(std::move(argument));
    if (!accept(TokenKind::Comma))
      break;
  }
  return expect(TokenKind::RightParen);
}

/// One type, or several, named or not, in parentheses.
bool Parser::parseResults(std::vector<ResultDecl> &results) {
  if (!accept(TokenKind::LeftParen))
    return parseResult(results);
  do {
    if (!parseResult(results))
      return false;
  } while (accept(TokenKind::Comma) && !is(TokenKind::RightParen));
  return expect(TokenKind::RightParen);
}

bool Parser::parseResult(std::vector<ResultDecl> &results) {
  ResultDecl result;
  if (is(TokenKind::Name) && following.kind == TokenKind::Colon) {
    result.name.emplace();
    parseIdentifier(*result.name);
    take();
  }
  if (!parseType(result.type))
    return false;
  results.push_back(std::move(result));
  return true;
}

bool Parser::parseType(TypeExpr &type) {
  if (!is(TokenKind::Name)) {
    expected("a type");
    return false;
  }
  parseIdentifier(type.element);
  if (continues() && accept(TokenKind::Less)) {
    type.vocabulary = parseAdditive();
    if (!type.vocabulary || !expect(TokenKind::Greater))
      return false;
  }
  if (continues() && is(TokenKind::LeftBracket)) {
    Bracket inside(*this);
    take();
    if (!parseExprs(type.dims, TokenKind::RightBracket))
      return false;
  }
  type.range = rangeFrom(type.element.range);
  return true;
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

bool Parser::parseMembers(const Identifier &name, SourceRange &end,
                          const std::function<bool()> &parseOne) {
  if (!expect(TokenKind::LeftBrace))
    return false;
  while (!is(TokenKind::RightBrace)) {
    // A definition inside a body: more likely a missing brace.
    if (isDefinition())
      return reportOpen(name);
    brackets = depth = 0;
    SourceRange begin = token.range;
    if (!parseOne())
      skipMember(begin);
    if (stopped || engine.isFull())
      return false;
  }
  end = take().range;
  return true;
}

bool Parser::parseBody(DefinitionDecl &definition) {
  return parseMembers(definition.name, definition.end, [&] {
    std::optional<Member> member = parseMember();
    if (member)
      definition.body.push_back(std::move(*member));
    return member.has_value();
  });
}

/// Whether another definition begins, or the file ends.
bool Parser::isDefinition() const {
  return is(TokenKind::EndOfFile) || is(TokenKind::KwTrain) ||
         definitionKind(token.kind);
}

bool Parser::reportOpen(const Identifier &definition) {
  Diagnostic &diagnostic = reportExpectedHere("`}`").label(
      definition.range, "what begins here is not closed");
  if (!is(TokenKind::EndOfFile) && !isAtMargin())
    diagnostic.hint("definitions stand beside each other");
  return false;
}

static bool mayBeginMember(TokenKind kind) {
  switch (kind) {
  case TokenKind::KwParam:
  case TokenKind::KwState:
  case TokenKind::KwUse:
  case TokenKind::KwLet:
  case TokenKind::KwReturn:
  case TokenKind::Name:
    return true;
  default:
    return false;
  }
}

/// From a member at fault, which began at `begin`, to the next line that
/// begins with a token that may begin a member.
void Parser::skipMember(SourceRange begin) {
  unsigned open = std::exchange(openBraces, 0);
  for (; !is(TokenKind::EndOfFile) && !stopped; take()) {
    if (token.startsLine && isDefinition())
      return;
    if (token.startsLine && open == 0 && mayBeginMember(token.kind) &&
        token.range.begin != begin.begin)
      return;
    if (is(TokenKind::LeftBrace))
      ++open;
    if (is(TokenKind::RightBrace) && open-- == 0)
      return;
  }
}

std::optional<Member> Parser::parseMember() {
  SourceRange begin = token.range;
  std::optional<Member::Node> node = parseMemberNode();
  if (!node)
    return std::nullopt;
  SourceRange range = rangeFrom(begin);
  if (!token.startsLine && !is(TokenKind::RightBrace)) {
    expected("the end of the line");
    return std::nullopt;
  }
  return Member{range, std::move(*node)};
}

std::optional<Member::Node> Parser::parseMemberNode() {
  switch (token.kind) {
  case TokenKind::KwParam:
    return parseParam();
  case TokenKind::KwState:
    return parseState();
  case TokenKind::KwUse:
    return parseUse();
  case TokenKind::KwLet:
    return parseLet();
  case TokenKind::KwReturn:
    return parseReturn();
  case TokenKind::Name:
    return parseAssign();
  default:
    reportExpectedHere(
        "`param`, `state`, `use`, `let`, an assignment or `return`")
        .hint(is(TokenKind::KwFor) ? "`let name = for ...` names its values"
                                   : "");
    return std::nullopt;
  }
}

std::optional<Member::Node> Parser::parseParam() {
  take();
  ParamMember param;
  if (!parseIdentifier(param.name) || !expect(TokenKind::Colon) ||
      !parseType(param.type) || !parseInitializer(param.initializer))
    return std::nullopt;
  return param;
}

bool Parser::parseInitializer(Initializer &initializer) {
  if (is(TokenKind::Equal)) {
    initializer.distribution = {"constant", take().range};
    initializer.arguments.push_back(parseExpr());
    initializer.range = rangeFrom(initializer.distribution.range);
    return initializer.arguments.front() != nullptr;
  }
  if (!accept(TokenKind::Tilde))
    return expected("`~` or `=` and how the parameter begins") != nullptr;
  if (!parseIdentifier(initializer.distribution))
    return false;
  Bracket inside(*this);
  if (!expect(TokenKind::LeftParen) ||
      !parseExprs(initializer.arguments, TokenKind::RightParen))
    return false;
  initializer.range = rangeFrom(initializer.distribution.range);
  return true;
}

std::optional<Member::Node> Parser::parseState() {
  take();
  StateMember state;
  if (!parseIdentifier(state.name) || !expect(TokenKind::Colon) ||
      !parseType(state.type) || !expect(TokenKind::Equal) ||
      !(state.initial = parseExpr()))
    return std::nullopt;
  return state;
}

std::optional<Member::Node> Parser::parseUse() {
  take();
  UseMember use;
  if (!parseIdentifier(use.name) || !expect(TokenKind::Equal))
    return std::nullopt;
  SourceRange begin = token.range;
  use.recurrent = is(TokenKind::Name) && token.text() == "recurrent" &&
                  following.kind == TokenKind::LeftParen;
  if (!(use.recurrent ? parseRecurrent(use) : parseInstance(use)))
    return std::nullopt;
  use.range = rangeFrom(begin);
  return use;
}

/// `recurrent(LSTM[I, H], layers = 2, bidirectional)`
bool Parser::parseRecurrent(UseMember &use) {
  Bracket inside(*this);
  take();
  take();
  if (!parseInstance(use))
    return false;
  if (accept(TokenKind::Comma))
    return parseArguments(use.options);
  return expect(TokenKind::RightParen);
}

/// `Linear[H, 1]`, `Linear[H, V](weight = embedding.weight)`
bool Parser::parseInstance(UseMember &use) {
  if (!parseIdentifier(use.definition))
    return false;
  use.hasDims = continues() && is(TokenKind::LeftBracket);
  if (use.hasDims) {
    Bracket inside(*this);
    take();
    if (!parseExprs(use.dims, TokenKind::RightBracket))
      return false;
  }
  if (!continues() || !is(TokenKind::LeftParen))
    return true;
  Bracket inside(*this);
  const SourceRange opening = take().range;
  const bool isShared =
      is(TokenKind::Name) && following.kind == TokenKind::Equal;
  if (!use.hasDims && !isShared) {
    engine.report<Diag::Expected>(opening, "`[`", "`(`")
        .hint("the dimensions of an instance stand in `[` `]`");
    return false;
  }
  return parseArguments(use.shared);
}

std::optional<Member::Node> Parser::parseLet() {
  take();
  LetMember let;
  do {
    LetTarget target;
    if (is(TokenKind::LeftParen)) {
      reportExpected("a name").hint("`let a, b = ...` has no parentheses");
      return std::nullopt;
    }
    if (!parseIdentifier(target.name))
      return std::nullopt;
    if (accept(TokenKind::Colon) && !parseType(target.type.emplace()))
      return std::nullopt;
    let.targets.push_back(std::move(target));
  } while (accept(TokenKind::Comma));
  if (!expect(TokenKind::Equal) || !(let.value = parseExpr()))
    return std::nullopt;
  return let;
}

/// What another language would mean by a statement that begins with a name.
std::string Parser::assignHint(const std::string &name) const {
  if (name == "if")
    return "`where(condition, a, b)` takes one of two values";
  bool isUpdate = is(TokenKind::Plus) || is(TokenKind::Minus) ||
                  is(TokenKind::Star) || is(TokenKind::Slash);
  if (isUpdate && following.kind == TokenKind::Equal)
    return "`" + name + " = " + name + " " + std::string(token.text()) +
           " ...` gives a state its next value";
  return "";
}

std::optional<Member::Node> Parser::parseAssign() {
  AssignMember assign;
  parseIdentifier(assign.name);
  if (!is(TokenKind::Equal)) {
    reportExpected("`=`").hint(assignHint(assign.name.name));
    return std::nullopt;
  }
  take();
  if (!(assign.value = parseExpr()))
    return std::nullopt;
  return assign;
}

std::optional<Member::Node> Parser::parseReturn() {
  take();
  ReturnMember result;
  do {
    result.values.push_back(parseExpr());
    if (!result.values.back())
      return std::nullopt;
  } while (accept(TokenKind::Comma));
  return result;
}

} // namespace seqc::dsl
