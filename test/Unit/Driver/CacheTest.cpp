//===- CacheTest.cpp - Compiled code that is kept on disk -----------------===//
// The cache as users of C++ have it, and the files that it is made of.
//===----------------------------------------------------------------------===//

#include "compiler/Cache/Artifact.h"
#include "compiler/Cache/BuildIdentity.h"
#include "compiler/Cache/CodeCache.h"
#include "compiler/Seqc.h"
#include "test/Unit/Runtime/TemporaryDirectory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <thread>

using namespace seqc;
using runtime::TemporaryDirectory;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

constexpr const char *kText = R"(
model Scale[I = 2](x: f32[T, I]) -> (y: f32[T, I], total: f32[I]) {
  param scale: f32[I] = 1
  let y = scale * x
  return y, sum(y, over = T)
}

train Scale(x, target: f32[T, I]) -> y {
  loss        = mean(squared_error(y, target), over = I)
  metric mae  = mean(absolute_error(y, target), over = I)
  optimizer   = Adam(lr = 0.5 * warmup(step, 3))
}
)";

/// The sentences that a compilation says of its code.
struct Told {
  std::vector<std::string> sentences;

  CompileOptions options(const TemporaryDirectory &folder, Goal goal) {
    CompileOptions options;
    options.goal = goal;
    options.cacheFolder = folder / "cache";
    options.onCode = [this](const std::string &sentence) {
      sentences.push_back(sentence);
    };
    return options;
  }
};

std::vector<float> floatsOf(const Tensor &tensor) {
  return {tensor.data<float>(), tensor.data<float>() + tensor.size()};
}

const Tensor kX = Tensor::of<float>({1, 2, 2}, {1, 2, 3, 4});
const Tensor kTarget = Tensor::of<float>({1, 2, 2}, {4, 3, 2, 1});
const Tensor kAhead = Tensor::of<float>({1, 2, 2}, {1, 0, 0, 1});

TEST(Cache, GivesTheModelAndItsGradientAgain) {
  TemporaryDirectory folder;
  std::vector<std::vector<float>> results;
  for (int time = 0; time < 2; ++time) {
    Told told;
    Model model = Model::fromText(kText, told.options(folder, Goal::Gradient));
    model.initializeWeights(0);
    const RunResult result = model.grad({{"x", kX}}, {{"y", kAhead}});
    results.push_back(floatsOf(result.outputs.at("total")));
    results.push_back(floatsOf(result.gradients.at("scale")));
    if (time == 1)
      EXPECT_THAT(told.sentences,
                  ElementsAre(StartsWith("code from the cache, "),
                              StartsWith("code from the cache, ")));
  }
  EXPECT_EQ(results[0], (std::vector<float>{4, 6}));
  EXPECT_EQ(results[1], (std::vector<float>{1, 4}));
  EXPECT_EQ(results[0], results[2]);
  EXPECT_EQ(results[1], results[3]);
}

/// The losses of some steps, the last one as the model is outside training.
std::vector<double> lossesOf(const CompileOptions &options) {
  Trainer trainer = Trainer::fromText(kText, options);
  const ViewMap batch = {{"x", kX}, {"target", kTarget}};
  std::vector<double> losses;
  for (int step = 0; step < 4; ++step) {
    const StepResult result = trainer.step(batch);
    losses.push_back(result.loss);
    losses.push_back(result.metrics.at("mae"));
    losses.push_back(result.scalars.at("lr"));
  }
  losses.push_back(trainer.means(trainer.measure(batch)).at("loss"));
  return losses;
}

TEST(Cache, GivesATrainingWithItsScheduleAndItsEvaluation) {
  TemporaryDirectory folder;
  const std::vector<double> plain = lossesOf({});
  for (const char *begin : {"code compiled", "code from the cache"}) {
    Told told;
    EXPECT_EQ(lossesOf(told.options(folder, Goal::Training)), plain);
    ASSERT_FALSE(told.sentences.empty());
    EXPECT_THAT(told.sentences.front(), StartsWith(begin));
  }
}

TEST(Cache, IsNotThereUnlessAFolderIsNamed) {
  TemporaryDirectory folder;
  setenv("SEQC_CACHE_DIR", (folder / "cache").c_str(), /*replace=*/1);
  EXPECT_EQ(defaultCacheFolder(), folder / "cache");
  Model::fromText(kText);
  unsetenv("SEQC_CACHE_DIR");
  EXPECT_EQ(folder.count(), 0);
}

