//===- TrainChecker.h - Checks a `train` block ----------------------------===//
// Two definitions in the making at once: what is computed for each sample, and
// what is computed once a step from what all samples gave.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_TRAINCHECKER_H
#define SEQC_DSL_CHECK_TRAINCHECKER_H

#include "dsl/Check/Checker.h"
#include "dsl/Check/Training.h"

namespace seqc::dsl {

class TrainChecker {
public:
  TrainChecker(const TrainDecl &decl, Training &made, const ModuleNames &names,
               Usage *usage, DiagnosticEngine &engine)
      : decl(decl), made(made), names(names), engine(engine),
        samples(made.step, names, usage, engine),
        steps(made.schedule, names, nullptr, engine) {}

  void check();

private:
  // The head (CheckTrain.cpp)
  bool findModel();
  void begin(Definition &definition, DefinitionDecl &own,
             DefinitionChecker &checker, bool hasFreeDims);
  void addInputs();
  void nameInputs();
  bool nameInput(const Identifier &name, std::set<std::string> &named);
  bool addTarget(const TrainArgument &argument);
  void callModel();

  // The body (CheckTrain.cpp)
  void checkMember(const TrainMember &member);
  void checkOption(const AssignMember &option, SourceRange range);
  void checkSetting(const AssignMember &option, Training::Setting &setting);
  void checkEnd();

  // Measures (CheckMeasures.cpp)
  void checkLoss(const AssignMember &option);
  void checkMetric(const MetricMember &metric);
  void checkFinished(const MetricMember &metric);
  bool measure(const std::string &name, const char *what, TypedPtr value);
  bool isMeasurable(const TypedExpr &value, const Type &type, const char *what);
  void addSum(const std::string &name, LocalId local, SourceRange range);
  void addCount(const std::string &name, LocalId local, SourceRange range);
  TypedPtr sumOf(TypedPtr value);
  LocalId bindNumber(const std::string &name, TypedPtr value);

  // The optimizer (CheckOptimizer.cpp)
  void checkOptimizer(const AssignMember &option);
  const Definition *findOptimizer(const Expr &value);
  bool checkOptimizerCell(const Definition &cell, SourceRange range);
  void checkOptimizerArguments(const CallExpr &call, const Definition &cell);
  bool checkOptimizerArgument(const Named &declared, TypedPtr value,
                              const Definition &cell);

  const TrainDecl &decl;
  Training &made;
  const ModuleNames &names;
  DiagnosticEngine &engine;
  DefinitionChecker samples; ///< of `made.step`
  DefinitionChecker steps;   ///< of `made.schedule`
  std::map<std::string, SourceRange> metrics;
  std::map<std::string, SourceRange> options;
};

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_TRAINCHECKER_H
