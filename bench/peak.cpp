// What this machine can do, for bench/run: fused multiply-adds, reading from
// each level of the cache, meeting at a barrier.
//
//     c++ -O3 -march=native -mprefer-vector-width=512 -pthread peak.cpp -o peak
//     && ./peak 1 2
//
// Prints JSON for the numbers of threads that are given. Rates are those of all
// threads together, each the best of its rounds.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <sched.h>
#include <thread>
#include <vector>

namespace {

#if defined(__AVX512F__)
constexpr int kBytes = 64;
#elif defined(__AVX__)
constexpr int kBytes = 32;
#else
constexpr int kBytes = 16;
#endif
constexpr int kLanes = kBytes / 4;
typedef float Vector __attribute__((vector_size(kBytes)));

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// All threads leave together: a counter that only grows.
class Barrier {
public:
  explicit Barrier(int threads) : threads(threads) {}

  void wait(int64_t round) {
    arrived.fetch_add(1, std::memory_order_acq_rel);
    while (arrived.load(std::memory_order_acquire) < threads * (round + 1))
      pause();
  }

private:
  const int threads;
  alignas(64) std::atomic<int64_t> arrived{0};
};

/// Keeps the compiler from knowing `value`, or from leaving it out.
#if defined(__AVX512F__)
void opaque(Vector &value) { asm volatile("" : "+v"(value)); }
#elif defined(__x86_64__)
void opaque(Vector &value) { asm volatile("" : "+x"(value)); }
#else
void opaque(Vector &value) { asm volatile("" : "+w"(value)); }
#endif

/// Each thread on a core of its own, from the start: two that spin on one core
/// wait for each other's time slice.
void stayOnCore(int thread) {
  cpu_set_t allowed, own;
  CPU_ZERO(&own);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    return;
  for (int cpu = 0, found = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &allowed) && found++ == thread)
      CPU_SET(cpu, &own);
  if (CPU_COUNT(&own) == 1)
    sched_setaffinity(0, sizeof own, &own);
}

/// Runs `work(thread)` in all threads at once, `rounds` times; the shortest
/// round in seconds, from the first start to the last end.
double shortestRound(int threads, int rounds,
                     const std::function<void(int)> &work) {
  Barrier barrier(threads);
  std::vector<double> begins(threads), ends(threads);
  double shortest = 1e30;
  auto body = [&](int thread) {
    stayOnCore(thread);
    for (int round = 0; round < rounds; ++round) {
      barrier.wait(2 * round);
      begins[thread] = now();
      work(thread);
      ends[thread] = now();
      barrier.wait(2 * round + 1);
      if (thread == 0)
        shortest = std::min(
            shortest, *std::max_element(ends.begin(), ends.end()) -
                          *std::min_element(begins.begin(), begins.end()));
    }
  };
  std::vector<std::thread> team;
  for (int thread = 0; thread < threads; ++thread)
    team.emplace_back(body, thread);
  for (std::thread &member : team)
    member.join();
  return shortest;
}

/// Enough chains for two units whose results take four cycles, and few enough
/// to stay in sixteen registers.
constexpr int kChains = 12;

void multiplyAdd(int64_t steps) {
  Vector sums[kChains], factor, other;
  for (int lane = 0; lane < kLanes; ++lane) {
    factor[lane] = 0.5f;
    other[lane] = 0.25f;
  }
  opaque(factor);
  opaque(other);
  for (int chain = 0; chain < kChains; ++chain)
    sums[chain] = other * float(chain);
  for (int64_t step = 0; step < steps; ++step)
#pragma GCC unroll 12
    for (int chain = 0; chain < kChains; ++chain)
      sums[chain] = factor * sums[chain] + other;
  for (Vector &sum : sums)
    opaque(sum);
}

double multiplyAddRate(int threads) {
  // Rounds that are shorter than a time slice: some of them are undisturbed.
  constexpr int64_t kSteps = 40000;
  const double seconds =
      shortestRound(threads, 600, [](int) { multiplyAdd(kSteps); });
  return 2.0 * kLanes * kChains * kSteps * threads / seconds;
}

/// Adds up memory, many times over. The sums are only there to have the memory
/// read.
void readAll(const Vector *memory, int64_t vectors, int64_t times) {
  Vector sums[8] = {};
  for (int64_t time = 0; time < times; ++time) {
    for (int64_t i = 0; i < vectors; i += 8)
#pragma GCC unroll 8
      for (int part = 0; part < 8; ++part)
        sums[part] += memory[i + part];
    for (Vector &sum : sums)
      opaque(sum);
  }
}

/// Bytes per second of all threads, each reading `bytes` of its own again and
/// again.
double readRate(int threads, int64_t bytes) {
  const int64_t vectors = bytes / kBytes;
  const int64_t times = std::max<int64_t>(1, (int64_t(8) << 20) / bytes);
  std::vector<Vector *> memory;
  for (int thread = 0; thread < threads; ++thread) {
    memory.push_back(static_cast<Vector *>(std::aligned_alloc(4096, bytes)));
    std::fill_n(reinterpret_cast<float *>(memory.back()), bytes / 4, 1.0f);
  }
  const double seconds =
      shortestRound(threads, bytes > (16 << 20) ? 16 : 60, [&](int thread) {
        readAll(memory[thread], vectors, times);
      });
  for (Vector *each : memory)
    std::free(each);
  return double(bytes) * times * threads / seconds;
}

/// Seconds of one meeting of all threads.
double barrierSeconds(int threads) {
  constexpr int kMeetings = 2000;
  Barrier barrier(threads);
  std::vector<int64_t> rounds(threads, 0);
  const double shortest = shortestRound(threads, 100, [&](int thread) {
    for (int i = 0; i < kMeetings; ++i)
      barrier.wait(rounds[thread]++);
  });
  return shortest / kMeetings;
}

void printThreads(int threads) {
  std::printf("\"%d\": {\"gflops\": %.2f, \"read_gbps\": {", threads,
              multiplyAddRate(threads) * 1e-9);
  const char *separator = "";
  for (int64_t bytes = 8 << 10; bytes <= (128 << 20); bytes *= 2) {
    std::printf("%s\"%lld\": %.2f", separator, (long long)bytes,
                readRate(threads, bytes) * 1e-9);
    separator = ", ";
  }
  std::printf("}, \"barrier_us\": %.4f}",
              threads > 1 ? barrierSeconds(threads) * 1e6 : 0.0);
}

} // namespace

int main(int argc, char **argv) {
  std::printf("{");
  for (int i = 1; i < argc; ++i) {
    std::printf("%s", i > 1 ? ", " : "");
    printThreads(std::max(1, std::atoi(argv[i])));
  }
  std::printf("}\n");
}
