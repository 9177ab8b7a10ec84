//===- ts_source.h - Samples from a .ts file ------------------------------===//
// A series and its class: `x` and `label`.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_TS_SOURCE_H
#define SEQC_RUNTIME_DATA_TS_SOURCE_H

#include "runtime/data/source.h"

namespace seqc::data {

SourcePtr readTsSource(const std::string &path,
                       const runtime::Interface &interface);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_TS_SOURCE_H