TEST(Cache, HasAnEntryForEachCode) {
  TemporaryDirectory folder;
  const auto compile = [&](auto change, Goal goal = Goal::Gradient) {
    Told told;
    CompileOptions options = told.options(folder, goal);
    change(options);
    std::shared_ptr<const void> code;
    Compilation({"m.seq", kText}, options).link(code);
    return told.sentences.back();
  };
  using Options = CompileOptions;
  std::set<std::string> kept;
  kept.insert(compile([](Options &) {}));
  kept.insert(compile([](Options &) {}, Goal::Inference));
  kept.insert(compile([](Options &) {}, Goal::Training));
  kept.insert(compile([](Options &o) { o.settings = {"I=3"}; }));
  kept.insert(compile([](Options &o) { o.save.what = Save::All; }));
  kept.insert(compile([](Options &o) { o.save.every = 5; }));
  kept.insert(compile([](Options &o) { o.target.cpu = "x86-64"; }));
  EXPECT_EQ(kept.size(), 7u);
  for (const std::string &sentence : kept)
    EXPECT_THAT(sentence, StartsWith("the code is kept in "));
  EXPECT_THAT(compile([](Options &o) { o.settings = {"I=3"}; }),
              StartsWith("code from the cache"));
}

TEST(Cache, TellsBuildsApart) {
  const std::optional<std::string> identity = buildIdentity();
  ASSERT_TRUE(identity);
  // This program, and the shared libraries of MLIR and LLVM.
  std::set<std::string> parts;
  std::istringstream stream(*identity);
  for (std::string part; std::getline(stream, part, ';');)
    parts.insert(part);
  EXPECT_EQ(parts.size(), 3u) << *identity;
  EXPECT_EQ(*identity, *buildIdentity());
}

//===----------------------------------------------------------------------===//
// Artifacts
//===----------------------------------------------------------------------===//

Artifact makeArtifact() {
  Artifact artifact;
  runtime::Signature &signature = artifact.signature;
  signature.model = "M";
  signature.dims = {"T", "S"};
  signature.enclosing = {-1, 0};
  signature.derived = {{"W", 1, -3, 2}};
  signature.inputs = {{"x", runtime::ElementType::Token, {-1, 4}, {0, -1}}};
  signature.outputs = {{"y", runtime::ElementType::Bool, {}, {}}};
  signature.gradients = {
      {signature.inputs[0], runtime::GradientSpec::Of::State}};
  signature.params = {{signature.inputs[0],
                       runtime::InitKind::Normal,
                       std::numeric_limits<double>::infinity(),
                       int64_t{1} << 62,
                       {"a", "b"},
                       {"c"}}};
  signature.stateInit = {0.1, -1e-300};
  signature.source = "dir/m.seq";
  artifact.training.measures = {"loss"};
  artifact.training.clipNorm = 0.1;
  artifact.training.truncate = 7;
  artifact.training.scalars = {{"lr", 1e-3}};
  artifact.schedule = signature;
  artifact.object = std::string("\0code\0", 6);
  return artifact;
}

