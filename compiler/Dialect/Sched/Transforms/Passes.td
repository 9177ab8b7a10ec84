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
    compiled once. A product that is alone stays where it is.

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

#endif // SCHED_PASSES_TD
