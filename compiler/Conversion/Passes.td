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

def ConvertSeqToLoopsPass : Pass<"convert-seq-to-loops", "::mlir::ModuleOp"> {
  let summary = "makes vector code on buffers of a program on tensors";
  let description = [{
    Turns `@main` and `@pack` into the four functions of the calling convention
    (runtime/core/abi.h), named by the module's `seq.model`, in destination
    style: every tensor that has to be in memory has its place in the workspace,
    in the packed parameters or in what the caller gave; everything else is
    computed where it is asked for. A scan is one `scf.for` in which nothing is
    allocated or copied. Products with packed weights are private functions that
    hold a tile of sums in vector registers.

    ```mlir
    %y = arith.addf %x, %x : tensor<?x16xf32>
    return %y : tensor<?x16xf32>
    // becomes, in @Model_tile
    scf.for %row = %c0 to %rows step %c1 {
      %v = vector.load %x[%row, %c0] : memref<?x16xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
      %w = arith.addf %v, %v : vector<16xf32>
      vector.store %w, %y[%row, %c0] : memref<?x16xf32, strided<[?, 1], offset: ?>>, vector<16xf32>
    }
    ```

    After this no tensor is left. Mathematics on vectors (`math.*`,
    `seq.sigmoid`) stays.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "256",
           "bits of the target's vector registers">,
    Option<"vectorRegisters", "registers", "int64_t", "16",
           "number of the target's vector registers">,
    Option<"rowsPerTile", "rows-per-tile", "int64_t", "16",
           "the most rows of a tile of the batch">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

#endif // SEQ_CONVERSION_PASSES_TD
