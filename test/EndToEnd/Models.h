//===- Models.h - The models of the golden files --------------------------===//
// Owns, for each model of test/Golden/make_golden.py, its text in our language,
// its parameters in PyTorch's order and its cases.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_ENDTOEND_MODELS_H
#define SEQC_TEST_ENDTOEND_MODELS_H

#include "runtime/services/tensor.h"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace seqc::endtoend {

/// One call of a model.
struct Case {
  uint64_t ordinal = 0;
  int64_t batch = 1;
  int64_t length = 1; ///< of the first dimension; each further one is 2 longer
  bool isRagged = false;
  /// Whether initial states are given; else they are zero.
  bool hasInitial = false;
  /// Of its results in the golden file.
  std::string name;
};

/// An input, [B, T, width]; without a dimension [B, width], tokens [B, T].
struct GoldenInput {
  std::string name = "x";
  std::string dim = "T"; ///< a letter, or none
  int64_t width = 3;
  int64_t vocabulary = 0; ///< not zero: the input is tokens
};

/// A result, whose first axes behind the batch are these dimensions.
struct GoldenResult {
  std::string name = "output";
  std::string dims = "T"; ///< a letter each
  int64_t every = 1;      ///< one for so many positions, rounded up
};

/// A state and its shape in one layer of one sample.
struct GoldenState {
  std::string name;
  runtime::Shape shape;
};

/// Parameters, in PyTorch's order.
using Params = std::vector<std::pair<std::string, runtime::Shape>>;

struct GoldenModel {
  std::string name;       ///< for the test's name
  std::string goldenFile; ///< without `.safetensors`
  std::string prefix;     ///< of its cases' names
  std::string longName;   ///< in long.safetensors; "": not there
  uint64_t ordinal = 0;
  float bound = 0.5f; ///< of its parameters

  std::string source;
  /// The same model with its initial states as inputs `h0_l0`, ...: for
  /// recurrences in two directions, whose states are not carried.
  std::string sourceWithInitial;
  std::string chosen; ///< which model of the source; "": the last
  std::vector<std::string> settings;
  Params params;

  std::vector<GoldenInput> inputs = {{}};
  std::vector<GoldenResult> results = {{}};

  /// The recurrence whose final states are compared ("" for none), and those.
  /// PyTorch has each as [layers * directions, B, shape].
  std::string recurrence;
  std::vector<GoldenState> states;
  int64_t layers = 1;
  int64_t directions = 1;

  std::vector<int64_t> batches = {1, 3, 32};
  std::vector<int64_t> lengths = {1, 7, 50};
  bool hasInitialCases = true;
  /// Of a size that makes many calls too slow.
  bool isLarge = false;

  /// Whether initial states can be given.
  bool hasInitial() const { return isCarried() || !sourceWithInitial.empty(); }
  bool isCarried() const { return directions == 1 && !states.empty(); }
  /// The letters of its inputs' dimensions, in the order of the inputs.
  std::string dims() const;
  /// `_l0`, `_l0_reverse`, `_l1`, ...
  std::vector<std::string> stateSuffixes() const;
  /// Its cases, in the order of their ordinals.
  std::vector<Case> cases() const;
  /// The case with T = 500, for which the golden file holds an error alone.
  Case longCase(bool isRagged) const;

  /// Adds PyTorch's parameters of the recurrence `instance`, from `width` to
  /// `hidden`, in its order.
  void addRecurrence(const std::string &instance, int64_t gates, int64_t width,
                     int64_t hidden);
  /// Adds those of a nn.Linear.
  void addLinear(const std::string &instance, int64_t inputs, int64_t outputs);
};

/// Writes the model's name; googletest asks for it.
inline void PrintTo(const GoldenModel &model, std::ostream *stream) {
  *stream << model.name;
}

/// The text of examples/`program`.seq.
std::string textOf(const std::string &program);
/// That program as a golden model, without its parameters.
GoldenModel example(const std::string &program, const std::string &name,
                    uint64_t ordinal);

/// The library's RNN (tanh, relu), LSTM and GRU: 1 to 3 layers, one and two
/// directions.
std::vector<GoldenModel> gridModels();
/// The programs in examples/ that have golden files of their own.
std::vector<GoldenModel> exampleModels();
/// Those of them that read one sequence, those that read two, the cells, and
/// those of attention by heads, the library's layers included.
std::vector<GoldenModel> sequenceModels();
std::vector<GoldenModel> decoderModels();
std::vector<GoldenModel> cellModels();
std::vector<GoldenModel> headModels();
/// Those of them with convolutions.
std::vector<GoldenModel> convolutionModels();
/// One of the models over two sequences, of tokens.
GoldenModel encoderDecoderOfWords();
/// Those in examples/recurrent.seq, which are models of the grid.
std::vector<GoldenModel> stackedModels();

} // namespace seqc::endtoend

#endif // SEQC_TEST_ENDTOEND_MODELS_H
