#include "matching/changes.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "definition/loss.h"
#include "text/number.h"

namespace losscalc::matching {
namespace {

/// Values that a loss's own parameter commonly has, by its name, the likeliest first.
struct CommonParameter {
  std::string_view name;
  std::vector<CommonValue> values;
};
const std::vector<CommonParameter>& common_parameters() {
  static const std::vector<CommonParameter> table{
      {"margin", {{1.0}, {0.0}, {0.2}, {0.5}, {2.0}}},
      {"power", {{1.0}, {2.0}}},
      {"gamma", {{2.0}, {0.0}, {1.0}, {1.5}, {5.0}}},
      {"alpha", {{std::monostate()}, {0.25}, {0.5}, {0.75}, {0.3}, {0.7}}},
      {"beta", {{1.0}, {0.5}, {0.1}, {0.3}, {0.7}, {0.0}}},
      {"delta", {{1.0}, {0.5}, {1.35}, {2.0}}},
      {"epsilon", {{1.0}, {2.0}}},
      {"q", {{0.7}, {0.5}}},
      {"temperature", {{0.07}, {0.1}, {0.5}, {1.0}}},
      {"smooth_nr", {{0.0}, {1.0}, {1e-5}}},
      {"smooth_dr", {{0.0}, {1.0}, {1e-5}, {1e-7}}},
      {"distance_eps", {{1e-6}, {0.0}}},
      {"clip", {{1e-7}, {0.0}}},
      {"similar", {{0.0, "label 0 means similar"}, {1.0, "label 1 means similar"}}},
      {"lambda", {{0.01}, {1.0}, {0.1}}},
      {"blank", {{-1.0, "the last class is the blank"}, {0.0, "the first class is the blank"}}},
      {"log_pred",
       {{true, "pred interpreted as log-probabilities"},
        {false, "pred interpreted as probabilities"}}},
      {"half", {{true, "squares halved"}, {false, "squares not halved"}}},
      {"zero_infinity", {{true, "sequences without a valid alignment have loss 0"}}},
  };
  return table;
}

const Convention* find_convention(std::string_view name) {
  const auto found = std::ranges::find_if(
      all_conventions(), [name](const Convention& row) { return row.parameter.info.name == name; });
  return found == all_conventions().end() ? nullptr : &*found;
}

std::vector<CommonValue> common_values(std::string_view name) {
  if (const Convention* convention = find_convention(name)) return convention->common;
  const auto parameter = std::ranges::find(common_parameters(), name, &CommonParameter::name);
  return parameter == common_parameters().end() ? std::vector<CommonValue>() : parameter->values;
}

std::vector<ParameterValue> values_of(const ParameterInfo& info) {
  std::vector<ParameterValue> values;
  for (const std::string& choice : choice_names(info)) values.emplace_back(choice);
  if (info.type == ParameterType::boolean) return {true, false};
  for (const CommonValue& common : common_values(info.name)) values.push_back(common.value);
  return values;
}

/// What the value means, where it does not tell by itself.
std::string_view meaning_of(const ParameterInfo& info, const ParameterValue& value) {
  const std::vector<CommonValue> common = common_values(info.name);
  const auto known = std::ranges::find(common, value, &CommonValue::value);
  if (known != common.end()) return known->meaning;
  const auto choice = std::ranges::find(info.choices, losscalc::to_string(value), &Choice::name);
  return choice == info.choices.end() ? std::string_view() : choice->meaning;
}

std::string in_words(const ParameterInfo& info, const ParameterValue& value) {
  const std::string text = std::string(info.name) + "=" + losscalc::to_string(value);
  const std::string meaning(meaning_of(info, value));
  return meaning.empty() ? text : meaning + " (" + text + ")";
}

void add_changes(const ParameterInfo& info, const ParameterValue& now,
                 std::vector<Change>& changes) {
  for (const ParameterValue& value : values_of(info)) {
    if (value == now) continue;
    changes.push_back({{{std::string(info.name), value}},
                       in_words(info, value) + " instead of " + losscalc::to_string(now)});
  }
}

bool takes(const Loss& loss, From from) {
  return std::ranges::find(loss.from, from) != loss.from.end();
}

/// Softmax or sigmoid taken in front of the loss, or forgotten.
void add_links(const spec::Term& term, std::vector<Change>& changes) {
  const Loss& loss = *term.loss;
  if (loss.domain != Domain::elementwise && loss.domain != Domain::classwise &&
      loss.domain != Domain::region)
    return;
  const std::string link = link_word(term);
  const Preprocessing first{.kind = Preprocessing::Kind::linked};
  const Argument as_logs{"from", std::string(name(From::log_probs))};
  if (loss.from == std::vector{From::log_probs})
    changes.push_back({{}, link + " used in place of log-" + link, first});
  if (term.conventions.from != From::logits) return;
  changes.push_back({{}, link + " applied twice: before the loss and inside it", first});
  if (takes(loss, From::probs)) {
    const Argument as_probs{"from", std::string(name(From::probs))};
    changes.push_back(
        {{as_probs}, link + " applied first, then the loss of probabilities (from=probs)", first});
    changes.push_back({{as_probs, {"check", false}},
                       "no " + link + ": pred used directly as probabilities (from=probs)"});
  }
  if (takes(loss, From::log_probs)) {
    changes.push_back(
        {{as_logs}, link + " used in place of log-" + link + " (from=log-probs)", first});
  }
}

void add_treatments(const spec::Term& term, std::vector<Change>& changes) {
  for (const Preprocessing& preprocessing : preprocessings_of(*term.loss))
    changes.push_back({{}, in_words(preprocessing), preprocessing});
  if (find_role(*term.loss, "pos_weight") == nullptr) return;
  const Preprocessing weighted{.kind = Preprocessing::Kind::positives_weighted};
  changes.push_back({{{"reduction", std::string("mean")}}, in_words(weighted), weighted});
}

/// Several values at a time that are known by one name.
struct Recipe {
  std::string_view loss;
  std::string_view arguments;
  std::string_view words;
};
const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> table{
      {"focal", "link=sigmoid, alpha=0.25",
       "a sigmoid for each class (one-vs-rest), with alpha=0.25, as in RetinaNet"},
  };
  return table;
}

std::optional<double> number_now(const spec::Term& term, std::string_view parameter) {
  for (const Argument& argument : term.loss->effective(term.parameters)) {
    if (argument.name != parameter) continue;
    if (const double* const number = std::get_if<double>(&argument.value)) return *number;
  }
  return {};
}

/// What follows from the values that were asked for.
void add_derived(const spec::Term& term, std::vector<Change>& changes) {
  for (const Recipe& recipe : recipes()) {
    if (recipe.loss == term.loss->description.name)
      changes.push_back({spec::parse_arguments(recipe.arguments), std::string(recipe.words)});
  }
  if (const auto temperature = number_now(term, "temperature")) {
    constexpr double base = 0.07;
    const std::string now = text::shortest(*temperature);
    const Argument scaled{"temperature", 1.0 / *temperature};
    changes.push_back({{scaled},
                       "temperature=" + losscalc::to_string(scaled.value) + ": 1 / " + now +
                           ", if it was meant as a scale"});
    changes.push_back({{{"scale", *temperature / base}},
                       "times " + now + " / " + text::shortest(base) +
                           ", as in SupCon with its base_temperature"});
  }
  const auto alpha = number_now(term, "alpha");
  const auto beta = number_now(term, "beta");
  if (alpha && beta && *alpha != *beta)
    changes.push_back({{{"alpha", *beta}, {"beta", *alpha}}, "alpha and beta swapped"});
}

/// Whether a change stands for itself alone: means of means take several evaluations each.
bool is_single(const Change& change) {
  return change.preprocessing.kind == Preprocessing::Kind::mean_of_means;
}

/// Whether it is one of many numbers that come into question.
bool is_guess(const Change& change) {
  if (is_single(change)) return true;
  return change.arguments.size() == 1 && change.preprocessing == Preprocessing{} &&
         std::holds_alternative<double>(change.arguments.front().value);
}

bool names(const Change& change, std::string_view argument) {
  return !change.arguments.empty() && change.arguments.front().name == argument;
}

/// Whether it gives an array; or is what another of two-class targets says in better words.
bool is_out_of_question(const Change& change, const Loss& loss) {
  if (names(change, "reduction"))
    return change.arguments.front().value == ParameterValue(std::string("none"));
  if (loss.domain != Domain::elementwise || !names(change, "smoothing")) return false;
  const ParameterValue& kind = change.arguments.front().value;
  return kind == ParameterValue(std::string("uniform")) ||
         kind == ParameterValue(std::string("others"));
}

}  // namespace

