//===- Layout.h - The model's instances in the making ---------------------===//
// Private to the layout: what its parts share. Instances are made first, then
// the bodies are walked with the values of their dimensions.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_LAYOUT_H
#define SEQC_DSL_CHECK_LAYOUT_H

#include "dsl/Check/Checker.h"
#include "dsl/Check/Training.h"

namespace seqc::dsl {

inline constexpr int64_t maxElements = int64_t{1} << 40;
/// Expressions and instances after everything is inlined.
inline constexpr size_t maxProgram = 200000;

using Values = std::vector<Dim>;

/// What of an instance is another one's: parameters of the program by those of
/// the definition, and instances by its uses.
struct Sharing {
  struct Twin {
    const UseInstance *instance = nullptr;
    SourceRange range; ///< where the text says so
  };
  std::map<unsigned, unsigned> params;
  std::map<unsigned, Twin> uses;
  SourceRange range; ///< where the text says so of the parameters
};

/// What stands behind the names of a recurrence's parameters.
struct Suffix {
  std::string text;
  /// Of one layer forward, where PyTorch's cells have no suffix.
  bool isOptional = false;
};

class Layout {
public:
  Layout(Program &program, DiagnosticEngine &engine)
      : program(program), engine(engine) {}

  void run(Values values);
  /// A cell without parameters, one step of it, as a program.
  void runCell(const Values &values);

private:
  // Instances (LayoutInstances.cpp)
  std::unique_ptr<Instance> build(const Definition &definition, Values values,
                                  const std::string &path, const Suffix &suffix,
                                  const Sharing &sharing);
  UseInstance buildUse(const Use &use, const Instance &parent,
                       const Suffix &suffix, const Sharing::Twin &twin);
  void addParam(const Param &param, Instance &instance, const Suffix &suffix);
  void tieParam(const Param &param, Instance &instance, const Suffix &suffix,
                unsigned owner, SourceRange sharedAt);
  void findLayers(const Use &use, const Instance &parent, UseInstance &made);
  Sharing sharingOf(const Use &use, const Instance &parent, size_t which);
  bool checkTwins(const Use &use, const UseInstance &made,
                  const Instance &parent, const Sharing::Twin &twin);

  // Bodies, with values (LayoutBodies.cpp)
  void checkBody(Instance *instance, const Definition &definition,
                 const Values &values, bool mayCarry);
  void checkExpr(const TypedExpr &expr, Instance *instance,
                 const Values &values, bool mayCarry);
  void checkNode(const TypedExpr &expr, const Values &values);
  void checkWindows(const WindowsNode &windows, const Values &values);
  void checkInside(const Dim &dim, const Shape &before, SourceRange range,
                   const Values &values);
  void walk(const Type &type, size_t axes, const Values &values);
  void findEnclosing(const Definition &model);
  void checkFor(const TypedExpr &expr, const ForNode &loop, Instance *instance,
                const Values &values);
  void reportNesting(const TypedExpr &expr);
  void checkCall(const TypedExpr &expr, const CallNode &call,
                 Instance *instance, const Values &values, bool mayCarry);
  void checkCallee(const CallNode &call, Instance *instance,
                   const Values &values, bool mayCarry);

  // Values (Layout.cpp)
  bool checkType(const Type &type, SourceRange range, const Values &values);
  bool checkVocabulary(const Type &type, SourceRange range,
                       const Values &values);
  bool checkPosition(int64_t position, int64_t size, SourceRange range,
                     const std::string &what);
  double checkRate(const TypedExpr &rate, const Values &values);

  // Training in chunks (LayoutTraining.cpp)
  void checkTruncated();
  void checkChunks(const TypedExpr &expr, const Values &values);
  void checkCarried(const Instance &instance);
  void reportTruncate(const std::string &reason, SourceRange range);

  // Carried states (Layout.cpp)
  void findCarried(Instance &instance);
  void addStates(const Instance &cell, const std::string &suffix);
  /// False, and reported once, when the program becomes too large.
  bool spend(size_t amount, SourceRange range);

  Program &program;
  DiagnosticEngine &engine;
  size_t spent = 0;
  /// What is being walked must give the same in chunks as in one.
  bool isChunked = false;
  unsigned nesting = 0; ///< of maps and scans
  Shape walked;         ///< what these walk along, in the model's dimensions
  /// The dimension of the model around each that is inside another.
  std::map<const DimSymbol *, const DimSymbol *> enclosing;
};

/// The file's model of that name, or its last one; null if there is none, which
/// is reported where it was asked for by name.
const Definition *findModel(const Program &program, const std::string &name,
                            DiagnosticEngine &engine);

/// The values that the command line gives, by dimension.
std::map<std::string, int64_t>
parseSettings(const std::vector<std::string> &settings, const Definition &model,
              DiagnosticEngine &engine);

/// The `train` block of a model; null, and reported, if there is none.
const Training *findTraining(const Program &program, const Definition &model,
                             DiagnosticEngine &engine);

/// Lays out all of a training step but the step itself.
void layOutTraining(Program &program, const Training &training,
                    const Values &values, DiagnosticEngine &engine);

/// A shape with the values of its names: `[2000000, 2000000]`.
std::string sizesText(const Type &type, const Values &values);

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_LAYOUT_H
