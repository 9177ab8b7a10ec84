//===- HeadModels.cpp - Attention by heads, and the transformer -----------===//
// Ordinals are those of make_golden.py.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Models.h"

namespace seqc::endtoend {

/// Adds the parameters of a nn.MultiheadAttention.
static void addHeads(GoldenModel &model, const std::string &instance,
                     int64_t width) {
  model.params.push_back({instance + ".in_proj_weight", {3 * width, width}});
  model.params.push_back({instance + ".in_proj_bias", {3 * width}});
  model.addLinear(instance + ".out_proj", width, width);
}

static void addNorm(GoldenModel &model, const std::string &instance,
                    int64_t width) {
  model.params.push_back({instance + ".weight", {width}});
  model.params.push_back({instance + ".bias", {width}});
}

/// A model of the library's layers, whose text is `source`.
static GoldenModel library(const std::string &name, uint64_t ordinal,
                           const std::string &source) {
  GoldenModel model;
  model.name = name;
  model.prefix = name + ".";
  model.ordinal = ordinal;
  model.source = source;
  return model;
}

static GoldenModel reads() {
  GoldenModel model = library("reads", 44, R"(
    model Reads(query: f32[T, 12], memory: f32[S, 12]) -> f32[T, 12] {
      use attention = MultiHeadAttention[3, 4]
      return attention(query, memory)
    })");
  model.inputs = {{"query", "T", 12}, {"memory", "S", 12}};
  addHeads(model, "attention", 12);
  return model;
}

static GoldenModel readsItself() {
  GoldenModel model = library("reads_itself", 45, R"(
    model ReadsItself(x: f32[T, 10]) -> f32[T, 10] {
      use place     = LearntPositions[16, 10]
      use attention = MultiHeadAttention[2, 5]
      let placed = place(x)
      return attention(placed, placed)
    })");
  model.inputs[0].width = 10;
  model.params = {{"place.weight", {16, 10}}};
  addHeads(model, "attention", 10);
  return model;
}

static GoldenModel transformer() {
  GoldenModel model = example("transformer", "transformer", 46);
  model.settings = {"V=50", "N=2", "D=4", "F=16"};
  model.inputs = {{"text", "T", 0, 50}};
  model.results = {{"scores", "T"}};
  model.params = {{"embedding.weight", {50, 8}}};
  for (std::string layer : {"layer0", "layer1"}) {
    addHeads(model, layer + ".self_attn", 8);
    model.addLinear(layer + ".linear1", 8, 16);
    model.addLinear(layer + ".linear2", 16, 8);
    addNorm(model, layer + ".norm1", 8);
    addNorm(model, layer + ".norm2", 8);
  }
  model.addLinear("fc", 8, 50);
  return model;
}

std::vector<GoldenModel> headModels() {
  std::vector<GoldenModel> models = {reads(), readsItself(), transformer()};
  for (GoldenModel &model : models) {
    model.goldenFile = "transformers";
    model.lengths = {1, 7};
    model.hasInitialCases = false;
  }
  return models;
}

} // namespace seqc::endtoend
