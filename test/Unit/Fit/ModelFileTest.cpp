//===- ModelFileTest.cpp - One file for all that a trained model is -------===//

#include "runtime/fit/model_file.h"
#include "runtime/services/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc;
using namespace seqc::fit;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

ModelDescription model() {
  ModelDescription made;
  made.text.file = "sentiment.seq";
  made.text.source = "model M ...\n";
  made.text.imports = {{"lib/cells.seq", "cell C ...\n"}};
  made.text.settings = {"H=16", "V=20000"};
  made.text.model = "M";
  made.text.precision = "bf16";
  made.recipe.classes = {"neg", "pos"};
  made.recipe.vocabularies.emplace(
      "V", data::Vocabulary({"<unk>", "a"}, 1, "a test"));
  return made;
}

TEST(ModelFile, ComesBackAsItWas) {
  const runtime::Metadata metadata = toMetadata(model());
  const ModelDescription found = descriptionOf(metadata, "m.safetensors");
  EXPECT_EQ(found.text, model().text);
  EXPECT_EQ(found.recipe.classes, model().recipe.classes);
  EXPECT_EQ(found.recipe.vocabularies.at("V").numberOf("a"), 1);
  EXPECT_EQ(toMetadata(found), metadata);
}

TEST(ModelFile, CanBeReadByOthers) {
  const runtime::Metadata metadata = toMetadata(model());
  EXPECT_EQ(metadata.at("seqc.format"), "1");
  EXPECT_EQ(metadata.at("seqc.source"), "model M ...\n");
  EXPECT_EQ(metadata.at("seqc.set"), R"({"H":16,"V":20000})");
}

TEST(ModelFile, IsAnErrorWhereAnEntryIsMissingOrDamaged) {
  EXPECT_THAT([] { descriptionOf({}, "w.safetensors"); },
              ThrowsMessage<runtime::Error>(
                  HasSubstr("`w.safetensors` is no trained model")));
  for (const char *key : {"seqc.source", "seqc.set", "seqc.model"}) {
    runtime::Metadata metadata = toMetadata(model());
    metadata.erase(key);
    EXPECT_THAT([&] { descriptionOf(metadata, "m"); },
                ThrowsMessage<runtime::Error>(HasSubstr(key)));
  }
  for (const char *text : {"", "{", "[1]", R"({"V":"x"})", R"({"V":0.5})"}) {
    runtime::Metadata metadata = toMetadata(model());
    metadata["seqc.set"] = text;
    EXPECT_THAT([&] { descriptionOf(metadata, "m"); },
                ThrowsMessage<runtime::Error>(HasSubstr("seqc.set")))
        << text;
  }
  runtime::Metadata metadata = toMetadata(model());
  metadata["seqc.format"] = "2";
  EXPECT_THAT([&] { descriptionOf(metadata, "m"); },
              ThrowsMessage<runtime::Error>(HasSubstr("format `2`")));
}

} // namespace
