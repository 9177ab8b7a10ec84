//===- window_source.h - Samples from windows over a series ---------------===//
// A table is a series with a step in each row; a sample is a window of it and
// what comes some steps later.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_WINDOW_SOURCE_H
#define SEQC_RUNTIME_DATA_WINDOW_SOURCE_H

#include "runtime/data/csv_table.h"
#include "runtime/data/source.h"

namespace seqc::data {

/// Of a table and a window of `options.window` steps, of which the model takes
/// f32[T, I], f32[T] or f32[I]. Its target, at a horizon h, is
///
///   f32, f32[1]      the number h steps behind the window
///   f32[N], N = h    all the numbers up to there
///   f32[T], f32[T,1] for each step of the window the number h steps later
///
/// An address is the row of the last number of the target. What is held out is
/// cut off at the end; windows reach back over the cut, and so do targets of
/// several steps, but for their last one.
SourcePtr makeWindowSource(CsvTable table, const std::string &path,
                           const runtime::Interface &interface,
                           const DataOptions &options);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_WINDOW_SOURCE_H
