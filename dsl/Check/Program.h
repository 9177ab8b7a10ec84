//===- Program.h - A checked program --------------------------------------===//
// What checking makes of the syntax: definitions with every name resolved,
// every type known in the definition's own dimension names, every broadcast,
// lifting and axis explicit; then the model's instances with the values of
// their dimensions. Emission only follows it and can find nothing wrong.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_PROGRAM_H
#define SEQC_DSL_CHECK_PROGRAM_H

#include "dsl/Check/Types.h"
#include "dsl/Parse/Ast.h"

#include <map>
#include <memory>
#include <variant>

namespace seqc::dsl {

struct Definition;
struct TypedExpr;
using TypedPtr = std::unique_ptr<TypedExpr>;

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

/// Elementwise operations; all operands of one have the same shape.
enum class ElementwiseOp : uint8_t {
#define ELEMENTWISE(id, name) id,
#include "dsl/Check/Elementwise.def"
};

enum class ReduceKind : uint8_t { Sum, Max, Min, Mean };

/// A value of the body: an argument, what a `let` binds, a state before or
/// after its assignment. Counted from zero in each definition.
using LocalId = unsigned;

struct ConstantNode {
  double value;
};
struct BoolNode {
  bool value;
};
/// A dimension as a number.
struct DimNode {
  Dim dim;
};
/// A token that is written as a number.
struct TokenNode {
  Dim value;
};
/// Positions of a dimension: 0, 1, 2 ... as numbers or tokens.
struct PositionsNode {};
struct LocalNode {
  LocalId local;
};
struct ParamNode {
  unsigned param;
};
struct ElementwiseNode {
  ElementwiseOp op;
};
/// Axis `i` of the operand becomes axis `axes[i]`.
struct BroadcastNode {
  std::vector<int64_t> axes;
};
/// The last axis of the first operand with the first of the second.
struct MatMulNode {};
struct ReduceNode {
  ReduceKind kind;
  int64_t axis;
};
/// How many positions the last axis has, as a number; one for each position
/// of the axes before it, which may have one inside.
struct CountNode {};
struct SoftmaxNode {
  int64_t axis;
};
struct CumsumNode {
  int64_t axis;
};
/// Axis `i` of the result is axis `permutation[i]` of the operand.
struct TransposeNode {
  std::vector<int64_t> permutation;
};
/// Static axes between free ones cut anew.
struct ReshapeNode {};
/// Position t takes what stands at t - by, or the second operand, a constant.
struct ShiftNode {
  int64_t axis;
  Dim by;
};
/// One at the place of each token of the operand, on a new last axis.
struct OneHotNode {};
/// Along the last axis.
struct ConcatNode {};
/// Equal parts of the last axis; a tuple.
struct SplitNode {};
struct SliceNode {
  int64_t axis;
  Dim begin;
};
/// One position of an axis; counted from the end where `index` is negative.
struct AtNode {
  int64_t axis;
  Dim index;
};
/// Overlapping parts of an axis, as a new axis behind it.
struct WindowsNode {
  /// An argument, and where it stands.
  struct Written {
    Dim dim;
    SourceRange range;
  };
  int64_t axis;
  Written size;
  Written stride;
  Written before;
  Written after;
};
/// Rows of the first operand, by the tokens of the second.
struct GatherNode {};
struct DropoutNode {
  TypedPtr rate;
  bool isVariational = false; ///< one mask for all positions
};
/// Operands are the record's parts (or a list's elements).
struct RecordNode {};
struct ListNode {};
struct FieldNode {
  size_t part;
};
/// An element of a list; counted from the end where negative.
struct ElementNode {
  Dim index;
};
/// `let`, or the assignment of a state.
struct Statement {
  std::vector<std::optional<LocalId>> targets;
  TypedPtr value;
};
/// A value for each position of the first axis of the operands.
struct ForNode {
  std::vector<std::optional<LocalId>> elements; ///< one for each operand
  std::vector<Statement> body;
  std::vector<TypedPtr> results;
};
/// A call of a function, of an instance of a layer or cell, or of a
/// recurrence. The operands are its arguments.
struct CallNode {
  const Definition *callee;
  /// Which `use` of the caller; nothing for a function.
  std::optional<unsigned> use;
  /// The values of the callee's dimensions, in the caller's.
  std::vector<Dim> dims;
  /// How many leading axes the call is mapped over, and which arguments have
  /// them.
  unsigned lift = 0;
  std::vector<bool> isLifted;
  /// Of a recurrence: which arguments are walked in time, and `initial`.
  std::vector<bool> isSequence;
  TypedPtr initial;
};

struct TypedExpr {
  using Node =
      std::variant<ConstantNode, BoolNode, DimNode, TokenNode, PositionsNode,
                   LocalNode, ParamNode, ElementwiseNode, BroadcastNode,
                   MatMulNode, ReduceNode, CountNode, SoftmaxNode, CumsumNode,
                   TransposeNode, ReshapeNode, ShiftNode, OneHotNode,
                   ConcatNode, SplitNode, SliceNode, AtNode, WindowsNode,
                   GatherNode, DropoutNode, RecordNode, ListNode, FieldNode,
                   ElementNode, ForNode, CallNode>;
  SourceRange range;
  Type type;
  Node node;
  std::vector<TypedPtr> operands;

