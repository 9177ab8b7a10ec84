//===- RecipeTest.cpp - How data becomes samples --------------------------===//
// What a model's file says of it, and files that say something else.
//===----------------------------------------------------------------------===//

#include "runtime/data/recipe.h"
#include "runtime/services/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::data;
using seqc::runtime::Error;
using seqc::runtime::Metadata;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;
using testing::ThrowsMessage;

namespace {

/// Nothing in it is as it is by default.
Recipe full() {
  Recipe recipe;
  recipe.options.tokenizer = Tokenizer::Characters;
  recipe.options.maxTokens = 7;
  recipe.options.kept = Truncation::Tail;
  recipe.options.vocabulary.minimumCount = 3;
  recipe.options.vocabulary.special = {"<unk>", "<pad>"};
  recipe.options.endToken = "<pad>";
  recipe.options.table = {{"a", "b", "c"}, false};
  recipe.options.window = 24;
  recipe.options.horizon = 2;
  recipe.options.isNormalised = true;
  recipe.options.columns = {{"x", {"a", "b"}}, {"y", {"c"}}};
  recipe.options.group = "id";
  recipe.vocabularies.emplace(
      "V", Vocabulary({"<unk>", "<pad>", "the", "\""}, 2, "the test"));
  recipe.vocabularies.emplace("2*W", Vocabulary({"<unk>", "é"}, 1, "it"));
  recipe.classes = {"neg", "pos"};
  recipe.scales = {{"a", 1.0 / 3, 0.1}, {"b", -1e-9, 12345.678}};
  return recipe;
}

Recipe again(const Recipe &recipe) {
  return recipeOf(toMetadata(recipe), "m.safetensors");
}

TEST(Recipe, KeepsWhatTheUserChose) {
  const DataOptions options = again(full()).options;
  EXPECT_EQ(options.tokenizer, Tokenizer::Characters);
  EXPECT_EQ(options.maxTokens, 7);
  EXPECT_EQ(options.kept, Truncation::Tail);
  EXPECT_EQ(options.vocabulary.minimumCount, 3);
  EXPECT_THAT(options.vocabulary.special, ElementsAre("<unk>", "<pad>"));
  EXPECT_EQ(options.endToken, "<pad>");
  EXPECT_THAT(options.table.names, ElementsAre("a", "b", "c"));
  EXPECT_FALSE(options.table.hasQuotes);
  EXPECT_EQ(options.window, 24);
  EXPECT_EQ(options.horizon, 2);
  EXPECT_TRUE(options.isNormalised);
  EXPECT_THAT(options.columns, ElementsAre(Pair("x", ElementsAre("a", "b")),
                                           Pair("y", ElementsAre("c"))));
  EXPECT_EQ(options.group, "id");
}

TEST(Recipe, KeepsWhatWasLearnt) {
  const Recipe recipe = again(full());
  EXPECT_THAT(recipe.classes, ElementsAre("neg", "pos"));
  ASSERT_EQ(recipe.vocabularies.size(), 2u);
  EXPECT_THAT(recipe.vocabularies.at("2*W").tokens(),
              ElementsAre("<unk>", "é"));
  ASSERT_EQ(recipe.scales.size(), 2u);
  EXPECT_EQ(recipe.scales[0].column, "a");
  EXPECT_EQ(recipe.scales[0].mean, 1.0 / 3);
  EXPECT_EQ(recipe.scales[0].deviation, 0.1);
  EXPECT_EQ(recipe.scales[1].mean, -1e-9);
}

TEST(Recipe, KeepsSpecialTokensOutOfTexts) {
  const Recipe recipe = again(full());
  const Vocabulary &vocabulary = recipe.vocabularies.at("V");
  EXPECT_EQ(vocabulary.special(), 2);
  EXPECT_EQ(vocabulary.numberOf("<pad>"), 0);
  EXPECT_EQ(vocabulary.numberOf("the"), 2);
  EXPECT_EQ(vocabulary.numberOf("\""), 3);
}

TEST(Recipe, IsTheSameTextEachTime) {
  EXPECT_EQ(toMetadata(full()), toMetadata(again(full())));
  Recipe other = full();
  other.scales[0].mean = 0.25;
  EXPECT_NE(toMetadata(full()), toMetadata(other));
}

TEST(Recipe, IsShortWhereNothingWasLearnt) {
  EXPECT_THAT(
      toMetadata(Recipe()),
      ElementsAre(
          Pair("seqc.data",
               R"({"tokenizer":"basic-english","max_tokens":256,"keep":"ends",)"
               R"("min_count":1,"special":["<unk>"],"end_token":"",)"
               R"("window":0,"horizon":1,"normalised":false,"names":[],)"
               R"("quotes":true,"columns":{},"group":"","classes":[],)"
               R"("classes_of":""})")));
  const Recipe recipe = again(Recipe());
  EXPECT_THAT(recipe.vocabularies, IsEmpty());
  EXPECT_THAT(recipe.scales, IsEmpty());
}

TEST(Recipe, ReadsFilesOfEarlierVersions) {
  const Recipe recipe = recipeOf(
      {{"seqc.data",
        R"({"tokenizer":"basic-english","max_tokens":256,"keep":"ends",)"
        R"("min_count":1,"special":["<unk>"],"window":0,"horizon":1,)"
        R"("normalised":false,"columns":{},"group":"","classes":[],)"
        R"("classes_of":""})"}},
      "m.safetensors");
  EXPECT_EQ(recipe.options.endToken, "");
  EXPECT_THAT(recipe.options.table.names, IsEmpty());
  EXPECT_TRUE(recipe.options.table.hasQuotes);
}

TEST(Recipe, IsJson) {
  Recipe recipe;
  recipe.vocabularies.emplace("V", Vocabulary({"<unk>", "a"}, 1, "the test"));
  recipe.scales = {{"x", 0.5, 2}};
  const Metadata metadata = toMetadata(recipe);
  EXPECT_EQ(metadata.at("seqc.vocabulary"),
            R"({"V":{"special":1,"tokens":["<unk>","a"]}})");
  EXPECT_EQ(metadata.at("seqc.normalisation"),
            R"([{"column":"x","mean":0.5,"deviation":2.0}])");
}

TEST(Recipe, HasNoPath) {
  Recipe recipe;
  recipe.options.vocabularyFile = "words.txt";
  EXPECT_EQ(toMetadata(recipe), toMetadata(Recipe()));
}

TEST(Recipe, ScalesColumnsThatItKnows) {
  const Scale scale = full().scaleOf("b");
  EXPECT_EQ(scale.column, "b");
  EXPECT_EQ(scale.deviation, 12345.678);
  const Scale none = full().scaleOf("c");
  EXPECT_EQ(none.column, "c");
  EXPECT_EQ(none.apply(3.5), 3.5f);
  EXPECT_EQ(none.undo(3.5), 3.5);
}

TEST(Scale, IsUndone) {
  const Scale scale = {"x", 10, 4};
  EXPECT_EQ(scale.apply(16), 1.5f);
  EXPECT_EQ(scale.undo(1.5), 16);
}

//===----------------------------------------------------------------------===//
// Damage
//===----------------------------------------------------------------------===//

/// Of a file that has `from` where the full recipe has `to`.
void expectError(const std::string &key, const std::string &from,
                 const std::string &to, const std::string &what) {
  Metadata metadata = toMetadata(full());
  std::string &entry = metadata.at(key);
  const size_t at = entry.find(from);
  ASSERT_NE(at, std::string::npos) << from << " in " << entry;
  entry.replace(at, from.size(), to);
  EXPECT_THAT([&] { recipeOf(metadata, "m.safetensors"); },
              ThrowsMessage<Error>(AllOf(
                  StartsWith("`m.safetensors` does not say how its data is "
                             "read: metadata `" +
                             key + "`: "),
                  HasSubstr(what))))
      << to;
}

TEST(Recipe, MustBeThere) {
  EXPECT_THAT([] { recipeOf({}, "m.safetensors"); },
              ThrowsMessage<Error>(
                  "`m.safetensors` does not say how its data is read: metadata "
                  "`seqc.data`: it has no such metadata"));
}

TEST(Recipe, TellsDamagedOptions) {
  expectError("seqc.data", "{", "", "parse error");
  expectError("seqc.data", "max_tokens", "most_tokens", "'max_tokens'");
  expectError("seqc.data", "classes", "kinds", "'classes'");
  expectError("seqc.data", "\"characters\"", "\"letters\"",
              "there is no tokenizer `letters`");
  expectError("seqc.data", "\"tail\"", "\"middle\"",
              "there is no truncation `middle`");
  expectError("seqc.data", ":7", ":\"7\"", "`max_tokens` is out of range");
  expectError("seqc.data", ":7", ":0", "`max_tokens` is out of range");
  expectError("seqc.data", ":24", ":-1", "`window` is out of range");
  expectError("seqc.data", "\"horizon\":2", "\"horizon\":0",
              "`horizon` is out of range");
  expectError("seqc.data", "[\"neg\",\"pos\"]", "[1]", "must be string");
}

TEST(Recipe, TellsDamagedVocabularies) {
  expectError("seqc.vocabulary", "tokens", "words", "'tokens'");
  expectError("seqc.vocabulary", "\"the\"", "\"<pad>\"", "`<pad>` twice");
  expectError("seqc.vocabulary", "\"special\":2", "\"special\":5",
              "5 of them cannot be special");
  expectError("seqc.vocabulary", "[\"<unk>\",\"é\"]", "[]", "has no token");
}

TEST(Recipe, TellsDamagedScales) {
  expectError("seqc.normalisation", "mean", "average", "'mean'");
  expectError("seqc.normalisation", "0.1", "null", "must be number");
  expectError("seqc.normalisation", "0.1", "0", "a deviation is not above 0");
}

} // namespace
