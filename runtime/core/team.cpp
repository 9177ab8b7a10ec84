//===- team.cpp - Threads that work on calls ------------------------------===//
// Owns the team's threads, how a call's tiles reach them, and the error
// record of a running call. Plain pthreads and malloc: a C program links it.
//===----------------------------------------------------------------------===//

#include "runtime/core/team.h"

#include "runtime/core/denormals.h"

#include <atomic>
#include <cstdlib>
#include <new>
#include <pthread.h>
#include <sched.h>
#include <tuple>

namespace {

//===----------------------------------------------------------------------===//
// Errors of a running call
//===----------------------------------------------------------------------===//

/// The record that the tasks of a call see as `call->error`.
struct CallError : seqc_error {
  std::atomic_flag busy = ATOMIC_FLAG_INIT;
};

/// The order in which errors are kept: by sample, then place.
auto rank(const seqc_error &error) {
  return std::tie(error.sample, error.position, error.line, error.column);
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

/// What the workers of a team share for one call.
struct Job {
  const seqc_call *call;
  int64_t tiles;
  seqc_task_fn task;
};

/// Takes every `stride`-th tile from `first` on; returns how many.
int64_t takeTiles(const Job &job, int32_t first, int32_t stride) {
  seqc::runtime::FlushDenormals flush;
  int64_t taken = 0;
  for (int64_t tile = first; tile < job.tiles; tile += stride, ++taken)
    job.task(job.call, tile, first);
  return taken;
}

/// One spin of a waiting thread.
void spinOnce() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Spins before a waiting thread goes to sleep: some ten microseconds, more
/// than one step of a small model takes between two calls.
constexpr int kSpins = 2000;

/// A number that only grows, and threads that wait until it changes.
class Signal {
public:
  uint64_t get() const { return value.load(std::memory_order_acquire); }

  void raise() {
    // The lock makes sure that no thread is between its last look and sleep.
    pthread_mutex_lock(&mutex);
    value.fetch_add(1, std::memory_order_release);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
  }

  void waitWhile(uint64_t old) {
    for (int spin = 0; spin < kSpins; ++spin) {
      if (get() != old)
        return;
      spinOnce();
    }
    pthread_mutex_lock(&mutex);
    while (get() == old)
      pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
  }

private:
  std::atomic<uint64_t> value{0};
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
};

/// Where the members of a team meet, again and again. One number that only
/// grows while a job runs: whoever makes it a multiple of the members is the
/// last, and the others look at nothing else.
class Barrier {
public:
  void reset() { arrived.store(0, std::memory_order_relaxed); }

  void meet(int64_t members) {
    const int64_t mine = arrived.fetch_add(1) + 1;
    const int64_t all = (mine + members - 1) / members * members;
    if (mine == all)
      return wake();
    // Members come at nearly the same time, where each has a core; where they
    // have not, the core goes to whom the others wait for.
    for (int spin = 0; spin < kShortSpins + kYields; ++spin) {
      if (arrived.load(std::memory_order_acquire) >= all)
        return;
      if (spin >= kShortSpins)
        sched_yield();
      else if (spin >= kHotSpins)
        spinOnce();
    }
    sleepUntil(all);
  }

private:
  /// Rounds of looking without a pause, which may take longer than the others'
  /// way here; of looking with one; and of leaving the core to others.
  static constexpr int kHotSpins = 100, kShortSpins = 300, kYields = 100;

  /// Either a sleeper sees the last arrival, or it is seen to sleep: both
  /// numbers change and are read in one order.
  void wake() {
    if (sleepers.load() == 0)
      return;
    pthread_mutex_lock(&mutex);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
  }

  void sleepUntil(int64_t all) {
    pthread_mutex_lock(&mutex);
    sleepers.fetch_add(1);
    while (arrived.load() < all)
      pthread_cond_wait(&changed, &mutex);
    sleepers.fetch_sub(1);
    pthread_mutex_unlock(&mutex);
  }

  alignas(64) std::atomic<int64_t> arrived{0};
  /// Apart from it: every arrival takes the number away from who reads it.
  alignas(64) std::atomic<int32_t> sleepers{0};
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
};

struct Worker {
  seqc_team *team;
  int32_t index;
  pthread_t thread;
  std::atomic<int64_t> tiles{0};
};

} // namespace

/// The team: worker 0 is whoever calls, the others are threads. A job starts
/// when `started` is raised and ends when `running` is back at zero.
struct seqc_team {
  int32_t size = 0;
  Worker *workers = nullptr;
  pthread_mutex_t callers = PTHREAD_MUTEX_INITIALIZER;
  Job job = {};
  bool stopping = false;
  std::atomic<int32_t> running{0};
  Signal started;
  Signal finished;
  Barrier barrier;
};

//===----------------------------------------------------------------------===//
// Threads
//===----------------------------------------------------------------------===//

static void work(Worker &worker) {
  worker.tiles.fetch_add(
      takeTiles(worker.team->job, worker.index, worker.team->size),
      std::memory_order_relaxed);
}

static void *runWorker(void *argument) {
  Worker &worker = *static_cast<Worker *>(argument);
  seqc_team &team = *worker.team;
  for (uint64_t seen = 0;; ++seen) {
    team.started.waitWhile(seen);
    if (team.stopping)
      return nullptr;
    work(worker);
    if (team.running.fetch_sub(1, std::memory_order_acq_rel) == 1)
      team.finished.raise();
  }
}

static void runJob(seqc_team &team, const Job &job) {
  pthread_mutex_lock(&team.callers);
  uint64_t before = team.finished.get();
  team.job = job;
  team.barrier.reset();
  team.running.store(team.size - 1, std::memory_order_relaxed);
  if (team.size > 1)
    team.started.raise();
  work(team.workers[0]);
  if (team.size > 1)
    team.finished.waitWhile(before);
  pthread_mutex_unlock(&team.callers);
}

extern "C" {

seqc_team *seqc_team_create(int32_t workers) {
  if (workers < 1)
    return nullptr;
  void *memory = nullptr;
  if (posix_memalign(&memory, alignof(seqc_team), sizeof(seqc_team)) != 0)
    memory = nullptr;
  auto *all =
      static_cast<Worker *>(std::calloc(size_t(workers), sizeof(Worker)));
  if (!memory || !all) {
    std::free(memory);
    std::free(all);
    return nullptr;
  }
  auto *team = new (memory) seqc_team;
  team->workers = all;
  for (int32_t index = 0; index < workers; ++index) {
    Worker &worker = *new (&all[index]) Worker;
    worker.team = team;
    worker.index = index;
    if (index > 0 &&
        pthread_create(&worker.thread, nullptr, runWorker, &worker) != 0) {
      seqc_team_destroy(team);
      return nullptr;
    }
    // Threads read the size only after the first job has started.
    team->size = index + 1;
  }
  return team;
}

void seqc_team_destroy(seqc_team *team) {
  if (!team)
    return;
  team->stopping = true;
  team->started.raise();
  for (int32_t index = 1; index < team->size; ++index)
    pthread_join(team->workers[index].thread, nullptr);
  std::free(team->workers);
  team->~seqc_team();
  std::free(team);
}

int32_t seqc_team_size(const seqc_team *team) { return team ? team->size : 1; }

int64_t seqc_team_tiles(const seqc_team *team, int32_t worker) {
  if (!team || worker < 0 || worker >= team->size)
    return 0;
  return team->workers[worker].tiles.load(std::memory_order_relaxed);
}

int32_t seqc_run_tiles(const seqc_call *call, int64_t tiles,
                       seqc_task_fn task) {
  CallError error;
  static_cast<seqc_error &>(error) = {};
  seqc_call local = *call;
  local.error = &error;
  Job job = {&local, tiles, task};
  // A team is not woken for work that one worker does.
  if (call->team && tiles > 1)
    runJob(*call->team, job);
  else if (call->team)
    call->team->workers[0].tiles.fetch_add(takeTiles(job, 0, 1),
                                           std::memory_order_relaxed);
  else
    takeTiles(job, 0, 1);
  if (call->error)
    *call->error = error;
  return error.kind;
}

int32_t seqc_workers(const seqc_call *call) {
  return seqc_team_size(call->team);
}

void seqc_meet(const seqc_call *call, int32_t members) {
  call->team->barrier.meet(members);
}

void seqc_report(const seqc_call *call, const seqc_error *error) {
  auto *kept = static_cast<CallError *>(call->error);
  while (kept->busy.test_and_set(std::memory_order_acquire))
    spinOnce();
  if (kept->kind == SEQC_OK || rank(*error) < rank(*kept))
    static_cast<seqc_error &>(*kept) = *error;
  kept->busy.clear(std::memory_order_release);
}

} // extern "C"