  template <typename T> const T *as() const { return std::get_if<T>(&node); }
};

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

struct Named {
  std::string name;
  Type type;
  SourceRange range;
};

enum class Distribution : uint8_t { Constant, Uniform, Normal };

struct Param : Named {
  Distribution distribution = Distribution::Constant;
  TypedPtr value;
};

struct State : Named {
  TypedPtr initial; ///< has the state's shape
  LocalId before = 0;
  LocalId after = 0;
  std::optional<SourceRange> assigned;
};

/// The options of `recurrent`.
struct Recurrence {
  std::optional<Dim> layers; ///< nothing where it is not written: one
  SourceRange layersRange;
  bool bidirectional = false;
  bool reverse = false;
  TypedPtr dropout; ///< between layers; may be null
  bool isVariational = false; ///< one mask for all positions
  /// The dimension of the cell that takes the width of the layer below, and
  /// that width. Only where `layers` is written.
  std::optional<unsigned> inputDim;
  Dim width;
};

/// A parameter, or a whole instance, that an instance shares with another.
struct SharedPart {
  bool isInstance = false;
  unsigned part; ///< among the params, or the uses, of what is used
  SourceRange range;
  /// Whose it is: uses of the definition around and of those inside, then a
  /// param or a use of the last one (of the definition around if there is
  /// none).
  std::vector<unsigned> path;
  unsigned ownerPart;
  SourceRange ownerRange;
};

struct Use {
  std::string name;
  SourceRange range;
  const Definition *definition = nullptr;
  std::optional<Recurrence> recurrence;
  /// The values of the dimensions in the definition's brackets, in the order
  /// there; those left out are filled in by the first call.
  std::vector<std::optional<Dim>> dims;
  std::vector<SourceRange> decided; ///< where each of them was
  std::vector<SharedPart> shared;
  unsigned calls = 0;
};

struct Definition {
  const DefinitionDecl *decl = nullptr;
  DefinitionKind kind = DefinitionKind::Fn;
  std::string name;
  SourceRange range; ///< of the name
  /// Those in the brackets first, then the free ones of the arguments, then
  /// those of the results that the body makes, and other names.
  std::vector<std::unique_ptr<DimSymbol>> dims;
  unsigned bracketDims = 0;
  std::vector<std::optional<Dim>> defaults; ///< of a model
  std::vector<Named> arguments;             ///< the first locals
  std::vector<TypedPtr> argumentDefaults;   ///< null where there is none
  std::vector<Named> results;
  std::vector<Param> params;
  std::vector<State> states;
  std::vector<Use> uses;
  std::vector<Statement> body;
  std::vector<TypedPtr> returns;
  std::vector<Named> locals; ///< by LocalId
  /// Takes and gives scalars through elementwise operations alone: applies to
  /// tensors of any one shape as it stands.
  bool isElementwise = false;
  /// Without a fault in its signature: it can be called.
  bool isUsable = true;
  /// Of a cell: its states with those of the cells that it holds.
  size_t stateCount = 0;
  /// Height of its expressions with those of what it calls.
  unsigned height = 1;
};

/// A cell's states, and those of the cells that it holds, by name.
Type stateType(const Definition &cell);

/// A substitution of a definition's dimensions by the values of a call.
inline Dim::Substitution valuesOf(const std::vector<Dim> &dims) {
  return [&dims](const DimSymbol &symbol) -> std::optional<Dim> {
    return dims[symbol.index];
  };
}

/// Appends the values of those of a definition's dimensions that are other
/// names; the values of the others stand in `values`, zero where unknown.
void completeDims(const Definition &definition, std::vector<Dim> &values);

//===----------------------------------------------------------------------===//
// The model's instances
//===----------------------------------------------------------------------===//

struct Instance;

/// What a `use` makes: one instance, or one for each layer and direction.
struct UseInstance {
  int64_t layers = 1;
  /// Layer by layer, forward before backward.
  std::vector<std::unique_ptr<Instance>> instances;
  /// The recurrence's state is kept from call to call, as the program's states
  /// from this one on.
  std::optional<unsigned> carried;
  double dropout = 0; ///< between layers

