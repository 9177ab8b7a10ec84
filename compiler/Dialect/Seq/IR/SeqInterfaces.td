//===- SeqInterfaces.td - Interfaces of the seq ops ----------------------===//
// Owns what a transformation asks of an op, so that a new op brings its own
// answer and no pass has a list of ops.
//===----------------------------------------------------------------------===//

#ifndef SEQ_INTERFACES_TD
#define SEQ_INTERFACES_TD

include "mlir/IR/OpBase.td"

def BatchOpInterface : OpInterface<"BatchOpInterface"> {
  let description = [{
    An op that can take one more dimension: with operands that have it, it
    computes for all of its positions what it computes for one, and on ragged
    axes it sees to it that no padding is read. Elementwise ops of any dialect
    need no rule of their own.
  }];
  let cppNamespace = "::seqc::seq";
  let methods = [
    InterfaceMethod<[{
      Makes the op with one more dimension at the batcher's insertion point,
      and tells the batcher what stands for each of its results.
    }], "::llvm::LogicalResult", "batch", (ins "::seqc::seq::Batcher &":$batcher)>,
  ];
}

/// A seq op with a batching rule, in SeqBatching.cpp or ScanBatching.cpp.
def Batchable : DeclareOpInterfaceMethods<BatchOpInterface>;

#endif // SEQ_INTERFACES_TD
