// RUN: seq-opt %s --split-input-file --convert-parallel-to-gpu --verify-diagnostics

func.func private @M_tile(%call: !llvm.ptr, %tile: i64, %worker: i32) {
  // expected-error @below {{memory of one thread in code of all}}
  %y = memref.alloca() : memref<4xf32>
  return
}
func.func @M() {
  %task = constant @M_tile : (!llvm.ptr, i64, i32) -> ()
  return
}

// -----

func.func private @next(!llvm.ptr) -> i64
func.func private @M_tile(%call: !llvm.ptr, %tile: i64, %worker: i32) {
  // expected-error @below {{writes memory, and has results that all threads need}}
  %next = func.call @next(%call) : (!llvm.ptr) -> i64
  return
}
func.func @M() {
  %task = constant @M_tile : (!llvm.ptr, i64, i32) -> ()
  return
}

// -----

func.func private @product(%y: index) {
  scf.parallel (%k) = (%y) to (%y) step (%y) {
    scf.reduce
  }
  return
}
func.func private @M_tile(%call: !llvm.ptr, %tile: i64, %worker: i32) {
  %c1 = arith.constant 1 : index
  // expected-error @below {{a thread alone calls code of all}}
  scf.parallel (%k) = (%c1) to (%c1) step (%c1) {
    func.call @product(%k) : (index) -> ()
    scf.reduce
  }
  return
}
func.func @M() {
  %task = constant @M_tile : (!llvm.ptr, i64, i32) -> ()
  return
}