  // How the program calls it, which decides whether its state is carried.
  unsigned calls = 0;
  bool isRestarted = false;
};

struct Instance {
  const Definition *definition = nullptr;
  std::string path;      ///< `encoder.lstm.`, to which names are appended
  std::vector<Dim> dims; ///< values of the dimensions in the brackets
  std::vector<unsigned> params; ///< of the program, those of the definition
  std::vector<UseInstance> uses;
};

struct ProgramParam {
  std::string name;
  SourceRange range;
  std::vector<int64_t> shape;
  Distribution distribution;
  double value;
  /// PyTorch's name where it has no layer, and names of other instances that
  /// share it.
  std::vector<std::string> aliases;
  std::vector<std::string> ties;
};

struct ProgramState {
  std::string name;
  std::vector<int64_t> shape;    ///< a length, the program's only one, is -1
  std::optional<double> initial; ///< of a cell over steps
};

struct Training;
struct TrainingLayout;

struct Program {
  SourcePtr file;
  /// The library's, then what is imported, then the file's own. They keep the
  /// syntax that definitions point to.
  std::vector<std::shared_ptr<const Module>> modules;
  size_t modulesOfLibrary = 0; ///< how many of them are the library's

  bool isLibrary(const Module &module) const {
    for (size_t i = 0; i < modulesOfLibrary; ++i)
      if (modules[i].get() == &module)
        return true;
    return false;
  }

  /// Callees before their callers.
  std::vector<std::unique_ptr<Definition>> definitions;

  /// The model that is emitted; null if the file has none.
  const Definition *model = nullptr;
  std::unique_ptr<Instance> root;
  std::vector<ProgramParam> params;
  std::vector<ProgramState> states;

  /// The file's `train` blocks.
  std::vector<std::unique_ptr<Training>> trainings;
  /// Set where the program is a training step: `model` is its step.
  std::unique_ptr<TrainingLayout> training;

  Program();
  ~Program();
};

/// The value of a dimension, given those of the names; nothing where one has
/// none (a length) or the value does not fit.
std::optional<int64_t> evaluate(const Dim &dim, const std::vector<Dim> &values);

/// The same constant in another definition, which gives the dimensions in it
/// `values`.
TypedPtr copyConstant(const TypedExpr &expr, const std::vector<Dim> &values);
/// The value of a scalar made of numbers and static dimensions.
double evaluateConstant(const TypedExpr &expr, const std::vector<Dim> &values);
/// Of an operation on scalars; nothing where it is no formula of numbers.
std::optional<double> evaluateElementwise(ElementwiseOp op,
                                          const std::vector<double> &operands);
/// Whether there is one.
bool isConstant(const TypedExpr &expr);

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_PROGRAM_H
