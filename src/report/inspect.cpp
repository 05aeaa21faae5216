#include "report/inspect.h"

#include "io/format.h"
#include "report/diagnostics.h"
#include "report/json_document.h"
#include "report/table.h"
#include "text/nearest.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::report {
namespace {

using inspection::Inspection;
using inspection::Part;

std::string range_text(const Part& part) {
  const std::optional<double>& smallest = part.statistics.smallest;
  const std::optional<double>& largest = part.statistics.largest;
  if (!smallest) return "";
  return text::rounded(*smallest, 6) + " to " + text::rounded(*largest, 6);
}

std::string guess_text(const Part& part) {
  if (!part.problem.empty()) return "not read: " + printable(part.problem);
  std::string text = part.guess.text;
  if (!part.guess.options.empty()) text += " (" + part.guess.options + ")";
  return printable(text);
}

/// What to type: the role that it looks like and the reference.
std::string given_as(const Part& part) {
  if (!part.problem.empty() || part.is_key) return "";
  return (part.guess.is_target ? "-t " : "-p ") + text::shell_word(part.reference);
}

std::string facts_text(const Inspection& file) {
  std::string text = printable(file.facts.file) + ": " + std::string(file.facts.format->name);
  if (!file.facts.compression.empty()) text += " in " + file.facts.compression;
  return text + ", " + text::counted(file.facts.bytes, "byte") + "\n";
}

void append_line(std::string& text, const std::string& label, const std::string& content) {
  constexpr std::size_t width = 10;
  text += "  " + label + std::string(width - std::min(width, label.size()), ' ') + content + "\n";
}

/// Whether the file holds predictions and targets by their names.
bool is_whole_by_name(const Inspection& file) { return file.input_names.size() > 1; }

std::string whole_text(const Inspection& file) {
  std::string text;
  if (file.whole) {
    const Part& whole = *file.whole;
    append_line(text, "read as",
                whole.type + " " + to_string(whole.shape) + ": " + guess_text(whole));
    append_line(text, "give it", given_as(whole));
  } else if (!file.refusal.empty() && !is_whole_by_name(file)) {
    append_line(text, "refused", printable(file.refusal));
    if (!file.advice.empty()) append_line(text, "hint", printable(file.advice));
  }
  if (is_whole_by_name(file))
    append_line(
        text, "by name",
        printable(text::joined(file.input_names)) + ": give the file alone, without -p and -t");
  const io::Reading& reading = file.reading;
  if (file.facts.format->takes_columns && !file.facts.format->is_binary() && file.whole)
    append_line(text, "header", reading.has_header ? "the first row" : "none");
  if (!reading.header_doubt.empty()) append_line(text, "header?", printable(reading.header_doubt));
  for (const io::KeyColumn& key : reading.key_columns) {
    if (!key.certain)
      append_line(text, "key?",
                  "column " + printable(text::quoted(key.name)) + ": " + key.why + "; --id " +
                      text::shell_word(printable(key.name)));
  }
  for (const io::LeftOut& left : reading.left_out)
    append_line(text, "left out", printable(left.what) + ": " + left.why);
  for (const std::string& note : reading.notes) append_line(text, "note", printable(note));
  return text;
}

Table part_table(const Inspection& file) {
  std::vector<Cells> rows;
  for (const Part& part : file.parts) {
    rows.push_back({printable(part.name), part.type,
                    part.problem.empty() ? to_string(part.shape) : "", range_text(part),
                    std::to_string(part.statistics.nans), guess_text(part), given_as(part)});
  }
  return table_of({"name", "type", "shape", "range", "NaN", "what it looks like", "give it as"},
                  std::move(rows));
}

Json json_part(const Part& part) {
  Json entry{{"name", part.name}, {"reference", part.reference}};
  if (!part.problem.empty()) {
    entry["problem"] = part.problem;
    return entry;
  }
  const inspection::Statistics& statistics = part.statistics;
  entry["type"] = part.type;
  entry["shape"] = part.shape;
  entry["smallest"] = statistics.smallest ? json_number(*statistics.smallest) : Json(nullptr);
  entry["largest"] = statistics.largest ? json_number(*statistics.largest) : Json(nullptr);
  entry["nan"] = statistics.nans;
  entry["infinite"] = statistics.infinities;
  entry["looks_like"] = part.guess.text;
  entry["options"] = part.guess.options;
  entry["role"] = part.guess.is_target ? "target" : "pred";
  return entry;
}

Json json_file(const Inspection& file) {
  Json entry{{"file", file.facts.file},
             {"format", file.facts.format->name},
             {"compression", file.facts.compression},
             {"bytes", file.facts.bytes}};
  entry["whole"] = file.whole ? json_part(*file.whole) : Json(nullptr);
  entry["refusal"] = file.refusal;
  entry["hint"] = file.advice;
  entry["header"] = file.reading.has_header;
  entry["header_doubt"] = file.reading.header_doubt;
  entry["key_columns"] = Json::array();
  for (const io::KeyColumn& key : file.reading.key_columns)
    entry["key_columns"].push_back(
        Json{{"name", key.name}, {"why", key.why}, {"certain", key.certain}});
  entry["left_out"] = Json::array();
  for (const io::LeftOut& left : file.reading.left_out)
    entry["left_out"].push_back(Json{{"what", left.what}, {"why", left.why}});
  entry["notes"] = file.reading.notes;
  entry["input_names"] = file.input_names;
  entry["part_count"] = file.part_count;
  entry["parts"] = Json::array();
  for (const Part& part : file.parts) entry["parts"].push_back(json_part(part));
  return entry;
}

}  // namespace

std::string inspect_text(const std::vector<Inspection>& files) {
  std::string text;
  for (const Inspection& file : files) {
    if (!text.empty()) text += "\n";
    text += facts_text(file) + whole_text(file);
    if (file.parts.empty()) continue;
    text += "\n" + aligned(part_table(file));
    if (file.part_count > file.parts.size())
      text += "... " + std::to_string(file.part_count) + " in all\n";
  }
  return text;
}

std::string inspect_json(const std::vector<Inspection>& files) {
  JsonDocument document;
  document.add("schema", "losscalc.inspect/1");
  document.add("version", LOSSCALC_VERSION);
  document.add_rows("files", files.size(), [&](std::size_t k) { return json_file(files[k]); });
  return document.text();
}

}  // namespace losscalc::report
