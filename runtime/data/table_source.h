//===- table_source.h - Samples from the rows of a table ------------------===//
// A row is a sample; or, with a column that says so, a step of one.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_TABLE_SOURCE_H
#define SEQC_RUNTIME_DATA_TABLE_SOURCE_H

#include "runtime/data/csv_table.h"
#include "runtime/data/source.h"

namespace seqc::data {

/// Inputs are read from the columns of their names, or from those that the user
/// names for them:
///
///   token<V>[T]       a text
///   token<C>          a class
///   f32               a number; a class, where the column begins with none
///   f32[I]            numbers: several columns
///   f32[T, I], f32[T] with `options.group`: numbers, a step from each row
///
/// With a group, what is no series is the same in all rows of a sample.
SourcePtr makeTableSource(CsvTable table, const std::string &path,
                          const runtime::Interface &interface,
                          const DataOptions &options);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_TABLE_SOURCE_H
