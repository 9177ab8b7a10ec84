//===- ParseTrain.cpp - The `train` half of the parser's declarations -----===//
// `train MODEL(arguments) -> results { ... }`.
//===----------------------------------------------------------------------===//

#include "dsl/Diag/Suggest.h"
#include "dsl/Parse/ParserImpl.h"

namespace seqc::dsl {

void Parser::parseTrain(Module &module) {
  TrainDecl train;
  take();
  brackets = depth = 0;
  if (parseTrainHead(train) && parseTrainBody(train))
    module.trains.push_back(std::move(train));
  else
    skipToDefinition();
}

bool Parser::parseTrainHead(TrainDecl &train) {
  Bracket inside(*this);
  return parseIdentifier(train.model) && parseTrainArguments(train) &&
         expect(TokenKind::Arrow) && parseTrainResults(train);
}

/// `(text, label: f32)`
bool Parser::parseTrainArguments(TrainDecl &train) {
  if (!expect(TokenKind::LeftParen))
    return false;
  while (!is(TokenKind::RightParen)) {
    TrainArgument argument;
    if (!parseIdentifier(argument.name) ||
        (accept(TokenKind::Colon) && !parseType(argument.type.emplace())))
      return false;
    train.arguments.push_back(std::move(argument));
    if (!accept(TokenKind::Comma))
      break;
  }
  return expect(TokenKind::RightParen);
}

/// One name, or several in parentheses.
bool Parser::parseTrainResults(TrainDecl &train) {
  const bool isList = accept(TokenKind::LeftParen);
  do {
    if (!parseIdentifier(train.results.emplace_back()))
      return false;
  } while (isList && accept(TokenKind::Comma) && !is(TokenKind::RightParen));
  return !isList || expect(TokenKind::RightParen);
}

bool Parser::parseTrainBody(TrainDecl &train) {
  return parseMembers(train.model, train.end, [&] {
    std::optional<TrainMember> member = parseTrainMember();
    if (member)
      train.body.push_back(std::move(*member));
    return member.has_value();
  });
}

std::optional<TrainMember> Parser::parseTrainMember() {
  SourceRange begin = token.range;
  std::optional<TrainMember::Node> node = parseTrainNode();
  if (!node)
    return std::nullopt;
  SourceRange range = rangeFrom(begin);
  if (!token.startsLine && !is(TokenKind::RightBrace)) {
    expected("the end of the line");
    return std::nullopt;
  }
  return TrainMember{range, std::move(*node)};
}

/// `metric` is a word of this place only.
std::optional<TrainMember::Node> Parser::parseTrainNode() {
  if (is(TokenKind::KwLet)) {
    std::optional<Member::Node> let = parseLet();
    if (!let)
      return std::nullopt;
    return std::move(std::get<LetMember>(*let));
  }
  if (!is(TokenKind::Name)) {
    reportExpectedHere("`loss`, `metric`, `optimizer`, another setting or "
                       "`let`");
    return std::nullopt;
  }
  bool isMetric = token.text() == "metric" && following.kind == TokenKind::Name;
  if (isMetric)
    take();
  AssignMember option;
  if (!parseIdentifier(option.name) || !expect(TokenKind::Equal) ||
      !(option.value = parseExpr()))
    return std::nullopt;
  if (isMetric)
    return MetricMember{std::move(option.name), std::move(option.value)};
  return option;
}

} // namespace seqc::dsl
