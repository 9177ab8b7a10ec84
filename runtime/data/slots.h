//===- slots.h - Inputs that want data ------------------------------------===//
// Owns the rule by which data and a model find each other: what has an input's
// name goes there; what is left goes where nothing else can go.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_SLOTS_H
#define SEQC_RUNTIME_DATA_SLOTS_H

#include "runtime/core/interface.h"

#include <string>
#include <vector>

namespace seqc::data {

using runtime::InputSpec;

/// What kinds of data an input takes.
bool takesText(const InputSpec &input);   ///< token<V>[T]
bool takesLabel(const InputSpec &input);  ///< token<C>, f32
bool takesSeries(const InputSpec &input); ///< f32[T, I], f32[T]
bool takesNumber(const InputSpec &input); ///< f32
bool takesVector(const InputSpec &input); ///< f32[I]

/// The inputs and targets of a model while data is bound to them.
class Slots {
public:
  /// `data` is what gives them values, for messages: "`aclImdb` has texts
  /// (`text`) and classes (`label`)".
  Slots(const runtime::Interface &interface, std::string data);

  /// Takes the input called `name`, if it is one of a kind, else the only one
  /// left that is. Throws runtime::Error where there are several; null where
  /// there is none.
  const InputSpec *find(const std::string &name,
                        bool (*fits)(const InputSpec &));

  /// The same, but throws runtime::Error where there is none: `what` is that
  /// which has no place, as in "texts".
  const InputSpec &take(const std::string &name,
                        bool (*fits)(const InputSpec &),
                        const std::string &what);

  /// Those that nothing was found for.
  const std::vector<const InputSpec *> &left() const { return open; }

  /// Throws runtime::Error where there are any.
  void finish() const;

private:
  std::string model;
  std::string data;
  std::vector<const InputSpec *> all, open;
};

/// "`label`: token<C>", for messages.
std::string describe(const InputSpec &input);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_SLOTS_H
