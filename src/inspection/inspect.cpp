#include "inspection/inspect.h"

#include <algorithm>
#include <memory>

#include "diagnostics/error.h"
#include "io/column_names.h"
#include "io/format.h"
#include "io/pointer.h"
#include "text/phrases.h"

namespace losscalc::inspection {
namespace {

/// More arrays or columns are counted, and not looked at one by one.
constexpr std::size_t most_parts = 50;

std::string type_of(const io::Array& array, const io::Format& format) {
  if (array.type() == io::ElementType::text) return "words";
  return format.is_binary() ? std::string(io::name(array.type())) : "numbers";
}

Part part_of(const io::Array& array, std::string name, std::string reference,
             const io::Format& format) {
  Part part{.name = std::move(name),
            .reference = std::move(reference),
            .type = type_of(array, format),
            .shape = array.shape(),
            .statistics = statistics_of(array)};
  part.guess = guess_of(array, part.statistics);
  return part;
}

template <class Read>
Part part_or_problem(Read read, const std::string& name, const std::string& reference,
                     const io::Format& format) {
  try {
    return part_of(read(), name, reference, format);
  } catch (const Error& error) {
    return {.name = name, .reference = reference, .type = "", .problem = error.what()};
  }
}

/// A column by its name, or by its number where a name would not tell it.
std::string column_fragment(const std::vector<std::string>& names, std::size_t column) {
  const bool has_name = column < names.size() && !names[column].empty() &&
                        std::ranges::count(names, names[column]) == 1 &&
                        names[column].find_first_of(",;&*-%'\" ") == std::string::npos &&
                        names[column].find_first_not_of("0123456789") != std::string::npos;
  return "#col=" + (has_name ? names[column] : std::to_string(column + 1));
}

/// A column that names the samples is said to do so, whatever its numbers look like.
void mark_key(Inspection& inspection, const io::KeyColumn& key) {
  for (std::size_t column = 0; column < inspection.parts.size(); ++column) {
    Part& part = inspection.parts[column];
    if (part.name != key.name && std::to_string(column + 1) != key.name) continue;
    part.is_key = true;
    part.guess = {.text = std::string(key.certain ? "a key: " : "a key, perhaps: ") + key.why};
    return;
  }
}

void add_columns(Inspection& inspection, const io::ReadOptions& options, const io::Format& format) {
  const std::string& file = inspection.facts.file;
  const io::Reading table = io::read_array(file + "#col=1", options).reading();
  const std::size_t width = table.table_width;
  const std::vector<std::string>& names = table.table_names;
  for (std::size_t column = 0; column < std::min(width, most_parts); ++column) {
    const std::string name = column < names.size() ? names[column] : std::to_string(column + 1);
    const std::string number = file + "#col=" + std::to_string(column + 1);
    inspection.parts.push_back(part_or_problem([&] { return io::read_array(number, options); },
                                               name, file + column_fragment(names, column),
                                               format));
  }
  inspection.part_count = width;
  for (const io::KeyColumn& key : table.key_columns) mark_key(inspection, key);
  for (const io::KeyColumn& key : inspection.reading.key_columns) mark_key(inspection, key);
}

void add_arrays(Inspection& inspection, const io::Container& container, const io::Format& format) {
  const std::vector<std::string> names = container.names();
  for (std::size_t k = 0; k < std::min(names.size(), most_parts); ++k) {
    // Files of arrays take names as they are; JSON takes pointers.
    const std::string fragment =
        format.takes_columns ? "#" + names[k] : "#/" + io::pointer_part(names[k]);
    inspection.parts.push_back(part_or_problem([&] { return container.array(names[k]); }, names[k],
                                               inspection.facts.file + fragment, format));
  }
  inspection.part_count = names.size();
}

std::unique_ptr<io::Container> container_of(const std::string& reference,
                                            const io::ReadOptions& options) {
  try {
    return io::open_container(reference, options);
  } catch (const Error&) {
    return nullptr;  // the file holds one array without a name, or names are asked for in vain
  }
}

}  // namespace

Inspection inspect(const std::string& reference, const io::ReadOptions& options) {
  Inspection inspection{.facts = io::file_facts(reference, options)};
  const io::Format& format = *inspection.facts.format;
  try {
    const io::Array whole = io::read_array(reference, options);
    inspection.reading = whole.reading();
    inspection.whole = part_of(whole, "", reference, format);
    for (const io::KeyColumn& key : inspection.reading.key_columns) {
      if (!key.certain && !key.fragment.empty())
        inspection.whole->reference = inspection.facts.file + key.fragment;
    }
  } catch (const Error& error) {
    inspection.refusal = error.what();
    inspection.advice = error.hint();
  }
  if (!inspection.facts.fragment.empty()) return inspection;
  const bool is_table = format.takes_columns && !format.is_binary();
  if (is_table) {
    add_columns(inspection, options, format);
  } else if (const auto container = container_of(reference, options)) {
    add_arrays(inspection, *container, format);
  }
  for (const Part& part : inspection.parts) {
    if (io::names_input(part.name) || part.name == "pred")
      inspection.input_names.push_back(part.name);
  }
  return inspection;
}

}  // namespace losscalc::inspection
