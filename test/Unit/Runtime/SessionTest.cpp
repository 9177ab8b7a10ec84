//===- SessionTest.cpp - Calls of a model with tensors by name ------------===//
// A model written by hand stands for compiled code.
//===----------------------------------------------------------------------===//

#include "runtime/services/session.h"
#include "runtime/core/team.h"
#include "test/Unit/Runtime/FakeModel.h"
#include "test/Unit/Runtime/TemporaryDirectory.h"

#include <atomic>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <thread>

using namespace seqc::runtime;
using testing::ElementsAre;
using testing::Eq;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

namespace {

Session makeSession(SessionOptions options = {}) {
  Tensor scale = Tensor::of<float>({1, 2}, {1, 10});
  return Session(fake::signature(), fake::entryPoints(),
                 bindWeights(fake::signature(), {{"sum.scale", scale}}),
                 std::move(options));
}

std::vector<float> floatsOf(const Tensor &tensor) {
  return {tensor.data<float>(), tensor.data<float>() + tensor.size()};
}

TEST(Session, RunsByName) {
  Session session = makeSession();
  float x[] = {1, 2, 3, 4};
  RunResult result = session.run({{"x", TensorView(x, {1, 2, 2})}});
  EXPECT_THAT(floatsOf(result.outputs.at("steps")), ElementsAre(1, 20, 4, 60));
  EXPECT_THAT(floatsOf(result.outputs.at("last")), ElementsAre(4, 60));
}

TEST(Session, StatesGoFromCallToCall) {
  Session session = makeSession();
  Tensor x = Tensor::of<float>({1, 1, 2}, {1, 2});
  RunResult first = session.run({{"x", x}});
  RunOptions next;
  next.states = viewsOf(first.states);
  RunResult second = session.run({{"x", x}}, next);
  EXPECT_THAT(floatsOf(second.states.at("sum.total")), ElementsAre(2, 40));
}

TEST(Session, StatesGoThroughAFile) {
  TemporaryDirectory directory;
  Session session = makeSession();
  Tensor x = Tensor::of<float>({1, 1, 2}, {1, 2});
  writeSafetensors(directory / "s", viewsOf(session.run({{"x", x}}).states));
  TensorMap states = readSafetensors(directory / "s").tensors;
  RunOptions next;
  next.states = viewsOf(states);
  EXPECT_THAT(floatsOf(session.run({{"x", x}}, next).outputs.at("last")),
              ElementsAre(2, 40));
}

TEST(Session, PaddingIsHandedOverAndStaysZeroInResults) {
  Session session = makeSession();
  float nan = std::numeric_limits<float>::quiet_NaN();
  Tensor x = Tensor::of<float>({2, 2, 2}, {1, 1, nan, nan, nan, 1, 1, 1});
  Tensor lengths = Tensor::of<int64_t>({2}, {1, 2});
  RunResult result = session.run({{"x", x}, {"x.lengths", lengths}});
  std::vector<float> steps = floatsOf(result.outputs.at("steps"));
  EXPECT_THAT(std::vector<float>(steps.begin(), steps.begin() + 4),
              ElementsAre(1, 10, 0, 0));
  EXPECT_TRUE(std::isnan(steps[4]));
}

TEST(Session, NoSampleAndNoStep) {
  Session session = makeSession();
  Tensor none(ElementType::F32, {0, 5, 2});
  EXPECT_THAT(session.run({{"x", none}}).outputs.at("steps").shape(),
              ElementsAre(0, 5, 2));
  Tensor empty(ElementType::F32, {2, 0, 2});
  RunResult result = session.run({{"x", empty}});
  EXPECT_THAT(result.outputs.at("steps").shape(), ElementsAre(2, 0, 2));
  EXPECT_THAT(floatsOf(result.outputs.at("last")), ElementsAre(0, 0, 0, 0));
}

TEST(Session, TransposedParametersAndInputs) {
  float scale[] = {1, 0, 10};
  float x[] = {1, 3, 2, 4};
  Session session(fake::signature(), fake::entryPoints(),
                  {{ElementType::F32, scale, {1, 2}, {2, 2}}});
  RunResult result =
      session.run({{"x", {ElementType::F32, x, {1, 2, 2}, {4, 1, 2}}}});
  EXPECT_THAT(floatsOf(result.outputs.at("last")), ElementsAre(4, 60));
}

TEST(Session, TellsWhichTokenWasWrong) {
  Session session = makeSession();
  Tensor x(ElementType::F32, {4, 20, 2});
  x.data<float>()[(3 * 20 + 17) * 2] = fake::kBadToken;
  EXPECT_THAT(
      [&] {
        session.run({{"x", x}});
      },
      ThrowsMessage<Error>(
          Eq("sum.seq:12:7: token 10007 of sample 3 at position 17 is "
             "not below the vocabulary size 10000")));
}

TEST(Session, ChecksInputsParametersAndSampleNumbers) {
  Session session = makeSession();
  Tensor x(ElementType::F32, {2, 3, 2});
  EXPECT_THAT(
      [&] {
        session.run({{"y", x}});
      },
      ThrowsMessage<Error>(HasSubstr("input `x` is missing")));
  RunOptions options;
  options.sampleIds = {1, 2, 3};
  EXPECT_THAT(
      [&] {
        session.run({{"x", x}}, options);
      },
      ThrowsMessage<Error>(Eq("3 sample numbers are given for a batch of 2")));
  EXPECT_THAT([] { Session(fake::signature(), fake::entryPoints(), {}); },
              ThrowsMessage<Error>(HasSubstr("has 1 parameters, but 0 are")));
  EXPECT_THAT([&] { Session(fake::signature(), fake::entryPoints(), {x}); },
              ThrowsMessage<Error>(HasSubstr("`sum.scale` is f32[2, 3, 2]")));
}

TEST(Session, KeepsTheCodeAlive) {
  auto code = std::make_shared<int>(0);
  std::weak_ptr<int> watch = code;
  {
    SessionOptions options;
    options.code = std::move(code);
    Session session = makeSession(std::move(options));
    EXPECT_FALSE(watch.expired());
  }
  EXPECT_TRUE(watch.expired());
}

TEST(Session, CallOnTheCallersMemory) {
  Session session = makeSession();
  int64_t dims[] = {1, 2};
  float x[] = {1, 2, 3, 4}, steps[4], last[2], state[2] = {100, 100};
  int64_t sequence[] = {4, 2, 1}, single[] = {2, 1};
  alignas(SEQC_ALIGNMENT) char workspace[64];
  ASSERT_LE(session.workspaceBytes(dims, 1), sizeof(workspace));

  seqc_tensor inputs[] = {{x, sequence}};
  seqc_tensor outputs[] = {{steps, sequence}, {last, single}};
  seqc_tensor states[] = {{state, single}};
  seqc_call call = {};
  call.dims = dims;
  call.inputs = inputs;
  call.outputs = outputs;
  call.states_in = call.states_out = states;
  call.workspace = workspace;
  EXPECT_EQ(session.call(call), SEQC_OK);
  EXPECT_THAT(steps, ElementsAre(101, 120, 104, 160));
  EXPECT_THAT(state, ElementsAre(104, 160));
}

//===----------------------------------------------------------------------===//
// Concurrency
//===----------------------------------------------------------------------===//

/// Ones; the last total of each sample is (steps, 10 * steps).
void runOnes(const Session &session, int64_t batch, int64_t steps,
             seqc_team *team, std::atomic<int> &wrong) {
  Tensor x(ElementType::F32, {batch, steps, 2});
  std::fill_n(x.data<float>(), x.size(), 1.0f);
  RunOptions options;
  options.team = team;
  RunResult result = session.run({{"x", x}}, options);
  const float *last = result.outputs.at("last").data<float>();
  for (int64_t sample = 0; sample < batch; ++sample)
    if (last[2 * sample] != static_cast<float>(steps) ||
        last[2 * sample + 1] != static_cast<float>(10 * steps))
      ++wrong;
}

void runConcurrently(seqc_team *team) {
  Session session = makeSession();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i)
        runOnes(session, /*batch=*/1 + (t * 7 + i) % 13, /*steps=*/1 + i % 5,
                team, wrong);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Session, RunsFromSeveralThreadsAtOnce) { runConcurrently(nullptr); }

