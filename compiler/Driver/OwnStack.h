//===- OwnStack.h - A stack whose size does not depend on the caller ------===//
// The compiler walks trees by recursion, and its limits on nesting are made
// for a stack of a known size. The caller's may be small: `ulimit -s`, or a
// thread that was made with little.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_OWNSTACK_H
#define SEQC_COMPILER_DRIVER_OWNSTACK_H

#include <functional>

namespace seqc {

/// Calls `work` and waits for it, on a thread with a stack of its own; on the
/// caller's stack where no thread can be made. What `work` throws comes out
/// here.
void runOnOwnStack(const std::function<void()> &work);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_OWNSTACK_H
