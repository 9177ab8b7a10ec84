//===- Models.cpp - The models of the golden files ------------------------===//
// The lists here are those of make_golden.py; ordinals and orders must agree.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Models.h"

#include <fstream>
#include <sstream>
#include <tuple>

using seqc::runtime::Shape;

namespace seqc::endtoend {

//===----------------------------------------------------------------------===//
// Cases
//===----------------------------------------------------------------------===//

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
          goldenFile == "examples" ? prefix.substr(0, prefix.size() - 1)
                                   : goldenFile};
}

//===----------------------------------------------------------------------===//
// The library's cells
//===----------------------------------------------------------------------===//

namespace {
/// A cell of the library, as the grid uses it.
struct Cell {
  const char *goldenFile;
  const char *name;
  int64_t gates;
  std::vector<std::string> states;
};
} // namespace

static const Cell cells[] = {{"rnn_tanh", "RNN", 1, {"h"}},
                             {"rnn_relu", "ReluRNN", 1, {"h"}},
                             {"lstm", "LSTM", 4, {"h", "c"}},
                             {"gru", "GRU", 3, {"h"}}};

/// PyTorch's parameters of one recurrence, in its order.
static void addRecurrence(GoldenModel &model, const std::string &instance,
                          int64_t gates, int64_t width) {
  int64_t rows = gates * model.hidden;
  for (const std::string &suffix : model.stateSuffixes()) {
    int64_t below =
        suffix.rfind("_l0", 0) == 0 ? width : model.directions * model.hidden;
    std::string name = instance + ".";
    model.params.push_back({name + "weight_ih" + suffix, {rows, below}});
    model.params.push_back({name + "weight_hh" + suffix, {rows, model.hidden}});
    model.params.push_back({name + "bias_ih" + suffix, {rows}});
    model.params.push_back({name + "bias_hh" + suffix, {rows}});
  }
  model.recurrence = instance;
}

