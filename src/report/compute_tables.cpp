#include "report/compute_tables.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

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
  if (!term.loss->from.empty()) text += " (from " + std::string(name(term.conventions.from)) + ")";
  return text;
}

}  // namespace

std::string Numbers::operator()(double value) const {
  return digits_ ? text::rounded(value, *digits_) : text::shortest(value);
}

std::vector<std::size_t> shown_samples(const Computation& computation,
                                       const ComputeFormat& format) {
  const std::vector<Row>& rows = computation.result.per_sample;
  std::vector<std::size_t> shown(rows.size());
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  if (!format.top) return shown;
  const auto precedes = [&rows](std::size_t a, std::size_t b) {
    const bool a_is_nan = std::isnan(rows[a].loss);
    const bool b_is_nan = std::isnan(rows[b].loss);
    if (a_is_nan != b_is_nan) return a_is_nan;
    if (!a_is_nan && rows[a].loss != rows[b].loss) return rows[a].loss > rows[b].loss;
    return a < b;
  };
  const std::size_t count = std::min(shown.size(), *format.top);
  std::partial_sort(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(count), shown.end(),
                    precedes);
  shown.resize(count);
  return shown;
}

bool shows_classes(const Computation& computation) {
  const Domain domain = computation.terms.front().loss->domain;
  return domain == Domain::classwise || domain == Domain::region;
}

std::optional<Reduction> common_reduction(const Computation& computation) {
  const Reduction first = computation.terms.front().conventions.reduction;
  const bool same = std::ranges::all_of(computation.terms, [first](const evaluation::Term& term) {
    return term.conventions.reduction == first;
  });
  return same ? std::optional(first) : std::nullopt;
}

std::string reduction_name(const Computation& computation) {
  const auto reduction = common_reduction(computation);
  return reduction ? std::string(name(*reduction)) : "mixed";
}

Table sample_table(const Computation& computation, const ComputeFormat& format) {
  const std::vector<Row>& rows = computation.result.per_sample;
  std::vector<std::size_t> positions = shown_samples(computation, format);
  const bool has_targets = std::ranges::any_of(
      positions, [&](std::size_t i) { return rows[i].target || rows[i].predicted; });
  Table table{.header = {"sample", "loss", "weight"}, .count = positions.size(), .row = {}};
  if (has_targets) table.header.insert(table.header.end(), {"target", "predicted"});
  if (computation.sample_key) table.header.emplace_back("key");
  table.row = [&computation, &rows, has_targets, number = Numbers(format.digits),
               positions = std::move(positions)](std::size_t i) {
    const Row& row = rows[positions[i]];
    Cells cells{std::to_string(row.index), number(row.loss), number(row.weight)};
    if (has_targets) {
      cells.push_back(shown(computation, number, row.target));
      cells.push_back(shown(computation, number, row.predicted));
    }
    if (computation.sample_key) cells.push_back(printable(computation.sample_key(row.index)));
    return cells;
  };
  return table;
}

Table class_table(const Computation& computation, const ComputeFormat& format) {
  const std::vector<Row>& rows = computation.result.per_class;
  return {.header = {"class", "units", "loss", "weight"},
          .count = rows.size(),
          .row = [&computation, &rows, number = Numbers(format.digits)](std::size_t i) {
            const Row& row = rows[i];
            return Cells{class_text(computation, static_cast<double>(row.index)),
                         std::to_string(row.units), row.units == 0 ? "" : number(row.loss),
                         number(row.weight)};
          }};
}

bool shows_array(const Computation& computation) {
  return gives_array(computation.terms.front().conventions);
}

Table unit_table(const Computation& computation, const ComputeFormat& format) {
  const evaluation::Report& result = computation.result;
  Table table{.header = {}, .count = result.losses.size(), .row = {}};
  for (std::size_t axis = 0; axis < result.shape.size(); ++axis)
    table.header.push_back("axis" + std::to_string(axis));
  table.header.emplace_back("loss");
  table.row = [&result, number = Numbers(format.digits)](std::size_t i) {
    Cells cells;
    for (const std::size_t index : multi_index(i, result.shape))
      cells.push_back(std::to_string(index));
    cells.push_back(number(result.losses[i]));
    return cells;
  };
  return table;
}

Table term_table(const Computation& computation, const ComputeFormat& format) {
  const Numbers number(format.digits);
  const bool mixed = !common_reduction(computation);
  Cells header{"coefficient", "value", "units", "term"};
  if (mixed) header.insert(header.end() - 1, "reduction");
  std::vector<Cells> rows;
  for (std::size_t k = 0; k < computation.terms.size(); ++k) {
    const evaluation::Term& term = computation.terms[k];
    Cells cells{number(term.coefficient), number(computation.result.terms[k].value),
                std::to_string(computation.result.terms[k].units)};
    if (mixed) cells.emplace_back(name(term.conventions.reduction));
    cells.push_back(term_text(term));
    rows.push_back(std::move(cells));
  }
  return table_of(std::move(header), std::move(rows));
}

}  // namespace losscalc::report
