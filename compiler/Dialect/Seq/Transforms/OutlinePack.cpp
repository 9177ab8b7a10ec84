//===- OutlinePack.cpp - What depends on parameters alone, once -----------===//
// Moves it from @main to @pack, which runs when parameters are bound, with
// the first values of the carried states (@init).
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/Transforms/ParameterValues.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/CSE.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_OUTLINEPACKPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

DictionaryAttr orEmpty(DictionaryAttr attributes, MLIRContext *context) {
  return attributes ? attributes : DictionaryAttr::get(context);
}

/// The function @pack as it grows.
class PackBuilder {
public:
  PackBuilder(func::FuncOp main) : main(main), builder(main.getContext()) {
    builder.setInsertionPointAfter(main);
    pack = func::FuncOp::create(builder, main.getLoc(), kPackName,
                                builder.getFunctionType({}, {}));
    builder.setInsertionPointToStart(pack.addEntryBlock());
  }

  /// Takes over the parameters of `from`, one argument for equal ones.
  void addParameters(func::FuncOp from, IRMapping &mapping);
  void addResult(Value value, DictionaryAttr attributes) {
    results.push_back(value);
    resultAttributes.push_back(attributes);
  }
  void copyParameterCode(const ParameterValues &values, IRMapping &mapping);
  void inlineInit(func::FuncOp init);
  void finish();

  func::FuncOp main, pack;
  OpBuilder builder;

private:
  SmallVector<DictionaryAttr> argumentAttributes, resultAttributes;
  SmallVector<Value> results;
};

struct OutlinePackPass : impl::OutlinePackPassBase<OutlinePackPass> {
  void runOnOperation() override;
};

} // namespace

void PackBuilder::addParameters(func::FuncOp from, IRMapping &mapping) {
  Block &entry = pack.front();
  for (BlockArgument argument : from.getArguments()) {
    const unsigned i = argument.getArgNumber();
    Attribute parameter = from.getArgAttr(i, kParamAttr);
    if (!parameter)
      continue;
    const auto *known =
        llvm::find_if(argumentAttributes, [&](DictionaryAttr attributes) {
          return attributes.get(kParamAttr) == parameter;
        });
    if (known != argumentAttributes.end()) {
      mapping.map(argument,
                  entry.getArgument(known - argumentAttributes.begin()));
      continue;
    }
    mapping.map(argument,
                entry.addArgument(argument.getType(), argument.getLoc()));
    argumentAttributes.push_back(
        orEmpty(from.getArgAttrDict(i), from.getContext()));
  }
}

void PackBuilder::copyParameterCode(const ParameterValues &values,
                                    IRMapping &mapping) {
  for (Operation &op : main.front())
    if (op.hasTrait<OpTrait::ConstantLike>() ||
        llvm::any_of(op.getResults(),
                     [&](Value v) { return values.contains(v); }))
      builder.clone(op, mapping);
}

/// The k-th result of @init becomes one with `seq.initial = k`.
void PackBuilder::inlineInit(func::FuncOp init) {
  IRMapping mapping;
  addParameters(init, mapping);
  for (Operation &op : init.front().without_terminator())
    builder.clone(op, mapping);
  for (auto [k, value] :
       llvm::enumerate(init.front().getTerminator()->getOperands())) {
    NamedAttrList attributes(
        orEmpty(init.getResultAttrDict(k), init.getContext()));
    attributes.set(kInitialAttr, builder.getI64IntegerAttr(k));
    addResult(mapping.lookup(value),
              attributes.getDictionary(init.getContext()));
  }
  init.erase();
}

void PackBuilder::finish() {
  func::ReturnOp::create(builder, main.getLoc(), results);
  pack.setType(builder.getFunctionType(pack.front().getArgumentTypes(),
                                       ValueRange(results).getTypes()));
  pack.setAllArgAttrs(argumentAttributes);
  pack.setAllResultAttrs(resultAttributes);
  eraseDeadOps(pack.getBody());
}

/// What the rest of @main reads of what depends on parameters alone, in the
/// order in which it is read.
static SetVector<Value> findPacked(func::FuncOp main,
                                   const ParameterValues &values) {
  SetVector<Value> packed;
  for (Operation &op : main.front()) {
    if (op.getNumResults() != 0 && values.contains(op.getResult(0)))
      continue;
    for (Value operand : op.getOperands())
      if (values.contains(operand))
        packed.insert(operand);
  }
  return packed;
}

/// Inputs, lengths, states, then packed tensors.
static int rankOfKind(func::FuncOp main, unsigned argument) {
  constexpr StringLiteral kinds[] = {kInputAttr, kLengthsAttr, kStateAttr,
                                     kPackedAttr};
  for (auto [rank, kind] : llvm::enumerate(kinds))
    if (main.getArgAttr(argument, kind))
      return rank;
  return -1;
}

/// Drops the parameters and brings the other arguments into their order.
static void orderArguments(func::FuncOp main) {
  SmallVector<unsigned> order;
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (!main.getArgAttr(i, kParamAttr))
      order.push_back(i);
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::pair(rankOfKind(main, a), a) <
           std::pair(rankOfKind(main, b), b);
  });
  SmallVector<DictionaryAttr> attributes;
  Block &entry = main.front();
  const unsigned count = entry.getNumArguments();
  OpBuilder builder(main.getContext());
  for (unsigned i : order) {
    attributes.push_back(orEmpty(main.getArgAttrDict(i), main.getContext()));
    BlockArgument argument = entry.getArgument(i);
    argument.replaceAllUsesWith(
        entry.addArgument(argument.getType(), argument.getLoc()));
  }
  entry.eraseArguments(0, count);
  main.setType(
      builder.getFunctionType(entry.getArgumentTypes(), main.getResultTypes()));
  main.setAllArgAttrs(attributes);
}

/// Gives @main an argument for each packed tensor.
static void replacePacked(func::FuncOp main, ArrayRef<Value> packed) {
  OpBuilder builder(main.getContext());
  for (auto [number, read] : llvm::enumerate(packed)) {
    Value value = read;
    auto attributes = builder.getDictionaryAttr(
        builder.getNamedAttr(kPackedAttr, builder.getI64IntegerAttr(number)));
    const unsigned place = main.getNumArguments();
    (void)main.insertArgument(place, value.getType(), attributes,
                              value.getLoc());
    value.replaceAllUsesWith(main.getArgument(place));
  }
  eraseDeadOps(main.getBody());
  orderArguments(main);
}

void OutlinePackPass::runOnOperation() {
  auto main = getOperation().lookupSymbol<func::FuncOp>(kMainName);
  if (!main)
    return;
  IRRewriter rewriter(main.getContext());
  DominanceInfo dominance(main);
  // What is computed twice is packed once.
  eliminateCommonSubExpressions(rewriter, dominance, main);
  const ParameterValues values(main);
  const SetVector<Value> packed = findPacked(main, values);

  PackBuilder pack(main);
  IRMapping mapping;
  pack.addParameters(main, mapping);
  pack.copyParameterCode(values, mapping);
  for (auto [number, value] : llvm::enumerate(packed))
    pack.addResult(mapping.lookup(value),
                   rewriter.getDictionaryAttr(rewriter.getNamedAttr(
                       kPackedAttr, rewriter.getI64IntegerAttr(number))));
  if (auto init = getOperation().lookupSymbol<func::FuncOp>(kInitName))
    pack.inlineInit(init);
  pack.finish();
  replacePacked(main, packed.getArrayRef());
}

} // namespace seqc::seq
