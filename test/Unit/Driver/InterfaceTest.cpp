//===- InterfaceTest.cpp - What a model asks of data ----------------------===//
// Names, types and sizes before dimensions have values; what a loss compares;
// texts that need no file.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Interface.h"
#include "compiler/Seqc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace seqc;
using runtime::ElementType;
using runtime::InputSpec;
using runtime::Interface;
using runtime::Reading;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

constexpr const char *kModel = R"(
model Reader[V, E = 4, W = 2 * E, C](text: token<V>[T], x: f32[T, W], n: f32[3 * E], flags: token<256>[T])
    -> (scores: f32[C], logit: f32, more: f32[T]) {
  use embedding = Embedding[V, E]
  use other     = Embedding[256, E]
  use fc        = Linear[E, C]
  let read = embedding(text) + other(flags)
  return fc(mean(read, over = T)), sum(n, over = 3 * E), x[:, 0]
}

train Reader(text, x, n, flags, label: token<C>, is: f32) -> (scores, logit) {
  loss      = cross_entropy(scores, label) + bce_with_logits(logit, is)
  optimizer = SGD(lr = 0.1)
}
)";

Interface interfaceOf(const std::string &text,
                      const std::vector<std::string> &settings = {}) {
  CompileOptions options;
  options.settings = settings;
  return readInterface({"model.seq", text}, options);
}

TEST(Interface, SaysWhatEachInputIs) {
  const Interface found = interfaceOf(kModel);
  EXPECT_EQ(found.model, "Reader");
  ASSERT_EQ(found.inputs.size(), 6u);
  const InputSpec &text = found.inputs[0];
  EXPECT_EQ(text.name, "text");
  EXPECT_EQ(text.type, "token<V>[T]");
  EXPECT_EQ(text.element, ElementType::Token);
  EXPECT_FALSE(text.isTarget);
  EXPECT_TRUE(text.hasLength());
  EXPECT_EQ(text.tokens.text, "V");
  EXPECT_EQ(text.tokens.dimension, "V");
  EXPECT_EQ(text.tokens.value, std::nullopt);
  EXPECT_FALSE(text.tokens.isFixed);

  const InputSpec &label = found.inputs[4];
  EXPECT_EQ(label.name, "label");
  EXPECT_TRUE(label.isTarget);
  EXPECT_TRUE(label.axes.empty());
  EXPECT_EQ(label.tokens.dimension, "C");
}

TEST(Interface, TellsWhichSizesDataMayDecide) {
  const Interface found = interfaceOf(kModel);
  const InputSpec &x = found.inputs[1], &n = found.inputs[2];
  ASSERT_EQ(x.axes.size(), 2u);
  EXPECT_TRUE(x.axes[0].isLength);
  EXPECT_EQ(x.axes[1].dimension, "W");
  EXPECT_EQ(x.axes[1].value, 8);
  EXPECT_FALSE(x.axes[1].isFixed);
  EXPECT_FALSE(n.hasLength());
  EXPECT_EQ(n.axes[0].text, "3*E");
  EXPECT_EQ(n.axes[0].dimension, "");
  EXPECT_EQ(n.axes[0].value, 12);
  EXPECT_TRUE(n.axes[0].isFixed);
  EXPECT_EQ(found.inputs[3].tokens.value, 256);
  EXPECT_TRUE(found.inputs[3].tokens.isFixed);
}

TEST(Interface, TakesGivenValues) {
  const Interface found = interfaceOf(kModel, {"E=5", "V=7"});
  EXPECT_EQ(found.inputs[0].tokens.value, 7);
  EXPECT_TRUE(found.inputs[0].tokens.isFixed);
  EXPECT_EQ(found.inputs[1].axes[1].value, 10);
  EXPECT_EQ(found.inputs[2].axes[0].value, 15);
  EXPECT_THAT([] { interfaceOf(kModel, {"Q=5"}); },
              ThrowsMessage<Error>(HasSubstr("`Q`")));
}

