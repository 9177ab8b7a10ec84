/*===- abi.h - The calling convention of compiled models ------------------===//
 * One convention for code made in memory (JIT) and ahead of time (AOT).
 * Plain C: `seqc build` writes headers that include it, and nothing else is
 * needed to call a model besides the small library runtime/core.
 *
 * A model NAME is four functions:
 *
 *   size_t  NAME_packed(void);
 *       Bytes of the packed parameters.
 *   int32_t NAME_pack(const seqc_tensor *params, void *packed);
 *       Does once whatever depends on parameters alone. `params` are in the
 *       order of the model's signature; `packed` is 64-byte aligned.
 *   size_t  NAME_workspace(const int64_t *dims, int32_t workers);
 *       Bytes of workspace of one call; SIZE_MAX where that does not fit.
 *   int32_t NAME(const seqc_call *call);
 *       Runs the model. Returns SEQC_OK or the kind of error in `call->error`.
 *
 * A training program, whose results are sums and weights and then the gradients
 * of the parameters, has two more:
 *
 *   size_t  NAME_step_workspace(const int64_t *dims, int32_t workers);
 *       As NAME_workspace, for a step.
 *   int32_t NAME_step(const seqc_step *step);
 *       Runs the model and updates its parameters. Its schedule, where it has
 *       one, is a model NAME_schedule of the same object.
 *
 * Compiled code never allocates, holds no global state, and may be called
 * from several threads at once with different workspaces, outputs and teams.
 *===----------------------------------------------------------------------===*/

#ifndef SEQC_RUNTIME_CORE_ABI_H
#define SEQC_RUNTIME_CORE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Changes whenever a struct below changes its meaning or layout. */
#define SEQC_ABI_VERSION 1

/** Alignment in bytes of `packed` and `workspace`. */
#define SEQC_ALIGNMENT 64

/** Kinds of errors; 0 is success. */
typedef enum seqc_status {
  SEQC_OK = 0,
  /** A token is negative or not below the size of its table.
   *  `value` is the token, `bound` the table's size. */
  SEQC_ERROR_TOKEN = 1,
  /** A sample is shorter than a construct needs (an index, a mean, a
   *  maximum). `value` is its length, `bound` the smallest that would do. */
  SEQC_ERROR_LENGTH = 2,
  /** `abi_version` is not the one that the code was compiled for. */
  SEQC_ERROR_VERSION = 3,
  /** The loss of a step, or a gradient, is not finite: no parameter and no
   *  state of the optimizer was changed. `seqc_error` says no more. */
  SEQC_ERROR_NOT_FINITE = 4
} seqc_status;

/** Where and why a call failed: of all failing samples the first one. */
typedef struct seqc_error {
  int32_t kind;     /**< a seqc_status */
  int32_t line;     /**< place in the model's source, from 1; 0 if unknown */
  int32_t column;   /**< from 1 */
  int32_t reserved;
  int64_t sample;   /**< row of the batch, from 0 */
  int64_t position; /**< position in the sample's sequence, from 0; -1: none */
  int64_t value;    /**< see the kinds */
  int64_t bound;    /**< see the kinds */
} seqc_error;

/** A tensor that the caller owns: f32, i64 tokens, or bool of one byte.
 *  Strides count elements, one for each axis, batch first. The innermost
 *  stride of a tensor with two or more axes must be 1 (or its size 1); other
 *  strides are free, 0 and negative ones included for inputs. */
typedef struct seqc_tensor {
  void *data;
  const int64_t *strides;
} seqc_tensor;

/** Values that may differ between calls without compiling again. */
typedef struct seqc_runtime {
  int64_t seed;
  int64_t step;
  /** Logical number of each sample, i64[B]; null: 0 ... B-1. */
  const int64_t *sample_ids;
  /** The model's run-time scalars, in the order of its signature. */
  const float *scalars;
} seqc_runtime;

/** Threads that work on one call at a time; see team.h. Null: the caller's
 *  thread alone. */
typedef struct seqc_team seqc_team;

