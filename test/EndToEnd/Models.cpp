//===- Models.cpp - The models of the golden files ------------------------===//
// The lists here are those of make_golden.py; ordinals and orders must agree.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Models.h"

#include <fstream>
#include <sstream>

namespace seqc::endtoend {

//===----------------------------------------------------------------------===//
// Cases
//===----------------------------------------------------------------------===//

std::string GoldenModel::dims() const {
  std::string dims;
  for (const GoldenInput &input : inputs)
    if (dims.find(input.dim) == std::string::npos)
      dims += input.dim;
  return dims;
}

std::vector<std::string> GoldenModel::stateSuffixes() const {
  std::vector<std::string> suffixes;
  for (int64_t layer = 0; layer < layers; ++layer)
    for (int64_t direction = 0; direction < directions; ++direction)
      suffixes.push_back("_l" + std::to_string(layer) +
                         (direction ? "_reverse" : ""));
  return suffixes;
}

std::vector<Case> GoldenModel::cases() const {
  std::vector<Case> cases;
  for (int64_t batch : batches)
    for (int64_t length : lengths)
      for (bool isRagged : {false, true})
        for (bool hasInitial : {false, true}) {
          if (hasInitial && !hasInitialCases)
            continue;
          std::string name = prefix + "b" + std::to_string(batch) + ".t" +
                             std::to_string(length) +
                             (isRagged ? ".ragged" : "") +
                             (hasInitial ? ".init" : "");
          cases.push_back(
              {cases.size(), batch, length, isRagged, hasInitial, name});
        }
  return cases;
}

Case GoldenModel::longCase(bool isRagged) const {
  return {isRagged ? 901u : 900u,
          /*batch=*/3,
          /*length=*/500,
          isRagged,
          /*hasInitial=*/false,
          longName};
}

//===----------------------------------------------------------------------===//
// Parts of models
//===----------------------------------------------------------------------===//

void GoldenModel::addRecurrence(const std::string &instance, int64_t gates,
                                int64_t width, int64_t hidden) {
  int64_t rows = gates * hidden;
  for (const std::string &suffix : stateSuffixes()) {
    int64_t below = suffix.rfind("_l0", 0) == 0 ? width : directions * hidden;
    params.push_back({instance + ".weight_ih" + suffix, {rows, below}});
    params.push_back({instance + ".weight_hh" + suffix, {rows, hidden}});
    params.push_back({instance + ".bias_ih" + suffix, {rows}});
    params.push_back({instance + ".bias_hh" + suffix, {rows}});
  }
  recurrence = instance;
}

void GoldenModel::addLinear(const std::string &instance, int64_t inputs,
                            int64_t outputs) {
  params.push_back({instance + ".weight", {outputs, inputs}});
  params.push_back({instance + ".bias", {outputs}});
}

std::string textOf(const std::string &program) {
  std::ifstream file(SEQC_EXAMPLES_DIR "/" + program + ".seq");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

GoldenModel example(const std::string &program, const std::string &name,
                    uint64_t ordinal) {
  GoldenModel model;
  model.source = textOf(program);
  model.name = name;
  model.goldenFile = "examples";
  model.prefix = name + ".";
  model.ordinal = ordinal;
  return model;
}

} // namespace seqc::endtoend
