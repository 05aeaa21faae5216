#include "commands/inputs/bind.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "commands/inputs/adapt.h"
#include "commands/inputs/class_names.h"
#include "commands/inputs/input_errors.h"
#include "commands/inputs/labels.h"
#include "commands/inputs/pairing.h"
#include "commands/inputs/settle.h"
#include "commands/inputs/sources.h"
#include "commands/options/rows.h"
#include "diagnostics/error.h"
#include "io/gather.h"
#include "text/nearest.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

bool may_be_missing(const spec::Term& term, const Role& role) {
  return role.name == "target" && term.conventions.without_target == WithoutTarget::zero;
}

bool names_file(const std::string& word) {
  std::error_code ignored;
  return word == "-" || word.starts_with("-#") || std::filesystem::exists(word, ignored) ||
         std::filesystem::exists(word.substr(0, word.find('#')), ignored);
}

std::optional<std::int64_t> label_base_of(const ParsedOptions& options) {
  const auto given = options.value(option::label_base);
  if (!given) return std::nullopt;
  const auto number = text::parse_integer(*given);
  if (!number) {
    throw Error(ErrorCode::bad_value, "--label-base must be an integer, found '" + *given + "'");
  }
  return number;
}

/// Whether a target holds an index of a class for each position of the predictions.
bool holds_class_indices(const evaluation::Term& term, const io::Array& target) {
  const Domain domain = term.loss->domain;
  if (domain != Domain::classwise && domain != Domain::region) return false;
  if (term.conventions.target_kind == TargetKind::index) return true;
  if (term.conventions.target_kind == TargetKind::onehot) return false;
  const auto pred = term.inputs.find("pred");
  return pred != term.inputs.end() && !pred->second.empty() &&
         pred->second.front().shape != target.shape();
}

/// Whether some loss has an input of this name.
bool names_role(const std::string& name) {
  return std::ranges::any_of(all_losses(), [&](const Loss* loss) {
    return std::ranges::any_of(loss->roles, [&](const Role& role) { return role.name == name; });
  });
}

/// Whether the first axis of a role's array is that of the samples.
bool has_samples(const Role& role) {
  return !role.repeated && role.name != "class_weight" && role.name != "pos_weight";
}

/// Gives the terms their arrays, one role after another.
class Binder {
 public:
  Binder(Sources& sources, const ParsedOptions& options)
      : sources_(sources), label_base_(label_base_of(options)) {
    sources_.begin_terms();
    if (const auto classes = options.value(option::classes)) given_classes_ = class_list(*classes);
  }

  BoundTerms bind(const std::vector<spec::Term>& terms) {
    for (const spec::Term& term : terms) bind_term(with_variables(chosen(term)));
    const std::vector<std::string> unused = sources_.unused();
    if (!unused.empty()) throw_unused(unused.front(), terms);
    warn_of_unused(terms);
    std::ranges::sort(bound_.weights_used);
    const auto repeated = std::unique(bound_.weights_used.begin(), bound_.weights_used.end());
    bound_.weights_used.erase(repeated, bound_.weights_used.end());
    return std::move(bound_);
  }

 private:
  /// An array with what tells it from others: the source that it was taken from.
  struct Found {
    const io::Array* array = nullptr;         ///< of the sources
    std::optional<evaluation::Data> numbers;  ///< of a list in a specification, which has no array
    std::string source;
    std::string name;
    std::vector<std::string> files = {};

    const Shape& shape() const { return array != nullptr ? array->shape() : numbers->shape; }
  };

  /// The term as it is for the number of axes of its predictions.
  const spec::Term& chosen(const spec::Term& term) {
    const Role* role = find_role(*term.loss, "pred");
    if (term.dialect == nullptr || role == nullptr) return term;
    const std::vector<Found> found = arrays_of(with_variables(term), *role);
    return found.empty() ? term : term.for_rank(found.front().shape().size());
  }

