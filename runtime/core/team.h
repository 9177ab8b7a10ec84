/*===- team.h - Threads that work on calls --------------------------------===//
 * A team lives as long as its owner wants: its threads are made once, wait
 * between calls (they spin for some microseconds, then sleep), and each call
 * hands them tiles. A team works on one call at a time: calls that come from
 * several threads at once wait for each other. A task must not call with the
 * team that runs it: it would wait for itself.
 *===----------------------------------------------------------------------===*/

#ifndef SEQC_RUNTIME_CORE_TEAM_H
#define SEQC_RUNTIME_CORE_TEAM_H

#include "runtime/core/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Makes a team of `workers` (at least 1), the calling thread included.
 *  Returns null where there is no memory or no thread to be had. */
seqc_team *seqc_team_create(int32_t workers);

/** Ends the threads. No call may be running. Null is allowed. */
void seqc_team_destroy(seqc_team *team);

/** Workers of the team; 1 for null. */
int32_t seqc_team_size(const seqc_team *team);

/** How many tiles worker `worker` has taken since the team was made. */
int64_t seqc_team_tiles(const seqc_team *team, int32_t worker);

#ifdef __cplusplus
}
#endif

#endif /* SEQC_RUNTIME_CORE_TEAM_H */
