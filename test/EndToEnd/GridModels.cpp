//===- GridModels.cpp - The library's cells, stacked ----------------------===//
// Owns the grid of make_golden.py: each cell in one to three layers and both
// directions. Ordinals are those of the order there.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Models.h"

#include <sstream>
#include <tuple>

namespace seqc::endtoend {

static constexpr int64_t kWidth = 3, kHidden = 5;

namespace {
/// A cell of the library, as the grid uses it.
struct Cell {
  const char *goldenFile;
  const char *name;
  int64_t gates;
  std::vector<GoldenState> states;
};
} // namespace

static const Cell cells[] = {{"rnn_tanh", "RNN", 1, {{"h", {5}}}},
                             {"rnn_relu", "ReluRNN", 1, {{"h", {5}}}},
                             {"lstm", "LSTM", 4, {{"h", {5}}, {"c", {5}}}},
                             {"gru", "GRU", 3, {{"h", {5}}}}};

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
      for (const GoldenState &state : model.states)
        fields.push_back(state.name + " = " + state.name + "0_l" +
                         std::to_string(layer) + suffix);
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
  for (const auto &[state, shape] : model.states)
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
  text << "model Grid[I = " << kWidth << ", H = " << kHidden << "]("
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
        if (layers == 2 && directions == 2)
          model.longName = cell.goldenFile;
        model.layers = layers;
        model.directions = directions;
        model.states = cell.states;
        model.addRecurrence("rnn", cell.gates, kWidth, kHidden);
        model.source = gridText(model, cell, false);
        if (directions == 2)
          model.sourceWithInitial = gridText(model, cell, true);
        models.push_back(std::move(model));
      }
  return models;
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

} // namespace seqc::endtoend
