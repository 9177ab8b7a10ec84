//===- CHeader.cpp - The C header of a model ------------------------------===//
// Text only: enums for the orders, comments for the shapes.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/CHeader.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

namespace seqc {
namespace {

using runtime::Signature;
using runtime::TensorSpec;

/// `lstm.weight_ih_l0` as part of a C name.
std::string identifier(const std::string &name) {
  std::string result = name;
  for (char &c : result)
    if (!std::isalnum(static_cast<unsigned char>(c)))
      c = '_';
  return result;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return text;
}

class HeaderWriter {
public:
  HeaderWriter(const Signature &signature, const std::string &products)
      : signature(signature), products(products),
        prefix(upper(signature.model)) {}

  std::string write() {
    writeOpening();
    writeDims();
    writeTensors("INPUT", "inputs", signature.inputs, /*batched=*/true);
    writeTensors("OUTPUT", "outputs", signature.outputs, /*batched=*/true);
    writeGradients();
    if (!signature.states.empty())
      writeTensors("STATE", "states_in and states_out", signature.states,
                   /*batched=*/true);
    std::vector<TensorSpec> params;
    for (const runtime::ParamSpec &param : signature.params)
      params.push_back(param.tensor);
    writeTensors("PARAM", "the params of pack", params, /*batched=*/false);
    writeFunctions();
    writeExample();
    out += "#endif\n";
    return std::move(out);
  }

private:
  template <typename... Args>
  void print(fmt::format_string<Args...> format, Args &&...args) {
    fmt::format_to(std::back_inserter(out), format,
                   std::forward<Args>(args)...);
  }

  void writeOpening() {
    print("/* {0}: a model compiled by seqc. Link the object that came with\n"
          " * this header, and seqc's runtime/core. What the types mean is in\n"
          " * runtime/core/abi.h.\n"
          " * Products with weights: {2}. */\n\n"
          "#ifndef {1}_MODEL_H\n#define {1}_MODEL_H\n\n"
          "#include \"runtime/core/abi.h\"\n\n",
          signature.model, prefix, products);
  }

  void writeDims() {
    print("/** Dynamic dimensions: the order of `dims` ([{}_DIM_BATCH] is the "
          "batch);\n *  the order of `lengths` is the same without the batch. "
          "*/\nenum {{\n  {}_DIM_BATCH = 0,\n",
          prefix, prefix);
    for (const std::string &name : signature.dims)
      print("  {}_DIM_{},\n", prefix, identifier(name));
    print("  {}_DIMS\n}};\n\n", prefix);
    writeDerived();
  }

  /// Dimensions that the caller works out, to allocate results.
  void writeDerived() {
    if (signature.derived.empty())
      return;
    print("/** Dimensions of results, which follow from these. A quotient is "
          "rounded down;\n *  where a difference is negative, the dimension is "
          "0. A row with a length of its\n *  own has as much of them as that "
          "length gives, and zeros behind:\n *\n");
    for (size_t i = 0; i < signature.derived.size(); ++i)
      if (const std::string &name = signature.derived[i].name; !name.empty())
        print(" *    {} = {}\n", name, runtime::describeDerived(signature, i));
    print(" */\n\n");
  }

  /// The shape as a caller allocates it.
  std::string describe(const TensorSpec &spec, bool batched) const {
    return batched ? runtime::describeBatched(signature, spec)
                   : runtime::describeParam(spec);
  }

  void writeTensors(const char *kind, const char *where,
                    const std::vector<TensorSpec> &specs, bool batched) {
    print("/** The order of `{}`. */\nenum {{\n", where);
    for (const TensorSpec &spec : specs)
      print("  {}_{}_{}, /**< {}: {} */\n", prefix, kind,
            identifier(spec.name), spec.name, describe(spec, batched));
    print("  {}_{}S\n}};\n\n", prefix, kind);
  }

  /// They stand behind the outputs, in the same array.
  void writeGradients() {
    if (signature.gradients.empty())
      return;
    print("/** The gradients, behind the outputs in `outputs`. That of a "
          "parameter is summed\n *  over the batch. */\nenum {{\n");
    for (size_t i = 0; i < signature.gradients.size(); ++i) {
      const runtime::GradientSpec &gradient = signature.gradients[i];
      const bool isOfParam = gradient.of == runtime::GradientSpec::Of::Param;
      print("  {0}_GRADIENT_{1} = {0}_OUTPUTS + {2}, /**< {3}: {4} */\n",
            prefix, identifier(gradient.tensor.name), i, gradient.tensor.name,
            describe(gradient.tensor, !isOfParam));
    }
    print("  {}_GRADIENTS = {}\n}};\n\n", prefix,
          signature.gradients.size());
  }

  void writeFunctions() {
    print(R"(#ifdef __cplusplus
extern "C" {{
#endif

/** Bytes of the packed parameters. */
size_t {0}_packed(void);

/** Packs the parameters (see the order above), once. `packed` has
 *  {0}_packed() bytes, aligned to SEQC_ALIGNMENT. Returns SEQC_OK. */
int32_t {0}_pack(const seqc_tensor *params, void *packed);

/** Bytes of workspace of one call; SIZE_MAX where that does not fit. */
size_t {0}_workspace(const int64_t *dims, int32_t workers);

/** Runs the model on a batch. Returns SEQC_OK or the kind of error. Calls from
 *  several threads at once need a workspace and outputs each. */
int32_t {0}(const seqc_call *call);

#ifdef __cplusplus
}}
#endif

)",
          signature.model);
  }

  void writeExample() {
    print("/* A call, on the caller's thread alone:\n *\n"
          " *   int64_t dims[{0}_DIMS] = {{batch{1}}};\n"
          " *   seqc_call call = {{.abi_version = SEQC_ABI_VERSION, .dims = "
          "dims}};\n"
          " *   void *packed = aligned_alloc(SEQC_ALIGNMENT, rounded up "
          "{2}_packed());\n"
          " *   {2}_pack(params, packed);\n"
          " *   call.packed = packed;\n"
          " *   call.inputs = inputs;    // {{data, strides}} of each\n"
          " *   call.outputs = outputs;\n"
          " *   call.workspace = aligned_alloc(SEQC_ALIGNMENT,\n"
          " *                                  rounded up {2}_workspace(dims, "
          "1));\n"
          " *   if ({2}(&call) != SEQC_OK) ...\n"
          " */\n\n",
          prefix, exampleSizes(), signature.model);
  }

  std::string exampleSizes() const {
    std::string sizes;
    for (const std::string &name : signature.dims)
      sizes += ", " + identifier(name);
    return sizes;
  }

  const Signature &signature;
  const std::string &products;
  std::string prefix;
  std::string out;
};

} // namespace

std::string makeCHeader(const Signature &signature,
                        const std::string &products) {
  return HeaderWriter(signature, products).write();
}

} // namespace seqc
