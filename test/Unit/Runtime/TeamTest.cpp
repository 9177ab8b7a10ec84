//===- TeamTest.cpp - Tiles, workers and errors ---------------------------===//

#include "runtime/core/team.h"

#include "gtest/gtest.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

struct Destroy {
  void operator()(seqc_team *team) const { seqc_team_destroy(team); }
};
using Team = std::unique_ptr<seqc_team, Destroy>;

/// What a task of these tests writes to, by way of the workspace pointer.
struct Tally {
  std::vector<std::atomic<int>> seen;
  std::vector<std::atomic<int>> by;
  explicit Tally(size_t tiles) : seen(tiles), by(tiles) {}
};

void count(const seqc_call *call, int64_t tile, int32_t worker) {
  auto &tally = *static_cast<Tally *>(call->workspace);
  tally.seen[tile].fetch_add(1);
  tally.by[tile] = worker;
}

seqc_call makeCall(seqc_team *team, void *workspace) {
  seqc_call call = {};
  call.abi_version = SEQC_ABI_VERSION;
  call.team = team;
  call.workspace = workspace;
  return call;
}

TEST(Team, EachTileIsTakenOnceInTurn) {
  for (int workers : {1, 2, 3, 5}) {
    Team team(seqc_team_create(workers));
    ASSERT_TRUE(team);
    EXPECT_EQ(seqc_team_size(team.get()), workers);
    for (int64_t tiles : {0, 1, 2, 7, 100}) {
      Tally tally(tiles);
      seqc_call call = makeCall(team.get(), &tally);
      ASSERT_EQ(seqc_run_tiles(&call, tiles, count), SEQC_OK);
      for (int64_t tile = 0; tile < tiles; ++tile) {
        EXPECT_EQ(tally.seen[tile], 1);
        EXPECT_EQ(tally.by[tile], tile % workers);
      }
    }
    for (int worker = 0; worker < workers; ++worker)
      EXPECT_GT(seqc_team_tiles(team.get(), worker), 0);
  }
}

/// Members add to numbers of each other's, and meet before each addition.
void addInTurns(const seqc_call *call, int64_t member, int32_t) {
  auto &numbers = *static_cast<std::vector<int> *>(call->workspace);
  const auto members = static_cast<int64_t>(numbers.size());
  for (int turn = 0; turn < 2000; ++turn) {
    seqc_meet(call, static_cast<int32_t>(members));
    numbers[(member + turn) % members] += 1;
  }
}

TEST(Team, MembersMeet) {
  for (int members : {1, 2, 3, 5}) {
    // One worker more than members: who has no task is not waited for.
    Team team(seqc_team_create(members + 1));
    ASSERT_TRUE(team);
    std::vector<int> numbers(members);
    seqc_call call = makeCall(team.get(), &numbers);
    EXPECT_EQ(seqc_workers(&call), members + 1);
    for (int round = 1; round <= 3; ++round) {
      ASSERT_EQ(seqc_run_tiles(&call, members, addInTurns), SEQC_OK);
      EXPECT_EQ(numbers, std::vector<int>(members, 2000 * round));
    }
  }
}

/// Who comes first waits for longer than it spins.
void meetLate(const seqc_call *call, int64_t member, int32_t) {
  auto &flag = *static_cast<int *>(call->workspace);
  if (member == 1) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    flag = 1;
  }
  seqc_meet(call, 2);
  if (member == 0 && flag == 1)
    flag = 2;
}

TEST(Team, WhoSleepsIsWoken) {
  Team team(seqc_team_create(2));
  ASSERT_TRUE(team);
  int flag = 0;
  seqc_call call = makeCall(team.get(), &flag);
  ASSERT_EQ(seqc_run_tiles(&call, 2, meetLate), SEQC_OK);
  EXPECT_EQ(flag, 2);
}

TEST(Team, NullIsTheCallersThread) {
  Tally tally(3);
  seqc_call call = makeCall(nullptr, &tally);
  EXPECT_EQ(seqc_run_tiles(&call, 3, count), SEQC_OK);
  EXPECT_EQ(tally.by[2], 0);
  EXPECT_EQ(seqc_team_size(nullptr), 1);
}

TEST(Team, SilliesAreRefused) {
  EXPECT_EQ(seqc_team_create(0), nullptr);
  EXPECT_EQ(seqc_team_create(-3), nullptr);
  seqc_team_destroy(nullptr);
}

