//===- ConvolutionModels.cpp - Models with convolutions -------------------===//
// Ordinals are those of make_golden.py.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Models.h"

namespace seqc::endtoend {

std::vector<GoldenModel> convolutionModels() {
  GoldenModel voice = example("voice_activity", "voice_activity", 48);
  voice.goldenFile = "convolutions";
  voice.settings = {"F=5", "C=3", "H=4"};
  voice.lengths = {1, 7};
  voice.inputs[0].width = 5;
  voice.results = {{"speech", "T", /*every=*/4}};
  voice.states = {{"h", {4}}, {"c", {4}}};
  voice.params = {{"conv1.weight", {4, 5, 3}}, {"conv1.bias", {4}},
                  {"conv2.weight", {3, 4, 3}}, {"conv2.bias", {3}},
                  {"conv3.weight", {3, 3, 3}}, {"conv3.bias", {3}},
                  {"conv4.weight", {4, 3, 3}}, {"conv4.bias", {4}}};
  voice.addRecurrence("lstm", 4, 4, 4);
  voice.addLinear("fc", 4, 1);
  return {voice};
}

} // namespace seqc::endtoend
