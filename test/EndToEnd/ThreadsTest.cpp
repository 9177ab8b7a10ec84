//===- ThreadsTest.cpp - The number of workers changes no bit -------------===//
// Teams of one, two and three workers, each of which must have taken tiles.
//===----------------------------------------------------------------------===//

#include "runtime/core/team.h"
#include "test/EndToEnd/Checks.h"

#include <memory>

namespace seqc::endtoend {
namespace {

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
      std::unique_ptr<seqc_team, void (*)(seqc_team *)> team(
          seqc_team_create(workers), seqc_team_destroy);
      ASSERT_TRUE(team);
      expectSameBits(program.run(inputs, team.get()), alone,
                     std::to_string(workers) + " workers");
      for (int32_t worker = 0; worker < workers; ++worker)
        EXPECT_GT(seqc_team_tiles(team.get(), worker), 0)
            << "worker " << worker << " of " << workers;
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

INSTANTIATE_TEST_SUITE_P(, Threads, testing::ValuesIn(models()), nameOfTest);

} // namespace
} // namespace seqc::endtoend
