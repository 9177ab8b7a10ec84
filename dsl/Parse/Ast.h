//===- Ast.h - The syntax tree --------------------------------------------===//
// What the parser makes: the text's structure and nothing of its meaning.
// Nodes own their children; ranges point into a SourceFile that outlives them.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_PARSE_AST_H
#define SEQC_DSL_PARSE_AST_H

#include "dsl/Diag/SourceFile.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace seqc::dsl {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// A name where it stands in the text.
struct Identifier {
  std::string name;
  SourceRange range;

  bool isWildcard() const { return name == "_"; }
};

/// `value`, `name = value`, or, in `recurrent(...)`, a bare flag.
struct Argument {
  std::optional<Identifier> name;
  ExprPtr value;
};

enum class UnaryOp : uint8_t { Negate, Not };
enum class BinaryOp : uint8_t {
  Add,
  Subtract,
  Multiply,
  Divide,
  MatMul,
  Power,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  And,
  Or
};

/// How an operator is written.
const char *spelling(UnaryOp op);
const char *spelling(BinaryOp op);

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

struct NumberExpr {
  double value;
};
struct BoolExpr {
  bool value;
};
struct NameExpr {
  std::string name;
};
/// `_`: a dimension that is left to be inferred.
struct WildcardExpr {};
struct UnaryExpr {
  UnaryOp op;
  ExprPtr operand;
};
struct BinaryExpr {
  BinaryOp op;
  ExprPtr lhs;
  ExprPtr rhs;
};
/// `f(x)`, or with dimensions that are not left to be inferred, `f[N, _](x)`.
struct CallExpr {
  Identifier callee;
  std::vector<ExprPtr> dims;
  std::vector<Argument> arguments;
};
struct IndexExpr {
  ExprPtr base;
  std::vector<ExprPtr> indices;
};
/// `begin:end` in an index; either may be null.
struct SliceExpr {
  ExprPtr begin;
  ExprPtr end;
};
struct FieldExpr {
  ExprPtr base;
  Identifier field;
};
/// `(h = h0, c = c0)`
struct RecordExpr {
  std::vector<Argument> fields;
};
/// `[a, b]`
struct ListExpr {
  std::vector<ExprPtr> elements;
};
/// `f32[4*H, I]`, `token<V>[T]`, `bool`.
struct TypeExpr {
  Identifier element;
  ExprPtr vocabulary; ///< null unless `token<V>`
  std::vector<ExprPtr> dims;
  SourceRange range;
};
/// `a`, or `a: f32[S, H]`, of a `let`.
struct LetTarget {
  Identifier name;
  std::optional<TypeExpr> type;
};
/// `let a, b = value`
struct LetMember {
  std::vector<LetTarget> targets;
  ExprPtr value;
};
/// `for a, b in x, y { let c = a * b  c + 1, c }`: a value for each position
/// of the first axis of the sequences.
struct ForExpr {
  std::vector<Identifier> names;
  std::vector<ExprPtr> sequences;
  std::vector<LetMember> lets;
  std::vector<ExprPtr> values;
};

struct Expr {
  using Node =
      std::variant<NumberExpr, BoolExpr, NameExpr, WildcardExpr, UnaryExpr,
                   BinaryExpr, CallExpr, IndexExpr, SliceExpr, FieldExpr,
                   RecordExpr, ListExpr, ForExpr>;
  SourceRange range;
  Node node;
  /// Height of the tree: the parser keeps it small enough to recurse over.
  unsigned height = 1;

  template <typename T> const T *as() const { return std::get_if<T>(&node); }
};

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

/// How a parameter begins: `~ uniform(b)`, or `= 0` (called `constant`).
struct Initializer {
  Identifier distribution;
  std::vector<ExprPtr> arguments;
  SourceRange range;
};

struct ParamMember {
  Identifier name;
  TypeExpr type;
  Initializer initializer;
};
struct StateMember {
  Identifier name;
  TypeExpr type;
  ExprPtr initial;
};
/// `use fc = Linear[H, 1]`, `use lstm = recurrent(LSTM[I, H], layers = 2)`.
struct UseMember {
  Identifier name;
  bool recurrent = false;
  Identifier definition;
  bool hasDims = false;
  std::vector<ExprPtr> dims;
  /// `weight = embedding.weight`: what the instance shares with others.
  std::vector<Argument> shared;
  std::vector<Argument> options; ///< of `recurrent`
  SourceRange range;             ///< of the right-hand side
};
struct AssignMember {
  Identifier name;
  ExprPtr value;
};
struct ReturnMember {
  std::vector<ExprPtr> values;
};

struct Member {
  using Node = std::variant<ParamMember, StateMember, UseMember, LetMember,
                            AssignMember, ReturnMember>;
  SourceRange range;
  Node node;
};

enum class DefinitionKind : uint8_t { Cell, Layer, Fn, Model };
const char *spelling(DefinitionKind kind);

struct DimDecl {
  Identifier name;
  ExprPtr defaultValue; ///< null without `= value`
};
struct ArgumentDecl {
  Identifier name;
  TypeExpr type;
  ExprPtr defaultValue; ///< null without `= value`
};
struct ResultDecl {
  std::optional<Identifier> name;
  TypeExpr type;
};

struct DefinitionDecl {
  DefinitionKind kind;
  Identifier name;
  std::vector<DimDecl> dims;
  std::vector<ArgumentDecl> arguments;
  std::vector<ResultDecl> results;
  std::vector<Member> body;
  SourceRange end; ///< the closing brace
  std::string doc;
};

/// `text`, an input of the model, or `label: f32`, a target.
struct TrainArgument {
  Identifier name;
  std::optional<TypeExpr> type;
};
/// `metric accuracy = value`
struct MetricMember {
  Identifier name;
  ExprPtr value;
};
/// A `let`, a metric, or `loss = value` and what else has one value.
struct TrainMember {
  using Node = std::variant<LetMember, MetricMember, AssignMember>;
  SourceRange range;
  Node node;
};
/// `train MODEL(arguments) -> results { ... }`: how a model is trained.
struct TrainDecl {
  Identifier model;
  std::vector<TrainArgument> arguments;
  std::vector<Identifier> results;
  std::vector<TrainMember> body;
  SourceRange end; ///< the closing brace
};

/// `let width = 64` in a file, outside of definitions.
struct ConstantDecl {
  Identifier name;
  ExprPtr value;
  std::string doc;
};

struct Module;

/// `import "cells.seq"`
struct ImportDecl {
  std::string path;
  SourceRange range; ///< of the path in its quotes
  /// What was found there; set by the front end.
  std::shared_ptr<const Module> module;
};

/// A file.
struct Module {
  SourcePtr file;
  std::vector<ImportDecl> imports;
  std::vector<ConstantDecl> constants;
  std::vector<DefinitionDecl> definitions;
  std::vector<TrainDecl> trains;
};

/// The tree as text, one node a line: phase `parse`.
std::string dump(const Module &module);

} // namespace seqc::dsl

#endif // SEQC_DSL_PARSE_AST_H
