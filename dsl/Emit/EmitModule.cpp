//===- EmitModule.cpp - The module and its functions ----------------------===//
// @main and @init: what their arguments and results are to the caller.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "dsl/Emit/Emit.h"
#include "dsl/Emit/Emitter.h"

using namespace mlir;

namespace seqc::dsl {

OwningOpRef<ModuleOp> emitModule(const Program &program, MLIRContext &context) {
  context.loadDialect<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                      seq::SeqDialect, tensor::TensorDialect>();
  return Emitter(program, context).run();
}

Emitter::Emitter(const Program &program, MLIRContext &context)
    : program(program), builder(&context),
      nextSite(static_cast<int64_t>(program.params.size())) {}

OwningOpRef<ModuleOp> Emitter::run() {
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(locationOf(program.model->range));
  (*module)->setAttr("seq.model", builder.getStringAttr(program.model->name));
  (*module)->setAttr(seq::kDimsAttr, dimNames());
  emitMain(*module);
  if (!derived.empty())
    (*module)->setAttr(seq::kDerivedAttr, builder.getArrayAttr(derived));
  // A cell over steps says how its states begin at its arguments.
  if (program.model->kind != DefinitionKind::Cell)
    emitInit(*module);
  return module;
}

//===----------------------------------------------------------------------===//
// Types, sizes, places
//===----------------------------------------------------------------------===//

/// The ordinal of a length: its position among the model's free dimensions.
static int64_t ordinalOf(const Program &program, const DimSymbol &symbol) {
  return static_cast<int64_t>(symbol.index) - program.model->bracketDims;
}

ArrayAttr Emitter::dimNames() {
  SmallVector<StringRef> names;
  for (const auto &dim : program.model->dims)
    if (dim->isFree && !dim->aliasOf)
      names.push_back(dim->name);
  return builder.getStrArrayAttr(names);
}

/// The ordinal of windows over a length; `name` is what the model calls them.
int64_t Emitter::derivedOrdinal(const WindowCount &count, StringRef name) {
  int64_t source = count.source.asSymbol()
                       ? ordinalOf(program, *count.source.asSymbol())
                       : derivedOrdinal(*count.source.asWindows(), StringRef());
  auto same = [&](StringRef as) {
    return seq::DerivedAttr::get(
        builder.getContext(), builder.getStringAttr(as), source,
        *count.offset.asConstant(), *count.stride.asConstant());
  };
  auto number = static_cast<int64_t>(dimNames().size());
  for (auto [i, each] : llvm::enumerate(derived)) {
    if (each == same(""))
      each = same(name);
    if (each == same(cast<seq::DerivedAttr>(each).getName()))
      return number + static_cast<int64_t>(i);
  }
  derived.push_back(same(name));
  return number + static_cast<int64_t>(derived.size()) - 1;
}

/// Of a type in the model's own dimensions.
DenseI64ArrayAttr Emitter::axesOf(const Type &type, const Frame &frame) {
  SmallVector<int64_t> axes;
  for (auto [written, dim] : llvm::zip(type.shape, shapeOf(type, frame))) {
    if (const DimSymbol *symbol = dim.asSymbol())
      axes.push_back(ordinalOf(program, *symbol));
    else if (const WindowCount *count = dim.asWindows())
      axes.push_back(derivedOrdinal(
          *count, written.asSymbol() ? written.asSymbol()->name : ""));
    else
      axes.push_back(-1);
  }
  return builder.getDenseI64ArrayAttr(axes);
}

Shape Emitter::shapeOf(const Type &type, const Frame &frame) const {
  Shape shape;
  for (const Dim &dim : type.shape)
    shape.push_back(*dim.substitute(valuesOf(frame.dims)));
  return shape;
}

RankedTensorType Emitter::tensorType(const Type &type, const Frame &frame) {
  SmallVector<int64_t> sizes;
  for (const Dim &dim : shapeOf(type, frame))
    sizes.push_back(dim.asConstant().value_or(ShapedType::kDynamic));
  mlir::Type element = builder.getF32Type();
  if (type.element != Element::F32)
    element = builder.getIntegerType(type.isToken() ? 64 : 1);
  return RankedTensorType::get(sizes, element);
}

/// A number, or the size of an input's axis (or of windows over it), read once
/// at the beginning.
OpFoldResult Emitter::sizeOf(const Dim &dim) {
  if (std::optional<int64_t> constant = dim.asConstant())
    return builder.getIndexAttr(*constant);
  for (const auto &[known, size] : sizes)
    if (known == dim)
      return size;
  OpBuilder::InsertionGuard guard(builder);
  Value size = makeSize(dim);
  sizes.emplace_back(dim, size);
  return size;
}

Value Emitter::makeSize(const Dim &dim) {
  if (const WindowCount *count = dim.asWindows()) {
    Value source = cast<Value>(sizeOf(count->source));
    builder.setInsertionPointAfterValue(source);
    seq::WindowShape shape{*count->offset.asConstant(),
                           *count->stride.asConstant()};
    return seq::WindowCountOp::create(builder, source.getLoc(), source, shape);
  }
  Value size;
  builder.setInsertionPointToStart(&function.getBody().front());
  for (auto [i, argument] : llvm::enumerate(program.model->arguments))
    for (auto [axis, each] : llvm::enumerate(argument.type.shape))
      if (!size && each == dim)
        size = tensor::DimOp::create(builder, locationOf(argument.range),
                                     function.getArgument(i), axis);
  return size;
}

Location Emitter::locationOf(SourceRange range) {
  LineColumn at = range.file->lineColumn(range.begin);
  return FileLineColLoc::get(builder.getContext(), range.file->name(), at.line,
                             at.column);
}

Location Emitter::locationIn(const Frame &frame, SourceRange range) {
  Location here = locationOf(range);
  if (isa<UnknownLoc>(frame.call))
    return here;
  return CallSiteLoc::get(here, frame.call);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

func::FuncOp Emitter::makeFunction(ModuleOp module, StringRef name,
                                   TypeRange inputs, TypeRange results) {
  builder.setInsertionPointToEnd(module.getBody());
  auto made = func::FuncOp::create(
      builder, locationOf(program.model->range), name,
      FunctionType::get(builder.getContext(), inputs, results));
  builder.setInsertionPointToStart(made.addEntryBlock());
  return made;
}

/// `shape` as a tensor of numbers; -1 is a length.
static mlir::Type storedType(ArrayRef<int64_t> shape, OpBuilder &builder) {
  auto sizes = llvm::map_to_vector(shape, [](int64_t size) {
    return size < 0 ? ShapedType::kDynamic : size;
  });
  return RankedTensorType::get(sizes, builder.getF32Type());
}

/// Of a state: the only length that one may have is the program's first.
static DenseI64ArrayAttr axesOf(const ProgramState &state, OpBuilder &builder) {
  return builder.getDenseI64ArrayAttr(llvm::map_to_vector(
      state.shape, [](int64_t size) { return int64_t(size < 0 ? 0 : -1); }));
}

static seq::InitKind initKind(Distribution distribution) {
  switch (distribution) {
  case Distribution::Constant:
    return seq::InitKind::Constant;
  case Distribution::Uniform:
    return seq::InitKind::Uniform;
  case Distribution::Normal:
    return seq::InitKind::Normal;
  }
  llvm_unreachable("every distribution has a kind");
}

static void setNames(func::FuncOp made, unsigned argument, StringRef attribute,
                     const std::vector<std::string> &names) {
  SmallVector<StringRef> list(names.begin(), names.end());
  if (!list.empty())
    made.setArgAttr(argument, attribute,
                    OpBuilder(made.getContext()).getStrArrayAttr(list));
}

/// The last arguments are the parameters: names, first values, sites.
void Emitter::setParamAttrs(func::FuncOp made, unsigned first) {
  params.clear();
  for (auto [i, param] : llvm::enumerate(program.params)) {
    unsigned argument = first + i;
    params.push_back(made.getArgument(argument));
    made.setArgAttr(argument, seq::kParamAttr,
                    builder.getStringAttr(param.name));
    made.setArgAttr(argument, "seq.init",
                    seq::InitAttr::get(builder.getContext(),
                                       initKind(param.distribution),
                                       llvm::APFloat(param.value)));
    made.setArgAttr(argument, "seq.site", builder.getI64IntegerAttr(i));
    setNames(made, argument, seq::kAliasesAttr, param.aliases);
    setNames(made, argument, seq::kTiesAttr, param.ties);
    made.setArgAttr(argument, seq::kAxesAttr,
                    builder.getDenseI64ArrayAttr(
                        SmallVector<int64_t>(param.shape.size(), -1)));
  }
}

void Emitter::emitMain(ModuleOp module) {
  const Definition &model = *program.model;
  const bool isCell = model.kind == DefinitionKind::Cell;
  Frame frame{model, program.root.get(), program.root->dims,
              builder.getUnknownLoc()};
  frame.dims.resize(model.bracketDims);
  for (size_t i = model.bracketDims; i < model.dims.size(); ++i)
    frame.dims.push_back(Dim(model.dims[i].get()));
  completeDims(model, frame.dims);
  SmallVector<mlir::Type> inputs, results;
  for (const Named &argument : model.arguments)
    inputs.push_back(tensorType(argument.type, frame));
  for (const Named &result : model.results)
    results.push_back(tensorType(result.type, frame));
  for (const ProgramState &state : program.states) {
    inputs.push_back(storedType(state.shape, builder));
    results.push_back(inputs.back());
  }
  for (const ProgramParam &param : program.params)
    inputs.push_back(storedType(param.shape, builder));

  function = makeFunction(module, seq::kMainName, inputs, results);
  sizes.clear();
  unsigned next = 0;
  for (const Named &argument : model.arguments) {
    frame.locals.push_back(function.getArgument(next));
    function.setArgAttr(next, seq::kInputAttr,
                        builder.getStringAttr(argument.name));
    if (argument.type.isToken())
      function.setArgAttr(next, seq::kVocabularyAttr,
                          builder.getI64IntegerAttr(
                              *evaluate(argument.type.vocabulary, frame.dims)));
    function.setArgAttr(next++, seq::kAxesAttr, axesOf(argument.type, frame));
  }
  for (auto [i, result] : llvm::enumerate(model.results)) {
    function.setResultAttr(i, "seq.output", builder.getStringAttr(result.name));
    function.setResultAttr(i, seq::kAxesAttr, axesOf(result.type, frame));
  }
  for (auto [i, state] : llvm::enumerate(program.states)) {
    auto name = builder.getStringAttr(state.name);
    auto axes = seqc::dsl::axesOf(state, builder);
    statesIn.push_back(function.getArgument(next));
    if (isCell && state.initial)
      function.setArgAttr(next, "seq.init",
                          seq::InitAttr::get(builder.getContext(),
                                             seq::InitKind::Constant,
                                             llvm::APFloat(*state.initial)));
    function.setArgAttr(next, seq::kStateAttr, name);
    function.setArgAttr(next++, seq::kAxesAttr, axes);
    function.setResultAttr(model.results.size() + i, seq::kStateAttr, name);
    function.setResultAttr(model.results.size() + i, seq::kAxesAttr, axes);
  }
  statesOut.resize(statesIn.size());
  setParamAttrs(function, next);

  if (isCell) {
    unsigned nextState = 0;
    frame.before = frame.after = carriedStates(*program.root, nextState);
  }
  Emitted result = emitBody(frame);
  SmallVector<Value> returned;
  flatten(result, returned);
  if (isCell)
    flatten(frame.after, returned);
  else
    llvm::append_range(returned, statesOut);
  func::ReturnOp::create(builder, locationOf(model.decl->end), returned);
}

void Emitter::emitInit(ModuleOp module) {
  SmallVector<mlir::Type> inputs, results;
  for (const ProgramParam &param : program.params)
    inputs.push_back(storedType(param.shape, builder));
  for (const ProgramState &state : program.states)
    results.push_back(storedType(state.shape, builder));
  function = makeFunction(module, seq::kInitName, inputs, results);
  setParamAttrs(function, 0);
  for (auto [i, state] : llvm::enumerate(program.states)) {
    function.setResultAttr(i, seq::kStateAttr,
                           builder.getStringAttr(state.name));
    function.setResultAttr(i, seq::kAxesAttr,
                           seqc::dsl::axesOf(state, builder));
  }
  SmallVector<Value> states;
  setInitialStates(*program.root, states);
  func::ReturnOp::create(builder, locationOf(program.model->decl->end), states);
}

/// The first values of the carried states, in the order of the layout.
void Emitter::setInitialStates(const Instance &instance,
                               SmallVectorImpl<Value> &states) {
  for (auto [i, use] : llvm::enumerate(instance.uses)) {
    Location loc = locationOf(instance.definition->uses[i].range);
    if (use.carried)
      for (const auto &cell : use.instances)
        flatten(initialStates(*cell, loc), states);
    else if (!instance.definition->uses[i].recurrence)
      setInitialStates(*use.instances.front(), states);
  }
}

} // namespace seqc::dsl
