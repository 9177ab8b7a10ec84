//===- Interrupts.h - Ctrl-C while a training runs ------------------------===//
// The first one asks, the second one ends.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_INTERRUPTS_H
#define SEQC_COMPILER_TOOLS_SEQC_INTERRUPTS_H

#include <atomic>

namespace seqc::tool {

/// While it lives, SIGINT and SIGTERM set `wasAsked`; the next one of the same
/// kind does what it does by default.
class Interrupts {
public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts &) = delete;
  Interrupts &operator=(const Interrupts &) = delete;

  static const std::atomic<bool> &wasAsked();
};

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_INTERRUPTS_H
