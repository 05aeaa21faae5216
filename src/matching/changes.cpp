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

/// Numbers that conventions and parameters commonly have, by name, the likeliest first.
struct CommonValues {
  std::string_view name;
  std::vector<std::string_view> values;
};
const std::vector<CommonValues>& common_values() {
  static const std::vector<CommonValues> table{
      {"scale", {"0.5", "2", "100"}},
      {"eps", {"1e-7", "0", "2.220446049250313e-16", "1e-8"}},
      {"log_floor", {"-100"}},
      {"class_axis", {"-1", "1"}},
      {"axis", {"0", "1"}},
      {"label_smoothing", {"0.1", "0", "0.2", "0.05"}},
      {"ignore_index", {"-100", "0", "255", "-1"}},
      {"margin", {"1", "0", "0.2", "0.5", "2"}},
      {"power", {"1", "2"}},
      {"gamma", {"2", "0", "1", "1.5", "5"}},
      {"alpha", {"None", "0.25", "0.5", "0.75", "0.3", "0.7"}},
      {"beta", {"1", "0.5", "0.1", "0.3", "0.7", "0"}},
      {"delta", {"1", "0.5", "1.35", "2"}},
      {"epsilon", {"1", "2"}},
      {"q", {"0.7", "0.5"}},
      {"temperature", {"0.07", "0.1", "0.5", "1"}},
      {"smooth_nr", {"0", "1", "1e-5"}},
      {"smooth_dr", {"0", "1", "1e-5", "1e-7"}},
      {"distance_eps", {"1e-6", "0"}},
      {"clip", {"1e-7", "0"}},
      {"similar", {"0", "1"}},
      {"lambda", {"0.01", "1", "0.1"}},
      {"time_axis", {"0", "1"}},
      {"blank", {"-1", "0"}},
  };
  return table;
}

/// What a change means, for those that have better words than their own name and value.
struct Phrase {
  std::string_view change;
  std::string_view words;
};
const std::vector<Phrase>& phrases() {
  static const std::vector<Phrase> table{
      {"from=logits", "pred taken as logits"},
      {"from=probs", "pred taken as probabilities"},
      {"from=log-probs", "pred taken as log-probabilities"},
      {"reduction=sum", "the sum"},
      {"reduction=mean", "the mean over all units, by their weights"},
      {"reduction=count-mean", "divided by the number of units, not by their weights"},
      {"reduction=batchmean", "divided by the length of the first axis"},
      {"empty=zero", "a mean of nothing is 0"},
      {"empty=nan", "a mean of nothing is NaN"},
      {"rows=sum", "rows of the last axis summed"},
      {"rows=mean", "rows of the last axis averaged"},
      {"rows=each", "every element by itself"},
      {"log_pred=true", "pred taken as log-probabilities"},
      {"log_pred=false", "pred taken as probabilities"},
      {"ignored=zero", "ignored units are 0, and counted"},
      {"ignored=drop", "ignored units are not counted"},
      {"background=drop", "without class 0, the background"},
      {"background=keep", "with class 0, the background"},
      {"smoothing=uniform", "smoothing towards all K classes"},
      {"smoothing=others", "smoothing towards the K - 1 other classes"},
      {"smoothing=half", "smoothing towards 1/2"},
      {"smoothing=flip", "smoothing towards the other answer"},
      {"zero_infinity=true", "what is impossible is 0"},
      {"form=max", "the worst rival alone"},
      {"region=batch", "each class over the batch"},
      {"region=image", "each image over its classes"},
      {"region=all", "everything as one map"},
      {"scale=0.5", "half of it"},
      {"scale=2", "twice it"},
      {"scale=100", "a hundred times it: percents"},
      {"link=sigmoid", "each class by itself, by a sigmoid"},
      {"link=softmax", "the classes together, by softmax"},
      {"log_floor=-100", "logarithms not below -100, as PyTorch's BCELoss has them"},
      {"normalize=no", "rows not divided by their sum"},
      {"normalize=before-clip", "rows divided by their sum, then clipped"},
      {"normalize=after-clip", "rows clipped, then divided by their sum"},
      {"distance=squared-l2", "squared distances"},
      {"half=false", "squares not halved"},
      {"half=true", "squares halved"},
      {"similar=0", "label 0 means similar"},
      {"similar=1", "label 1 means similar"},
      {"class_axis=-1", "the classes along the last axis"},
      {"class_axis=1", "the classes along axis 1"},
      {"per=label", "each sequence divided by its number of labels, as PyTorch's mean has it"},
      {"per=step", "each sequence divided by its number of steps"},
      {"blank=-1", "the blank as the last class"},
      {"blank=0", "the blank as the first class"},
      {"time_axis=0", "the steps along axis 0, sequences along axis 1"},
      {"time_axis=1", "the sequences along axis 0, steps along axis 1"},
  };
  return table;
}

