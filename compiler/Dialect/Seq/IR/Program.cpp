//===- Program.cpp - What the functions of a module are to the caller -----===//
// Reads the attributes of @main's arguments.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;

namespace seqc::seq {

ArrayRef<int64_t> getAxes(func::FuncOp function, unsigned argument) {
  auto axes = function.getArgAttrOfType<DenseI64ArrayAttr>(argument, kAxesAttr);
  return axes ? axes.asArrayRef() : ArrayRef<int64_t>();
}

SmallVector<DerivedAttr> getDerivedDimensions(func::FuncOp function) {
  auto module = function->getParentOfType<ModuleOp>();
  auto derived =
      module ? module->getAttrOfType<ArrayAttr>(kDerivedAttr) : ArrayAttr();
  SmallVector<DerivedAttr> dimensions;
  if (derived)
    llvm::append_range(dimensions, derived.getAsRange<DerivedAttr>());
  return dimensions;
}

/// How many dynamic dimensions the module names or its function uses, without
/// those that follow from others.
static size_t countDimensions(func::FuncOp function) {
  size_t count = 0;
  if (auto module = function->getParentOfType<ModuleOp>())
    if (auto names = module->getAttrOfType<ArrayAttr>(kDimsAttr))
      count = names.size();
  if (!getDerivedDimensions(function).empty())
    return count;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    for (int64_t ordinal : getAxes(function, i))
      count = std::max<size_t>(count, ordinal + 1);
  return count;
}

SmallVector<int64_t> getEnclosingDimensions(func::FuncOp function) {
  constexpr int64_t kUnseen = -2;
  SmallVector<int64_t> enclosing(countDimensions(function), kUnseen);
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    int64_t before = -1;
    for (int64_t ordinal : getAxes(function, i)) {
      if (ordinal < 0 || ordinal >= static_cast<int64_t>(enclosing.size()))
        continue;
      int64_t &known = enclosing[ordinal];
      if (known == kUnseen || before == -1)
        known = before == ordinal ? -1 : before;
      before = ordinal;
    }
  }
  llvm::replace(enclosing, kUnseen, int64_t(-1));
  return enclosing;
}

FileLineColLoc getPlaceInModel(Location loc, ModuleOp module) {
  auto model = module.getLoc()->findInstanceOf<FileLineColLoc>();
  FileLineColLoc found;
  loc->walk([&](Location inner) {
    auto place = dyn_cast<FileLineColLoc>(inner);
    if (!place || (model && place.getFilename() != model.getFilename()))
      return WalkResult::advance();
    found = place;
    return WalkResult::interrupt();
  });
  return found;
}

} // namespace seqc::seq
