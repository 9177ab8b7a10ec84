// RTNeural as a side of bench/run: one layer of LSTM or GRU whose sizes the
// C++ compiler knows, one step a call.
//
//     c++ -O3 -march=native -std=c++17 -I RTNEURAL -DRTNEURAL_USE_EIGEN=1
//         -DRTNEURAL_DEFAULT_ALIGNMENT=32 rtneural.cpp -o rtneural
//
// A program for each of its back-ends: EIGEN, XSIMD and STL.

#include "rounds.h"

#include <RTNeural/RTNeural.h>

#include <random>

namespace {

using rounds::Runnable;
using rounds::Skip;
using rounds::Words;

template <int N> using Lstm = RTNeural::LSTMLayerT<float, N, N>;
template <int N> using Gru = RTNeural::GRULayerT<float, N, N>;

/// As the layers take their weights: a row for each input, gates in columns.
std::vector<std::vector<float>> drawn(size_t rows, size_t columns) {
  static std::mt19937 random(1);
  std::uniform_real_distribution<float> draw(-0.1f, 0.1f);
  std::vector<std::vector<float>> all(rows, std::vector<float>(columns));
  for (std::vector<float> &row : all)
    for (float &value : row)
      value = draw(random);
  return all;
}

template <int N> void setWeights(Lstm<N> &layer) {
  layer.setWVals(drawn(N, 4 * N));
  layer.setUVals(drawn(N, 4 * N));
  layer.setBVals(drawn(1, 4 * N).front());
}

/// One bias for the input, one for the state, whose product is reset.
template <int N> void setWeights(Gru<N> &layer) {
  layer.setWVals(drawn(N, 3 * N));
  layer.setUVals(drawn(N, 3 * N));
  layer.setBVals(drawn(2, 3 * N));
}

template <template <int> class Layer, int N> class Steps : public Runnable {
public:
  Steps() {
    setWeights<N>(model.template get<0>());
    model.reset();
    for (auto &input : inputs)
      for (float &value : input)
        value = drawn(1, 1)[0][0];
  }

  void run() override {
    for (int step = 0; step < kCalls; ++step)
      model.forward(inputs[step % kInputs]);
    // Nobody may find out that the results are not used.
    asm volatile("" : : "r"(model.getOutputs()) : "memory");
  }

  int calls() const override { return kCalls; }

private:
  static constexpr int kCalls = 256, kInputs = 8;
  alignas(64) RTNeural::ModelT<float, N, N, Layer<N>> model;
  alignas(64) float inputs[kInputs][(N + 15) / 16 * 16];
};

template <template <int> class Layer>
std::unique_ptr<Runnable> makeOf(int hidden) {
  switch (hidden) {
  case 8:
    return std::make_unique<Steps<Layer, 8>>();
  case 16:
    return std::make_unique<Steps<Layer, 16>>();
  case 32:
    return std::make_unique<Steps<Layer, 32>>();
  case 64:
    return std::make_unique<Steps<Layer, 64>>();
  }
  throw Skip("compiled for other sizes");
}

std::unique_ptr<Runnable> make(const Words &words) {
  const int hidden = std::stoi(words.at("hidden"));
  if (words.at("model") == "LSTMLayer")
    return makeOf<Lstm>(hidden);
  if (words.at("model") == "GRULayer")
    return makeOf<Gru>(hidden);
  throw Skip("LSTM and GRU are asked of it");
}

} // namespace

int main() { rounds::answerLines("1", make); }
