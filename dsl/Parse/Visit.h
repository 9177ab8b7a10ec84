//===- Visit.h - Walks over the syntax tree -------------------------------===//
// One overload for each kind of node, so that a new one cannot be forgotten.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_PARSE_VISIT_H
#define SEQC_DSL_PARSE_VISIT_H

#include "dsl/Parse/Ast.h"

#include <functional>

namespace seqc::dsl {

/// Calls `visit` for every call that stands in what it is given.
struct CallVisitor {
  const std::function<void(const CallExpr &)> &found;

  void visit(const ExprPtr &expr) {
    if (expr)
      std::visit([this](const auto &node) { (*this)(node); }, expr->node);
  }
  void visit(const std::vector<ExprPtr> &exprs) {
    for (const ExprPtr &expr : exprs)
      visit(expr);
  }
  void visit(const std::vector<Argument> &arguments) {
    for (const Argument &argument : arguments)
      visit(argument.value);
  }

  void operator()(const NumberExpr &) {}
  void operator()(const BoolExpr &) {}
  void operator()(const NameExpr &) {}
  void operator()(const WildcardExpr &) {}
  void operator()(const UnaryExpr &unary) { visit(unary.operand); }
  void operator()(const BinaryExpr &binary) {
    visit(binary.lhs);
    visit(binary.rhs);
  }
  void operator()(const CallExpr &call) {
    found(call);
    visit(call.dims);
    visit(call.arguments);
  }
  void operator()(const IndexExpr &index) {
    visit(index.base);
    visit(index.indices);
  }
  void operator()(const SliceExpr &slice) {
    visit(slice.begin);
    visit(slice.end);
  }
  void operator()(const FieldExpr &field) { visit(field.base); }
  void operator()(const RecordExpr &record) { visit(record.fields); }
  void operator()(const ListExpr &list) { visit(list.elements); }
  void operator()(const ForExpr &loop) {
    visit(loop.sequences);
    for (const LetMember &let : loop.lets)
      visit(let.value);
    visit(loop.values);
  }

  void operator()(const ParamMember &param) {
    visit(param.initializer.arguments);
  }
  void operator()(const StateMember &state) { visit(state.initial); }
  void operator()(const UseMember &use) {
    visit(use.dims);
    visit(use.shared);
    visit(use.options);
  }
  void operator()(const LetMember &let) { visit(let.value); }
  void operator()(const AssignMember &assign) { visit(assign.value); }
  void operator()(const ReturnMember &result) { visit(result.values); }
};

template <typename Visit>
void forEachCall(const Expr &expr, const Visit &visit) {
  const std::function<void(const CallExpr &)> found = visit;
  std::visit(CallVisitor{found}, expr.node);
}

template <typename Visit>
void forEachCall(const Member &member, const Visit &visit) {
  const std::function<void(const CallExpr &)> found = visit;
  std::visit(CallVisitor{found}, member.node);
}

} // namespace seqc::dsl

#endif // SEQC_DSL_PARSE_VISIT_H
