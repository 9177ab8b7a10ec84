//===- Emitter.h - The emitter's state ------------------------------------===//
// Follows a checked program and builds ops; shared by the parts of the
// emitter. Bodies of maps and scans are built with direct uses of outer values,
// then isolated: what they use becomes an invariant, constants are copied.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_EMIT_EMITTER_H
#define SEQC_DSL_EMIT_EMITTER_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "dsl/Check/Program.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace seqc::dsl {

/// A value of the language: a tensor, or the parts of a tuple, record or list.
/// Neither: a part of `initial` that is left out.
struct Emitted {
  mlir::Value tensor;
  std::vector<Emitted> parts;
  /// What the tensor is, where it is a number that is known.
  std::optional<double> number;

  Emitted() = default;
  /*implicit*/ Emitted(mlir::Value tensor) : tensor(tensor) {}
  bool isAbsent() const { return !tensor && parts.empty(); }
};

/// The tensors of a value, in order; and a value of the same structure from
/// other tensors.
void flatten(const Emitted &value, llvm::SmallVectorImpl<mlir::Value> &tensors);
Emitted unflatten(const Emitted &structure, mlir::ValueRange &tensors);

/// One body that is being emitted.
struct Frame {
  const Definition &definition;
  const Instance *instance; ///< null in a function
  /// Values of the definition's dimensions: a number, or a length (a free
  /// dimension of the model).
  std::vector<Dim> dims;
  /// Where it was called from, for locations; null in the model.
  mlir::Location call;
  std::vector<Emitted> locals = {};
  /// The states of a cell, in the order of `stateType`.
  Emitted before = {};
  Emitted after = {};
  /// Of an elementwise function applied to tensors: their shape.
  Shape shape = {};
};

class Emitter {
public:
  Emitter(const Program &program, mlir::MLIRContext &context);
  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  // Functions (EmitModule.cpp)
  void emitMain(mlir::ModuleOp module);
  void emitInit(mlir::ModuleOp module);
  mlir::func::FuncOp makeFunction(mlir::ModuleOp module, llvm::StringRef name,
                                  mlir::TypeRange inputs,
                                  mlir::TypeRange results);
  void setParamAttrs(mlir::func::FuncOp function, unsigned first);
  void setInitialStates(const Instance &instance,
                        llvm::SmallVectorImpl<mlir::Value> &states);
  mlir::ArrayAttr dimNames();
  mlir::DenseI64ArrayAttr axesOf(const Type &type, const Frame &frame);
  int64_t derivedOrdinal(const WindowCount &count, llvm::StringRef name);

  // Types, sizes, places
  mlir::RankedTensorType tensorType(const Type &type, const Frame &frame);
  Shape shapeOf(const Type &type, const Frame &frame) const;
  mlir::OpFoldResult sizeOf(const Dim &dim);
  mlir::Value makeSize(const Dim &dim);
  mlir::Location locationOf(SourceRange range);
  mlir::Location locationIn(const Frame &frame, SourceRange range);

  // Expressions (EmitExpr.cpp)
  Emitted emit(const TypedExpr &expr, Frame &frame);
  std::optional<double> knownNumber(const TypedExpr &expr, const Frame &frame);
  Emitted emitNode(const TypedExpr &expr, Frame &frame, mlir::Location loc);
  std::vector<Emitted> emitOperands(const TypedExpr &expr, Frame &frame);
  mlir::Value emitTensor(const TypedExpr &expr, Frame &frame);
  mlir::Value emitElementwise(const TypedExpr &expr, Frame &frame,
                              mlir::Location loc);
  mlir::Value emitNot(mlir::Value x, const Shape &shape, mlir::Location loc);
  mlir::Value emitKnownPower(const TypedExpr &expr, Frame &frame,
                             mlir::Location loc);
  mlir::Value emitReduce(const ReduceNode &reduce, mlir::Value input,
                         const Shape &result, mlir::Location loc);
  mlir::Value emitCount(mlir::Value input, mlir::Location loc);
  Emitted emitSplit(const TypedExpr &expr, mlir::Value input, Frame &frame,
                    mlir::Location loc);
  mlir::Value scalarToken(int64_t value, mlir::Location loc);
  mlir::Value emitPositions(const TypedExpr &expr, Frame &frame,
                            mlir::Location loc);
  mlir::Value emitShift(const TypedExpr &expr, int64_t axis, int64_t by,
                        Frame &frame, mlir::Location loc);
  mlir::Value emitDropout(mlir::Value input, double rate, bool isVariational,
                          mlir::Location loc);
  mlir::RankedTensorType scalarType() {
    return mlir::RankedTensorType::get({}, builder.getF32Type());
  }
  mlir::Value constant(double value, mlir::RankedTensorType type,
                       mlir::Location loc);
  mlir::Value emitBroadcast(const TypedExpr &expr, llvm::ArrayRef<int64_t> axes,
                            Frame &frame, mlir::Location loc);
  mlir::Value broadcast(mlir::Value input, llvm::ArrayRef<int64_t> axes,
                        const Shape &shape, mlir::Location loc);

  // Calls (EmitCall.cpp)
  Emitted emitBody(Frame &frame);
  void emitStatements(llvm::ArrayRef<Statement> statements, Frame &frame);
  Emitted emitFor(const TypedExpr &expr, const ForNode &loop, Frame &frame,
                  mlir::Location loc);
  Emitted emitCall(const TypedExpr &expr, const CallNode &call, Frame &frame,
                   mlir::Location loc);
  Emitted emitLifted(const CallNode &call, std::vector<Emitted> arguments,
                     Emitted initial, unsigned lift, Frame &frame,
                     mlir::Location loc);
  Emitted emitInlined(const CallNode &call, std::vector<Emitted> arguments,
                      Frame &frame, mlir::Location loc);
  Frame calleeFrame(const CallNode &call, const Instance *instance,
                    const Frame &frame, mlir::Location loc);
  void isolate(mlir::Region &body, mlir::MutableOperandRange invariants);

  // Recurrences (EmitRecurrence.cpp)
  Emitted emitRecurrence(const CallNode &call, std::vector<Emitted> arguments,
                         const Emitted &given, Frame &frame,
                         mlir::Location loc);
  /// One layer in one direction: its final states and the results in time.
  Emitted emitScan(const CallNode &call, const Instance &cell, bool reverse,
                   const std::vector<Emitted> &arguments,
                   const Emitted &initial, Frame &frame, mlir::Location loc);
  Emitted initialStates(const Instance &cell, mlir::Location loc);
  Emitted carriedStates(const Instance &cell, unsigned &next);
  Emitted joinDirections(const Emitted &forward, const Emitted &backward,
                         mlir::Location loc);

  const Program &program;
  mlir::OpBuilder builder;
  mlir::func::FuncOp function;
  std::vector<mlir::Value> params;   ///< of the function, by program order
  std::vector<mlir::Value> statesIn; ///< carried, of @main
  std::vector<mlir::Value> statesOut;
  /// Of lengths, and of windows over them; made where first needed.
  std::vector<std::pair<Dim, mlir::Value>> sizes;
  /// The dimensions of results that follow from others.
  llvm::SmallVector<mlir::Attribute> derived;
  int64_t nextSite = 0;           ///< of a dropout, after the parameters
};

} // namespace seqc::dsl

#endif // SEQC_DSL_EMIT_EMITTER_H
