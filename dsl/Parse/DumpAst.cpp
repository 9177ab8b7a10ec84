//===- DumpAst.cpp - The syntax tree as text ------------------------------===//
// One definition or member a line; expressions fully parenthesised, so that
// precedence can be seen.
//===----------------------------------------------------------------------===//

#include "dsl/Parse/Ast.h"

#include <fmt/format.h>

namespace seqc::dsl {

const char *spelling(UnaryOp op) { return op == UnaryOp::Not ? "not" : "-"; }

const char *spelling(BinaryOp op) {
  static constexpr const char *names[] = {"+", "-",  "*",   "/", "@",
                                          "^", "==", "!=",  "<", "<=",
                                          ">", ">=", "and", "or"};
  return names[static_cast<size_t>(op)];
}

const char *spelling(DefinitionKind kind) {
  static constexpr const char *names[] = {"cell", "layer", "fn", "model"};
  return names[static_cast<size_t>(kind)];
}

namespace {

std::string text(const Expr &expr);

std::string text(const std::vector<ExprPtr> &exprs) {
  std::string out;
  for (const ExprPtr &expr : exprs)
    out += (out.empty() ? "" : ", ") + text(*expr);
  return out;
}

std::string text(const std::vector<Argument> &arguments) {
  std::string out;
  for (const Argument &argument : arguments) {
    out += out.empty() ? "" : ", ";
    if (argument.name)
      out += argument.name->name + " = ";
    out += text(*argument.value);
  }
  return out;
}

std::string text(const std::vector<Identifier> &names) {
  std::string out;
  for (const Identifier &name : names)
    out += (out.empty() ? "" : ", ") + name.name;
  return out;
}

std::string text(const TypeExpr &type);

std::string text(const LetMember &let) {
  std::string targets;
  for (const LetTarget &target : let.targets) {
    targets += (targets.empty() ? "" : ", ") + target.name.name;
    if (target.type)
      targets += ": " + text(*target.type);
  }
  return fmt::format("let {} = {}", targets, text(*let.value));
}

struct ExprText {
  std::string operator()(const NumberExpr &e) const {
    return fmt::format("{}", e.value);
  }
  std::string operator()(const BoolExpr &e) const {
    return e.value ? "true" : "false";
  }
  std::string operator()(const NameExpr &e) const { return e.name; }
  std::string operator()(const WildcardExpr &) const { return "_"; }
  std::string operator()(const UnaryExpr &e) const {
    return fmt::format("({} {})", spelling(e.op), text(*e.operand));
  }
  std::string operator()(const BinaryExpr &e) const {
    return fmt::format("({} {} {})", text(*e.lhs), spelling(e.op),
                       text(*e.rhs));
  }
  std::string operator()(const CallExpr &e) const {
    std::string dims = e.dims.empty() ? "" : "[" + text(e.dims) + "]";
    return fmt::format("{}{}({})", e.callee.name, dims, text(e.arguments));
  }
  std::string operator()(const IndexExpr &e) const {
    return fmt::format("{}[{}]", text(*e.base), text(e.indices));
  }
  std::string operator()(const SliceExpr &e) const {
    return fmt::format("{}:{}", e.begin ? text(*e.begin) : "",
                       e.end ? text(*e.end) : "");
  }
  std::string operator()(const FieldExpr &e) const {
    return fmt::format("{}.{}", text(*e.base), e.field.name);
  }
  std::string operator()(const RecordExpr &e) const {
    return fmt::format("({})", text(e.fields));
  }
  std::string operator()(const ListExpr &e) const {
    return fmt::format("[{}]", text(e.elements));
  }
  std::string operator()(const ForExpr &e) const {
    std::string lets;
    for (const LetMember &let : e.lets)
      lets += text(let) + "; ";
    return fmt::format("for {} in {} {{ {}{} }}", text(e.names),
                       text(e.sequences), lets, text(e.values));
  }
};

std::string text(const Expr &expr) { return std::visit(ExprText{}, expr.node); }

std::string text(const TypeExpr &type) {
  std::string out = type.element.name;
  if (type.vocabulary)
    out += "<" + text(*type.vocabulary) + ">";
  if (!type.dims.empty())
    out += "[" + text(type.dims) + "]";
  return out;
}

struct MemberText {
  std::string operator()(const ParamMember &m) const {
    return fmt::format("param {}: {} ~ {}({})", m.name.name, text(m.type),
                       m.initializer.distribution.name,
                       text(m.initializer.arguments));
  }
  std::string operator()(const StateMember &m) const {
    return fmt::format("state {}: {} = {}", m.name.name, text(m.type),
                       text(*m.initial));
  }
  std::string operator()(const UseMember &m) const {
    std::string instance = m.definition.name;
    if (m.hasDims)
      instance += "[" + text(m.dims) + "]";
    if (!m.shared.empty())
      instance += "(" + text(m.shared) + ")";
    if (m.recurrent)
      instance = fmt::format("recurrent({}{}{})", instance,
                             m.options.empty() ? "" : ", ", text(m.options));
    return fmt::format("use {} = {}", m.name.name, instance);
  }
  std::string operator()(const LetMember &m) const { return text(m); }
  std::string operator()(const AssignMember &m) const {
    return fmt::format("{} = {}", m.name.name, text(*m.value));
  }
  std::string operator()(const ReturnMember &m) const {
    return "return " + text(m.values);
  }
};

std::string signature(const DefinitionDecl &definition) {
  std::string dims, arguments, results;
  for (const DimDecl &dim : definition.dims) {
    dims += (dims.empty() ? "" : ", ") + dim.name.name;
    if (dim.defaultValue)
      dims += " = " + text(*dim.defaultValue);
  }
  for (const ArgumentDecl &argument : definition.arguments)
    arguments +=
        (arguments.empty() ? "" : ", ") + argument.name.name + ": " +
        text(argument.type) +
        (argument.defaultValue ? " = " + text(*argument.defaultValue) : "");
  for (const ResultDecl &result : definition.results)
    results += (results.empty() ? "" : ", ") +
               (result.name ? result.name->name + ": " : "") +
               text(result.type);
  return fmt::format("{} {}[{}]({}) -> ({})", spelling(definition.kind),
                     definition.name.name, dims, arguments, results);
}

} // namespace

static std::string dump(const TrainDecl &train) {
  std::string arguments, results, body;
  for (const TrainArgument &argument : train.arguments)
    arguments += (arguments.empty() ? "" : ", ") + argument.name.name +
                 (argument.type ? ": " + text(*argument.type) : "");
  for (const TrainMember &member : train.body) {
    body += "\n  ";
    if (const auto *let = std::get_if<LetMember>(&member.node))
      body += text(*let);
    else if (const auto *metric = std::get_if<MetricMember>(&member.node))
      body += fmt::format("metric {} = {}", metric->name.name,
                          text(*metric->value));
    else
      body += MemberText()(std::get<AssignMember>(member.node));
  }
  return fmt::format("train {}({}) -> ({}){}\n", train.model.name, arguments,
                     text(train.results), body);
}

std::string dump(const Module &module) {
  std::string out;
  for (const ImportDecl &import : module.imports)
    out += fmt::format("import {}\n", import.path);
  for (const ConstantDecl &constant : module.constants)
    out +=
        fmt::format("let {} = {}\n", constant.name.name, text(*constant.value));
  for (const DefinitionDecl &definition : module.definitions) {
    out += signature(definition) + "\n";
    for (const Member &member : definition.body)
      out += "  " + std::visit(MemberText{}, member.node) + "\n";
  }
  for (const TrainDecl &train : module.trains)
    out += dump(train);
  return out;
}

} // namespace seqc::dsl