std::vector<ParameterValue> values_of(const ParameterInfo& info) {
  std::vector<ParameterValue> values;
  for (const std::string_view choice : info.choices) values.emplace_back(std::string(choice));
  if (info.type == ParameterType::boolean) values = {true, false};
  const auto common = std::ranges::find(common_values(), info.name, &CommonValues::name);
  if (common == common_values().end()) return values;
  for (const std::string_view value : common->values) values.push_back(spec::parse_value(value));
  return values;
}

Change change_of(Argument argument, const std::string& before) {
  std::string words = in_words(argument, before);
  return {{std::move(argument)}, std::move(words)};
}

void add_changes(const ParameterInfo& info, const ParameterValue& now,
                 std::vector<Change>& changes) {
  for (const ParameterValue& value : values_of(info)) {
    if (value != now)
      changes.push_back(change_of({std::string(info.name), value}, losscalc::to_string(now)));
  }
}

/// What does not change the number, or is no convention of the value.
bool is_left_alone(std::string_view choice) {
  return choice == "check" || choice == "boxes" || choice == "map_axes" || choice == "squeeze" ||
         choice == "without_target";
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
    changes.push_back({{}, link + " where log-" + link + " belongs", first});
  if (term.conventions.from != From::logits) return;
  changes.push_back({{}, link + " taken twice: before the loss, which takes it too", first});
  if (takes(loss, From::probs)) {
    const Argument as_probs{"from", std::string(name(From::probs))};
    changes.push_back(
        {{as_probs}, link + " taken first, then a loss of probabilities (from=probs)", first});
    changes.push_back({{as_probs, {"check", false}},
                       "no " + link + ": pred taken as probabilities as it stands (from=probs)"});
  }
  if (takes(loss, From::log_probs)) {
    changes.push_back(
        {{as_logs}, link + " where log-" + link + " belongs (from=log-probs)", first});
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
       "each class by itself, by a sigmoid, with alpha=0.25, as RetinaNet has it"},
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
    Change scaled = change_of({"temperature", 1.0 / *temperature}, "");
    scaled.words += ": 1 / " + now + ", which was meant as a scale";
    changes.push_back(std::move(scaled));
    changes.push_back({{{"scale", *temperature / base}},
                       "times " + now + " / " + text::shortest(base) +
                           ", as SupCon has it with its base_temperature"});
  }
  const auto alpha = number_now(term, "alpha");
  const auto beta = number_now(term, "beta");
  if (alpha && beta && *alpha != *beta)
    changes.push_back({{{"alpha", *beta}, {"beta", *alpha}}, "alpha and beta exchanged"});
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

std::string in_words(const Argument& change, const std::string& before) {
  std::string text = change.name + "=" + losscalc::to_string(change.value);
  const auto phrase = std::ranges::find(phrases(), text, &Phrase::change);
  if (phrase != phrases().end()) text = std::string(phrase->words) + " (" + text + ")";
  return before.empty() ? text : text + " instead of " + before;
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
    if (!is_left_alone(info.name)) add_changes(info, row->parameter.get(term.conventions), changes);
  }
  const bool has_pair = find_role(*term.loss, "pred") && find_role(*term.loss, "target");
  if (has_pair && term.roles.empty()) {
    changes.push_back({{{"pred", std::string("target")}, {"target", std::string("pred")}},
                       "pred and target exchanged"});
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
