#include "report/compute.h"

#include <algorithm>
#include <cmath>

#include "report/json_value.h"
#include "report/table.h"
#include "text/nearest.h"
#include "text/number.h"

namespace losscalc::report {
namespace {

using evaluation::Row;

class Numbers {
 public:
  explicit Numbers(std::optional<int> digits) : digits_(digits) {}
  std::string operator()(double value) const {
    return digits_ ? text::rounded(value, *digits_) : text::shortest(value);
  }

 private:
  std::optional<int> digits_;
};

/// Rows in the order in which they are shown: all by index, or the largest losses first (NaN before
/// all).
std::vector<Row> shown_samples(const Computation& computation, const ComputeFormat& format) {
  std::vector<Row> rows = computation.result.per_sample;
  if (!format.top) return rows;
  const auto rank = [](const Row& row) { return std::isnan(row.loss) ? HUGE_VAL : row.loss; };
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) { return rank(a) > rank(b); });
  rows.resize(std::min(rows.size(), *format.top));
  return rows;
}

/// A class by name where classes have names, else by index.
std::string class_text(const Computation& computation, double index) {
  const auto& names = computation.class_names;
  if (index >= 0.0 && index < static_cast<double>(names.size()) && index == std::floor(index)) {
    return names[static_cast<std::size_t>(index)];
  }
  return text::shortest(index);
}

bool shows_classes(const Computation& computation) {
  const Domain domain = computation.terms.front().loss->domain;
  return domain == Domain::classwise || domain == Domain::region;
}

std::string shown(const Computation& computation, const Numbers& number,
                  const std::optional<double>& value) {
  if (!value) return "";
  return shows_classes(computation) ? class_text(computation, *value) : number(*value);
}

