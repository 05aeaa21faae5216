#include "commands/inputs/input_errors.h"

#include <algorithm>
#include <cctype>

#include "commands/inputs/class_names.h"
#include "diagnostics/error.h"
#include "numeric/shape.h"
#include "text/nearest.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

std::string how_to_give(const Role& role) {
  if (role.name == "pred") return "-p FILE";
  if (role.name == "target") return "-t FILE";
  return "-i " + std::string(role.name) + "=FILE";
}

}  // namespace

void throw_missing(const spec::Term& term, const Role& role, const Sources& sources) {
  std::string hint = "give it with " + how_to_give(role) + ", or by its name '" +
                     std::string(role.name) + "' in one JSON, NPZ or CSV file";
  const std::vector<std::string> names = sources.names();
  if (!names.empty()) hint += "; available inputs: " + text::joined(names);
  throw Error(ErrorCode::missing_argument,
              std::string(term.loss->description.name) + " needs the input '" +
                  std::string(role.name) + "': " + described(role),
              {}, hint);
}

void throw_unknown_input(const spec::Term& term, const Role& role, const std::string& word,
                         const Sources& sources) {
  std::string hint = text::did_you_mean(word, sources.names());
  const bool could_be_a_name = word.find_first_of("./#") == std::string::npos;
  if (could_be_a_name)
    hint += (hint.empty() ? "" : " ") + ("name an input with -i " + word + "=FILE");
  throw Error(ErrorCode::missing_argument,
              std::string(term.loss->description.name) + ": " + std::string(role.name) + "=" +
                  word + ": there is no input or file of this name",
              {}, hint);
}

void throw_unused(const std::string& name, const std::vector<spec::Term>& terms) {
  std::vector<std::string> roles;
  for (const spec::Term& term : terms) {
    for (const Role& role : term.loss->roles) {
      const bool known = std::ranges::find(roles, role.name) != roles.end();
      if (!known && !term.roles.contains(role.name)) roles.emplace_back(term.input_name(role.name));
    }
  }
  std::string hint = text::did_you_mean(name, roles);
  if (!roles.empty()) {
    hint += (hint.empty() ? "" : " ") + ("inputs that can be named: " + text::joined(roles));
  }
  throw Error(ErrorCode::conflicting_arguments, "the input '" + name + "' is used by no term", {},
              hint);
}

void check_may_be_words(const io::Array& array, const Role& role) {
  if (!role.differentiable && !role.optional) return;
  const std::string word = first_word(array);
  const bool looks_divided =
      word.find_first_of("0123456789") != std::string::npos && word.find(',') != std::string::npos;
  throw Error(ErrorCode::not_a_number,
              std::string(role.name) + " must be numbers, found " + text::quoted(word),
              array.place(0),
              looks_divided ? "#decimal=, behind the name of the file reads decimal commas; "
                              "thousands separators are not read"
                            : "");
}

void check_class_count(const spec::Term& term, const Shape& shape,
                       const std::vector<std::string>& class_names) {
  const Domain domain = term.loss->domain;
  if ((domain != Domain::classwise && domain != Domain::region) || shape.size() < 2) return;
  const auto axis = resolved_axis(term.conventions.class_axis, shape.size());
  if (!axis) return;
  const std::size_t classes = shape[*axis];
  if (classes == class_names.size()) return;
  throw Error(ErrorCode::bad_value, "--classes names " + std::to_string(class_names.size()) +
                                        " classes, the predictions have " +
                                        std::to_string(classes));
}

void check_class_order(const spec::Term& term, const io::Array& predictions,
                       const std::vector<std::string>& class_names) {
  const Domain domain = term.loss->domain;
  if (domain != Domain::classwise && domain != Domain::region) return;
  const std::vector<std::string> labels = class_labels(predictions.column_names());
  if (labels.size() != class_names.size() || labels == class_names) return;
  if (std::ranges::find_first_of(labels, class_names) == labels.end()) return;
  throw Error(
      ErrorCode::conflicting_arguments,
      "--classes says " + text::joined(class_names) + ", and the header " + text::joined(labels),
      predictions.place(), "leave --classes out to go by the header");
}

void check_sorted_classes(const spec::Term& term, const io::Array& words,
                          const std::vector<std::string>& class_names) {
  if (term.dialect == nullptr || !term.dialect->sorts_classes) return;
  if (std::ranges::is_sorted(class_names)) return;
  std::vector<std::string> sorted = class_names;
  std::ranges::sort(sorted);
  throw Error(
      ErrorCode::conflicting_arguments,
      term.written_as + " takes the columns for " + text::joined(sorted) +
          ", whatever their names are, and they are " + text::joined(class_names),
      words.place(),
      "for the loss by the names of the columns, -l cross-entropy; for the library's number, "
      "predictions without names, as in '#header=no&row=2-*', and --classes " +
          text::joined(sorted, ","));
}

void check_box_names(const spec::Term& term, const io::Array& boxes) {
  if (term.loss->domain != Domain::box || boxes.column_names().size() != 4) return;
  std::vector<std::string> names = boxes.column_names();
  for (std::string& name : names) {
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  const auto has = [&](std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  const bool has_size = (has("w") && has("h")) || (has("width") && has("height"));
  if (has_size && term.conventions.boxes == BoxFormat::xyxy) {
    throw Error(ErrorCode::conflicting_arguments,
                "the columns are named " + text::joined(boxes.column_names()) +
                    ", and boxes are read as corners (xyxy)",
                boxes.place(),
                "--boxes xywh (corner and size) or --boxes cxcywh (centre and size)");
  }
  const bool has_corners = has("xmin") && has("ymin") && has("xmax") && has("ymax");
  const std::vector<std::string> expected{"xmin", "ymin", "xmax", "ymax"};
  if (!has_corners || names == expected || !boxes.reading().is_whole) return;
  throw Error(ErrorCode::conflicting_arguments,
              "the columns are named " + text::joined(boxes.column_names()) +
                  ", and corners are read as xmin, ymin, xmax, ymax",
              boxes.place(),
              "name them in that order: '" + boxes.place().file + "#col=xmin,ymin,xmax,ymax'");
}

}  // namespace losscalc::commands
