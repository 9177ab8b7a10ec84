//===- ThreadsTest.cpp - The number of workers changes no bit -------------===//
// Teams of several workers, each of which must have taken part: tiles of a
// large batch, or a share of the only tile of a small one.
//===----------------------------------------------------------------------===//

#include "runtime/core/team.h"
#include "test/EndToEnd/Checks.h"

#include <memory>

namespace seqc::endtoend {
namespace {

using Team = std::unique_ptr<seqc_team, void (*)(seqc_team *)>;

Team makeTeam(int32_t workers) {
  return Team(seqc_team_create(workers), seqc_team_destroy);
}

class Threads : public testing::TestWithParam<GoldenModel> {};

TEST_P(Threads, GiveTheSameBits) {
  const GoldenModel &model = GetParam();
  Program program(model, /*initialAsInputs=*/false);
  for (bool isRagged : {false, true}) {
    // Rows for several tiles, whatever their size, and a last one that is not
    // full.
    Case call{950, /*batch=*/201, /*length=*/9, isRagged, false, "threads"};
    Inputs inputs = drawInputs(model, call);
    Results alone = program.run(inputs);
    for (int32_t workers = 1; workers <= 3; ++workers) {
      Team team = makeTeam(workers);
      ASSERT_TRUE(team);
      expectSameBits(program.run(inputs, team.get()), alone,
                     std::to_string(workers) + " workers");
      for (int32_t worker = 0; worker < workers; ++worker)
        EXPECT_GT(seqc_team_tiles(team.get(), worker), 0)
            << "worker " << worker << " of " << workers;
    }
  }
}

/// Batches of one tile, whose steps several workers share: the code of small
/// models too is made for it.
class Teams : public testing::TestWithParam<GoldenModel> {};

TEST_P(Teams, GiveTheSameBits) {
  const GoldenModel &model = GetParam();
  Program usual(model, /*initialAsInputs=*/false);
  CompileOptions options;
  options.target.weightsPerMember = 1;
  Program program(model, /*initialAsInputs=*/false, options);
  for (int64_t batch : {1, 3, 13}) {
    Case call{970, batch, /*length=*/5, batch > 1, false, "teams"};
    Inputs inputs = drawInputs(model, call);
    Results alone = usual.run(inputs);
    for (int32_t workers = 1; workers <= 5; workers += 2) {
      Team team = makeTeam(workers);
      ASSERT_TRUE(team);
      expectSameBits(program.run(inputs, team.get()), alone,
                     std::to_string(workers) + " workers on " +
                         std::to_string(batch) + " rows");
      // But where a loop has no product, a step is not worth a barrier.
      if (model.name != "two_levels")
        EXPECT_GT(seqc_team_tiles(team.get(), workers - 1), 0)
            << workers << " workers on " << batch << " rows";
    }
  }
}

std::vector<GoldenModel> models() {
  std::vector<GoldenModel> chosen;
  for (GoldenModel model : exampleModels())
    if (!model.isLarge)
      chosen.push_back(std::move(model));
  for (GoldenModel model : gridModels())
    if (model.layers == 2)
      chosen.push_back(std::move(model));
  return chosen;
}

std::vector<GoldenModel> modelsForTeams() {
  std::vector<GoldenModel> chosen = gridModels();
  for (auto more : {cellModels, sequenceModels, decoderModels, headModels,
                    convolutionModels, stackedModels})
    for (GoldenModel model : more())
      if (!model.isLarge)
        chosen.push_back(std::move(model));
  return chosen;
}

INSTANTIATE_TEST_SUITE_P(, Threads, testing::ValuesIn(models()), nameOfTest);
INSTANTIATE_TEST_SUITE_P(, Teams, testing::ValuesIn(modelsForTeams()),
                         nameOfTest);

} // namespace
} // namespace seqc::endtoend
