//===- SeqDialect.cpp - Registration of the seq dialect -------------------===//
// Owns the dialect object, its attributes' syntax, and how folded constants
// become ops again.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace seqc::seq {

static ParseResult parseF64(AsmParser &parser, FailureOr<APFloat> &value) {
  double parsed = 0;
  if (parser.parseFloat(parsed))
    return failure();
  value = APFloat(parsed);
  return success();
}

static void printF64(AsmPrinter &printer, const APFloat &value) {
  printer.printFloat(value);
}

void SeqDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "compiler/Dialect/Seq/IR/SeqAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "compiler/Dialect/Seq/IR/SeqOps.cpp.inc"
      >();
}

Operation *SeqDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                           Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

} // namespace seqc::seq

#include "compiler/Dialect/Seq/IR/SeqDialect.cpp.inc"
#include "compiler/Dialect/Seq/IR/SeqEnums.cpp.inc"
#include "compiler/Dialect/Seq/IR/SeqInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "compiler/Dialect/Seq/IR/SeqAttrs.cpp.inc"