TEST(Interface, SaysWhatTheLossTakesResultsFor) {
  const Interface found = interfaceOf(kModel);
  ASSERT_EQ(found.results.size(), 3u);
  EXPECT_EQ(found.results[0].name, "scores");
  EXPECT_EQ(found.results[0].type, "f32[C]");
  EXPECT_EQ(found.results[0].reading, Reading::Scores);
  EXPECT_EQ(found.results[0].target, "label");
  EXPECT_EQ(found.results[1].reading, Reading::Logit);
  EXPECT_EQ(found.results[1].target, "is");
  EXPECT_EQ(found.results[2].name, "more");
  EXPECT_EQ(found.results[2].target, "");
}

TEST(Interface, IsAnErrorOfATextThatIsWrongOrNotTrained) {
  EXPECT_THAT([] { interfaceOf("model"); },
              ThrowsMessage<DiagnosedError>(HasSubstr("model.seq:1")));
  EXPECT_THAT([] { interfaceOf("model M(x: f32) -> f32 { return x }"); },
              ThrowsMessage<DiagnosedError>(HasSubstr("train")));
  EXPECT_THAT([] { interfaceOf("fn f(x: f32) -> f32 { return x }"); },
              ThrowsMessage<DiagnosedError>(HasSubstr("model")));
}

/// A model in three files, of which one lies in a folder.
class ImportsTest : public testing::Test {
protected:
  ImportsTest()
      : folder(std::filesystem::path(testing::TempDir()) /
               ("seqc-imports-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder / "lib");
    write("model.seq", "import \"lib/twice.seq\"\n"
                       "model M(x: f32) -> (y: f32) { return twice(x) }\n"
                       "train M(x, t: f32) -> y {\n"
                       "  loss = squared_error(y, t)\n"
                       "  optimizer = SGD(lr = 0.1)\n}\n");
    write("lib/twice.seq", "import \"add.seq\"\n"
                           "fn twice(x: f32) -> f32 { return plus(x, x) }\n");
    write("lib/add.seq", "fn plus(a: f32, b: f32) -> f32 { return a + b }\n");
  }
  ~ImportsTest() override { std::filesystem::remove_all(folder); }

  void write(const std::string &name, const std::string &text) const {
    std::ofstream(folder / name) << text;
  }

  std::filesystem::path folder;
};

TEST_F(ImportsTest, AreTakenAlong) {
  const SourceText whole =
      withImports(readSource((folder / "model.seq").string()));
  ASSERT_TRUE(whole.imports);
  ASSERT_EQ(whole.imports->size(), 2u);
  EXPECT_THAT(whole.imports->at("lib/twice.seq"), HasSubstr("fn twice"));
  EXPECT_THAT(whole.imports->at("lib/add.seq"), HasSubstr("fn plus"));
}

TEST_F(ImportsTest, CompileWithoutFiles) {
  const SourceText found =
      withImports(readSource((folder / "model.seq").string()));
  std::filesystem::remove_all(folder);
  const SourceText moved = {"elsewhere.seq", found.text, found.imports};
  const Tensor x = Tensor::of<float>({1}, {3});
  Model model = Model::fromSource(moved);
  model.initializeWeights(0);
  EXPECT_EQ(model.run({{"x", x}}).outputs.at("y").data<float>()[0], 6);
}

TEST_F(ImportsTest, AreMissedByName) {
  SourceText found = withImports(readSource((folder / "model.seq").string()));
  found.imports->erase("lib/add.seq");
  EXPECT_THAT([&] { readInterface(found, {}); },
              ThrowsMessage<DiagnosedError>(HasSubstr("add.seq")));
}

TEST_F(ImportsTest, MayNotGoInCircles) {
  SourceText found = withImports(readSource((folder / "model.seq").string()));
  (*found.imports)["lib/add.seq"] = "import \"twice.seq\"\n";
  EXPECT_THAT([&] { readInterface(found, {}); },
              ThrowsMessage<DiagnosedError>(HasSubstr("twice.seq")));
}

} // namespace
