//===- Constants.cpp - Tensors that the program spells out ----------------===//
// Globals of constant tensors.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Constants.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace seqc::loops {

/// The elements as they lie in memory: a boolean is one byte.
static DenseElementsAttr inMemory(DenseElementsAttr elements) {
  auto type = elements.getType();
  Type element = memoryType(type.getElementType());
  if (element == type.getElementType())
    return elements;
  SmallVector<int8_t> bytes;
  for (bool value : elements.getValues<bool>())
    bytes.push_back(value);
  return DenseElementsAttr::get(type.clone(element), ArrayRef(bytes));
}

void bindConstants(Lowering &l, func::FuncOp function) {
  int64_t count = 0;
  function.walk([&](arith::ConstantOp constant) {
    auto elements = dyn_cast<DenseElementsAttr>(constant.getValue());
    if (!elements || elements.isSplat())
      return;
    elements = inMemory(elements);
    auto type = MemRefType::get(elements.getType().getShape(),
                                elements.getType().getElementType());
    OpBuilder b(l.function);
    std::string name =
        llvm::formatv("{0}_constant_{1}", l.function.getSymName(), count++);
    memref::GlobalOp::create(b, constant.getLoc(), name,
                             b.getStringAttr("private"), type, elements,
                             /*constant=*/true, /*alignment=*/IntegerAttr());
    l.buffers[constant] = memref::GetGlobalOp::create(l.b, type, name);
  });
}

} // namespace seqc::loops
