#include <algorithm>
#include <string_view>

#include "definition/loss.h"
#include "diagnostics/error.h"
#include "dialects/dialect.h"
#include "matching/search.h"

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
      {"reduction=mean", "the mean: divided by the sum of the weights"},
      {"reduction=count-mean", "divided by the number of units, not by their weights"},
      {"reduction=batchmean", "divided by the length of the first axis"},
      {"empty=zero", "a mean of nothing is 0"},
      {"empty=nan", "a mean of nothing is NaN"},
      {"rows=sum", "rows of the last axis summed"},
      {"rows=mean", "rows of the last axis averaged"},
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

std::string in_words(const Argument& change, const std::string& before) {
  std::string text = change.name + "=" + losscalc::to_string(change.value);
  const auto phrase = std::ranges::find(phrases(), text, &Phrase::change);
  if (phrase != phrases().end()) text = std::string(phrase->words) + " (" + text + ")";
  return before.empty() ? text : text + " instead of " + before;
}

/// One change of a term, or of what is done with the data.
struct Change {
  Arguments arguments;
  std::string words;
  Treatment treatment = {};
};

std::vector<ParameterValue> values_of(const ParameterInfo& info) {
  std::vector<ParameterValue> values;
  for (const std::string_view choice : info.choices) values.emplace_back(std::string(choice));
  if (info.type == ParameterType::boolean) values = {true, false};
  const auto common = std::ranges::find(common_values(), info.name, &CommonValues::name);
  if (common == common_values().end()) return values;
  for (const std::string_view value : common->values) values.push_back(spec::parse_value(value));
  return values;
}

ParameterValue value_now(const spec::Term& term, const ParameterInfo& info) {
  for (const Argument& argument : term.loss->effective(term.parameters)) {
    if (argument.name == info.name) return argument.value;
  }
  return info.default_value;
}

void add_changes(const ParameterInfo& info, const ParameterValue& now,
                 std::vector<Change>& changes) {
  for (const ParameterValue& value : values_of(info)) {
    if (value == now) continue;
    const Argument argument{std::string(info.name), value};
    changes.push_back({{argument}, in_words(argument, losscalc::to_string(now))});
  }
}

/// What does not change the number, or is no convention of the value.
bool is_left_alone(std::string_view choice) {
  return choice == "check" || choice == "boxes" || choice == "map_axes" || choice == "squeeze" ||
         choice == "without_target";
}

std::vector<Change> changes_of(const spec::Term& term) {
  std::vector<Change> changes;
  for (const ChoiceRow* row : choices_of(*term.loss)) {
    const ParameterInfo info = choice_info(*term.loss, *row);
    if (!is_left_alone(info.name)) add_changes(info, row->parameter.get(term.choices), changes);
  }
  const bool has_pair = find_role(*term.loss, "pred") && find_role(*term.loss, "target");
  if (has_pair && term.roles.empty()) {
    changes.push_back({{{"pred", std::string("target")}, {"target", std::string("pred")}},
                       "pred and target exchanged"});
  }
  for (const ParameterInfo& info : term.loss->parameters)
    add_changes(info, value_now(term, info), changes);
  std::erase_if(changes, [](const Change& change) {
    const Argument& first = change.arguments.front();
    return first.name == "reduction" && first.value == ParameterValue(std::string("none"));
  });
  for (const Treatment& treatment : treatments_of(*term.loss))
    changes.push_back({{}, in_words(treatment), treatment});
  // What has a name of its own explains a number better than a factor that happens to give it.
  std::stable_partition(changes.begin(), changes.end(), [](const Change& change) {
    return change.arguments.empty() || change.arguments.front().name != "scale";
  });
  // Where there is something to reduce, this changes nothing.
  std::stable_partition(changes.begin(), changes.end(), [](const Change& change) {
    return !change.arguments.empty() && change.arguments.front().name == "empty";
  });
  return changes;
}

/// Whether a change stands for itself alone: means of means take several evaluations each.
bool is_single(const Change& change) {
  return change.treatment.kind == Treatment::Kind::mean_of_means;
}

bool exclude_each_other(const Change& one, const Change& other) {
  const bool both_treat = one.arguments.empty() && other.arguments.empty();
  if (both_treat || is_single(one) || is_single(other)) return true;
  return std::ranges::any_of(one.arguments, [&](const Argument& a) {
    return std::ranges::find(other.arguments, a.name, &Argument::name) != other.arguments.end();
  });
}

/// The term with these changes; nothing if it takes them not.
std::optional<spec::Term> changed(const spec::Term& term,
                                  const std::vector<const Change*>& changes) {
  spec::WrittenTerm written = spec::parse(spec::to_string(term)).front();
  for (const Change* change : changes) {
    for (const Argument& argument : change->arguments) {
      std::erase_if(written.arguments,
                    [&](const Argument& one) { return one.name == argument.name; });
      written.arguments.push_back(argument);
    }
  }
  try {
    return spec::resolve({written}, {}).front();
  } catch (const Error&) {
    return {};
  }
}

Treatment treatment_of(const Change& one, const Change& other) {
  return one.treatment == Treatment{} ? other.treatment : one.treatment;
}