  void bind_term(const spec::Term& term) {
    const std::size_t k = bound_.terms.size();
    class_names_ = given_classes_;
    std::map<std::string, std::vector<Found>> arrays;
    for (const Role& role : term.loss->roles) {
      const std::string role_name(role.name);
      std::vector<Found>& found = arrays[role_name];
      found = arrays_of(term, role);
      if (found.size() > 1 && !role.repeated) {
        throw Error(ErrorCode::conflicting_arguments, "input '" + role_name + "' is given " +
                                                          std::to_string(found.size()) + " times");
      }
      if (role_name == "pred" && !found.empty()) take_class_names(term, found.front());
    }
    settle(term, arrays);
    evaluation::Term evaluated{term, {}};
    for (const Role& role : term.loss->roles) {
      const std::string role_name(role.name);
      std::vector<std::string>& names = bound_.names[{k, role_name}];
      for (const Found& array : arrays[role_name]) {
        names.push_back(distinct_name(array));
        if (array.array != nullptr) check_names(term, role, *array.array);
        evaluated.inputs[role_name].push_back(
            array.numbers ? *array.numbers : taken(array, names.back(), evaluated, role));
        if (array.name == sources_.alias(role_name) && array.name != term.input_name(role_name))
          add_input_note(names.back(), array).notes.push_back("it is taken as " + role_name);
      }
    }
    if (k == 0) bound_.class_names = class_names_;
    bound_.terms.push_back(std::move(evaluated));
    bound_.specified.push_back(term);
  }

  /// Names in the files that the term contradicts.
  void check_names(const spec::Term& term, const Role& role, const io::Array& array) const {
    check_box_names(term, array);
    if (role.name == "target" && array.type() == io::ElementType::text)
      check_sorted_classes(term, array, class_names_);
  }

  /// What a file of inputs holds by the name of an input may have been meant to take part, if the
  /// terms don't say by themselves which arrays are theirs.
  void warn_of_unused(const std::vector<spec::Term>& terms) {
    const auto names_inputs = [](const spec::Term& term) { return !term.roles.empty(); };
    if (std::ranges::any_of(terms, names_inputs)) return;
    std::vector<std::string> names = sources_.unused_in_container();
    std::erase_if(names, [](const std::string& name) { return !names_role(name); });
    if (names.empty()) return;
    const bool one = names.size() == 1;
    bound_.warnings.push_back(
        {"unused-input", text::listed(names) + (one ? " is" : " are") +
                             " in the file of inputs and used by no term of the loss"});
  }

  /// Predictions whose columns have names name the classes of their term.
  void take_class_names(const spec::Term& term, const Found& found) {
    if (!given_classes_.empty()) {
      check_class_count(term, found.shape(), given_classes_);
      if (found.array != nullptr) check_class_order(term, *found.array, given_classes_);
    } else if (found.array != nullptr && found.array->column_names().size() > 1) {
      class_names_ = class_labels(found.array->column_names());
    }
  }

  void settle(const spec::Term& term, std::map<std::string, std::vector<Found>>& arrays) {
    std::vector<InputArray> inputs;
    std::vector<Found*> places;
    for (const Role& role : term.loss->roles) {
      for (Found& found : arrays[std::string(role.name)]) {
        if (found.array == nullptr) continue;
        inputs.push_back({.role = std::string(role.name),
                          .array = found.array,
                          .files = found.files,
                          .has_samples = has_samples(role)});
        places.push_back(&found);
      }
    }
    const std::vector<InputArray> result = settled(std::move(inputs), sources_);
    for (std::size_t i = 0; i < result.size(); ++i) places[i]->array = result[i].array;
  }

