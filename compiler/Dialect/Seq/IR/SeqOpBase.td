//===- SeqOpBase.td - What the definitions of seq ops share --------------===//
// Types of operands and the class of an op.
//===----------------------------------------------------------------------===//

#ifndef SEQ_OP_BASE_TD
#define SEQ_OP_BASE_TD

include "compiler/Dialect/Seq/IR/SeqAttrs.td"
include "compiler/Dialect/Seq/IR/SeqInterfaces.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

class Seq_Op<string mnemonic, list<Trait> traits = []>
    : Op<SeqDialect, mnemonic, traits>;

def Seq_Number : RankedTensorOf<[F32]>;
def Seq_Token : RankedTensorOf<[I64]>;
def Seq_Tensor : RankedTensorOf<[F32, I64, I1]>;
/// What crosses the border of a region: tensors, and sizes.
def Seq_Value : AnyTypeOf<[Seq_Tensor, Index]>;

#endif // SEQ_OP_BASE_TD
