//===- Passes.td - Passes on the sched dialect ---------------------------===//
// One record for each pass: what it does and what is left after it.
//===----------------------------------------------------------------------===//

#ifndef SCHED_PASSES_TD
#define SCHED_PASSES_TD

include "mlir/Pass/PassBase.td"

def ShareProductsPass : Pass<"sched-share-products", "::mlir::ModuleOp"> {
  let summary = "makes one function of products that are alike";
  let description = [{
    The layers of a stack, and its two directions, have the same step with other
    buffers. Where several `sched.product` differ in nothing but the values that
    they take from outside, they become calls of one private function, which is
    compiled once. A product that is alone stays where it is, and so does one
    that is known to have a single row.

    ```mlir
    sched.product %x, %p rows(%n) units(8) : memref<?x4xf32>, memref<1x4x8xf32> {
    ^bb0(%row: index, %unit: index, %sum: f32):
      memref.store %sum, %y[%row, %unit] : memref<?x8xf32>
    }
    sched.product %u, %q rows(%n) units(8) : memref<?x4xf32>, memref<1x4x8xf32> {
    ^bb0(%row: index, %unit: index, %sum: f32):
      memref.store %sum, %v[%row, %unit] : memref<?x8xf32>
    }
    // becomes
    call @main_product_0(%x, %p, %n, %y) : (memref<?x4xf32>, memref<1x4x8xf32>, index, memref<?x8xf32>) -> ()
    call @main_product_0(%u, %q, %n, %v) : (memref<?x4xf32>, memref<1x4x8xf32>, index, memref<?x8xf32>) -> ()
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect"];
}

def ShareWorkPass : Pass<"sched-share-work", "::mlir::ModuleOp"> {
  let summary = "cuts the work of a function into parts for a team";
  let description = [{
    Behind a `sched.team`, and in what is called there, each member gets its part
    of every product (panels of units) and of every parallel loop (columns of
    the last dimension, where there are enough). What else writes memory, the
    first member does. What only reads, sums of parallel loops too, all do, so
    that all take the same branches and the bits do not depend on how many they
    are.

    Members meet at a `sched.barrier` where one touches what another may have
    written, or writes what another may have touched. Columns of equally long
    rows have the same owner in all loops and epilogues, so that a step of a
    common cell has one barrier: before the product that reads all of the state.

    Where `sched.side` marks two runs of work that touch nothing in common, a
    team of two does one each, without a barrier: each member is a team of one
    for its side, and for the other side has no part. The test of the team's size
    is part of the code: larger ones share both. All meet before a pair where one
    of them may need what another has written, in a loop once a turn.

    ```mlir
    sched.team %call member(%m of %n) : !llvm.ptr
    scf.parallel (%row, %column) = (%c0, %c0) to (%rows, %c64) step (%c1, %c1) {
      memref.store %v, %x[%row, %column] : memref<?x64xf32>
    }
    // becomes, with the columns from %first to %end of member %m
    scf.parallel (%row, %column) = (%c0, %first) to (%rows, %end) step (%c1, %c1) {
      memref.store %v, %x[%row, %column] : memref<?x64xf32>
    }
    ```

    After this there is no `sched.team`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect", "::mlir::scf::SCFDialect"];
}

#endif // SCHED_PASSES_TD
