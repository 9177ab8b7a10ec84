/*===- call_object.c - Calls an object of any model -----------------------===//
 * Linked with an object of `seqc build` and the runtime's core, for whatever
 * target. -DMODEL=NAME says which model, -DHEADER="NAME.h" where it is
 * declared.
 *
 *   call_object CALL RESULTS   makes the call that check_targets.py wrote
 *
 * CALL holds numbers (i64) and tensors, one behind the other: workers; dims;
 * lengths; parameters; inputs; results; states. In front of each group is its
 * size. A tensor is its rank, its shape, the bytes of an element and, but for
 * results and states, its elements.
 *===----------------------------------------------------------------------===*/

#include HEADER
#include "runtime/core/team.h"

#include <stdio.h>
#include <stdlib.h>

#define JOINED(a, b) a##b
#define JOIN(a, b) JOINED(a, b)

enum { MAX_RANK = 8, MAX_GROUP = 64 };

typedef struct group {
  int64_t count;
  seqc_tensor tensors[MAX_GROUP];
  int64_t strides[MAX_GROUP][MAX_RANK];
  size_t bytes[MAX_GROUP];
} group;

static FILE *file;

static void check(int condition, const char *what) {
  if (condition)
    return;
  fprintf(stderr, "call_object: %s\n", what);
  exit(1);
}

static int64_t readNumber(void) {
  int64_t number = 0;
  check(fread(&number, sizeof number, 1, file) == 1, "the call ends early");
  return number;
}

static void *allocate(size_t bytes) {
  check(bytes != SIZE_MAX, "sizes that do not fit");
  size_t rounded = (bytes / SEQC_ALIGNMENT + 1) * SEQC_ALIGNMENT;
  void *memory = aligned_alloc(SEQC_ALIGNMENT, rounded);
  check(memory != NULL, "no memory");
  return memory;
}

static void readTensor(group *all, int64_t i, int hasElements) {
  int64_t shape[MAX_RANK], count = 1, rank = readNumber();
  check(rank >= 0 && rank <= MAX_RANK, "a rank that is too large");
  for (int64_t axis = 0; axis < rank; ++axis)
    shape[axis] = readNumber();
  for (int64_t axis = rank; axis-- > 0; count *= shape[axis])
    all->strides[i][axis] = count;
  all->bytes[i] = (size_t)(count * readNumber());
  all->tensors[i].data = allocate(all->bytes[i]);
  all->tensors[i].strides = all->strides[i];
  if (hasElements)
    check(fread(all->tensors[i].data, 1, all->bytes[i], file) == all->bytes[i],
          "the call ends early");
}

static void readGroup(group *all, int hasElements) {
  all->count = readNumber();
  check(all->count >= 0 && all->count <= MAX_GROUP, "too many tensors");
  for (int64_t i = 0; i < all->count; ++i)
    readTensor(all, i, hasElements);
}

static void writeGroup(const group *all) {
  for (int64_t i = 0; i < all->count; ++i)
    check(fwrite(all->tensors[i].data, 1, all->bytes[i], file) == all->bytes[i],
          "cannot write the results");
}

int main(int argc, char **argv) {
  static group lengths, params, inputs, results, states;
  check(argc == 3 && (file = fopen(argv[1], "rb")), "cannot read the call");
  const int32_t workers = (int32_t)readNumber();
  int64_t dims[MAX_GROUP], count = readNumber();
  for (int64_t i = 0; i < count && i < MAX_GROUP; ++i)
    dims[i] = readNumber();
  readGroup(&lengths, 1);
  readGroup(&params, 1);
  readGroup(&inputs, 1);
  readGroup(&results, 0);
  readGroup(&states, 0);
  fclose(file);

  const int64_t *allLengths[MAX_GROUP];
  for (int64_t i = 0; i < lengths.count; ++i)
    allLengths[i] = lengths.tensors[i].data;
  void *packed = allocate(JOIN(MODEL, _packed)());
  check(JOIN(MODEL, _pack)(params.tensors, packed) == SEQC_OK,
        "packing failed");
  seqc_team *team = seqc_team_create(workers);
  check(team != NULL, "no team");
  seqc_error error = {0};
  const seqc_call call = {
      .abi_version = SEQC_ABI_VERSION,
      .dims = dims,
      .lengths = allLengths,
      .inputs = inputs.tensors,
      .outputs = results.tensors,
      .packed = packed,
      .states_out = states.count > 0 ? states.tensors : NULL,
      .workspace = allocate(JOIN(MODEL, _workspace)(dims, workers)),
      .team = team,
      .error = &error};
  check(MODEL(&call) == SEQC_OK, "the call failed");
  check((file = fopen(argv[2], "wb")) != NULL, "cannot write the results");
  writeGroup(&results);
  writeGroup(&states);
  check(fclose(file) == 0, "cannot write the results");
  seqc_team_destroy(team);
  free(call.workspace);
  free(packed);
  return 0;
}
