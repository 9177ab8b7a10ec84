//===- weights.cpp - From named tensors to a model's parameters -----------===//
// Binding by name, and first values from a seed.
//===----------------------------------------------------------------------===//

#include "runtime/services/weights.h"

#include "runtime/core/random.h"
#include "runtime/services/faults.h"
#include "runtime/services/messages.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <set>

namespace seqc::runtime {

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

namespace {
/// Finds each parameter's tensor and remembers which ones were asked for.
class Binder {
public:
  Binder(const Signature &signature, const ViewMap &tensors)
      : signature(signature), tensors(tensors) {}

  std::vector<TensorView> bind(Unused unused, const std::string &file) {
    std::vector<TensorView> bound;
    for (const ParamSpec &param : signature.params)
      bound.push_back(find(param));
    if (unused == Unused::Reject)
      rejectSurplus();
    const std::string source = file.empty() ? "" : " in `" + file + "`";
    faults.throwIfAny("the weights" + source + " do not fit the model " +
                      quoteName(signature.model));
    return bound;
  }

private:
  std::vector<std::string> present(std::vector<std::string> names) const {
    names.erase(
        std::remove_if(names.begin(), names.end(),
                       [&](const std::string &n) { return !tensors.count(n); }),
        names.end());
    return names;
  }

  /// An empty view where there is a fault.
  TensorView find(const ParamSpec &param) {
    std::vector<std::string> names = {param.tensor.name};
    names.insert(names.end(), param.aliases.begin(), param.aliases.end());
    names = present(std::move(names));
    std::vector<std::string> ties = present(param.ties);
    used.insert(names.begin(), names.end());
    used.insert(ties.begin(), ties.end());
    if (names.size() <= 1 && !ties.empty())
      return findTied(param, names, ties);
    if (names.empty()) {
      faults.add(fmt::format("{} is missing: {}", quoteName(param.tensor.name),
                             describeParam(param.tensor)));
      return {};
    }
    if (names.size() > 1) {
      faults.add(fmt::format("{} and {} are the same parameter, and both are "
                             "given",
                             quoteName(names[0]), quoteName(names[1])));
      return {};
    }
    return check(param, names.front());
  }

  /// All that is given under one of the names must be the same.
  TensorView findTied(const ParamSpec &param, std::vector<std::string> names,
                      const std::vector<std::string> &ties) {
    names.insert(names.end(), ties.begin(), ties.end());
    TensorView first = check(param, names.front());
    for (size_t i = 1; i < names.size(); ++i)
      if (TensorView other = check(param, names[i]);
          faults.empty() && !sameElements(first, other))
        faults.add(fmt::format("{} and {} are one parameter, and differ",
                               quoteName(names.front()), quoteName(names[i])));
    return first;
  }

  static bool sameElements(const TensorView &a, const TensorView &b) {
    Tensor left = Tensor::copyOf(a), right = Tensor::copyOf(b);
    return left.bytes() == right.bytes() &&
           std::memcmp(left.data(), right.data(), left.bytes()) == 0;
  }

  TensorView check(const ParamSpec &param, const std::string &name) {
    const TensorView &view = tensors.at(name);
    if (view.type != param.tensor.type || view.shape != param.tensor.shape)
      faults.add(fmt::format("{} is {}, but the model's is {}", quoteName(name),
                             describe(view.type, view.shape),
                             describeParam(param.tensor)));
    else if (std::string fault = faultOf(view); !fault.empty())
      faults.add(fmt::format("{}: {}", quoteName(name), fault));
    return view;
  }

  void rejectSurplus() {
    for (const auto &[name, view] : tensors)
      if (!used.count(name) && !isReserved(name))
        faults.add(fmt::format("{} is surplus: {}", quoteName(name),
                               describe(view.type, view.shape)));
  }

  const Signature &signature;
  const ViewMap &tensors;
  std::set<std::string> used;
  Faults faults;
};
} // namespace

std::vector<TensorView> bindWeights(const Signature &signature,
                                    const ViewMap &tensors, Unused unused,
                                    const std::string &file) {
  return Binder(signature, tensors).bind(unused, file);
}

//===----------------------------------------------------------------------===//
// First values
//===----------------------------------------------------------------------===//

/// The value of element `i`, before it is rounded to the element type.
static double draw(const ParamSpec &param, const Stream &stream, int64_t i) {
  switch (param.init) {
  case InitKind::Constant:
    return param.initValue;
  case InitKind::Uniform:
    return param.initValue * (2.0 * stream.uniform(i) - 1.0);
  case InitKind::Normal:
    return param.initValue * stream.normal(i);
  }
  return 0;
}

template <typename T>
static void fill(Tensor &tensor, const ParamSpec &param, const Stream &stream) {
  T *data = tensor.data<T>();
  for (int64_t i = 0; i < tensor.size(); ++i)
    data[i] = static_cast<T>(draw(param, stream, i));
}

static Tensor initParam(const ParamSpec &param, int64_t seed) {
  Tensor tensor(param.tensor.type, param.tensor.shape,
                "parameter " + quoteName(param.tensor.name));
  Stream stream(static_cast<uint64_t>(seed), /*step=*/0,
                static_cast<uint32_t>(param.site), Purpose::Initialiser);
  switch (param.tensor.type) {
  case ElementType::F32:
    fill<float>(tensor, param, stream);
    break;
  case ElementType::Token:
    fill<int64_t>(tensor, param, stream);
    break;
  case ElementType::Bool:
    fill<bool>(tensor, param, stream);
    break;
  }
  return tensor;
}

std::vector<Tensor> initWeights(const Signature &signature, int64_t seed) {
  std::vector<Tensor> params;
  for (const ParamSpec &param : signature.params)
    params.push_back(initParam(param, seed));
  return params;
}

} // namespace seqc::runtime
