#include "commands/inputs.h"

#include <algorithm>
#include <filesystem>

#include "diagnostics/error.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

/// What to type to take the one column of an [N,1] array; empty for formats without such a
/// fragment.
std::string squeeze_hint(const io::Array& array) {
  if (array.rank() != 2 || array.shape()[1] != 1) return {};
  const Place place = array.place();
  const bool takes_columns = place.file.ends_with(".npy") || place.file.ends_with(".npz");
  if (!takes_columns) return {};
  return "'" + place.file + "#" + (place.path.empty() ? "" : place.path + "&") + "col=1'";
}

evaluation::Data adapted(io::Array array) {
  auto held = std::make_shared<const io::Array>(std::move(array));
  evaluation::Data data{.shape = held->shape(), .integer = io::is_integer(held->type())};
  data.read = [held](std::size_t first, std::span<double> out) { held->read(first, out); };
  data.place = [held](std::size_t position) { return held->place(position); };
  data.whole = held->place();
  data.squeeze_hint = squeeze_hint(*held);
  return data;
}

/// Column names without what they all begin with up to a ':', '_' or '.': 'p_cat', 'p_dog' ->
/// 'cat', 'dog'.
std::vector<std::string> class_labels(std::vector<std::string> names) {
  if (names.size() < 2) return names;
  std::size_t common = 0;
  while (common < names[0].size() && std::ranges::all_of(names, [&](const std::string& name) {
           return common < name.size() && name[common] == names[0][common];
         })) {
    ++common;
  }
  const std::size_t separator = names[0].substr(0, common).find_last_of(":_.");
  if (separator == std::string::npos) return names;
  for (std::string& name : names) name.erase(0, separator + 1);
  return names;
}

std::vector<std::string> split_at_commas(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    names.push_back(list.substr(start, end - start));
    start = end + 1;
  }
  return names;
}

/// Words -> class indices, one by one.
io::Array indexed(const io::Array& words, const std::vector<std::string>& class_names) {
  if (class_names.empty()) {
    throw Error(ErrorCode::not_a_number, "expected a number, found '" + words.words().front() + "'",
                words.place(0),
                "if these are names of classes, list them in the order of the predictions: "
                "--classes cat,dog");
  }
  std::vector<double> indices;
  indices.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto found = std::ranges::find(class_names, words.words()[i]);
    if (found == class_names.end()) {
      std::string hint = text::did_you_mean(words.words()[i], class_names);
      throw Error(
          ErrorCode::unknown_class, "unknown class '" + words.words()[i] + "'", words.place(i),
          hint + (hint.empty() ? "" : " ") + "the classes are: " + text::joined(class_names));
    }
    indices.push_back(static_cast<double>(found - class_names.begin()));
  }
  return {std::move(indices), words.shape(), [words](std::span<const std::size_t> index) {
            std::size_t position = 0;
            for (std::size_t axis = 0; axis < index.size(); ++axis)
              position = position * words.shape()[axis] + index[axis];
            return index.size() < words.rank() ? words.place() : words.place(position);
          }};
}

/// All arrays that a command line names.
class Sources {
 public:
  explicit Sources(const ParsedOptions& options) {
    if (const auto format = options.value("input-format")) {
      read_options_.format = io::format_named(*format);
      if (!read_options_.format) {
        std::vector<std::string> known;
        for (const std::string_view name : io::format_names()) known.emplace_back(name);
        throw Error(ErrorCode::bad_value, "unknown format '" + *format + "'", {},
                    "the formats are: " + text::joined(known));
      }
    }
    if (const auto classes = options.value("classes")) class_names_ = split_at_commas(*classes);
    for (const std::string name : {"pred", "target"}) {
      if (const auto file = options.value(name)) files_[name] = {*file};
    }
    for (const std::string& pair : options.values("input")) add_named(pair);
    read_options_.class_names = class_names_;
    open_container(options.positionals());
    check_standard_input(options.positionals());
  }

  const std::vector<std::string>& class_names() const { return class_names_; }

  bool has(const std::string& name) const {
    return files_.contains(name) ||
           std::ranges::find(container_names_, name) != container_names_.end();
  }

  /// The arrays called `name`: several only where -i gave several.
  std::vector<evaluation::Data> named(const std::string& name) {
    if (const auto cached = cache_.find(name); cached != cache_.end()) return cached->second;
    std::vector<evaluation::Data> arrays;
    if (const auto given = files_.find(name); given != files_.end()) {
      for (const std::string& file : given->second)
        arrays.push_back(taken(name, io::read_array(file, read_options_)));
    } else {
      arrays.push_back(taken(name, container_->array(name)));
    }
    return cache_[name] = arrays;
  }

  evaluation::Data file(const std::string& reference) {
    return adapted(as_numbers(io::read_array(reference, read_options_)));
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names = container_names_;
    for (const auto& [name, files] : files_) names.push_back(name);
    return names;
  }

  std::string origin(const std::string& name) const {
    const auto given = files_.find(name);
    return given == files_.end() ? container_file_ : given->second.front();
  }

