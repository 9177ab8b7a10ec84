//===- Interface.h - What a model and its `train` block ask of data -------===//
// For whoever reads data before dimensions have values.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_INTERFACE_H
#define SEQC_DSL_INTERFACE_H

#include "dsl/Frontend.h"
#include "runtime/core/interface.h"

#include <optional>

namespace seqc::dsl {

/// Of the model that `options` choose, which has a `train` block. Parses and
/// checks the file but lays nothing out, so that a dimension may lack a value.
/// Nothing if anything was reported.
std::optional<runtime::Interface> findInterface(const SourcePtr &file,
                                                const FrontendOptions &options,
                                                DiagnosticEngine &engine);

} // namespace seqc::dsl

#endif // SEQC_DSL_INTERFACE_H
