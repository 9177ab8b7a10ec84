//===- Interfaces.h - What models ask, made by hand -----------------------===//
// Sizes, inputs and models as the compiler would describe them.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_DATA_INTERFACES_H
#define SEQC_TEST_UNIT_DATA_INTERFACES_H

#include "runtime/core/interface.h"

#include <string>
#include <utility>
#include <vector>

namespace seqc::runtime {

/// A dimension that each sample has its own value of.
inline SizeSpec length(const std::string &name = "T") {
  return {name, name, /*isLength=*/true, {}, false};
}
/// One that data decide.
inline SizeSpec open(const std::string &name) {
  return {name, name, false, {}, false};
}
/// One that data decide, too: the model only has a default.
inline SizeSpec usual(const std::string &name, int64_t value) {
  return {name, name, false, value, false};
}
/// One that `--set` gave.
inline SizeSpec given(const std::string &name, int64_t value) {
  return {name, name, false, value, true};
}
/// A number in the model's text.
inline SizeSpec written(int64_t value) {
  return {std::to_string(value), "", false, value, true};
}

inline InputSpec input(const std::string &name, std::vector<SizeSpec> axes,
                       const SizeSpec *tokens = nullptr) {
  InputSpec spec;
  spec.name = name;
  spec.type = tokens ? "token<" + tokens->text + ">" : "f32";
  for (size_t i = 0; i < axes.size(); ++i)
    spec.type += (i == 0 ? "[" : ", ") + axes[i].text;
  spec.type += axes.empty() ? "" : "]";
  spec.element = tokens ? ElementType::Token : ElementType::F32;
  spec.tokens = tokens ? *tokens : SizeSpec();
  spec.axes = std::move(axes);
  return spec;
}

/// token<V>[T]
inline InputSpec text(const std::string &name,
                      const SizeSpec &tokens = open("V")) {
  return input(name, {length()}, &tokens);
}
/// token<C>
inline InputSpec label(const std::string &name,
                       const SizeSpec &classes = open("C")) {
  return input(name, {}, &classes);
}
/// f32
inline InputSpec number(const std::string &name) { return input(name, {}); }
/// f32[T]
inline InputSpec line(const std::string &name) {
  return input(name, {length()});
}
/// f32[T, I]
inline InputSpec series(const std::string &name,
                        const SizeSpec &width = open("I")) {
  return input(name, {length(), width});
}
/// f32[I]
inline InputSpec vector(const std::string &name,
                        const SizeSpec &width = open("I")) {
  return input(name, {width});
}

inline InputSpec target(InputSpec spec) {
  spec.isTarget = true;
  return spec;
}

/// A model called M.
inline Interface model(std::vector<InputSpec> inputs) {
  return {"M", std::move(inputs), {}};
}

} // namespace seqc::runtime

#endif // SEQC_TEST_UNIT_DATA_INTERFACES_H
