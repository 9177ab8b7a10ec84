//===- CellModels.cpp - The models of examples/cells.seq ------------------===//
// Ordinals are those of make_golden.py.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Models.h"

#include <algorithm>

namespace seqc::endtoend {

static GoldenModel cell(const std::string &chosen, const std::string &name,
                        uint64_t ordinal, Params params,
                        std::vector<GoldenState> states) {
  GoldenModel model = example("cells", name, ordinal);
  model.goldenFile = "cells";
  model.chosen = chosen;
  model.lengths = {1, 7};
  model.params = std::move(params);
  model.recurrence = "rnn";
  model.hasInitialCases = !states.empty();
  model.states = std::move(states);
  return model;
}

/// With the suffix of a layer and a direction.
static Params in(const std::string &suffix, Params params) {
  for (auto &[name, shape] : params)
    name += suffix;
  return params;
}

static Params layerNormalised() {
  return in("_l0", {{"rnn.weight_ih", {20, 3}},
                    {"rnn.weight_hh", {20, 5}},
                    {"rnn.input_norm.weight", {20}},
                    {"rnn.input_norm.bias", {20}},
                    {"rnn.hidden_norm.weight", {20}},
                    {"rnn.hidden_norm.bias", {20}},
                    {"rnn.cell_norm.weight", {5}},
                    {"rnn.cell_norm.bias", {5}}});
}

static Params peephole() {
  Params params;
  for (const char *suffix : {"_l0", "_l0_reverse"})
    for (auto &param : in(suffix, {{"rnn.p_i", {5}},
                                   {"rnn.p_f", {5}},
                                   {"rnn.p_o", {5}},
                                   {"rnn.gates.weight", {20, 8}},
                                   {"rnn.gates.bias", {20}}}))
      params.push_back(param);
  return params;
}

/// As nn.LSTM(proj_size=4) has them.
static Params projected() {
  Params params;
  int64_t width = 3;
  for (std::string suffix : {"_l0", "_l1"}) {
    params.push_back({"rnn.weight_ih" + suffix, {20, width}});
    params.push_back({"rnn.weight_hh" + suffix, {20, 4}});
    params.push_back({"rnn.bias_ih" + suffix, {20}});
    params.push_back({"rnn.bias_hh" + suffix, {20}});
    params.push_back({"rnn.weight_hr" + suffix, {4, 5}});
    width = 4;
  }
  return params;
}

static Params minimal() {
  Params params;
  int64_t width = 3;
  for (std::string suffix : {"_l0", "_l1"}) {
    for (std::string part : {"rnn.gate", "rnn.candidate"}) {
      params.push_back({part + ".weight" + suffix, {5, width + 5}});
      params.push_back({part + ".bias" + suffix, {5}});
    }
    width = 5;
  }
  return params;
}

static GoldenModel twoMemories() {
  GoldenModel model = cell("TwoMemories", "two_memories", 41,
                           in("_l0", {{"rnn.read.weight", {5, 7}},
                                      {"rnn.read.bias", {5}},
                                      {"rnn.write.weight", {4, 5}},
                                      {"rnn.write.bias", {4}}}),
                           {{"fast", {5}}, {"slow", {4}}, {"count", {}}});
  model.results.push_back({"trace", "T"});
  return model;
}

static GoldenModel reading() {
  GoldenModel model = cell("Reading", "reading", 42,
                           in("_l0", {{"rnn.query.weight", {4, 5}},
                                      {"rnn.query.bias", {4}},
                                      {"rnn.next.weight", {5, 12}},
                                      {"rnn.next.bias", {5}}}),
                           {{"h", {5}}});
  model.inputs.push_back({"memory", "S", 4});
  model.results.push_back({"weights", "TS"});
  return model;
}

static Params twoLevels() {
  return in("_l0", {{"rnn.inner.rate_l0", {}},
                    {"rnn.outer.weight_ih", {15, 3}},
                    {"rnn.outer.weight_hh", {15, 5}},
                    {"rnn.outer.bias_ih", {15}},
                    {"rnn.outer.bias_hh", {15}}});
}

std::vector<GoldenModel> cellModels() {
  std::vector<GoldenState> hAndC = {{"h", {5}}, {"c", {5}}};
  GoldenModel stacked =
      cell("Projected", "projected", 37, projected(), {{"h", {4}}, {"c", {5}}});
  GoldenModel single = cell("Minimal", "minimal", 39, minimal(), {{"h", {5}}});
  stacked.layers = single.layers = 2;
  GoldenModel coupled = cell("Coupled", "coupled", 38,
                             in("_l0_reverse", {{"rnn.gates.weight", {15, 8}},
                                                {"rnn.gates.bias", {15}}}),
                             {});
  coupled.results.push_back({"h", ""});
  return {
      cell("LayerNormalised", "layer_normalised", 35, layerNormalised(), hAndC),
      cell("Peephole", "peephole", 36, peephole(), {}),
      stacked,
      coupled,
      single,
      cell("Dropped", "dropped", 40,
           in("_l0", {{"rnn.gates.weight", {20, 8}}, {"rnn.gates.bias", {20}}}),
           hAndC),
      twoMemories(),
      reading(),
      cell("TwoLevels", "two_levels", 43, twoLevels(), {{"outer.h", {5}}})};
}

} // namespace seqc::endtoend