static std::string join(const std::vector<std::string> &parts) {
  std::string text;
  for (const std::string &part : parts)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// `[(forward = (h = h0_l0), backward = (h = h0_l0_reverse)), ...]`
static std::string initialOf(const GoldenModel &model) {
  std::vector<std::string> layers;
  for (int64_t layer = 0; layer < model.layers; ++layer) {
    auto record = [&](const std::string &suffix) {
      std::vector<std::string> fields;
      for (const std::string &state : model.states)
        fields.push_back(state + " = " + state + "0_l" + std::to_string(layer) +
                         suffix);
      return "(" + join(fields) + ")";
    };
    layers.push_back("(forward = " + record("") +
                     ", backward = " + record("_reverse") + ")");
  }
  return "[" + join(layers) + "]";
}

/// One recurrence and all that it gives.
static std::string gridText(const GoldenModel &model, const Cell &cell,
                            bool withInitial) {
  std::vector<std::string> inputs = {"x: f32[T, I]"};
  std::vector<std::string> types = {"output: f32[T, " +
                                    std::to_string(model.directions) + " * H]"};
  std::vector<std::string> values = {"outputs"};
  for (const std::string &state : model.states)
    for (int64_t layer = 0; layer < model.layers; ++layer)
      for (int64_t direction = 0; direction < model.directions; ++direction) {
        std::string suffix =
            "_l" + std::to_string(layer) + (direction ? "_reverse" : "");
        std::string side = model.directions == 1 ? "."
                           : direction           ? ".backward."
                                                 : ".forward.";
        if (withInitial)
          inputs.push_back(state + "0" + suffix + ": f32[H]");
        types.push_back(state + suffix + ": f32[H]");
        values.push_back("final[" + std::to_string(layer) + "]" + side + state);
      }
  std::ostringstream text;
  text << "model Grid[I = " << model.width << ", H = " << model.hidden << "]("
       << join(inputs) << ") -> (" << join(types) << ") {\n"
       << "  use rnn = recurrent(" << cell.name
       << "[I, H], layers = " << model.layers
       << (model.directions == 2 ? ", bidirectional" : "") << ")\n"
       << "  let outputs, final = rnn(x"
       << (withInitial ? ", initial = " + initialOf(model) : "") << ")\n"
       << "  return " << join(values) << "\n}\n";
  return text.str();
}

std::vector<GoldenModel> gridModels() {
  std::vector<GoldenModel> models;
  for (const Cell &cell : cells)
    for (int64_t layers : {1, 2, 3})
      for (int64_t directions : {1, 2}) {
        GoldenModel model;
        std::string side = directions == 2 ? "bi" : "uni";
        model.goldenFile = cell.goldenFile;
        model.prefix = "l" + std::to_string(layers) + "." + side + ".";
        model.name =
            model.goldenFile + "_" + std::to_string(layers) + "_" + side;
        model.ordinal = models.size();
        model.layers = layers;
        model.directions = directions;
        model.states = cell.states;
        addRecurrence(model, "rnn", cell.gates, model.width);
        model.source = gridText(model, cell, false);
        if (directions == 2)
          model.sourceWithInitial = gridText(model, cell, true);
        models.push_back(std::move(model));
      }
  return models;
}

//===----------------------------------------------------------------------===//
// The programs in examples/
//===----------------------------------------------------------------------===//

static std::string textOf(const std::string &program) {
  std::ifstream file(SEQC_EXAMPLES_DIR "/" + program + ".seq");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

static GoldenModel example(const std::string &program, const std::string &name,
                           uint64_t ordinal) {
  GoldenModel model;
  model.source = textOf(program);
  model.name = name;
  model.goldenFile = "examples";
  model.prefix = name + ".";
  model.ordinal = ordinal;
  return model;
}

static GoldenModel sentiment(const std::string &name, uint64_t ordinal,
                             int64_t vocabulary, int64_t embedding,
                             int64_t hidden) {
  GoldenModel model = example("sentiment", name, ordinal);
  model.settings = {"V=" + std::to_string(vocabulary),
                    "E=" + std::to_string(embedding),
                    "H=" + std::to_string(hidden)};
  model.input = "text";
  model.vocabulary = vocabulary;
  model.layers = model.directions = 2;
  model.hidden = hidden;
  model.hasInitialCases = false;
  model.params.push_back({"embedding.weight", {vocabulary, embedding}});
  addRecurrence(model, "lstm", 4, embedding);
  model.recurrence.clear(); // its final states are no results
  model.params.push_back({"fc.weight", {1, 2 * hidden}});
  model.params.push_back({"fc.bias", {1}});
  return model;
}

std::vector<GoldenModel> stackedModels() {
  std::vector<GoldenModel> models;
  for (auto [kind, chosen, instance] :
       {std::tuple("rnn_tanh", "StackedRNN", "rnn"),
        std::tuple("lstm", "StackedLSTM", "lstm"),
        std::tuple("gru", "StackedGRU", "gru")})
    for (GoldenModel model : gridModels()) {
      if (model.name != std::string(kind) + "_2_bi")
        continue;
      for (auto &[name, shape] : model.params)
        name.replace(0, std::string("rnn").size(), instance);
      model.name = chosen;
      model.source = textOf("recurrent");
      model.sourceWithInitial.clear();
      model.chosen = chosen;
      model.states.clear(); // of the lower layer they are no results
      models.push_back(std::move(model));
    }
  return models;
}

std::vector<GoldenModel> exampleModels() {
  GoldenModel rnn = example("rnn", "rnn", 24);
  rnn.params = {
      {"rnn.W_x_l0", {5, 3}}, {"rnn.W_h_l0", {5, 5}}, {"rnn.b_l0", {5}}};
  rnn.recurrence = "rnn";
  rnn.states = {"h"};

  GoldenModel byHand = example("lstm_by_hand", "lstm_by_hand", 25);
  byHand.params = {{"lstm.gates.weight_l0", {20, 8}},
                   {"lstm.gates.bias_l0", {20}}};
  byHand.recurrence = "lstm";
  byHand.states = {"h", "c"};

  GoldenModel small = sentiment("sentiment_small", 26, 50, 7, 5);
  GoldenModel full = sentiment("sentiment", 27, 10000, 100, 128);
  full.bound = 0.09375f;
  full.batches = {3};
  full.lengths = {20};

  GoldenModel series = example("time_series", "time_series", 28);
  series.bound = 0.125f;
  series.width = 1;
  series.layers = 2;
  series.hidden = 64;
  series.states = {"h", "c"};
  series.batches = {1, 3};
  addRecurrence(series, "lstm", 4, 1);
  series.params.push_back({"fc.weight", {1, 64}});
  series.params.push_back({"fc.bias", {1}});

  return {rnn, byHand, small, full, series};
}

} // namespace seqc::endtoend
