#include "report/compute_tables.h"

#include <algorithm>
#include <cmath>

#include "report/diagnostics.h"
#include "text/number.h"

namespace losscalc::report {
namespace {

using evaluation::Row;

/// A class by name where classes have names, else by index.
std::string class_text(const Computation& computation, double index) {
  const auto& names = computation.class_names;
  if (index >= 0.0 && index < static_cast<double>(names.size()) && index == std::floor(index)) {
    return printable(names[static_cast<std::size_t>(index)]);
  }
  return text::shortest(index);
}

std::string shown(const Computation& computation, const Numbers& number,
                  const std::optional<double>& value) {
  if (!value) return "";
  return shows_classes(computation) ? class_text(computation, *value) : number(*value);
}

std::string term_text(const evaluation::Term& term) {
  std::string text(term.loss->description.name);
  if (!term.loss->from.empty()) text += " (from " + std::string(name(term.choices.from)) + ")";
  return text;
}

}  // namespace

std::string Numbers::operator()(double value) const {
  return digits_ ? text::rounded(value, *digits_) : text::shortest(value);
}

std::vector<Row> shown_samples(const Computation& computation, const ComputeFormat& format) {
  std::vector<Row> rows = computation.result.per_sample;
  if (!format.top) return rows;
  const auto precedes = [](const Row& a, const Row& b) {
    if (std::isnan(a.loss) || std::isnan(b.loss)) return std::isnan(a.loss) && !std::isnan(b.loss);
    return a.loss > b.loss;
  };
  std::ranges::stable_sort(rows, precedes);
  rows.resize(std::min(rows.size(), *format.top));
  return rows;
}

bool shows_classes(const Computation& computation) {
  const Domain domain = computation.terms.front().loss->domain;
  return domain == Domain::classwise || domain == Domain::region;
}

std::optional<Reduction> common_reduction(const Computation& computation) {
  const Reduction first = computation.terms.front().choices.reduction;
  const bool same = std::ranges::all_of(computation.terms, [first](const evaluation::Term& term) {
    return term.choices.reduction == first;
  });
  return same ? std::optional(first) : std::nullopt;
}

std::string reduction_name(const Computation& computation) {
  const auto reduction = common_reduction(computation);
  return reduction ? std::string(name(*reduction)) : "mixed";
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

Table term_table(const Computation& computation, const ComputeFormat& format) {
  const Numbers number(format.digits);
  const bool mixed = !common_reduction(computation);
  Table table{.header = {"coefficient", "value", "units", "term"}, .rows = {}};
  if (mixed) table.header.insert(table.header.end() - 1, "reduction");
  for (std::size_t k = 0; k < computation.terms.size(); ++k) {
    const evaluation::Term& term = computation.terms[k];
    Cells cells{number(term.coefficient), number(computation.result.terms[k].value),
                std::to_string(computation.result.terms[k].units)};
    if (mixed) cells.emplace_back(name(term.choices.reduction));
    cells.push_back(term_text(term));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace losscalc::report
