//===- BenchRounds.h - seqc bench --on-demand -----------------------------===//
// Rounds of measuring that another program asks for, so that they can take
// turns with those of other processes and nothing is compiled again.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_BENCHROUNDS_H
#define SEQC_COMPILER_TOOLS_SEQC_BENCHROUNDS_H

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <string>

namespace seqc::tool {

/// What can be asked for, by name.
using Measures = std::map<std::string, std::function<void()>>;

/// Writes `about`, then answers each line "NAME SECONDS" of stdin with the
/// times of the calls that were begun in so many seconds, at least one, behind
/// some that are not counted; of a first call that takes so long with its time.
/// All as JSON, one line each. Returns at the end of stdin; throws
/// runtime::Error at a line that is not understood.
void answerRounds(const nlohmann::ordered_json &about,
                  const Measures &measures);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_BENCHROUNDS_H