TEST(Artifact, IsReadAsItWasWritten) {
  const Artifact artifact = makeArtifact();
  const std::string bytes = encode(artifact);
  const std::optional<Artifact> read = decode(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(encode(*read), bytes);
  EXPECT_EQ(read->object, artifact.object);
  EXPECT_FALSE(read->optimizer);
  ASSERT_TRUE(read->schedule);
  EXPECT_EQ(read->schedule->derived[0].offset, -3);
  EXPECT_EQ(read->signature.enclosing, artifact.signature.enclosing);
  EXPECT_EQ(read->signature.stateInit, artifact.signature.stateInit);
  const runtime::ParamSpec &param = read->signature.params[0];
  EXPECT_EQ(param.initValue, std::numeric_limits<double>::infinity());
  EXPECT_EQ(param.site, int64_t{1} << 62);
  EXPECT_EQ(param.tensor.type, runtime::ElementType::Token);
  EXPECT_EQ(param.ties, std::vector<std::string>{"c"});
  EXPECT_EQ(read->training.scalars[0].value, 1e-3);
}

TEST(Artifact, OtherBytesAreNone) {
  const std::string bytes = encode(makeArtifact());
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode(bytes.substr(0, 7)));
  EXPECT_FALSE(decode(bytes.substr(0, bytes.size() / 2)));
  EXPECT_FALSE(decode(std::string(100, '\0')));
  EXPECT_FALSE(decode(std::string(100, '\xff')));
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

CodeKey keyOf(uint8_t byte) {
  CodeKey key;
  key.fill(byte);
  return key;
}

void overwrite(const std::string &path, const std::string &bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string contentsOf(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(CodeCache, GivesWhatWasWrittenLast) {
  TemporaryDirectory folder;
  const CodeCache cache(folder / "a/b");
  EXPECT_FALSE(cache.read(keyOf(1)).bytes);
  EXPECT_EQ(cache.read(keyOf(1)).problem, "");
  const std::string binary("\0binary\xff", 8);
  for (const std::string &bytes :
       {std::string("text"), std::string(), binary}) {
    EXPECT_EQ(cache.write(keyOf(1), bytes), std::nullopt);
    EXPECT_EQ(cache.read(keyOf(1)).bytes, bytes);
  }
  EXPECT_FALSE(cache.read(keyOf(2)).bytes);
}

TEST(CodeCache, SeesEveryByteThatIsNotAsItWas) {
  TemporaryDirectory folder;
  const CodeCache cache(folder / "cache");
  ASSERT_EQ(cache.write(keyOf(1), "some code"), std::nullopt);
  const std::string path = cache.pathOf(keyOf(1));
  const std::string whole = contentsOf(path);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] ^= 0x20;
    overwrite(path, damaged);
    EXPECT_FALSE(cache.read(keyOf(1)).bytes) << "byte " << i;
    overwrite(path, whole.substr(0, i));
    EXPECT_FALSE(cache.read(keyOf(1)).bytes) << "only " << i << " bytes";
  }
  EXPECT_THAT(cache.read(keyOf(1)).problem, HasSubstr("damaged"));
  // The same file under another name.
  overwrite(path, whole);
  EXPECT_TRUE(cache.read(keyOf(1)).bytes);
  std::filesystem::copy(path, cache.pathOf(keyOf(2)));
  EXPECT_FALSE(cache.read(keyOf(2)).bytes);
}

TEST(CodeCache, TakesNothingButFiles) {
  TemporaryDirectory folder;
  const CodeCache cache(folder / "cache");
  ASSERT_EQ(cache.write(keyOf(1), "code"), std::nullopt);
  ASSERT_EQ(mkfifo(cache.pathOf(keyOf(2)).c_str(), 0600), 0);
  EXPECT_THAT(cache.read(keyOf(2)).problem, HasSubstr("not a regular file"));
  std::filesystem::create_directory(cache.pathOf(keyOf(3)));
  EXPECT_THAT(cache.read(keyOf(3)).problem, HasSubstr("not a regular file"));
  EXPECT_THAT(cache.write(keyOf(3), "code").value_or(""),
              HasSubstr("it cannot be written"));
}

/// As of two processes: nothing is shared but the folder.
TEST(CodeCache, IsWholeWhoeverWrites) {
  TemporaryDirectory folder;
  const auto work = [&folder](char letter) {
    for (int round = 0; round < 50; ++round) {
      const CodeCache cache(folder / "cache");
      EXPECT_EQ(cache.write(keyOf(1), std::string(100000, letter)),
                std::nullopt);
      const CodeCache::Read read = cache.read(keyOf(1));
      ASSERT_TRUE(read.bytes) << read.problem;
      EXPECT_THAT(*read.bytes, testing::AnyOf(std::string(100000, 'a'),
                                              std::string(100000, 'b')));
    }
  };
  std::thread a(work, 'a'), b(work, 'b');
  a.join();
  b.join();
}

/// What was not read for long goes, as does what a process that was killed has
/// begun to write.
TEST(CodeCache, ForgetsWhatIsNotRead) {
  TemporaryDirectory folder;
  const CodeCache cache(folder / "cache");
  const timespec longAgo[2] = {{1, 0}, {1, 0}};
  const auto age = [&](const std::string &path) {
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), longAgo, 0), 0);
  };
  for (uint8_t key : {1, 2}) {
    ASSERT_EQ(cache.write(keyOf(key), "code"), std::nullopt);
    age(cache.pathOf(keyOf(key)));
  }
  const std::string begun = cache.pathOf(keyOf(3)) + ".tmp.1.0";
  overwrite(begun, "co");
  age(begun);
  EXPECT_TRUE(cache.read(keyOf(1)).bytes);
  // It looks at most every twenty minutes.
  std::filesystem::remove(folder / "cache/llvmcache.timestamp");
  ASSERT_EQ(cache.write(keyOf(4), "code"), std::nullopt);
  EXPECT_TRUE(cache.read(keyOf(1)).bytes);
  EXPECT_FALSE(cache.read(keyOf(2)).bytes);
  EXPECT_FALSE(std::filesystem::exists(begun));
}

} // namespace
