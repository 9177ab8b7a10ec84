//===- Signature.cpp - What a program takes and gives ---------------------===//
// Reads arguments and results of @main in order; names come from attributes.
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Signature.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace seqc {
namespace {

constexpr llvm::StringLiteral kModelAttr = "seq.model";
constexpr llvm::StringLiteral kInitAttr = "seq.init";
constexpr llvm::StringLiteral kSiteAttr = "seq.site";

runtime::ElementType elementTypeOf(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (element.isInteger(1))
    return runtime::ElementType::Bool;
  return element.isInteger() ? runtime::ElementType::Token
                             : runtime::ElementType::F32;
}

/// A tensor from its type and the attributes of its argument or result.
runtime::TensorSpec readTensor(StringRef name, Type type,
                               DictionaryAttr attributes) {
  runtime::TensorSpec spec;
  spec.name = name.str();
  spec.type = elementTypeOf(type);
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    for (int64_t size : tensor.getShape())
      spec.shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
  spec.axes.assign(spec.shape.size(), -1);
  if (auto axes = attributes.getAs<DenseI64ArrayAttr>(seq::kAxesAttr))
    spec.axes.assign(axes.asArrayRef().begin(), axes.asArrayRef().end());
  return spec;
}

void readInit(DictionaryAttr attributes, runtime::ParamSpec &param) {
  if (auto site = attributes.getAs<IntegerAttr>(kSiteAttr))
    param.site = site.getInt();
  auto init = attributes.getAs<seq::InitAttr>(kInitAttr);
  if (!init)
    return;
  switch (init.getKind()) {
  case seq::InitKind::Constant:
    param.init = runtime::InitKind::Constant;
    break;
  case seq::InitKind::Uniform:
    param.init = runtime::InitKind::Uniform;
    break;
  case seq::InitKind::Normal:
    param.init = runtime::InitKind::Normal;
    break;
  }
  param.initValue = init.getValue().convertToDouble();
}

std::vector<std::string> readNames(DictionaryAttr attributes, StringRef name) {
  std::vector<std::string> names;
  if (auto list = attributes.getAs<ArrayAttr>(name))
    for (auto each : list.getAsRange<StringAttr>())
      names.push_back(each.str());
  return names;
}

/// Of an optimizer or a schedule. The weight has none: it has a value already.
void readStateInit(DictionaryAttr attributes, runtime::Signature &signature) {
  auto init = attributes.getAs<seq::InitAttr>(kInitAttr);
  if (!init && signature.stateInit.empty())
    return;
  signature.stateInit.resize(signature.states.size());
  if (init)
    signature.stateInit.back() = init.getValue().convertToDouble();
}

void readArgument(Type type, DictionaryAttr attributes,
                  runtime::Signature &signature) {
  if (auto name = attributes.getAs<StringAttr>(seq::kInputAttr)) {
    signature.inputs.push_back(readTensor(name, type, attributes));
  } else if (auto name = attributes.getAs<StringAttr>(seq::kParamAttr)) {
    runtime::ParamSpec param;
    param.tensor = readTensor(name, type, attributes);
    readInit(attributes, param);
    param.aliases = readNames(attributes, seq::kAliasesAttr);
    param.ties = readNames(attributes, seq::kTiesAttr);
    signature.params.push_back(std::move(param));
  } else if (auto name = attributes.getAs<StringAttr>(seq::kStateAttr)) {
    signature.states.push_back(readTensor(name, type, attributes));
    readStateInit(attributes, signature);
  }
}

void readGradient(StringRef name, Type type, DictionaryAttr attributes,
                  runtime::Signature &signature) {
  runtime::GradientSpec gradient;
  gradient.tensor = readTensor(name, type, attributes);
  if (auto of = attributes.getAs<StringAttr>(seq::kOfAttr)) {
    if (of.getValue() == seq::kOfInput)
      gradient.of = runtime::GradientSpec::Of::Input;
    if (of.getValue() == seq::kOfState)
      gradient.of = runtime::GradientSpec::Of::State;
  }
  signature.gradients.push_back(std::move(gradient));
}

DictionaryAttr attributesOrEmpty(MLIRContext *context, DictionaryAttr given) {
  return given ? given : DictionaryAttr::get(context);
}

void readHeader(ModuleOp module, runtime::Signature &signature) {
  if (auto model = module->getAttrOfType<StringAttr>(kModelAttr))
    signature.model = model.str();
  if (auto dims = module->getAttrOfType<ArrayAttr>(seq::kDimsAttr))
    for (auto name : dims.getAsRange<StringAttr>())
      signature.dims.push_back(name.str());
  if (auto derived = module->getAttrOfType<ArrayAttr>(seq::kDerivedAttr))
    for (auto dim : derived.getAsRange<seq::DerivedAttr>())
      signature.derived.push_back({dim.getName().str(), dim.getSource(),
                                   dim.getOffset(), dim.getStride()});
  if (auto place = module.getLoc()->findInstanceOf<FileLineColLoc>())
    signature.source = place.getFilename().str();
}

std::vector<std::string> readNames(ModuleOp module, StringRef name) {
  return readNames(module->getAttrDictionary(), name);
}

} // namespace

runtime::TrainingSpec readTraining(ModuleOp module) {
  runtime::TrainingSpec spec;
  spec.measures = readNames(module, seq::kMeasuresAttr);
  spec.metrics = readNames(module, seq::kMetricsAttr);
  auto readNumber = [&](StringRef name, double &value) {
    if (auto number = module->getAttrOfType<FloatAttr>(name))
      value = number.getValueAsDouble();
  };
  auto readCount = [&](StringRef name, int64_t &value) {
    if (auto number = module->getAttrOfType<IntegerAttr>(name))
      value = number.getInt();
  };
  readNumber(seq::kClipNormAttr, spec.clipNorm);
  readNumber(seq::kClipValueAttr, spec.clipValue);
  readCount(seq::kAccumulateAttr, spec.accumulate);
  readCount(seq::kTruncateAttr, spec.truncate);
  if (auto scalars = module->getAttrOfType<DictionaryAttr>(seq::kScalarsAttr))
    for (NamedAttribute scalar : scalars)
      if (auto number = dyn_cast<FloatAttr>(scalar.getValue()))
        spec.scalars.push_back(
            {scalar.getName().str(), number.getValueAsDouble()});
  return spec;
}

FailureOr<runtime::Signature> readSignature(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>(seq::kMainName);
  if (!main)
    return module.emitError("no function @main");
  runtime::Signature signature;
  readHeader(module, signature);
  MLIRContext *context = module.getContext();
  for (auto [index, type] : llvm::enumerate(main.getArgumentTypes()))
    readArgument(type, attributesOrEmpty(context, main.getArgAttrDict(index)),
                 signature);
  for (auto [index, type] : llvm::enumerate(main.getResultTypes())) {
    DictionaryAttr attributes =
        attributesOrEmpty(context, main.getResultAttrDict(index));
    if (auto name = attributes.getAs<StringAttr>(seq::kOutputAttr))
      signature.outputs.push_back(readTensor(name, type, attributes));
    if (auto name = attributes.getAs<StringAttr>(seq::kGradientAttr))
      readGradient(name, type, attributes, signature);
  }
  for (int64_t outer : seq::getEnclosingDimensions(main))
    signature.enclosing.push_back(outer);
  if (signature.enclosing.size() != signature.dims.size())
    return module.emitError("`seq.dims` names ")
           << signature.dims.size() << " dimensions, `seq.axes` has "
           << signature.enclosing.size();
  return signature;
}

} // namespace seqc
