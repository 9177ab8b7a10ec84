/*===- main.c - A C program that ships a model ----------------------------===//
// Calls an object of `seqc build`, linked with runtime/core alone, and holds
// its results against those of `seqc run`, bit for bit.
//
//   aot write DIR     writes DIR/w.safetensors and DIR/x.safetensors
//   aot compare FILE  runs the model on them, compares with seqc's outputs
//===----------------------------------------------------------------------===*/

#include "rnn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { B = 3, T = 7, I = 3, H = 5 };

static float wX[H * I], wH[H * H], bias[H], x[B * T * I];
static int64_t lengths[B] = {4, 0, 7};
static float output[B * T * H], last[B * H];

static void fill(float *values, int count, float scale) {
  for (int i = 0; i < count; ++i)
    values[i] = scale * (float)((i * 37 + count) % 19 - 9);
}

static void check(int condition, const char *what) {
  if (condition)
    return;
  fprintf(stderr, "aot: %s\n", what);
  exit(1);
}

/* The smallest .safetensors file: length of the header, header, elements. */
static FILE *startFile(const char *directory, const char *name,
                       const char *header) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  FILE *file = fopen(path, "wb");
  check(file != NULL, "cannot write a file");
  uint64_t size = strlen(header);
  fwrite(&size, sizeof size, 1, file);
  fwrite(header, 1, size, file);
  return file;
}

static void writeFiles(const char *directory) {
  FILE *file = startFile(
      directory, "w.safetensors",
      "{\"rnn.W_x_l0\":{\"dtype\":\"F32\",\"shape\":[5,3],\"data_offsets\":[0,60]},"
      "\"rnn.W_h_l0\":{\"dtype\":\"F32\",\"shape\":[5,5],\"data_offsets\":[60,160]},"
      "\"rnn.b_l0\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[160,180]}}");
  fwrite(wX, 1, sizeof wX, file);
  fwrite(wH, 1, sizeof wH, file);
  fwrite(bias, 1, sizeof bias, file);
  fclose(file);
  file = startFile(
      directory, "x.safetensors",
      "{\"x\":{\"dtype\":\"F32\",\"shape\":[3,7,3],\"data_offsets\":[0,252]},"
      "\"x.lengths\":{\"dtype\":\"I64\",\"shape\":[3],\"data_offsets\":[252,276]}}");
  fwrite(x, 1, sizeof x, file);
  fwrite(lengths, 1, sizeof lengths, file);
  fclose(file);
}

static void *allocate(size_t bytes) {
  check(bytes != SIZE_MAX, "sizes that do not fit");
  size_t rounded = (bytes / SEQC_ALIGNMENT + 1) * SEQC_ALIGNMENT;
  return aligned_alloc(SEQC_ALIGNMENT, rounded);
}

static void runModel(void) {
  const int64_t dims[RNNFROMEQUATION_DIMS] = {[RNNFROMEQUATION_DIM_BATCH] = B,
                                              [RNNFROMEQUATION_DIM_T] = T};
  const int64_t of2[2] = {I, 1}, ofState[2] = {H, 1}, of1[1] = {1};
  const int64_t ofX[3] = {T * I, I, 1}, ofOutput[3] = {T * H, H, 1};
  const int64_t *allLengths[1] = {lengths};
  const seqc_tensor params[RNNFROMEQUATION_PARAMS] = {
      [RNNFROMEQUATION_PARAM_rnn_W_x_l0] = {wX, of2},
      [RNNFROMEQUATION_PARAM_rnn_W_h_l0] = {wH, ofState},
      [RNNFROMEQUATION_PARAM_rnn_b_l0] = {bias, of1}};
  const seqc_tensor inputs[RNNFROMEQUATION_INPUTS] = {
      [RNNFROMEQUATION_INPUT_x] = {x, ofX}};
  const seqc_tensor outputs[RNNFROMEQUATION_OUTPUTS] = {
      [RNNFROMEQUATION_OUTPUT_output] = {output, ofOutput},
      [RNNFROMEQUATION_OUTPUT_h] = {last, ofState}};
  void *packed = allocate(RNNFromEquation_packed());
  check(RNNFromEquation_pack(params, packed) == SEQC_OK, "packing failed");
  void *workspace = allocate(RNNFromEquation_workspace(dims, 1));
  seqc_error error = {0};
  const seqc_call call = {.abi_version = SEQC_ABI_VERSION,
                          .dims = dims,
                          .lengths = allLengths,
                          .inputs = inputs,
                          .outputs = outputs,
                          .packed = packed,
                          .workspace = workspace,
                          .error = &error};
  check(RNNFromEquation(&call) == SEQC_OK, "the call failed");
  free(workspace);
  free(packed);
}

/* The elements of a tensor of a file that seqc wrote, of `bytes` bytes. */
static const char *find(const char *file, const char *name, size_t bytes) {
  uint64_t headerSize;
  memcpy(&headerSize, file, sizeof headerSize);
  const char *entry = strstr(file + sizeof headerSize, name);
  check(entry != NULL, "a result is missing");
  unsigned long begin = 0, end = 0;
  const char *offsets = strstr(entry, "\"data_offsets\":[");
  check(offsets && sscanf(offsets, "\"data_offsets\":[%lu,%lu]", &begin,
                          &end) == 2 && end - begin == bytes,
        "a result has another size");
  return file + sizeof headerSize + headerSize + begin;
}

static void compare(const char *path) {
  static char contents[1 << 16];
  FILE *file = fopen(path, "rb");
  check(file && fread(contents, 1, sizeof contents - 1, file) > 8,
        "cannot read seqc's outputs");
  fclose(file);
  check(memcmp(find(contents, "\"output\"", sizeof output), output,
               sizeof output) == 0,
        "`output` differs from the JIT's");
  check(memcmp(find(contents, "\"h\"", sizeof last), last, sizeof last) == 0,
        "`h` differs from the JIT's");
  check(output[0] != 0 && output[4 * H] == 0, "the padding is not zero");
}

int main(int argc, char **argv) {
  check(argc == 3, "two arguments");
  fill(wX, H * I, 0.03f);
  fill(wH, H * H, 0.05f);
  fill(bias, H, 0.01f);
  fill(x, B * T * I, 0.2f);
  if (strcmp(argv[1], "write") == 0) {
    writeFiles(argv[2]);
    return 0;
  }
  runModel();
  compare(argv[2]);
  puts("same bits");
  return 0;
}