TEST(Session, RunsFromSeveralThreadsWithOneTeam) {
  seqc_team *team = seqc_team_create(2);
  ASSERT_NE(team, nullptr);
  runConcurrently(team);
  seqc_team_destroy(team);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// Memory that runs out after some allocations, and counts what is out.
class LimitedMemory : public std::pmr::memory_resource {
public:
  int left = 0;
  int out = 0;

private:
  void *do_allocate(size_t bytes, size_t alignment) override {
    if (left-- <= 0)
      throw std::bad_alloc();
    ++out;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void *data, size_t bytes, size_t alignment) override {
    --out;
    std::pmr::new_delete_resource()->deallocate(data, bytes, alignment);
  }
  bool do_is_equal(const memory_resource &other) const noexcept override {
    return this == &other;
  }
};

TEST(SessionMemory, EveryFailureIsAnErrorAndTheNextCallWorks) {
  LimitedMemory memory;
  {
    memory.left = 1;
    Session session = makeSession({&memory, nullptr});
    Tensor x = Tensor::of<float>({1, 2, 2}, {1, 2, 3, 4});
    const char *faults[] = {
        "output `steps` of f32[1, 2, 2]", "output `last` of f32[1, 2]",
        "state `sum.total` of f32[1, 2]",
        "the workspace of the model `Sum` (batch 1, T = 2)"};
    for (int allocations = 0; allocations < 4; ++allocations) {
      memory.left = allocations;
      EXPECT_THAT(
          [&] {
            session.run({{"x", x}});
          },
          ThrowsMessage<Error>(StartsWith(
              std::string("not enough memory for ") + faults[allocations])));
      EXPECT_EQ(memory.out, 1) << "only the packed parameters are left";
    }
    memory.left = 4;
    EXPECT_THAT(floatsOf(session.run({{"x", x}}).outputs.at("last")),
                ElementsAre(4, 60));
    EXPECT_EQ(memory.out, 2) << "the workspace waits for the next call";
    memory.left = 3;
    EXPECT_NO_THROW(session.run({{"x", x}})) << "which takes it";
  }
  EXPECT_EQ(memory.out, 0);
}

TEST(SessionMemory, NoRoomForThePackedParameters) {
  LimitedMemory memory;
  EXPECT_THAT(
      [&] {
        makeSession({&memory, nullptr});
      },
      ThrowsMessage<Error>(
          Eq("not enough memory for the packed parameters of the "
             "model `Sum` (8 bytes)")));
}

TEST(SessionMemory, AWorkspaceThatDoesNotFit) {
  Signature signature = fake::signature();
  signature.inputs = {{"n", ElementType::F32, {-1, 0}, {0, -1}}};
  signature.outputs.clear();
  Tensor scale(ElementType::F32, {1, 2});
  Session session(signature, fake::entryPoints(), {scale});
  Tensor n(ElementType::F32, {1, INT64_C(1) << 41, 0});
  EXPECT_THAT(
      [&] {
        session.run({{"n", n}});
      },
      ThrowsMessage<Error>(
          Eq("not enough memory for the workspace of the model `Sum` "
             "(batch 1, T = 2199023255552)")));
}

} // namespace