 private:
  void add_named(const std::string& pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size()) {
      throw Error(ErrorCode::bad_value, "--input must be NAME=FILE, found '" + pair + "'");
    }
    files_[pair.substr(0, equals)].push_back(pair.substr(equals + 1));
  }

  void open_container(const std::vector<std::string>& positionals) {
    if (positionals.empty()) return;
    if (positionals.size() > 1) {
      throw Error(ErrorCode::conflicting_arguments,
                  "one FILE can hold all inputs by name; found " +
                      std::to_string(positionals.size()) + ": " + text::joined(positionals),
                  {}, "give single arrays by -p, -t and -i NAME=FILE");
    }
    container_file_ = positionals.front();
    container_ = io::open_container(container_file_, read_options_);
    container_names_ = container_->names();
  }

  void check_standard_input(const std::vector<std::string>& positionals) const {
    const auto is_standard_input = [](const std::string& file) {
      return file == "-" || file.starts_with("-#");
    };
    std::size_t count =
        static_cast<std::size_t>(std::ranges::count_if(positionals, is_standard_input));
    for (const auto& [name, files] : files_) {
      count += static_cast<std::size_t>(std::ranges::count_if(files, is_standard_input));
    }
    if (count <= 1) return;
    throw Error(
        ErrorCode::conflicting_arguments,
        "standard input (-) can be read once; it is given " + std::to_string(count) + " times", {},
        "put all inputs in one JSON object or NPZ and give '-' alone, or use files");
  }

  /// Predictions name the classes for what is read after them.
  evaluation::Data taken(const std::string& name, io::Array array) {
    if (class_names_.empty() && name != "target" && !array.column_names().empty()) {
      class_names_ = class_labels(array.column_names());
      read_options_.class_names = class_names_;
    }
    return adapted(as_numbers(std::move(array)));
  }

  io::Array as_numbers(io::Array array) const {
    return array.type() == io::ElementType::text ? indexed(array, class_names_) : array;
  }

  io::ReadOptions read_options_;
  std::vector<std::string> class_names_;
  std::map<std::string, std::vector<std::string>> files_;
  std::string container_file_;
  std::unique_ptr<io::Container> container_;
  std::vector<std::string> container_names_;
  std::map<std::string, std::vector<evaluation::Data>> cache_;
};

std::string how_to_give(const Role& role) {
  if (role.name == "pred") return "-p FILE";
  if (role.name == "target") return "-t FILE";
  return "-i " + std::string(role.name) + "=FILE";
}

[[noreturn]] void throw_missing(const spec::Term& term, const Role& role, const Sources& sources) {
  std::string hint = "give it by " + how_to_give(role) + ", or by its name '" +
                     std::string(role.name) + "' in one JSON, NPZ or CSV file";
  const std::vector<std::string> names = sources.names();
  if (!names.empty()) hint += "; the inputs that there are: " + text::joined(names);
  throw Error(ErrorCode::missing_argument,
              std::string(term.loss->description.name) + " needs the input '" +
                  std::string(role.name) + "' " + std::string(role.shape) + " (" +
                  std::string(role.sentence) + ")",
              {}, hint);
}

void bind_reference(const spec::Term& term, const Role& role, const spec::ArrayReference& reference,
                    Sources& sources, std::vector<evaluation::Data>& arrays,
                    std::vector<std::string>& names) {
  if (const auto* numbers = std::get_if<std::vector<double>>(&reference.source)) {
    arrays.push_back(evaluation::in_memory(*numbers, {numbers->size()}, std::string(role.name)));
    names.emplace_back(role.name);
    return;
  }
  const std::string& word = std::get<std::string>(reference.source);
  if (sources.has(word)) {
    for (evaluation::Data& data : sources.named(word)) {
      arrays.push_back(std::move(data));
      names.push_back(word);
    }
    return;
  }
  const bool is_file = word == "-" || std::filesystem::exists(word.substr(0, word.find('#')));
  if (!is_file) {
    std::string hint = text::did_you_mean(word, sources.names());
    throw Error(ErrorCode::missing_argument,
                std::string(term.loss->description.name) + ": " + std::string(role.name) + "=" +
                    word + ": there is no input and no file of this name",
                {}, hint + (hint.empty() ? "" : " ") + "name it by -i " + word + "=FILE");
  }
  arrays.push_back(sources.file(word));
  names.emplace_back(role.name);
}

/// Arrays of one role and name are told apart by a number.
void number_repeated(std::vector<std::string>& names) {
  if (names.size() < 2 || names.front() != names.back()) return;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] += std::to_string(i);
}

}  // namespace

BoundTerms bind_inputs(const std::vector<spec::Term>& terms, const ParsedOptions& options) {
  Sources sources(options);
  BoundTerms bound;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const spec::Term& term = terms[k];
    evaluation::Term evaluated{term.coefficient, term.loss, term.parameters, term.choices, {}};
    for (const Role& role : term.loss->roles) {
      const std::string role_name(role.name);
      std::vector<evaluation::Data> arrays;
      std::vector<std::string> names;
      if (const auto given = term.roles.find(role_name); given != term.roles.end()) {
        for (const spec::ArrayReference& reference : given->second) {
          bind_reference(term, role, reference, sources, arrays, names);
        }
        if (role.optional) bound.weights_used.push_back(role_name);
      } else if (sources.has(role_name)) {
        arrays = sources.named(role_name);
        names.assign(arrays.size(), role_name);
        if (role.optional)
          bound.weights_used.push_back(role_name + " from " + sources.origin(role_name));
      } else if (!role.optional) {
        throw_missing(term, role, sources);
      }
      if (arrays.size() > 1 && !role.repeated) {
        throw Error(ErrorCode::conflicting_arguments, "input '" + role_name + "' is given " +
                                                          std::to_string(arrays.size()) + " times");
      }
      number_repeated(names);
      if (!arrays.empty()) evaluated.inputs[role_name] = std::move(arrays);
      bound.names[{k, role_name}] = std::move(names);
    }
    bound.terms.push_back(std::move(evaluated));
  }
  std::ranges::sort(bound.weights_used);
  const auto repeated = std::ranges::unique(bound.weights_used);
  bound.weights_used.erase(repeated.begin(), repeated.end());
  bound.class_names = sources.class_names();
  return bound;
}

}  // namespace losscalc::commands