  report::InputNote& add_input_note(const std::string& name, const Found& found) {
    const auto known = std::ranges::find(bound_.inputs, name, &report::InputNote::name);
    if (known != bound_.inputs.end()) return *known;
    const io::Reading& reading = found.array->reading();
    report::InputNote note{
        .name = name, .files = found.files, .columns = reading.columns, .notes = reading.notes};
    if (!reading.header_doubt.empty()) note.notes.push_back(reading.header_doubt);
    for (const io::LeftOut& left : reading.left_out)
      note.left_out.emplace_back(left.what, left.why);
    bound_.inputs.push_back(std::move(note));
    if (found.array->keys() != nullptr && bound_.sample_keys == nullptr && found.name == "pred")
      bound_.sample_keys = found.array->keys();
    return bound_.inputs.back();
  }

  std::vector<Found> arrays_of(const spec::Term& term, const Role& role) {
    const std::string role_name(role.name);
    std::vector<Found> found;
    if (const auto given = term.roles.find(role_name); given != term.roles.end()) {
      for (const spec::ArrayReference& reference : given->second)
        append_reference(term, role, reference, found);
      if (role.optional) bound_.weights_used.push_back(role_name);
    } else if (const std::string name = name_in_sources(term, role); !name.empty()) {
      append_named(name, role, found);
      if (role.optional) bound_.weights_used.push_back(name + " from " + sources_.origin(name));
    } else if (!role.optional && !may_be_missing(term, role)) {
      throw_missing(term, role, sources_);
    }
    return found;
  }

  /// Our name of a role, or that of the library as whose loss the term was written, or one that
  /// programs give to it.
  std::string name_in_sources(const spec::Term& term, const Role& role) const {
    for (const std::string_view name : {role.name, term.input_name(role.name)}) {
      if (sources_.has(std::string(name))) return std::string(name);
    }
    return sources_.alias(std::string(role.name));
  }

  /// The names of variables that are names of inputs become those of its roles.
  spec::Term with_variables(spec::Term term) const {
    for (const auto& [role, variable] : term.variables) {
      if (sources_.has(variable)) term.roles[role] = {{variable}};
    }
    return term;
  }