void add_around(const spec::Term& term, std::size_t depth, std::vector<Candidate>& found) {
  const std::vector<Change> changes = changes_of(term);
  for (const Change& change : changes) {
    if (auto candidate = changed(term, {&change}))
      found.push_back({std::move(*candidate), change.treatment, {change.words}, 1, {}});
  }
  if (depth < 2) return;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    for (std::size_t j = i + 1; j < changes.size(); ++j) {
      if (exclude_each_other(changes[i], changes[j])) continue;
      if (auto candidate = changed(term, {&changes[i], &changes[j]}))
        found.push_back({std::move(*candidate),
                         treatment_of(changes[i], changes[j]),
                         {changes[i].words, changes[j].words},
                         2,
                         {}});
    }
  }
}

/// The form of a library's loss that an entry stands for, and no other.
spec::Term form_of(const spec::WrittenTerm& written, const Arguments& flags,
                   const dialects::Entry& entry) {
  spec::Term term = spec::resolve({written}, flags).front();
  const std::vector<spec::Term> others = std::exchange(term.otherwise, {});
  const auto other = std::ranges::find(others, &entry, &spec::Term::dialect);
  return other == others.end() ? term : *other;
}

/// A value for each unit is no number: the mean is taken, which is what its user does.
spec::Term with_mean(const spec::WrittenTerm& written, const dialects::Entry& entry,
                     std::vector<std::string>& differences) {
  spec::Term term = form_of(written, {}, entry);
  if (term.choices.reduction != Reduction::none) return term;
  differences.emplace_back("the mean of its values");
  return form_of(written, {{"reduction", std::string("mean")}}, entry);
}

/// One change of a library's loss.
void add_around_dialect(const spec::Term& term, const std::vector<std::string>& differences,
                        std::size_t distance, std::vector<Candidate>& found) {
  std::vector<Candidate> around;
  add_around(term, 1, around);
  for (Candidate& candidate : around) {
    candidate.differences.insert(candidate.differences.begin(), differences.begin(),
                                 differences.end());
    candidate.distance += distance;
    found.push_back(std::move(candidate));
  }
}

void add_dialects(const Loss* asked, std::size_t distance, std::vector<Candidate>& found) {
  for (const dialects::Library* library : dialects::all_libraries()) {
    for (const dialects::Entry& entry : library->entries) {
      std::vector<std::string> differences;
      const spec::WrittenTerm written{
          .coefficient = 1.0, .name = dialects::exact_name(*library, entry), .arguments = {}};
      try {
        spec::Term term = with_mean(written, entry, differences);
        const bool same = term.loss == asked;
        std::string name(entry.names.front());
        differences.insert(differences.begin(), name + "() with its defaults");
        if (!entry.since.empty()) name += " (from " + std::string(entry.since) + " on)";
        const std::size_t here = same ? distance : distance + 1;
        found.push_back({term, {}, differences, here, name});
        // With a loss asked for, its own changes lead there.
        if (asked == nullptr) add_around_dialect(term, differences, here, found);
      } catch (const Error&) {
        continue;
      }
    }
  }
}

/// A loss as it stands, and with its predictions taken as each of the other forms.
std::vector<Candidate> forms_of(const Loss& loss) {
  const std::string loss_name(loss.description.name);
  std::vector<Candidate> forms;
  for (std::size_t i = 0; i < std::max<std::size_t>(loss.from.size(), 1); ++i) {
    spec::WrittenTerm written{.coefficient = 1.0, .name = loss_name, .arguments = {}};
    if (i == 0) {
      forms.push_back({spec::resolve({written}, {}).front(), {}, {}, 0, {}});
      continue;
    }
    const Argument from{"from", std::string(name(loss.from[i]))};
    written.arguments.push_back(from);
    forms.push_back({spec::resolve({written}, {}).front(), {}, {in_words(from, "")}, 1, {}});
  }
  return forms;
}

void add_other_losses(const std::optional<spec::Term>& asked, std::size_t distance,
                      std::vector<Candidate>& found) {
  for (const Loss* loss : all_losses()) {
    if (asked && loss == asked->loss) continue;
    for (Candidate& form : forms_of(*loss)) {
      std::vector<Candidate> around{form};
      add_around(form.term, 1, around);
      const bool as_asked = asked && form.term.choices.from == asked->choices.from;
      for (std::size_t i = 0; i < around.size(); ++i) {
        Candidate& candidate = around[i];
        const std::vector<std::string>& before = form.differences;
        if (i > 0)
          candidate.differences.insert(candidate.differences.begin(), before.begin(), before.end());
        if (asked)
          candidate.differences.insert(candidate.differences.begin(),
                                       std::string(loss->description.name));
        candidate.distance += distance + (i > 0 && !as_asked ? form.distance : 0);
        found.push_back(std::move(candidate));
      }
    }
  }
}

}  // namespace

std::vector<Candidate> candidates(const Question& question) {
  std::vector<Candidate> found;
  const Loss* asked = nullptr;
  if (question.asked) {
    asked = question.asked->loss;
    found.push_back({*question.asked, {}, {}, 0, {}});
    add_around(*question.asked, question.depth, found);
  }
  add_dialects(asked, asked == nullptr ? 0 : 2, found);
  add_other_losses(question.asked, asked == nullptr ? 0 : 3, found);
  std::ranges::stable_sort(found, {}, &Candidate::distance);
  return found;
}

}  // namespace losscalc::matching
