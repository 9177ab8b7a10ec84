//===- ExampleModels.cpp - The programs in examples/ ----------------------===//
// Owns those over one sequence; ordinals are those of make_golden.py.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Models.h"

namespace seqc::endtoend {

/// A classifier of texts, up to what stands behind the recurrence.
static GoldenModel sentiment(const std::string &program,
                             const std::string &name, uint64_t ordinal,
                             int64_t vocabulary, int64_t embedding,
                             int64_t hidden) {
  GoldenModel model = example(program, name, ordinal);
  model.settings = {"V=" + std::to_string(vocabulary),
                    "E=" + std::to_string(embedding),
                    "H=" + std::to_string(hidden)};
  model.inputs = {{"text", "T", 0, vocabulary}};
  model.results = {{"logit", ""}};
  model.layers = model.directions = 2;
  model.hasInitialCases = false;
  model.params.push_back({"embedding.weight", {vocabulary, embedding}});
  bool isGRU = program == "sentiment_gru";
  model.addRecurrence(isGRU ? "gru" : "lstm", isGRU ? 3 : 4, embedding, hidden);
  model.recurrence.clear(); // its final states are no results
  return model;
}

static GoldenModel timeSeries() {
  GoldenModel series = example("time_series", "time_series", 28);
  series.longName = "time_series";
  series.bound = 0.125f;
  series.inputs[0].width = 1;
  series.layers = 2;
  series.states = {{"h", {64}}, {"c", {64}}};
  series.batches = {1, 3};
  series.addRecurrence("lstm", 4, 1, 64);
  series.addLinear("fc", 64, 1);
  return series;
}

static GoldenModel languageModel() {
  GoldenModel model = example("language_model", "language_model", 49);
  model.settings = {"V=50", "E=6"};
  model.inputs = {{"text", "T", 0, 50}};
  model.results = {{"scores", "T"}};
  model.layers = 2;
  model.states = {{"h", {6}}, {"c", {6}}};
  model.params = {{"embedding.weight", {50, 6}}};
  model.addRecurrence("lstm", 4, 6, 6);
  model.params.push_back({"fc.bias", {50}}); // its weight is the embedding's
  return model;
}

std::vector<GoldenModel> sequenceModels() {
  GoldenModel rnn = example("rnn", "rnn", 24);
  rnn.params = {
      {"rnn.W_x_l0", {5, 3}}, {"rnn.W_h_l0", {5, 5}}, {"rnn.b_l0", {5}}};
  rnn.recurrence = "rnn";
  rnn.states = {{"h", {5}}};

  GoldenModel byHand = example("lstm_by_hand", "lstm_by_hand", 25);
  byHand.longName = "lstm_by_hand";
  byHand.params = {{"lstm.gates.weight_l0", {20, 8}},
                   {"lstm.gates.bias_l0", {20}}};
  byHand.recurrence = "lstm";
  byHand.states = {{"h", {5}}, {"c", {5}}};

  GoldenModel small = sentiment("sentiment", "sentiment_small", 26, 50, 7, 5);
  small.longName = "sentiment_small";
  small.addLinear("fc", 10, 1);

  GoldenModel full = sentiment("sentiment", "sentiment", 27, 10000, 100, 128);
  full.addLinear("fc", 256, 1);
  full.bound = 0.09375f;
  full.batches = {3};
  full.lengths = {20};

  GoldenModel gru = sentiment("sentiment_gru", "sentiment_gru", 29, 50, 7, 5);
  gru.addLinear("fc", 10, 1);

  GoldenModel attention =
      sentiment("sentiment_attention", "sentiment_attention", 30, 50, 7, 5);
  attention.results.push_back({"weights", "T"});
  attention.addLinear("attention", 10, 1);
  attention.addLinear("fc", 10, 1);

  GoldenModel language = languageModel();
  for (GoldenModel *model : {&gru, &attention, &language}) {
    model->goldenFile = "decoders";
    model->lengths = {1, 7};
  }
  return {rnn,          byHand, small,     full,
          timeSeries(), gru,    attention, language};
}

std::vector<GoldenModel> exampleModels() {
  std::vector<GoldenModel> models;
  for (const auto &more : {sequenceModels(), decoderModels(), cellModels(),
                           headModels(), convolutionModels()})
    models.insert(models.end(), more.begin(), more.end());
  return models;
}

} // namespace seqc::endtoend