/** One call. */
typedef struct seqc_call {
  uint32_t abi_version; /**< SEQC_ABI_VERSION */
  uint32_t reserved;
  /** dims[0] is the batch B, then the size of each dynamic dimension in the
   *  order of the signature (the padded, largest length). */
  const int64_t *dims;
  /** One array for each dynamic dimension, without the batch: the lengths
   *  i64[B], each from 0 to the dimension's size; a null array: all full.
   *  (A dimension inside another has one length for each position of it:
   *  i64[B * outer].) Null: all of them are full. Any order is right; longest
   *  first takes the least time. */
  const int64_t *const *lengths;
  const seqc_tensor *inputs;
  /** The outputs, then the gradients of a program that has some. The gradient
   *  of a parameter is the whole batch's and has no batch axis; its innermost
   *  stride must be 1, whatever its rank. */
  const seqc_tensor *outputs;
  const void *packed;
  /** Carried states, before and after: one tensor [B, ...] for each. Null
   *  `states_in`: the states' initial values; null `states_out`: not wanted.
   *  The same memory may be given for both. */
  const seqc_tensor *states_in;
  const seqc_tensor *states_out;
  void *workspace;
  seqc_team *team;
  const seqc_runtime *runtime; /**< null: all zero */
  seqc_error *error;           /**< null: only the status is returned */
} seqc_call;

/** One step of training. Whatever belongs to a parameter (its gradient in
 *  `call->outputs` included) lies dense; lists of gradients are in the order of
 *  the outputs.
 *
 *  With W the weight of the loss of all batches that are added up, the gradient
 *  of the mean loss is the sum of theirs divided by W. It is scaled so that the
 *  norm of all of it is at most `clip_norm`, and given to the optimizer. */
typedef struct seqc_step {
  /** As NAME takes it, but with a workspace of NAME_step_workspace bytes. Of a
   *  batch of 0 nothing is computed: its gradients must be zero already. */
  const seqc_call *call;
  /** All parameters, as NAME_pack takes them. */
  const seqc_tensor *params;
  /** What `call->packed` points to: parameters are packed again when they have
   *  changed. */
  void *packed;
  /** For each gradient the sum of those of the batches before this one, to
   *  which this one's is added; null: there was no batch before. */
  float *const *sums;
  /** For each gradient the optimizer's states but the first (the parameter),
   *  in the order of its signature. */
  float *const *states;
  /** The inputs of the optimizer from the third on (the first two are the
   *  gradient and what it is multiplied by). */
  const float *scalars;
  /** Where the norm of the mean loss's gradient before clipping is written,
   *  when parameters are updated. */
  double *norm;
  /** The weight of the loss of the batches before. */
  double weight;
  double clip_norm; /**< 0: none */
  /** 0: more batches are to be added before the update. Nothing is updated
   *  either where all weights are 0. */
  int32_t update;
  int32_t reserved;
} seqc_step;

/** The types of the functions above, for code that holds pointers to them. */
typedef size_t (*seqc_packed_fn)(void);
typedef int32_t (*seqc_pack_fn)(const seqc_tensor *params, void *packed);
typedef size_t (*seqc_workspace_fn)(const int64_t *dims, int32_t workers);
typedef int32_t (*seqc_model_fn)(const seqc_call *call);
typedef int32_t (*seqc_step_fn)(const seqc_step *step);

/*===- What compiled code calls: the functions of the runtime's core ---===*/

/** A part of a call's work: rows of the batch that depend on no other part, or
 *  the part of one of several workers in the same rows. */
typedef void (*seqc_task_fn)(const seqc_call *call, int64_t tile,
                             int32_t worker);

/** Runs tiles 0 ... tiles-1, each once, worker w of n taking w, w+n, w+2n...;
 *  returns when all are done, with the kind of the error that was reported
 *  for the call's first failing sample, or SEQC_OK. Each worker flushes
 *  denormal numbers to zero while it works and then restores its state. */
int32_t seqc_run_tiles(const seqc_call *call, int64_t tiles, seqc_task_fn task);

/** The workers that tiles are dealt to, the calling thread included: tasks of
 *  as many tiles run at the same time. */
int32_t seqc_workers(const seqc_call *call);

/** Called by tasks 0 ... members-1 of a call, `members` at most its workers:
 *  returns when all of them have called, and what each wrote before is seen by
 *  all. Who waits spins for some microseconds, then sleeps. */
void seqc_meet(const seqc_call *call, int32_t members);

/** Reports an error from inside a task; `call` is the one that the task was
 *  given, and no other (it carries the record that its workers share). Of
 *  several errors the one with the smallest sample, then position, then place
 *  is kept, also where the caller of the model gave no record. */
void seqc_report(const seqc_call *call, const seqc_error *error);

#ifdef __cplusplus
}
#endif

#endif /* SEQC_RUNTIME_CORE_ABI_H */