Table sample_table(const Computation& computation, const ComputeFormat& format) {
  const Numbers number(format.digits);
  const std::vector<Row> rows = shown_samples(computation, format);
  const bool has_targets =
      std::ranges::any_of(rows, [](const Row& row) { return row.target || row.predicted; });
  Table table{.header = {"sample", "loss", "weight"}, .rows = {}};
  if (has_targets) table.header.insert(table.header.end(), {"target", "predicted"});
  for (const Row& row : rows) {
    Cells cells{std::to_string(row.index), number(row.loss), number(row.weight)};
    if (has_targets) {
      cells.push_back(shown(computation, number, row.target));
      cells.push_back(shown(computation, number, row.predicted));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

Table class_table(const Computation& computation, const ComputeFormat& format) {
  const Numbers number(format.digits);
  Table table{.header = {"class", "units", "loss", "weight"}, .rows = {}};
  for (const Row& row : computation.result.per_class) {
    table.rows.push_back({class_text(computation, static_cast<double>(row.index)),
                          std::to_string(row.units), row.units == 0 ? "" : number(row.loss),
                          number(row.weight)});
  }
  return table;
}

Reduction reduction_of(const Computation& computation) {
  return computation.terms.front().choices.reduction;
}

std::string reduction_text(Reduction reduction) {
  switch (reduction) {
    case Reduction::none: return "none: the loss of each unit; the value is their sum";
    case Reduction::sum: return "sum of w l";
    case Reduction::mean: return "mean: sum of w l / sum of w";
    case Reduction::count_mean: return "count-mean: sum of w l / units";
    case Reduction::batchmean: return "batchmean: sum of w l / samples";
  }
  return "";
}

/// What the predictions were taken for, in words.
std::string from_text(const evaluation::Term& term) {
  const Choices& choices = term.choices;
  std::string text(name(choices.from));
  const bool has_link = choices.from == From::logits;
  if (has_link) {
    const bool sigmoid = term.loss->domain == Domain::elementwise || choices.link == Link::sigmoid;
    text += sigmoid ? ", through sigmoid" : ", through softmax";
  }
  if (choices.from == From::probs && term.loss->domain != Domain::region) {
    text += ", clipped to [eps, 1 - eps] with eps = " + text::shortest(choices.clip_epsilon);
  }
  return text;
}

void append_facts(const Computation& computation, const ComputeFormat& format,
                  std::vector<Cells>& facts) {
  const Numbers number(format.digits);
  const evaluation::Report& result = computation.result;
  facts.push_back({"loss", computation.specification});
  facts.push_back({"value", number(result.value)});
  const bool averaged = std::ranges::any_of(computation.terms, [](const evaluation::Term& term) {
    return term.loss->domain != Domain::parameters;
  });
  if (averaged) {
    facts.push_back({"reduction", reduction_text(reduction_of(computation))});
    facts.push_back({"samples", std::to_string(result.samples)});
  }
  if (result.terms.size() > 1) return;
  const evaluation::TermReport& term = result.terms.front();
  facts.push_back({averaged ? "units" : "weights", std::to_string(term.units)});
  if (term.ignored > 0) facts.push_back({"ignored", std::to_string(term.ignored)});
  if (term.weight != static_cast<double>(term.units))
    facts.push_back({"sum of w", number(term.weight)});
  if (!computation.terms.front().loss->from.empty())
    facts.push_back({"from", from_text(computation.terms.front())});
  if (!computation.weights_used.empty())
    facts.push_back({"with", text::joined(computation.weights_used)});
}

/// Labels and what follows them, both aligned to the left.
std::string facts_text(const std::vector<Cells>& facts) {
  std::size_t width = 0;
  for (const Cells& fact : facts) width = std::max(width, fact[0].size());
  std::string text;
  for (const Cells& fact : facts)
    text += fact[0] + std::string(width - fact[0].size() + 2, ' ') + fact[1] + "\n";
  return text;
}

std::string term_text(const evaluation::Term& term) {
  std::string text(term.loss->description.name);
  if (!term.loss->from.empty()) text += " (from " + std::string(name(term.choices.from)) + ")";
  return text;
}

Table term_table(const Computation& computation, const ComputeFormat& format) {
  const Numbers number(format.digits);
  Table table{.header = {"coefficient", "value", "units", "term"}, .rows = {}};
  for (std::size_t k = 0; k < computation.terms.size(); ++k) {
    table.rows.push_back(
        {number(computation.terms[k].coefficient), number(computation.result.terms[k].value),
         std::to_string(computation.result.terms[k].units), term_text(computation.terms[k])});
  }
  return table;
}

Table unit_table(const Computation& computation, const ComputeFormat& format) {
  const Numbers number(format.digits);
  const evaluation::Shape& shape = computation.result.shape;
  Table table;
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    table.header.push_back("axis" + std::to_string(axis));
  table.header.emplace_back("loss");
  for (std::size_t i = 0; i < computation.result.losses.size(); ++i) {
    Cells cells;
    for (const std::size_t index : evaluation::multi_index(i, shape))
      cells.push_back(std::to_string(index));
    cells.push_back(number(computation.result.losses[i]));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

bool is_unreduced(const Computation& computation) {
  return reduction_of(computation) == Reduction::none;
}

Json nested(const std::vector<double>& values, const evaluation::Shape& shape, std::size_t axis,
            std::size_t& next) {
  if (axis == shape.size()) return json_number(values[next++]);
  Json array = Json::array();
  for (std::size_t i = 0; i < shape[axis]; ++i)
    array.push_back(nested(values, shape, axis + 1, next));
  return array;
}

Json json_parameters(const evaluation::Term& term) {
  Json parameters = Json::object();
  for (const Argument& argument : term.loss->effective(term.parameters)) {
    parameters[argument.name] = json_value(argument.value);
  }
  for (const ChoiceRow* row : choices_of(*term.loss)) {
    parameters[std::string(row->parameter.info.name)] =
        json_value(row->parameter.get(term.choices));
  }
  return parameters;
}

Json json_terms(const Computation& computation) {
  Json terms = Json::array();
  for (std::size_t k = 0; k < computation.terms.size(); ++k) {
    const evaluation::Term& term = computation.terms[k];
    terms.push_back({{"loss", term.loss->description.name},
                     {"coefficient", json_number(term.coefficient)},
                     {"value", json_number(computation.result.terms[k].value)},
                     {"parameters", json_parameters(term)},
                     {"units", computation.result.terms[k].units},
                     {"ignored", computation.result.terms[k].ignored}});
  }
  return terms;
}

/// An index as an integer where classes are meant, else the number.
Json json_shown(const Computation& computation, const std::optional<double>& value) {
  if (!value) return nullptr;
  const bool integral = shows_classes(computation) && *value == std::floor(*value);
  return integral ? Json(static_cast<std::int64_t>(*value)) : json_number(*value);
}

Json json_samples(const Computation& computation, const ComputeFormat& format) {
  Json rows = Json::array();
  for (const Row& row : shown_samples(computation, format)) {
    Json entry{{"sample", row.index},
               {"loss", json_number(row.loss)},
               {"weight", json_number(row.weight)}};
    if (row.target || row.predicted) {
      entry["target"] = json_shown(computation, row.target);
      entry["predicted"] = json_shown(computation, row.predicted);
    }
    rows.push_back(std::move(entry));
  }
  return rows;
}

Json json_classes(const Computation& computation) {
  Json rows = Json::array();
  for (const Row& row : computation.result.per_class) {
    Json entry{{"class", row.index},
               {"units", row.units},
               {"loss", row.units == 0 ? Json(nullptr) : json_number(row.loss)},
               {"weight", json_number(row.weight)}};
    if (row.index < computation.class_names.size())
      entry["name"] = computation.class_names[row.index];
    rows.push_back(std::move(entry));
  }
  return rows;
}

}  // namespace

std::string compute_text(const Computation& computation, const ComputeFormat& format) {
  std::vector<Cells> facts;
  append_facts(computation, format, facts);
  std::string text = facts_text(facts);
  if (computation.terms.size() > 1) text += "\n" + aligned(term_table(computation, format));
  if (is_unreduced(computation)) text += "\n" + aligned(unit_table(computation, format));
  if (format.per_sample) text += "\n" + aligned(sample_table(computation, format));
  if (format.per_class) text += "\n" + aligned(class_table(computation, format));
  return text;
}

std::string compute_json(const Computation& computation, const ComputeFormat& format) {
  const evaluation::Report& result = computation.result;
  Json document{{"schema", "losscalc.compute/1"},
                {"version", LOSSCALC_VERSION},
                {"loss", computation.specification}};
  std::size_t next = 0;
  document["value"] = is_unreduced(computation) ? nested(result.losses, result.shape, 0, next)
                                                : json_number(result.value);
  document["reduction"] = name(reduction_of(computation));
  document["samples"] = result.samples;
  document["units"] = result.units;
  document["weight"] = json_number(result.weight);
  document["terms"] = json_terms(computation);
  if (format.per_sample) document["per_sample"] = json_samples(computation, format);
  if (format.per_class) document["per_class"] = json_classes(computation);
  document["warnings"] = Json::array();
  for (const Warning& warning : result.warnings) {
    document["warnings"].push_back({{"code", warning.code}, {"message", warning.message}});
  }
  return printed(document, true) + "\n";
}

std::string compute_csv(const Computation& computation, const ComputeFormat& format) {
  if (format.per_sample) return csv(sample_table(computation, format));
  if (format.per_class) return csv(class_table(computation, format));
  if (is_unreduced(computation)) return csv(unit_table(computation, format));
  const Numbers number(format.digits);
  const evaluation::Report& result = computation.result;
  return csv(
      {.header = {"loss", "value", "reduction", "samples", "units", "weight"},
       .rows = {{computation.specification, number(result.value),
                 std::string(name(reduction_of(computation))), std::to_string(result.samples),
                 std::to_string(result.units), number(result.weight)}}});
}

}  // namespace losscalc::report
