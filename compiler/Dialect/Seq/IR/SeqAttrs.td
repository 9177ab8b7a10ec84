//===- SeqAttrs.td - Attributes of the seq dialect -----------------------===//
// Owns the enums of the ops and the attribute that says how a parameter
// begins.
//===----------------------------------------------------------------------===//

#ifndef SEQ_ATTRS_TD
#define SEQ_ATTRS_TD

include "mlir/IR/EnumAttr.td"
include "compiler/Dialect/Seq/IR/SeqDialect.td"

def Seq_ReductionKind : I32EnumAttr<"ReductionKind", "how a reduction combines",
    [I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Max", 1, "max">,
     I32EnumAttrCase<"Min", 2, "min">]> {
  let cppNamespace = "::seqc::seq";
}

def Seq_InitKind : I32EnumAttr<"InitKind", "distribution of an initial value",
    [I32EnumAttrCase<"Constant", 0, "constant">,
     I32EnumAttrCase<"Uniform", 1, "uniform">,
     I32EnumAttrCase<"Normal", 2, "normal">]> {
  let cppNamespace = "::seqc::seq";
}

def Seq_InitAttr : AttrDef<SeqDialect, "Init"> {
  let mnemonic = "init";
  let summary = "the distribution that a parameter's first value is drawn from";
  let description = [{
    `#seq.init<constant, 0.0>`, `#seq.init<uniform, 0.088>` (between minus and
    plus the value), `#seq.init<normal, 1.0>` (mean zero, the value is the
    standard deviation).
  }];
  let parameters = (ins EnumParameter<Seq_InitKind>:$kind, "::llvm::APFloat":$value);
  let assemblyFormat = "`<` $kind `,` custom<F64>($value) `>`";
}

def Seq_DerivedAttr : AttrDef<SeqDialect, "Derived"> {
  let mnemonic = "derived";
  let summary = "a dimension that follows from another one";
  let description = [{
    `#seq.derived<"N", of 0, offset -1, stride 2>`: the number of windows
    (`seq.window_count`) over the dimension with the ordinal 0.
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "int64_t":$source,
                        "int64_t":$offset, "int64_t":$stride);
  let assemblyFormat = [{
    `<` $name `,` `of` $source `,` `offset` $offset `,` `stride` $stride `>`
  }];
}

#endif // SEQ_ATTRS_TD
