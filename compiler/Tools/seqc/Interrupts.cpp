//===- Interrupts.cpp - Ctrl-C while a training runs ----------------------===//
// A flag that signal handlers may set.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Interrupts.h"

#include <csignal>

namespace seqc::tool {

static std::atomic<bool> asked = false;
static_assert(std::atomic<bool>::is_always_lock_free);

static void onSignal(int signal) {
  asked = true;
  std::signal(signal, SIG_DFL);
}

Interrupts::Interrupts() {
  asked = false;
  for (int signal : {SIGINT, SIGTERM})
    // Whoever was told to ignore it goes on doing so.
    if (std::signal(signal, onSignal) == SIG_IGN)
      std::signal(signal, SIG_IGN);
}

Interrupts::~Interrupts() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

const std::atomic<bool> &Interrupts::wasAsked() { return asked; }

} // namespace seqc::tool