  void append_named(const std::string& name, const Role& role, std::vector<Found>& found) {
    const std::vector<std::string> files = sources_.files_of(name);
    if (!role.repeated) {
      const io::Array& array = sources_.concatenated(name, class_names_);
      found.push_back({&array, std::nullopt, "input " + name, name, files});
      return;
    }
    const std::vector<io::Array>& arrays = sources_.named(name, class_names_);
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      const bool several = arrays.size() > 1;
      const std::string numbered = several ? name + std::to_string(i) : name;
      std::string source = several ? "one of several inputs " : "input ";
      source += numbered;
      found.push_back({&arrays[i], std::nullopt, std::move(source), numbered, files});
    }
  }

  void append_reference(const spec::Term& term, const Role& role,
                        const spec::ArrayReference& reference, std::vector<Found>& found) {
    const std::string role_name(role.name);
    if (const auto* numbers = std::get_if<std::vector<double>>(&reference.source)) {
      const std::string label = role_name + "=" + losscalc::to_string(ParameterValue(*numbers));
      const std::string source = "term " + std::to_string(bound_.terms.size()) + " " + role_name;
      found.push_back(
          {nullptr, evaluation::in_memory(*numbers, {numbers->size()}, label), source, role_name});
      return;
    }
    const std::string& word = std::get<std::string>(reference.source);
    if (sources_.has(word)) {
      append_named(word, role, found);
    } else if (names_file(word)) {
      found.push_back(
          {&sources_.file(word, class_names_), std::nullopt, "file " + word, role_name, {word}});
    } else {
      throw_unknown_input(term, role, word, sources_);
    }
  }

  /// Weights of classes in the order of the classes, where a column of the file names these.
  const io::Array& by_classes(const io::Array& array, const Role& role) {
    for (const io::KeyColumn& key : array.reading().key_columns) {
      const io::Array names(class_names_, {class_names_.size()},
                            [&array](std::span<const std::size_t>) { return array.place(); });
      const bool may_match = !class_names_.empty() && key.words->size() == class_names_.size();
      const KeyMatch match =
          may_match ? match_keys(names, *key.words) : KeyMatch{.positions = {}, .missing = 1};
      if (match.is_whole()) {
        return sources_.derived("classes " +
                                    std::to_string(reinterpret_cast<std::uintptr_t>(&array)) +
                                    text::joined(class_names_, "\n"),
                                [&] {
                                  io::Array ordered = io::gathered(array, match.positions);
                                  ordered.add_note("weights are matched with the classes by name");
                                  return ordered;
                                });
      }
      if (key.certain || key.fragment.empty()) continue;
      throw Error(ErrorCode::malformed_csv,
                  "column " + text::quoted(key.name) + " of " + std::string(role.name) +
                      " names no classes of the predictions",
                  array.place(),
                  "if the rows are in the order of the classes: '" + array.place().file +
                      key.fragment + "'");
    }
    return array;
  }

  evaluation::Data taken(const Found& found, const std::string& name, const evaluation::Term& term,
                         const Role& role) {
    const io::Array& array = *found.array;
    report::InputNote& note = add_input_note(name, found);
    const io::Array* labels = role.name == "class_weight" ? &by_classes(array, role) : &array;
    if (array.type() == io::ElementType::text) {
      check_may_be_words(array, role);
      labels = &sources_.derived(label_key(term, array),
                                 [&] { return class_indices(array, class_names_); });
    } else if (role.name == "target" && holds_class_indices(term, array)) {
      const LabelReading reading{.class_names = class_names_,
                                 .base = label_base_,
                                 .ignored = term.conventions.ignore_index};
      labels = &sources_.derived(label_key(term, array),
                                 [&] { return class_labels_as_indices(array, reading); });
    }
    for (const std::string& text : labels->reading().notes) {
      if (std::ranges::find(note.notes, text) == note.notes.end()) note.notes.push_back(text);
    }
    return sources_.adapted(*labels, {}, [&] { return adapted(*labels); });
  }

  /// The array's name, with a number if another array has it already.
  std::string distinct_name(const Found& array) {
    std::string name = array.name;
    for (std::size_t number = 2;; ++number) {
      const auto [known, added] = source_of_.emplace(name, array.source);
      if (added || known->second == array.source) return name;
      name = array.name + "_" + std::to_string(number);
    }
  }

  /// Names what is made of an array's labels under the classes of the term at hand.
  std::string label_key(const evaluation::Term& term, const io::Array& array) const {
    std::string key = "labels " + std::to_string(reinterpret_cast<std::uintptr_t>(&array));
    for (const double index : term.conventions.ignore_index) key += " " + std::to_string(index);
    for (const std::string& name : class_names_) key += "\n" + name;
    return key;
  }

  Sources& sources_;
  std::optional<std::int64_t> label_base_;
  std::vector<std::string> given_classes_;
  std::vector<std::string> class_names_;  ///< of the term at hand
  std::map<std::string, std::string> source_of_;
  BoundTerms bound_;
};

}  // namespace

BoundTerms bind_inputs(const std::vector<spec::Term>& terms, const ParsedOptions& options) {
  Sources sources(options, terms);
  return bind_inputs(terms, sources, options);
}

BoundTerms bind_inputs(const std::vector<spec::Term>& terms, Sources& sources,
                       const ParsedOptions& options) {
  BoundTerms bound = Binder(sources, options).bind(terms);
  spec::check_flags(bound.specified, options.loss_arguments());
  return bound;
}

void check_inputs(Sources& sources) {
  std::vector<InputArray> inputs;
  std::vector<std::string> class_names;
  for (const std::string name : {"pred", "target"}) {
    if (!sources.has(name)) continue;
    const io::Array& array = sources.concatenated(name, class_names);
    if (array.column_names().size() > 1) class_names = class_labels(array.column_names());
    inputs.push_back({.role = name, .array = &array, .files = sources.files_of(name)});
  }
  settled(std::move(inputs), sources);
}

}  // namespace losscalc::commands
