#include <algorithm>
#include <string_view>

#include "definition/loss.h"
#include "diagnostics/error.h"
#include "dialects/dialect.h"
#include "matching/changes.h"
#include "matching/search.h"

namespace losscalc::matching {
namespace {

/// The term with these changes; nothing if it takes them not.
std::optional<spec::Term> changed(const spec::Term& term,
                                  const std::vector<const Change*>& changes) {
  Arguments arguments;
  for (const Change* change : changes)
    arguments.insert(arguments.end(), change->arguments.begin(), change->arguments.end());
  try {
    return spec::with_arguments(term, arguments);
  } catch (const Error&) {
    return {};
  }
}

Preprocessing preprocessing_of(const Change& one, const Change& other) {
  return one.preprocessing == Preprocessing{} ? other.preprocessing : one.preprocessing;
}

void add_around(const spec::Term& term, std::size_t depth, std::vector<Candidate>& found) {
  const std::vector<Change> changes = changes_of(term);
  for (const Change& change : changes) {
    if (auto candidate = changed(term, {&change}))
      found.push_back({std::move(*candidate), change.preprocessing, {change.words}, 1, {}});
  }
  if (depth < 2) return;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    for (std::size_t j = i + 1; j < changes.size(); ++j) {
      if (exclude_each_other(changes[i], changes[j])) continue;
      if (auto candidate = changed(term, {&changes[i], &changes[j]}))
        found.push_back({std::move(*candidate),
                         preprocessing_of(changes[i], changes[j]),
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
  const std::vector<spec::Term> others = std::exchange(term.by_rank, {});
  const auto other = std::ranges::find(others, &entry, &spec::Term::dialect);
  return other == others.end() ? term : *other;
}

/// A value for each unit is no number: the mean is taken, which is what its user does.
spec::Term with_mean(const spec::WrittenTerm& written, const dialects::Entry& entry,
                     std::vector<std::string>& differences) {
  spec::Term term = form_of(written, {}, entry);
  if (term.conventions.reduction != Reduction::none) return term;
  differences.emplace_back("averaged over its values");
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

/// Losses that are taken for each other, with the parameter that each has in the other's place.
struct ConfusableLosses {
  std::string_view loss;
  std::string_view parameter;
  std::string_view other_loss;
  std::string_view other_parameter;
};
const std::vector<ConfusableLosses>& confusable_losses() {
  static const std::vector<ConfusableLosses> table{
      {"smooth-l1", "beta", "huber", "delta"},
      {"huber", "delta", "smooth-l1", "beta"},
  };
  return table;
}

void add_confusable_losses(const spec::Term& term, std::vector<Candidate>& found) {
  for (const ConfusableLosses& entry : confusable_losses()) {
    if (entry.loss != term.loss->description.name) continue;
    const auto info =
        std::ranges::find(term.loss->parameters, entry.parameter, &ParameterInfo::name);
    const ParameterValue value = value_now(term, *info);
    spec::Term other = term;
    other.loss = find_loss(entry.other_loss);
    std::erase_if(other.parameters,
                  [&](const Argument& one) { return one.name == entry.parameter; });
    const std::string words = std::string(entry.other_loss) + " in place of " +
                              std::string(entry.loss) + ", with its " +
                              std::string(entry.parameter) + " of " + losscalc::to_string(value) +
                              " as " + std::string(entry.other_parameter);
    const Argument argument{std::string(entry.other_parameter), value};
    found.push_back({spec::with_arguments(other, {argument}), {}, {words}, 1, {}});
  }
}

/// A library's loss of probabilities behind a softmax or sigmoid of the logits asked for.
void add_linked(const spec::Term& asked, const Candidate& dialect, std::vector<Candidate>& found) {
  if (dialect.term.loss != asked.loss || asked.conventions.from != From::logits ||
      dialect.term.conventions.from != From::probs)
    return;
  for (const auto kind : {Preprocessing::Kind::linked, Preprocessing::Kind::linked_floats}) {
    Candidate candidate = dialect;
    candidate.dialect.clear();
    candidate.preprocessing = {.kind = kind};
    candidate.differences.push_back(link_word(dialect.term) + " applied first" +
                                    (kind == Preprocessing::Kind::linked ? "" : ", in float32"));
    found.push_back(std::move(candidate));
  }
}

void add_dialects(const std::optional<spec::Term>& question, std::size_t distance,
                  std::vector<Candidate>& found) {
  const Loss* const asked = question ? question->loss : nullptr;
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
        const Candidate candidate{term, {}, differences, here, name};
        found.push_back(candidate);
        if (question) add_linked(*question, candidate, found);
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
  const spec::Term term{{.loss = &loss, .conventions = default_conventions(loss)}};
  std::vector<Candidate> forms{{term, {}, {}, 0, {}}};
  for (std::size_t i = 1; i < loss.from.size(); ++i) {
    const Argument from{"from", std::string(name(loss.from[i]))};
    forms.push_back({spec::with_arguments(term, {from}), {}, {in_words(loss.from[i])}, 1, {}});
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
      const bool as_asked = asked && form.term.conventions.from == asked->conventions.from;
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
  if (question.asked) {
    found.push_back({*question.asked, {}, {}, 0, {}});
    add_confusable_losses(*question.asked, found);
    add_around(*question.asked, question.depth, found);
  }
  add_dialects(question.asked, question.asked ? 2 : 0, found);
  add_other_losses(question.asked, question.asked ? 3 : 0, found);
  std::ranges::stable_sort(found, {}, &Candidate::distance);
  return found;
}

}  // namespace losscalc::matching
