//===- Checker.h - Checks definitions -------------------------------------===//
// Shared by the parts of the checker: the module-wide state (which definitions
// there are) and one definition's (its names in scope). A function that
// returns null or false has reported why, or met what was reported before.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_CHECKER_H
#define SEQC_DSL_CHECK_CHECKER_H

#include "dsl/Check/Program.h"
#include "dsl/Check/Usage.h"
#include "dsl/Diag/Diagnostic.h"

#include <functional>
#include <set>
#include <string_view>

namespace seqc::dsl {

/// All definitions by name; the file's own hide the library's.
using DefinitionTable = std::map<std::string, Definition *, std::less<>>;

/// A number that a file names.
struct FileConstant {
  double value;
  SourceRange range;
};

/// What the definitions of one file may name: the file's own, what it imports,
/// the library.
struct ModuleNames {
  DefinitionTable definitions;
  std::map<std::string, FileConstant, std::less<>> constants;
};

/// Resolves and orders the definitions of the modules that the program holds
/// (library first, the file last), checks those that the file needs, and
/// leaves them in `program.definitions`.
void checkDefinitions(Program &program, DiagnosticEngine &engine);

/// Lays out the model's instances with the values of its dimensions; or those
/// of its training step.
void layOut(Program &program, const std::vector<std::string> &settings,
            const std::string &modelName, bool isTraining,
            DiagnosticEngine &engine);

/// "1 argument", "2 arguments".
inline std::string count(size_t number, const char *what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

/// What a name stands for in a body.
struct Entity {
  enum class Kind : uint8_t { Dim, Local, Param, State, Use };
  Kind kind;
  unsigned index; ///< among the definition's dims, locals, params ...
  SourceRange range;
  unsigned level = 0; ///< how many `for`s are around the declaration
};

/// Whether a setting of a `train` block may have this value; else a report.
bool checkSettingValue(const std::string &name, SourceRange range, double value,
                       DiagnosticEngine &engine);

class DefinitionChecker {
public:
  /// `usage` is null where nobody asks what is unused: in the library.
  DefinitionChecker(Definition &definition, const ModuleNames &names,
                    Usage *usage, DiagnosticEngine &engine)
      : def(definition), table(names.definitions), constants(names.constants),
        usage(usage), engine(engine) {}

  void check();

  /// The value of a constant of the file: `definition` is empty.
  std::optional<double> checkFileConstant(const Expr &expr);

  static bool isBuiltin(std::string_view name);

private:
  friend class TrainChecker;

  // Signature and members (CheckDefinition.cpp)
  void checkDims();
  void checkArguments();
  void checkDefault(const ArgumentDecl &argument, const Type &type);
  TypedPtr checkFlag(const Expr &expr);
  void checkResults();
  DimSymbol *introduceDim(const Expr &expr);
  void introduceFreeDims(const TypeExpr &type);
  /// Bare new names in the shapes of results: what the body makes.
  void introduceMadeDims();
  void forgetMadeDims();
  bool bindMadeDims(const Named &result, const Type &given);
  void checkMadeDims();
  void checkMember(const Member &member);
  void checkParam(const ParamMember &member);
  void checkInitializer(const Initializer &initializer, Param &param);
  std::optional<Type> checkStoredType(const Identifier &name,
                                      const TypeExpr &written);
  void checkState(const StateMember &member);
  void checkLet(const LetMember &member);
  void bindLet(const LetMember &member, TypedPtr value);
  void poison(const LetMember &member);
  std::optional<Type> checkLetType(const LetTarget &target,
                                   const TypedExpr &value, const Type &given);
  bool introduceOtherNames(const TypeExpr &written, const Type &given);
  void checkAssign(const AssignMember &member);
  void checkReturn(const ReturnMember &member, SourceRange range);
  void checkReturned(std::vector<TypedPtr> values);
  void checkEnd();
  void checkStateCount();
  void checkHeight();

  // Uses (CheckUse.cpp)
  void checkUse(const UseMember &member);
  const Definition *checkUsed(const UseMember &member);
  /// The dimensions that are written for a definition; `_` is left out.
  bool checkGivenDims(const std::vector<ExprPtr> &written,
                      const Definition &definition,
                      std::vector<std::optional<Dim>> &dims,
                      std::vector<SourceRange> &decided);
  bool checkOptions(const UseMember &member, Recurrence &recurrence);

  // Shared parameters (CheckShared.cpp)
  bool checkShared(const UseMember &member, Use &use);
  bool findShared(const Argument &argument, const Definition &used,
                  SharedPart &part);
  bool findOwner(const Expr &expr, SharedPart &part);
  void checkSharedTypes(const Use &use);
  bool checkOption(const Argument &option, const std::string &name,
                   Recurrence &recurrence);

  // Types and dimensions (CheckTypes.cpp)
  std::optional<Type> checkType(const TypeExpr &type);
  std::optional<Dim> checkDim(const Expr &expr);
  std::optional<Dim> wholeDim(const Expr &expr, double value);
  std::optional<Dim> checkDimName(const Expr &expr, const std::string &name);
  void reportUnknownDim(SourceRange range, const std::string &name);
  std::optional<Dim> checkDimArithmetic(const Expr &expr, const BinaryExpr &op);
  /// A dimension whose value is known when the model is compiled.
  std::optional<Dim> checkStaticDim(const Expr &expr);
  /// The same with a sign before it.
  std::optional<Dim> checkSignedDim(const Expr &expr);

  // Expressions (CheckExpr.cpp)
  TypedPtr checkExpr(const Expr &expr);
  /// An expression that is one tensor.
  TypedPtr checkTensor(const Expr &expr);
  TypedPtr checkNumber(const Expr &expr);
  TypedPtr checkElement(const Expr &expr, Element element);
  bool requireElement(const TypedExpr &value, Element element);
  /// A scalar that is known when the model is compiled.
  TypedPtr checkConstant(const Expr &expr);
  /// Such a scalar as the rate of a dropout.
  TypedPtr checkRate(const Expr &expr);
  TypedPtr checkName(const Expr &expr, const std::string &name);
  TypedPtr checkUnary(const Expr &expr, const UnaryExpr &unary);
  TypedPtr checkBinary(const Expr &expr, const BinaryExpr &binary);
  TypedPtr checkMatMul(const Expr &expr, const BinaryExpr &binary);
  TypedPtr checkField(const Expr &expr, const FieldExpr &field);
  TypedPtr checkRecord(const Expr &expr, const RecordExpr &record);
  TypedPtr checkList(const Expr &expr, const ListExpr &list);
  /// Makes the operands' shapes one, by name, and applies the operation.
  TypedPtr elementwise(SourceRange range, ElementwiseOp op, Type result,
                       std::vector<TypedPtr> operands);
  bool unifyShapes(TypedPtr &a, TypedPtr &b);
  TypedPtr broadcastTo(TypedPtr value, const Shape &shape);

  // `for` (CheckFor.cpp)
  TypedPtr checkFor(const Expr &expr, const ForExpr &loop);
  std::vector<TypedPtr> checkForSequences(const ForExpr &loop);
  TypedPtr checkForValue(const Expr &expr, bool isAlone);
  void declareElements(const ForExpr &loop, ForNode &node,
                       const std::vector<TypedPtr> &sequences);
  std::vector<TypedPtr> checkForBody(const ForExpr &loop);

  // Indexing (CheckIndex.cpp)
  TypedPtr checkIndex(const Expr &expr, const IndexExpr &index);
  TypedPtr checkElementOf(const Expr &expr, const IndexExpr &index,
                          TypedPtr base);
  TypedPtr checkGather(const Expr &expr, TypedPtr base, const Expr &token);
  TypedPtr indexAxis(const Expr &expr, TypedPtr base, int64_t &axis,
                     const Expr &item);
  TypedPtr sliceAxis(const Expr &expr, TypedPtr base, int64_t axis,
                     const SliceExpr &slice, SourceRange range);
  std::optional<Dim> checkBound(const Expr &expr, const Dim &size);
  bool isToken(const Expr &expr) const;
  bool checkInRange(SourceRange range, const Dim &position, const Dim &size,
                    const std::string &what);

  // Calls (CheckCall.cpp)
  TypedPtr checkCall(const Expr &expr, const CallExpr &call);
  bool checkTakesNoDims(const CallExpr &call, const char *hint);
  TypedPtr callInstance(const Expr &expr, const CallExpr &call, unsigned use);
  TypedPtr callFunction(const Expr &expr, const CallExpr &call,
                        const Definition &callee);
  TypedPtr unknownFunction(const CallExpr &call);
  TypedPtr callCellOfSteps(const Expr &expr, const CallExpr &call,
                           const Definition &cell);
  /// Puts positional and named arguments in the declared order; the last
  /// `flags` ones are none.
  bool arrange(const CallExpr &call, const std::vector<std::string> &declared,
               std::vector<const Expr *> &values,
               const std::vector<std::string> &optional = {},
               const std::vector<bool> *hasDefault = nullptr, size_t flags = 0);
  struct Match;
  bool checkArguments(Match &match, std::vector<const Expr *> &values);
  TypedPtr finishCall(Match &match, std::optional<unsigned> use, Type type,
                      TypedPtr initial);

  // Matching of arguments with what is declared (CheckMatch.cpp)
  bool checkElements(Match &match);
  bool findLift(Match &match);
  bool reportLift(Match &match, size_t argument, size_t first);
  bool findSequences(Match &match);
  bool findSequence(Match &match, size_t argument, size_t first);
  bool unify(Match &match);
  bool unifyDim(Match &match, size_t argument, const Dim &declared,
                const Dim &actual, bool &isOpen);
  bool bind(Match &match, size_t argument, const DimSymbol &symbol,
            const Dim &value);
  bool reportMismatch(Match &match, size_t argument);
  bool requireInferred(Match &match);
  void takeDefault(Match &match, size_t dim);

  // Recurrences (CheckRecurrence.cpp)
  TypedPtr callRecurrence(Match &match, unsigned use, const Expr *initial);
  bool canJoin(const Match &match);
  bool checkLayers(Match &match, Recurrence &recurrence);
  bool reportLayers(const Match &match, const std::string &reason);
  std::vector<Type> recurrentResults(const Match &match);
  Type finalType(const Match &match);
  TypedPtr checkInitial(const Expr &expr, const Type &expected);
  TypedPtr fitInitial(TypedPtr value, const Type &expected);

  // Built-in functions (CheckBuiltin.cpp)
  using BuiltinTable =
      std::map<std::string_view,
               TypedPtr (DefinitionChecker::*)(const Expr &, const CallExpr &)>;
  static const BuiltinTable &builtins();
  static std::vector<std::string_view> builtinNames();
  TypedPtr callBuiltin(const Expr &expr, const CallExpr &call);
  TypedPtr callUnary(const Expr &expr, const CallExpr &call, ElementwiseOp op);
  TypedPtr callExtremum(const Expr &expr, const CallExpr &call);
  TypedPtr callReduction(const Expr &expr, const CallExpr &call,
                         ReduceKind kind);
  TypedPtr checkAlong(const CallExpr &call, int64_t &axis);
  template <typename Node>
  TypedPtr callAlong(const Expr &expr, const CallExpr &call);
  TypedPtr callSum(const Expr &expr, const CallExpr &call);
  TypedPtr callMean(const Expr &expr, const CallExpr &call);
  TypedPtr callSplit(const Expr &expr, const CallExpr &call);
  TypedPtr callConcat(const Expr &expr, const CallExpr &call);
  TypedPtr callWhere(const Expr &expr, const CallExpr &call);
  TypedPtr callDropout(const Expr &expr, const CallExpr &call);
  TypedPtr callWindows(const Expr &expr, const CallExpr &call);

  // Built-in functions of shapes and positions (CheckShapeBuiltin.cpp)
  TypedPtr callTranspose(const Expr &expr, const CallExpr &call);
  TypedPtr callReshape(const Expr &expr, const CallExpr &call);
  TypedPtr callShift(const Expr &expr, const CallExpr &call);
  TypedPtr callPositions(const Expr &expr, const CallExpr &call);
  void useSourcesOf(const Dim &dim);
  std::optional<Shape> checkNewShape(const CallExpr &call, TypedPtr &x);

  // Tokens (CheckTokens.cpp)
  TypedPtr callOneHot(const Expr &expr, const CallExpr &call);
  bool meetToken(TypedPtr &a, TypedPtr &b);
  bool sameVocabulary(const TypedExpr &a, const TypedExpr &b);
  TypedPtr checkTokenArithmetic(const Expr &expr, ElementwiseOp op,
                                TypedPtr lhs, TypedPtr rhs);
  std::optional<int64_t> findAxis(const TypedExpr &value, const Expr &over);

  // Scope
  bool declare(const Identifier &name, Entity::Kind kind, unsigned index);
  void noteDeclared(const Identifier &name, const Entity &entity);
  /// What a name that stands in the text means, which is a use of it.
  const Entity *find(std::string_view name) const;
  const Entity *lookUp(std::string_view name) const;
  /// The name had a fault: its uses are not reported again.
  void poison(const std::string &name);
  void reportUnknown(SourceRange range, const std::string &name);
  void enterLoop();
  void leaveLoop();
  LocalId addLocal(const std::string &name, Type type, SourceRange range);
  std::vector<std::string_view> namesInScope() const;
  TypedPtr make(SourceRange range, Type type, TypedExpr::Node node,
                std::vector<TypedPtr> operands = {});
  template <typename... Ptrs> static std::vector<TypedPtr> list(Ptrs... ptrs) {
    std::vector<TypedPtr> result;
    (result.push_back(std::move(ptrs)), ...);
    return result;
  }

  Definition &def;
  /// What is checked is `let NAME = expr` of the file.
  bool isFileConstant = false;
  const DefinitionTable &table;
  const std::map<std::string, FileConstant, std::less<>> &constants;
  Usage *usage;
  DiagnosticEngine &engine;
  std::map<std::string, Entity, std::less<>> scope;
  /// Names whose declaration had a fault: their uses are not reported again.
  std::set<std::string, std::less<>> poisoned;
  /// What a `for` changed in `scope` and `poisoned`, to be undone at its end.
  struct Change {
    std::string name;
    std::optional<Entity> entity;
    bool wasPoisoned;
  };
  void remember(const std::string &name);
  std::vector<Change> changes;
  /// Names that ended with their `for`, and where they were declared.
  std::map<std::string, SourceRange> ended;
  /// Where each instance is called, by its place among the uses.
  std::map<unsigned, std::vector<SourceRange>> callsOf;
  std::vector<size_t> loopChanges; ///< where each `for` around begins in them
  /// What the `for`s around an expression walk over, outermost first.
  Shape loops;
  bool sawReturn = false;
  /// Of the part of a `train` block that is worked out once a step: the names
  /// of one sample, and what `mean` without `over` is.
  const DefinitionChecker *samples = nullptr;
  std::function<TypedPtr(const Expr &, const CallExpr &)> onMeanOfAll;
  /// The dimensions that only results name; bound by `return`.
  std::vector<DimSymbol *> made;
};

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_CHECKER_H
