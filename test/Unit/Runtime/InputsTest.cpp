//===- InputsTest.cpp - What goes into a call, checked --------------------===//
// Names, shapes, sizes of dimensions and lengths, with the messages that a
// user reads.
//===----------------------------------------------------------------------===//

#include "runtime/services/inputs.h"
#include "runtime/services/error.h"
#include "runtime/services/messages.h"
#include "runtime/services/token_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::runtime;
using testing::ElementsAre;
using testing::Eq;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

namespace {

/// x: f32[T, 3], y: token[T], memory: f32[S, 3]; state h: f32[4].
Signature signature() {
  Signature signature;
  signature.model = "M";
  signature.source = "model.seq";
  signature.dims = {"T", "S"};
  signature.enclosing = {-1, -1};
  signature.inputs = {{"x", ElementType::F32, {-1, 3}, {0, -1}},
                      {"y", ElementType::Token, {-1}, {0}},
                      {"memory", ElementType::F32, {-1, 3}, {1, -1}}};
  signature.outputs = {{"out", ElementType::F32, {-1, -1, 2}, {1, 0, -1}}};
  signature.states = {{"rnn.h", ElementType::F32, {4}, {-1}}};
  return signature;
}

TensorMap inputs(int64_t batch = 2, int64_t t = 5, int64_t s = 7) {
  TensorMap map;
  map["x"] = Tensor(ElementType::F32, {batch, t, 3});
  map["y"] = Tensor(ElementType::Token, {batch, t});
  map["memory"] = Tensor(ElementType::F32, {batch, s, 3});
  return map;
}

CheckedInputs check(const TensorMap &tensors, const TensorMap &states = {}) {
  return checkInputs(signature(), viewsOf(tensors), viewsOf(states));
}

/// The lines after the title.
void expectFaults(const TensorMap &tensors, const std::string &faults,
                  const TensorMap &states = {}) {
  EXPECT_THAT([&] { check(tensors, states); },
              ThrowsMessage<Error>(
                  Eq("the inputs do not fit the model `M`:\n" + faults)));
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

TEST(Inputs, GiveTheSizesOfDimensions) {
  TensorMap tensors = inputs();
  CheckedInputs checked = check(tensors);
  EXPECT_THAT(checked.dims, ElementsAre(2, 5, 7));
  EXPECT_THAT(checked.lengths, ElementsAre(IsEmpty(), IsEmpty()));
  EXPECT_EQ(checked.inputs[1].data, tensors["y"].data());
  EXPECT_THAT(checked.copies, IsEmpty());
}

TEST(Inputs, OneErrorNamesAllFaults) {
  TensorMap tensors = inputs();
  tensors["x"] = Tensor(ElementType::F32, {2, 5, 4});
  tensors["y"] = Tensor(ElementType::F32, {2, 5});
  tensors.erase("memory");
  tensors["memroy"] = Tensor(ElementType::Bool, {2});
  expectFaults(
      tensors,
      "  input `x` is f32[2, 5, 4], but the model's is f32[batch, T, 3]\n"
      "  input `y` is f32[2, 5], but the model's is token[batch, T]\n"
      "  input `memory` is missing: f32[batch, S, 3]\n"
      "  input `memroy` is surplus: bool[2]");
}

TEST(Inputs, WithoutTheBatchAreRefused) {
  TensorMap tensors = inputs();
  tensors["y"] = Tensor(ElementType::Token, {5});
  expectFaults(tensors, "  input `y` is token[5], but the model's is "
                        "token[batch, T]");
}

TEST(Inputs, OneBatchAndOneSizeForEachDimension) {
  TensorMap tensors = inputs();
  tensors["y"] = Tensor(ElementType::Token, {2, 6});
  tensors["memory"] = Tensor(ElementType::F32, {3, 7, 3});
  expectFaults(tensors, "  `T` is 5 in input `x`, but 6 in input `y`\n"
                        "  batch is 2 in input `x`, but 3 in input `memory`");
}

TEST(Inputs, WithoutDataAreRefused) {
  TensorMap tensors = inputs();
  ViewMap views = viewsOf(tensors);
  views["x"].data = nullptr;
  EXPECT_THAT([&] { checkInputs(signature(), views); },
              ThrowsMessage<Error>(HasSubstr("input `x`: it has no data")));
}

TEST(Inputs, AreCopiedWhereTheConventionWantsAnotherLayout) {
  TensorMap tensors = inputs();
  std::vector<float> data(2 * 5 * 3);
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<float>(i);
  ViewMap views = viewsOf(tensors);
  views["x"] = {ElementType::F32, data.data(), {2, 5, 3}, {15, 1, 5}};
  CheckedInputs checked = checkInputs(signature(), views);
  ASSERT_EQ(checked.copies.size(), 1u);
  EXPECT_EQ(checked.inputs[0].data, checked.copies[0].data());
  EXPECT_EQ(checked.copies[0].data<float>()[1], 5);
}

TEST(Inputs, OfNoSampleAndOfNoStep) {
  EXPECT_THAT(check(inputs(0, 5, 7)).dims, ElementsAre(0, 5, 7));
  EXPECT_THAT(check(inputs(2, 0, 0)).dims, ElementsAre(2, 0, 0));
}

TEST(Inputs, ReservedNamesAreIgnored) {
  TensorMap tensors = inputs();
  tensors["seqc.progress"] = Tensor(ElementType::F32, {});
  EXPECT_NO_THROW(check(tensors));
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

TEST(Inputs, StatesHaveTheBatchInFront) {
  TensorMap states;
  states["rnn.h"] = Tensor(ElementType::F32, {2, 4});
  TensorMap tensors = inputs();
  EXPECT_EQ(check(tensors, states).states.size(), 1u);
  states["rnn.h"] = Tensor(ElementType::F32, {3, 4});
  expectFaults(tensors, "  batch is 2 in input `x`, but 3 in state `rnn.h`",
               states);
  states["rnn.h"] = Tensor(ElementType::F32, {4});
  expectFaults(tensors,
               "  state `rnn.h` is f32[4], but the model's is f32[batch, 4]",
               states);
}

TEST(Inputs, StatesAreAllOrNone) {
  TensorMap states;
  states["rnn.c"] = Tensor(ElementType::F32, {2, 4});
  expectFaults(inputs(),
               "  state `rnn.h` is missing: f32[batch, 4]\n"
               "  state `rnn.c` is surplus: f32[2, 4]",
               states);
}

//===----------------------------------------------------------------------===//
// Lengths
//===----------------------------------------------------------------------===//

TensorMap withLengths(const std::string &name,
                      const std::vector<int64_t> &lengths) {
  TensorMap tensors = inputs();
  tensors[name] =
      Tensor::of<int64_t>({static_cast<int64_t>(lengths.size())}, lengths);
  return tensors;
}

TEST(Lengths, OfOneInputHoldForTheDimension) {
  EXPECT_THAT(check(withLengths("x.lengths", {5, 0})).lengths,
              ElementsAre(ElementsAre(5, 0), IsEmpty()));
  EXPECT_THAT(check(withLengths("y.lengths", {1, 2})).lengths,
              ElementsAre(ElementsAre(1, 2), IsEmpty()));
  EXPECT_THAT(check(withLengths("memory.lengths", {7, 6})).lengths,
              ElementsAre(IsEmpty(), ElementsAre(7, 6)));
}

TEST(Lengths, OfTwoInputsMustBeEqual) {
  TensorMap tensors = withLengths("x.lengths", {5, 4});
  tensors["y.lengths"] = Tensor::of<int64_t>({2}, {5, 4});
  EXPECT_NO_THROW(check(tensors));
  tensors["y.lengths"] = Tensor::of<int64_t>({2}, {5, 3});
  expectFaults(tensors,
               "  `x.lengths` and `y.lengths` are both lengths of `T`, but "
               "sample 1 has 4 in one and 3 in the other");
}

TEST(Lengths, LieBetweenZeroAndTheSize) {
  expectFaults(withLengths("x.lengths", {5, 6}),
               "  `x.lengths`: sample 1 has length 6, but `T` is 5");
  expectFaults(withLengths("x.lengths", {-1, 5}),
               "  `x.lengths`: sample 0 has length -1, which is negative");
}

TEST(Lengths, AreOneTokenForEachSample) {
  expectFaults(withLengths("x.lengths", {5, 5, 5}),
               "  `x.lengths` is i64[3], but must be i64[batch] = i64[2]");
  TensorMap tensors = inputs();
  tensors["x.lengths"] = Tensor(ElementType::F32, {2});
  expectFaults(tensors, "  `x.lengths` is f32[2], but must be i64[batch] = "
                        "i64[2]");
}

TEST(Lengths, OfADimensionThatTheInputHasNotAreSurplus) {
  expectFaults(withLengths("x.S.lengths", {5, 5}),
               "  input `x.S.lengths` is surplus: token[2]");
}

/// text: token[W, C], each word with a length of its own.
Signature nested() {
  Signature signature;
  signature.model = "M";
  signature.dims = {"W", "C"};
  signature.enclosing = {-1, 0};
  signature.inputs = {{"text", ElementType::Token, {-1, -1}, {0, 1}}};
  return signature;
}

TEST(Lengths, OfADimensionInsideAnother) {
  TensorMap tensors;
  tensors["text"] = Tensor(ElementType::Token, {2, 3, 8});
  tensors["text.lengths"] = Tensor::of<int64_t>({2}, {3, 1});
  tensors["text.C.lengths"] = Tensor::of<int64_t>({2, 3}, {8, 1, 2, 3, 0, 0});
  EXPECT_THAT(checkInputs(nested(), viewsOf(tensors)).lengths,
              ElementsAre(ElementsAre(3, 1), ElementsAre(8, 1, 2, 3, 0, 0)));

  tensors["text.C.lengths"] = Tensor::of<int64_t>({2, 3}, {8, 1, 2, 3, 9, 0});
  EXPECT_THAT([&] { checkInputs(nested(), viewsOf(tensors)); },
              ThrowsMessage<Error>(HasSubstr(
                  "`text.C.lengths`: sample 1 at position 1 has length 9, but "
                  "`C` is 8")));

  tensors["text.C.lengths"] = Tensor(ElementType::Token, {2});
  EXPECT_THAT([&] { checkInputs(nested(), viewsOf(tensors)); },
              ThrowsMessage<Error>(HasSubstr(
                  "`text.C.lengths` is i64[2], but must be i64[batch, W] = "
                  "i64[2, 3]")));
}

//===----------------------------------------------------------------------===//
// Results and messages
//===----------------------------------------------------------------------===//

TEST(Outputs, HaveTheSizesOfTheCall) {
  std::vector<Tensor> outputs = makeOutputs(signature(), {2, 5, 7});
  EXPECT_THAT(outputs[0].shape(), ElementsAre(2, 7, 5, 2));
  EXPECT_THAT(makeStates(signature(), {2, 5, 7})[0].shape(), ElementsAre(2, 4));
}

/// A convolution over T, three wide, every second position, and pairs of that.
Signature windowed() {
  Signature made = signature();
  made.derived = {{"N", 0, -1, 2}, {"", 2, -2, 1}, {"M", 3, 3, 4}};
  made.outputs = {{"all", ElementType::F32, {-1, -1, 2}, {2, 0, -1}},
                  {"few", ElementType::F32, {-1}, {4}},
                  {"pairs", ElementType::F32, {-1}, {3}}};
  return made;
}

TEST(Outputs, HaveSizesThatFollowFromThoseOfTheCall) {
  std::vector<Tensor> outputs = makeOutputs(windowed(), {2, 5, 7});
  EXPECT_THAT(outputs[0].shape(), ElementsAre(2, 3, 5, 2));
  EXPECT_THAT(outputs[1].shape(), ElementsAre(2, 2));
  EXPECT_THAT(outputs[2].shape(), ElementsAre(2, 2));
  // Not one pair where there is one window.
  EXPECT_THAT(makeOutputs(windowed(), {2, 1, 7})[2].shape(), ElementsAre(2, 0));
}

TEST(Outputs, AreDescribedWithWhatTheirSizesFollowFrom) {
  const Signature made = windowed();
  EXPECT_EQ(describeBatched(made, made.outputs[0]), "f32[batch, N, T, 2]");
  EXPECT_EQ(describeBatched(made, made.outputs[2]), "f32[batch, N - 1]");
  EXPECT_EQ(describeDerived(made, 0), "(T - 1) / 2 + 1");
  EXPECT_EQ(describeDerived(made, 2), "(N - 1 + 3) / 4 + 1");
}

TEST(Outputs, TooLargeForMemory) {
  EXPECT_THAT(
      [] {
        makeOutputs(signature(), {2, INT64_C(1) << 40, INT64_C(1) << 40});
      },
      ThrowsMessage<Error>(Eq("not enough memory for output `out` of f32[2, "
                              "1099511627776, 1099511627776, 2]")));
}

std::string message(int32_t kind, int64_t position, int64_t value,
                    int64_t bound, int32_t line = 12) {
  seqc_error error = {kind, line, 7, 0, 3, position, value, bound};
  return describeError(signature(), error);
}

TEST(Messages, OfFailedCalls) {
  EXPECT_EQ(message(SEQC_ERROR_TOKEN, 17, 10007, 10000),
            "model.seq:12:7: token 10007 of sample 3 at position 17 is not "
            "below the vocabulary size 10000");
  EXPECT_EQ(message(SEQC_ERROR_TOKEN, -1, -5, 10),
            "model.seq:12:7: token -5 of sample 3 is negative");
  EXPECT_EQ(message(SEQC_ERROR_LENGTH, -1, 0, 1),
            "model.seq:12:7: sample 3 has length 0, but at least 1 is needed "
            "here");
  EXPECT_EQ(message(SEQC_ERROR_VERSION, -1, 0, 0, /*line=*/0),
            "the model was compiled for another version of the calling "
            "convention than 1");
}

TEST(Messages, ATokenIsFoundInTheInputsThatHoldIt) {
  Signature two;
  two.inputs = {{"x", ElementType::F32, {}, {}},
                {"a", ElementType::Token, {-1}, {0}},
                {"b", ElementType::Token, {-1, 2}, {0, -1}}};
  Tensor x(ElementType::F32, {2});
  Tensor a = Tensor::of<int64_t>({2, 2}, {9, 9, 0, 7});
  // The second sample comes first in memory: rows are (5, 6), (7, 0).
  std::vector<int64_t> values = {5, 6, 7, 0, 9, 1, 1, 1};
  TensorView b(ElementType::Token, values.data() + 4, {2, 2, 2}, {-4, 2, 1});
  auto source = [&](int64_t position, int64_t value) {
    return sourceOfToken(
        two, {SEQC_ERROR_TOKEN, 0, 0, 0, 1, position, value, 4}, {x, a, b});
  };
  EXPECT_EQ(source(0, 5), " of input `b`");
  EXPECT_EQ(source(-1, 9), "") << "another sample's";
  EXPECT_EQ(source(1, 7), " of input `a`");
  EXPECT_EQ(source(2, 7), " of input `b`");
  EXPECT_EQ(source(-1, 7), " of input `a` or `b`");
  EXPECT_EQ(
      sourceOfToken(two, {SEQC_ERROR_LENGTH, 0, 0, 0, 1, -1, 7, 8}, {x, a, b}),
      "");
}

TEST(Messages, NamesCannotActOnATerminal) {
  EXPECT_EQ(quoteName("a\x1b[31m\n"), "`a\\x1b[31m\\x0a`");
  std::string umlauts;
  for (int i = 0; i < 200; ++i)
    umlauts += "\xc3\xa4";
  EXPECT_EQ(quoteName("x" + umlauts), "`x" + umlauts.substr(0, 198) + "...`");
}

} // namespace
