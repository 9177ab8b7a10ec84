//===- ParserImpl.h - The parser's state ----------------------------------===//
// Shared by the two halves of the parser: declarations and expressions.
// A function that returns null or nullopt has reported why.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_PARSE_PARSERIMPL_H
#define SEQC_DSL_PARSE_PARSERIMPL_H

#include "dsl/Lex/Lexer.h"
#include "dsl/Parse/Ast.h"

#include <functional>

namespace seqc::dsl {

/// Brackets inside brackets, and the height of a tree (`a + a + ...` is high
/// without a bracket).
inline constexpr unsigned maxDepth = 200;
inline constexpr unsigned maxHeight = 400;

class Parser {
public:
  Parser(SourcePtr file, DiagnosticEngine &engine)
      : file(std::move(file)), engine(engine), lexer(*this->file, engine),
        token(lexer.next()), following(lexer.next()) {}

  Module parseModule();

private:
  // Declarations (ParseDeclarations.cpp)
  void parseDefinition(Module &module);
  void parseImport(Module &module);
  void parseConstant(Module &module);
  void finishLine();
  bool parseSignature(DefinitionDecl &definition);
  bool parseDims(std::vector<DimDecl> &dims);
  bool parseParameters(std::vector<ArgumentDecl> &arguments);
  bool parseResults(std::vector<ResultDecl> &results);
  bool parseResult(std::vector<ResultDecl> &results);
  bool parseBody(DefinitionDecl &definition);
  /// Members in braces, of what is called `name`. `parseOne` takes one and says
  /// whether it could: if not, what is left of it is skipped.
  bool parseMembers(const Identifier &name, SourceRange &end,
                    const std::function<bool()> &parseOne);
  std::optional<Member> parseMember();
  std::optional<Member::Node> parseMemberNode();
  std::optional<Member::Node> parseParam();
  std::optional<Member::Node> parseState();
  std::optional<Member::Node> parseUse();
  bool parseRecurrent(UseMember &use);
  bool parseInstance(UseMember &use);
  std::optional<Member::Node> parseLet();
  std::optional<Member::Node> parseAssign();
  std::optional<Member::Node> parseReturn();
  bool parseInitializer(Initializer &initializer);
  bool parseType(TypeExpr &type);
  void skipMember(SourceRange begin);
  void skipToDefinition();

  bool isDefinition() const;
  bool reportOpen(const Identifier &definition);

  // `train` (ParseTrain.cpp)
  void parseTrain(Module &module);
  bool parseTrainHead(TrainDecl &train);
  bool parseTrainArguments(TrainDecl &train);
  bool parseTrainResults(TrainDecl &train);
  bool parseTrainBody(TrainDecl &train);
  std::optional<TrainMember> parseTrainMember();
  std::optional<TrainMember::Node> parseTrainNode();

  // Expressions (ParseExpressions.cpp)
  ExprPtr parseExpr() { return parseBinary(0); }
  /// A sum, without comparisons: in `token<V>` the `>` closes the type.
  ExprPtr parseAdditive();
  ExprPtr parseBinary(int minPrecedence);
  ExprPtr parseUnary();
  ExprPtr parsePower();
  ExprPtr parsePostfix();
  ExprPtr parsePrimary();
  ExprPtr parseParenthesized();
  ExprPtr parseList();
  ExprPtr parseCall(ExprPtr callee);
  ExprPtr parseIndex(ExprPtr base);
  ExprPtr parseIndexItem();
  bool parseArguments(std::vector<Argument> &arguments);
  bool parseExprs(std::vector<ExprPtr> &exprs, TokenKind close);

  // `for` (ParseFor.cpp)
  ExprPtr parseFor();
  bool parseForHead(ForExpr &loop);
  bool parseForBody(ForExpr &loop);

  // Tokens
  bool is(TokenKind kind) const { return token.kind == kind; }
  Token take();
  bool accept(TokenKind kind);
  bool expect(TokenKind kind);
  std::nullptr_t expected(const std::string &what);
  /// The same where a keyword may have been taken for a name.
  std::nullptr_t expectedName(const std::string &what);
  Diagnostic &reportExpected(const std::string &what);
  Diagnostic &reportExpectedHere(const std::string &what);
  std::string assignHint(const std::string &name) const;
  bool expectClosing(TokenKind kind);
  bool isAtMargin() const;
  bool parseIdentifier(Identifier &identifier);
  /// Whether the token goes on with the expression before it: not if it begins
  /// a line outside of brackets.
  bool continues() const { return brackets > 0 || !token.startsLine; }
  SourceRange rangeFrom(SourceRange begin) const { return cover(begin, last); }
  ExprPtr make(SourceRange range, Expr::Node node, unsigned height = 1);
  std::nullptr_t tooDeep(SourceRange range);

  /// Counts brackets (inside them a line's end means nothing) and depth.
  struct Bracket {
    explicit Bracket(Parser &parser) : parser(parser), around(parser.opened) {
      ++parser.brackets;
      parser.opened = parser.token.range;
    }
    ~Bracket() {
      --parser.brackets;
      parser.opened = around;
    }
    Parser &parser;
    SourceRange around;
  };

  /// Inside braces a line's end ends a statement, whatever brackets are around.
  struct Brace {
    explicit Brace(Parser &parser) : parser(parser), around(parser.brackets) {
      parser.brackets = 0;
    }
    ~Brace() { parser.brackets = around; }
    Parser &parser;
    unsigned around;
  };

  SourcePtr file;
  DiagnosticEngine &engine;
  Lexer lexer;
  Token token;                           ///< the one to parse
  Token following;                       ///< the one after it
  SourceRange last;                      ///< the one before it
  SourceRange opened;                    ///< where the innermost bracket begins
  Diagnostic suppressed{Diag{}, {}, {}}; ///< of what need not be said
  unsigned brackets = 0;
  unsigned depth = 0;
  unsigned openBraces = 0; ///< of `for`, which a fault leaves unclosed
  bool stopped = false;    ///< nested too deeply: nothing more is parsed
};

} // namespace seqc::dsl

#endif // SEQC_DSL_PARSE_PARSERIMPL_H
