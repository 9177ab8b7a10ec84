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
  int64_t length = 1;
  bool isRagged = false;
  /// Whether initial states are given; else they are zero.
  bool hasInitial = false;
  /// Of its results in the golden file.
  std::string name;
};

struct GoldenModel {
  std::string name;       ///< for the test's name
  std::string goldenFile; ///< without `.safetensors`
  std::string prefix;     ///< of its cases' names
  uint64_t ordinal = 0;
  float bound = 0.5f; ///< of its parameters

  std::string source;
  /// The same model with its initial states as inputs `h0_l0`, ...: for
  /// recurrences in two directions, whose states are not carried.
  std::string sourceWithInitial;
  std::string chosen; ///< which model of the source; "": the last
  std::vector<std::string> settings;
  std::vector<std::pair<std::string, runtime::Shape>> params;

  std::string input = "x";
  int64_t width = 3;      ///< of the input
  int64_t vocabulary = 0; ///< not zero: the input is tokens

  /// The recurrence whose final states are compared ("" for none), and their
  /// names: `h`, `c`. Each is [layers * directions, B, hidden].
  std::string recurrence;
  std::vector<std::string> states;
  int64_t layers = 1;
  int64_t directions = 1;
  int64_t hidden = 5;

  std::vector<int64_t> batches = {1, 3, 32};
  std::vector<int64_t> lengths = {1, 7, 50};
  bool hasInitialCases = true;

  /// Whether initial states can be given.
  bool hasInitial() const { return isCarried() || !sourceWithInitial.empty(); }
  bool isCarried() const { return directions == 1 && !states.empty(); }
  /// `_l0`, `_l0_reverse`, `_l1`, ...
  std::vector<std::string> stateSuffixes() const;
  /// Its cases, in the order of their ordinals.
  std::vector<Case> cases() const;
  /// The case with T = 500, for which the golden file holds an error alone.
  Case longCase(bool isRagged) const;
};

/// Writes the model's name; googletest asks for it.
inline void PrintTo(const GoldenModel &model, std::ostream *stream) {
  *stream << model.name;
}

/// The library's RNN (tanh, relu), LSTM and GRU: 1 to 3 layers, one and two
/// directions.
std::vector<GoldenModel> gridModels();
/// The programs in examples/ that have golden files of their own.
std::vector<GoldenModel> exampleModels();
/// Those in examples/recurrent.seq, which are models of the grid.
std::vector<GoldenModel> stackedModels();

} // namespace seqc::endtoend

#endif // SEQC_TEST_ENDTOEND_MODELS_H
