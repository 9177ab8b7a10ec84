//===- DecoderModels.cpp - Examples over a source and a target ------------===//
// Ordinals are those of make_golden.py.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Models.h"

namespace seqc::endtoend {

static GoldenModel encoderDecoder(const std::string &program,
                                  const std::string &name, uint64_t ordinal,
                                  int64_t inputs, int64_t hidden,
                                  int64_t outputs) {
  GoldenModel model = example(program, name, ordinal);
  model.settings = {"In=" + std::to_string(inputs),
                    "H=" + std::to_string(hidden),
                    "Out=" + std::to_string(outputs)};
  model.inputs = {{"source", "S", inputs}, {"target", "T", inputs}};
  model.addRecurrence("encoder", 4, inputs, hidden);
  model.addRecurrence("decoder", 4, inputs, hidden);
  model.addLinear("fc", hidden, outputs);
  model.recurrence = "encoder"; // the decoder begins where it ends
  model.states = {{"h", {hidden}}, {"c", {hidden}}};
  return model;
}

GoldenModel encoderDecoderOfWords() {
  GoldenModel model =
      encoderDecoder("encoder_decoder_of_words", "encoder_decoder_of_words", 47,
                     /*inputs=*/20, /*hidden=*/5, /*outputs=*/6);
  model.inputs = {{"source", "S", 0, 20}, {"target", "T", 0, 20}};
  model.goldenFile = "decoders";
  model.lengths = {1, 7};
  return model;
}

static GoldenModel attention() {
  GoldenModel model = example("attention", "attention", 33);
  model.inputs = {{"query", "", 5}, {"memory", "S", 5}};
  model.results = {{"context", ""}, {"weights", "S"}};
  model.addLinear("attention.inner", 10, 5);
  model.addLinear("attention.outer", 5, 1);
  model.hasInitialCases = false;
  return model;
}

static GoldenModel attentiveDecoder() {
  GoldenModel model = example("attentive_decoder", "attentive_decoder", 34);
  model.inputs = {{"source", "S", 4}, {"target", "T", 4}};
  model.results = {{"output", "T"}, {"weights", "TS"}};
  model.addRecurrence("encoder", 4, 4, 5);
  model.states = {{"h", {5}}, {"c", {5}}};
  Params decoder = {{"decoder.lstm.weight_ih_l0", {20, 9}},
                    {"decoder.lstm.weight_hh_l0", {20, 5}},
                    {"decoder.lstm.bias_ih_l0", {20}},
                    {"decoder.lstm.bias_hh_l0", {20}},
                    {"decoder.attention.weight_query_l0", {5, 5}},
                    {"decoder.attention.weight_memory_l0", {5, 5}},
                    {"decoder.attention.bias_l0", {5}},
                    {"decoder.attention.score_l0", {5}}};
  model.params.insert(model.params.end(), decoder.begin(), decoder.end());
  model.addLinear("fc", 10, 6);
  return model;
}

std::vector<GoldenModel> decoderModels() {
  std::vector<GoldenModel> models = {
      encoderDecoder("encoder_decoder", "encoder_decoder_small", 31, 4, 5, 6),
      encoderDecoder("encoder_decoder", "encoder_decoder", 32, 5000, 256, 5000),
      attention(), attentiveDecoder()};
  for (GoldenModel &model : models) {
    model.goldenFile = "decoders";
    model.lengths = {1, 7};
  }
  models.push_back(encoderDecoderOfWords());
  GoldenModel &full = models[1]; // of the tutorial: lengths 10 and 12
  full.bound = 0.0625f;
  full.batches = {32};
  full.lengths = {10};
  full.hasInitialCases = false;
  full.isLarge = true;
  return models;
}

} // namespace seqc::endtoend
