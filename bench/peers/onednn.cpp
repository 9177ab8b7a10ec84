// oneDNN's recurrent primitives as a side of bench/run: one layer of LSTM, GRU
// (reset after the product, as everywhere here) or tanh RNN. Builds against
// oneDNN 2.6 and 3.
//
//     c++ -O2 -std=c++17 onednn.cpp -ldnnl -o onednn
//
// A point is `model=LSTMLayer measure=forward inputs=128 hidden=128 batch=32
// length=64`. Weights are packed before a forward pass is timed, and in each
// gradient.

#include "rounds.h"

#include <dnnl.hpp>

#include <random>
#include <unordered_map>

using namespace dnnl;
using Desc = memory::desc;
using Arguments = std::unordered_map<int, memory>;

namespace {

engine &cpu() {
  static engine instance(engine::kind::cpu, 0);
  return instance;
}

stream &queue() {
  static stream instance(cpu());
  return instance;
}

using rounds::Runnable;
using rounds::Skip;
using rounds::Words;

struct Sizes {
  memory::dim inputs, hidden, batch, length;

  explicit Sizes(const Words &words)
      : inputs(std::stoll(words.at("inputs"))),
        hidden(std::stoll(words.at("hidden"))),
        batch(std::stoll(words.at("batch"))),
        length(std::stoll(words.at("length"))) {}
};

/// What tells the three primitives apart.
struct LSTM {
  static constexpr int gates = 4, biases = 4;
  static constexpr bool hasCell = true;
  using Forward = lstm_forward;
  using Backward = lstm_backward;
};
struct GRU {
  static constexpr int gates = 3, biases = 4;
  static constexpr bool hasCell = false;
  using Forward = lbr_gru_forward;
  using Backward = lbr_gru_backward;
};
struct RNN {
  static constexpr int gates = 1, biases = 1;
  static constexpr bool hasCell = false;
  using Forward = vanilla_rnn_forward;
  using Backward = vanilla_rnn_backward;
};

/// The third version of the library has no descriptor beside the primitive's
/// own.
template <typename Primitive, typename... Rest>
typename Primitive::primitive_desc describe(Rest... rest) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(cpu(), rest...);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(rest...),
                                            cpu());
#endif
}

template <typename Primitive, typename Hint, typename... Rest>
typename Primitive::primitive_desc describeBackward(const Hint &hint,
                                                    Rest... rest) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(cpu(), rest..., hint);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(rest...),
                                            cpu(), hint);
#endif
}

memory filled(const Desc &desc) {
  static std::mt19937 random(1);
  std::uniform_real_distribution<float> draw(-0.1f, 0.1f);
  memory made(desc, cpu());
  float *data = static_cast<float *>(made.get_data_handle());
  for (size_t i = 0; i < desc.get_size() / sizeof(float); ++i)
    data[i] = draw(random);
  return made;
}

/// Copies between layouts, made once and run often.
class Copies {
public:
  void add(const memory &from, const memory &to) {
    all.push_back({reorder(from, to), from, to});
  }
  void run() {
    for (Copy &copy : all)
      copy.primitive.execute(queue(), copy.from, copy.to);
  }

private:
  struct Copy {
    reorder primitive;
    memory from, to;
  };
  std::vector<Copy> all;
};

