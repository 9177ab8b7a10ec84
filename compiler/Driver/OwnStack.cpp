//===- OwnStack.cpp - A stack whose size does not depend on the caller ----===//
// One thread for one call. std::thread has no way to give the size.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/OwnStack.h"

#include <exception>
#include <pthread.h>

namespace seqc {
namespace {

/// Only pages that are touched take memory.
constexpr size_t kStackBytes = size_t{64} << 20;

struct Work {
  const std::function<void()> &function;
  std::exception_ptr thrown;
};

void *runWork(void *argument) {
  Work &work = *static_cast<Work *>(argument);
  try {
    work.function();
  } catch (...) {
    work.thrown = std::current_exception();
  }
  return nullptr;
}

bool startThread(pthread_t &thread, Work &work) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0)
    return false;
  const bool isStarted =
      pthread_attr_setstacksize(&attributes, kStackBytes) == 0 &&
      pthread_create(&thread, &attributes, runWork, &work) == 0;
  pthread_attr_destroy(&attributes);
  return isStarted;
}

} // namespace

void runOnOwnStack(const std::function<void()> &function) {
  Work work{function, nullptr};
  pthread_t thread;
  if (!startThread(thread, work))
    return function();
  pthread_join(thread, nullptr);
  if (work.thrown)
    std::rethrow_exception(work.thrown);
}

} // namespace seqc