TEST(Team, CallsFromSeveralThreadsTakeTurns) {
  Team team(seqc_team_create(3));
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (int caller = 0; caller < 4; ++caller)
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        Tally tally(7);
        seqc_call call = makeCall(team.get(), &tally);
        seqc_run_tiles(&call, 7, count);
        for (auto &seen : tally.seen)
          wrong += seen != 1;
      }
    });
  for (std::thread &caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
}

void failFrom4(const seqc_call *call, int64_t tile, int32_t) {
  if (tile < 4)
    return;
  seqc_error error = {};
  error.kind = SEQC_ERROR_TOKEN;
  error.sample = tile;
  error.position = 100 - tile;
  seqc_report(call, &error);
}

TEST(Team, TheFirstSamplesErrorWins) {
  for (int workers : {1, 2, 3}) {
    Team team(seqc_team_create(workers));
    seqc_error error = {};
    error.kind = 99; // what a former call left
    seqc_call call = makeCall(team.get(), nullptr);
    call.error = &error;
    EXPECT_EQ(seqc_run_tiles(&call, 50, failFrom4), SEQC_ERROR_TOKEN);
    EXPECT_EQ(error.sample, 4);
    EXPECT_EQ(error.position, 96);
    call.error = nullptr;
    EXPECT_EQ(seqc_run_tiles(&call, 50, failFrom4), SEQC_ERROR_TOKEN);
    call.error = &error;
    EXPECT_EQ(seqc_run_tiles(&call, 3, failFrom4), SEQC_OK);
    EXPECT_EQ(error.kind, SEQC_OK);
  }
}

void halve(const seqc_call *call, int64_t tile, int32_t) {
  volatile float tiny = 0x1p-126f;
  static_cast<float *>(call->workspace)[tile] = tiny * 0.5f;
}

TEST(Team, EachWorkerFlushesDenormals) {
  Team team(seqc_team_create(2));
  float results[4] = {1, 1, 1, 1};
  seqc_call call = makeCall(team.get(), results);
  seqc_run_tiles(&call, 4, halve);
  for (float result : results)
    EXPECT_EQ(result, 0.0f);
}

// A worker that fails while others fail, thousands of times at once: the kept
// record is whole and the smallest in every field of the order.
void failEverywhere(const seqc_call *call, int64_t tile, int32_t) {
  seqc_error error = {};
  error.kind = SEQC_ERROR_LENGTH;
  error.sample = 7;
  error.position = (tile * 7919 + 13) % 64;
  error.line = int32_t(tile % 3) + 1;
  error.column = int32_t(tile % 5) + 1;
  error.value = ((error.position * 10) + error.line) * 10 + error.column;
  seqc_report(call, &error);
}

TEST(Team, TheKeptErrorIsWholeAndTheSmallest) {
  Team team(seqc_team_create(3));
  seqc_error error = {};
  seqc_call call = makeCall(team.get(), nullptr);
  call.error = &error;
  EXPECT_EQ(seqc_run_tiles(&call, 20000, failEverywhere), SEQC_ERROR_LENGTH);
  EXPECT_EQ(error.sample, 7);
  EXPECT_EQ(error.position, 0);
  EXPECT_EQ(error.line, 1);
  EXPECT_EQ(error.column, 1);
  EXPECT_EQ(error.value, 11);
}

// The sanitizers reserve address space of their own.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
/// Leaves this process `bytes` of address space beyond what it has.
void limitAddressSpace(rlim_t bytes) {
  long pages = 0;
  std::FILE *statm = std::fopen("/proc/self/statm", "r");
  if (!statm || std::fscanf(statm, "%ld", &pages) != 1)
    std::abort();
  std::fclose(statm);
  rlimit limit = {};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = rlim_t(pages) * rlim_t(sysconf(_SC_PAGESIZE)) + bytes;
  setrlimit(RLIMIT_AS, &limit);
}

TEST(TeamDeathTest, ThreadsThatCannotBeMadeGiveNull) {
  EXPECT_EXIT(
      {
        // Room for the stacks of a few threads, not of all.
        limitAddressSpace(rlim_t{100} << 20);
        bool refused = seqc_team_create(1000) == nullptr;
        // Those that did start have ended: their room is there again.
        Team few(seqc_team_create(2));
        std::_Exit(refused && few ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}
#endif

} // namespace