std::string in_words(From from) {
  return in_words(find_convention("from")->parameter.info, std::string(name(from)));
}

std::string link_word(const spec::Term& term) {
  const bool is_sigmoid =
      term.loss->domain == Domain::elementwise || term.conventions.link == Link::sigmoid;
  return is_sigmoid ? "sigmoid" : "softmax";
}

ParameterValue value_now(const spec::Term& term, const ParameterInfo& info) {
  for (const Argument& argument : term.loss->effective(term.parameters)) {
    if (argument.name == info.name) return argument.value;
  }
  return info.default_value;
}

std::vector<Change> changes_of(const spec::Term& term) {
  std::vector<Change> changes;
  add_links(term, changes);
  add_treatments(term, changes);
  for (const Convention* row : conventions_of(*term.loss)) {
    const ParameterInfo info = convention_info(*term.loss, *row);
    if (row->searched) add_changes(info, row->parameter.get(term.conventions), changes);
  }
  const bool has_pair = find_role(*term.loss, "pred") && find_role(*term.loss, "target");
  if (has_pair && term.roles.empty()) {
    changes.push_back({{{"pred", std::string("target")}, {"target", std::string("pred")}},
                       "pred and target swapped"});
  }
  for (const ParameterInfo& info : term.loss->parameters)
    add_changes(info, value_now(term, info), changes);
  add_derived(term, changes);
  std::erase_if(changes,
                [&](const Change& change) { return is_out_of_question(change, *term.loss); });
  // Likely explanations before those that happen to give the number: one of few kinds, a common
  // number, any factor.
  std::stable_partition(changes.begin(), changes.end(),
                        [](const Change& change) { return !is_guess(change); });
  std::stable_partition(changes.begin(), changes.end(),
                        [](const Change& change) { return !names(change, "scale"); });
  // Where there is something to reduce, this changes nothing.
  std::stable_partition(changes.begin(), changes.end(),
                        [](const Change& change) { return names(change, "empty"); });
  return changes;
}

bool exclude_each_other(const Change& one, const Change& other) {
  const Preprocessing none = {};
  const bool both_treat = one.preprocessing != none && other.preprocessing != none;
  if (both_treat || is_single(one) || is_single(other)) return true;
  return std::ranges::any_of(one.arguments, [&](const Argument& a) {
    return std::ranges::find(other.arguments, a.name, &Argument::name) != other.arguments.end();
  });
}

}  // namespace losscalc::matching