template <typename Cell> class Layer : public Runnable {
public:
  Layer(const Sizes &sizes, bool training) : training(training) {
    using dt = memory::data_type;
    using tag = memory::format_tag;
    const auto [I, H, B, T] = sizes;
    const memory::dims wideShape = {1, 1, I, Cell::gates, H};
    const memory::dims deepShape = {1, 1, H, Cell::gates, H};
    source = Desc({T, B, I}, dt::f32, tag::tnc);
    state = Desc({1, 1, B, H}, dt::f32, tag::ldnc);
    result = Desc({T, B, H}, dt::f32, tag::tnc);
    bias = Desc({1, 1, Cell::biases, H}, dt::f32, tag::ldgo);
    wide = Desc(wideShape, dt::f32, tag::any);
    deep = Desc(deepShape, dt::f32, tag::any);
    plainWide = filled(Desc(wideShape, dt::f32, tag::ldigo));
    plainDeep = filled(Desc(deepShape, dt::f32, tag::ldigo));
    addForward();
    packing.run();
    queue().wait();
  }

  void run() override {
    if (training)
      packing.run();
    forward.execute(queue(), forwardArguments);
    if (training) {
      backward.execute(queue(), backwardArguments);
      unpacking.run();
    }
    queue().wait();
  }

private:
  typename Cell::Forward::primitive_desc describeForward() const {
    const prop_kind kind =
        training ? prop_kind::forward_training : prop_kind::forward_inference;
    const rnn_direction along = rnn_direction::unidirectional_left2right;
    if constexpr (Cell::hasCell)
      return describe<typename Cell::Forward>(kind, along, source, state, state,
                                              wide, deep, bias, result, state,
                                              state);
    else if constexpr (Cell::gates == 1)
      return describe<typename Cell::Forward>(kind, algorithm::eltwise_tanh,
                                              along, source, state, wide, deep,
                                              bias, result, state);
    else
      return describe<typename Cell::Forward>(kind, along, source, state, wide,
                                              deep, bias, result, state);
  }

  typename Cell::Backward::primitive_desc
  describeGradient(const typename Cell::Forward::primitive_desc &hint) const {
    using Primitive = typename Cell::Backward;
    const prop_kind kind = prop_kind::backward;
    const rnn_direction along = rnn_direction::unidirectional_left2right;
    if constexpr (Cell::hasCell)
      return describeBackward<Primitive>(hint, kind, along, source, state,
                                         state, wide, deep, bias, result, state,
                                         state, source, state, state, wide,
                                         deep, bias, result, state, state);
    else if constexpr (Cell::gates == 1)
      return describeBackward<Primitive>(
          hint, kind, algorithm::eltwise_tanh, along, source, state, wide, deep,
          bias, result, state, source, state, wide, deep, bias, result, state);
    else
      return describeBackward<Primitive>(
          hint, kind, along, source, state, wide, deep, bias, result, state,
          source, state, wide, deep, bias, result, state);
  }

  memory packed(const memory &plain, const Desc &desc) {
    memory made(desc, cpu());
    packing.add(plain, made);
    return made;
  }

  void addForward() {
    const auto desc = describeForward();
    forward = typename Cell::Forward(desc);
    forwardArguments = {
        {DNNL_ARG_SRC_LAYER, filled(source)},
        {DNNL_ARG_SRC_ITER, filled(state)},
        {DNNL_ARG_WEIGHTS_LAYER, packed(plainWide, desc.weights_layer_desc())},
        {DNNL_ARG_WEIGHTS_ITER, packed(plainDeep, desc.weights_iter_desc())},
        {DNNL_ARG_BIAS, filled(bias)},
        {DNNL_ARG_DST_LAYER, filled(result)},
        {DNNL_ARG_DST_ITER, filled(state)}};
    if (Cell::hasCell) {
      forwardArguments[DNNL_ARG_SRC_ITER_C] = filled(state);
      forwardArguments[DNNL_ARG_DST_ITER_C] = filled(state);
    }
    if (!training)
      return;
    forwardArguments[DNNL_ARG_WORKSPACE] = memory(desc.workspace_desc(), cpu());
    addBackward(describeGradient(desc));
  }

  void addBackward(const typename Cell::Backward::primitive_desc &desc) {
    backward = typename Cell::Backward(desc);
    backwardArguments = forwardArguments;
    auto set = [this](int name, const Desc &of) {
      return backwardArguments[name] = filled(of);
    };
    backwardArguments[DNNL_ARG_WEIGHTS_LAYER] =
        packed(plainWide, desc.weights_layer_desc());
    backwardArguments[DNNL_ARG_WEIGHTS_ITER] =
        packed(plainDeep, desc.weights_iter_desc());
    set(DNNL_ARG_DIFF_SRC_LAYER, desc.diff_src_layer_desc());
    set(DNNL_ARG_DIFF_SRC_ITER, desc.diff_src_iter_desc());
    set(DNNL_ARG_DIFF_BIAS, desc.diff_bias_desc());
    set(DNNL_ARG_DIFF_DST_LAYER, desc.diff_dst_layer_desc());
    set(DNNL_ARG_DIFF_DST_ITER, desc.diff_dst_iter_desc());
    // An optimizer wants the gradients as the weights are, not packed.
    unpacking.add(
        set(DNNL_ARG_DIFF_WEIGHTS_LAYER, desc.diff_weights_layer_desc()),
        memory(plainWide.get_desc(), cpu()));
    unpacking.add(
        set(DNNL_ARG_DIFF_WEIGHTS_ITER, desc.diff_weights_iter_desc()),
        memory(plainDeep.get_desc(), cpu()));
    if (Cell::hasCell) {
      set(DNNL_ARG_DIFF_SRC_ITER_C, state);
      set(DNNL_ARG_DIFF_DST_ITER_C, state);
    }
  }

  bool training;
  Desc source, state, result, bias, wide, deep;
  memory plainWide, plainDeep;
  Copies packing, unpacking;
  typename Cell::Forward forward;
  typename Cell::Backward backward;
  Arguments forwardArguments, backwardArguments;
};

std::unique_ptr<Runnable> makeLayer(const Words &words) {
  const bool training = words.at("measure") == "gradient";
  const std::string &model = words.at("model");
  if (words.at("measure") == "step")
    throw Skip("it has no optimizer");
  if (model == "LSTMLayer")
    return std::make_unique<Layer<LSTM>>(Sizes(words), training);
  if (model == "GRULayer")
    return std::make_unique<Layer<GRU>>(Sizes(words), training);
  if (model == "RNNLayer")
    return std::make_unique<Layer<RNN>>(Sizes(words), training);
  throw Skip("a primitive is one layer of LSTM, GRU or RNN");
}

std::unique_ptr<Runnable> make(const Words &words) try {
  return makeLayer(words);
} catch (const dnnl::error &error) {
  throw Skip(error.message);
}

} // namespace

int main() {
  const version_t *version = dnnl_version();
  rounds::answerLines(std::to_string(version->major) + "." +
                          std::to_string(version->minor) + "." +
                          std::to_string(version->patch),
                      make);
}
