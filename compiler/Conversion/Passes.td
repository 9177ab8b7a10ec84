//===- Passes.td - Passes that leave the seq dialect ---------------------===//
// One record for each edge of the lowering graph: what it does and what is
// left after it. A folder of the edge's name implements it.
//===----------------------------------------------------------------------===//

#ifndef SEQ_CONVERSION_PASSES_TD
#define SEQ_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandVectorMathPass : Pass<"expand-vector-math"> {
  let summary = "writes mathematics on f32 vectors as arithmetic";
  let description = [{
    Rewrites `seq.sigmoid` and the `math` functions on f32 scalars and vectors
    into `arith`, `math.fma` and bit operations: no call, no table, and the
    same instructions in every lane, so that a lane's result depends neither on
    its place nor on the vector's width. What is one instruction stays (`fma`, `sqrt`,
    `absf`, `copysign`, rounding); so do the functions for which no short
    approximation is good over all floats (`powf`, `sin`, `cos`, `erf`, ...):
    these become calls of the C library, lane by lane, on the way to LLVM.

    Bounds over all floats, with denormals taken as zero: `exp`, `log` and
    their kin within 4 ulp; `tanh` and `seq.sigmoid` within 2.5e-7 absolute and 1e-6
    relative, |tanh| <= 1. NaN stays NaN, infinities give the limits.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

#endif // SEQ_CONVERSION_PASSES_TD
