/*===- CoreFromC.c - A C program runs tiles on a team ---------------------===//
 * Linked by the C compiler with nothing but the C library, its threads and
 * its mathematics: the build fails where the core begins to need more.
 *===----------------------------------------------------------------------===*/

#include "runtime/core/team.h"

#include <stdio.h>

enum { kTiles = 5 };

static void number(const seqc_call *call, int64_t tile, int32_t worker) {
  (void)worker;
  ((int64_t *)call->workspace)[tile] = tile + 1;
}

int main(void) {
  int64_t numbers[kTiles] = {0};
  int64_t sum = 0;
  seqc_call call = {0};
  call.abi_version = SEQC_ABI_VERSION;
  call.workspace = numbers;
  call.team = seqc_team_create(2);
  if (seqc_team_size(call.team) != 2)
    return fprintf(stderr, "no team of two\n"), 1;
  if (seqc_run_tiles(&call, kTiles, number) != SEQC_OK)
    return fprintf(stderr, "the call failed\n"), 1;
  seqc_team_destroy(call.team);
  for (int tile = 0; tile < kTiles; ++tile)
    sum += numbers[tile];
  if (sum != 1 + 2 + 3 + 4 + 5)
    return fprintf(stderr, "not every tile was taken\n"), 1;
  return 0;
}
