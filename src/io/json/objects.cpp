#include "io/json/objects.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/json/documents.h"
#include "io/json/records.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

using Fields = std::vector<std::pair<std::string, JsonValue>>;

/// More fields than an object of a few arrays has.
constexpr std::size_t many_fields = 1000;

/// Words for arrays and their parts: keys that consist of them, beside digits, name no samples.
constexpr std::array<std::string_view, 66> words_for_arrays{
    "pred",          "preds",   "prediction", "predictions", "predicted", "target", "targets",
    "label",         "labels",  "true",       "truth",       "prob",      "probs",  "probability",
    "probabilities", "logit",   "logits",     "score",       "scores",    "output", "outputs",
    "input",         "inputs",  "anchor",     "positive",    "negative",  "weight", "weights",
    "class",         "classes", "col",        "column",      "columns",   "head",   "layer",
    "loss",          "losses",  "epoch",      "fold",        "model",     "run",    "mean",
    "var",           "box",     "boxes",      "mask",        "masks",     "length", "lengths",
    "feature",       "param",   "grad",       "bias",        "level",     "scale",  "task",
    "seed",          "iter",    "step",       "batch",       "part",      "shard",  "split",
    "train",         "val",     "test"};

/// Single letters by which columns and arrays are called; others, as s0, are taken for samples.
constexpr std::string_view letters_for_arrays = "pqtxyzcfhwbk";

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word_for_arrays(std::string_view key) {
  std::vector<std::string> words;
  for (std::size_t k = 0; k < key.size(); ++k) {
    if (!is_letter(key[k])) continue;
    if (k == 0 || !is_letter(key[k - 1])) words.emplace_back();
    words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(key[k])));
  }
  if (words.size() == 1 && words[0].size() == 1)
    return letters_for_arrays.find(words[0]) != std::string_view::npos;
  return std::ranges::any_of(words, [](const std::string& word) {
    return std::ranges::count(words_for_arrays, word) > 0;
  });
}

bool looks_like_sample(std::string_view key) {
  const bool has_mark = std::ranges::any_of(key, is_digit) || key.find_first_of("./") != key.npos;
  return has_mark && !is_word_for_arrays(key);
}

/// Whether these are 0, 1, 2, ... or 1, 2, 3, ...: positions, of samples or of classes.
bool are_positions(const std::vector<std::string>& keys) {
  const std::size_t first = keys.front() == "0" ? 0 : 1;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (keys[k] != std::to_string(k + first)) return false;
  }
  return true;
}

enum class Kind { value, array, object, other };

Kind kind_of(JsonType type) {
  switch (type) {
    case JsonType::ARRAY: return Kind::array;
    case JsonType::OBJECT: return Kind::object;
    case JsonType::NULL_VALUE: return Kind::other;
    default: return Kind::value;
  }
}

struct Outline {
  std::vector<std::string> keys;
  std::vector<Kind> kinds;
};

/// The keys of an object and what stands there, without what is below.
Outline outline_of(const JsonValue& object) {
  Outline outline;
  const auto add = [&outline](std::string key, JsonType type) {
    outline.keys.push_back(std::move(key));
    outline.kinds.push_back(kind_of(type));
  };
  const auto add_all = [&add](JsonElement part) {
    for (const auto& field : as<JsonObject>(part)) add(std::string(field.key), field.value.type());
  };
  if (!object.is_node()) {
    add_all(object.element());
    return outline;
  }
  const LargeJson& document = *object.document();
  const JsonNode& node = document.node(object.node());
  JsonScratch scratch;
  for (const JsonRun& run : node.runs) {
    if (run.node == JsonRun::none) {
      add_all(document.parse(node, run, scratch));
    } else {
      const bool is_object = document.node(run.node).is_object;
      add(document.key_of_node(run), is_object ? JsonType::OBJECT : JsonType::ARRAY);
    }
  }
  return outline;
}

/// The value of the object's first key.
JsonValue first_value(const JsonValue& object, const JsonPlace& place) {
  if (!object.is_node()) {
    return {(*as<JsonObject>(object.element()).begin()).value, object.owner()};
  }
  return records_of_object(object.document(), object.node(), place)->front();
}

bool have_no_digits(const std::vector<std::string>& keys) {
  return std::ranges::none_of(
      keys, [](const std::string& key) { return std::ranges::any_of(key, is_digit); });
}

bool are_samples(const Outline& outline, const JsonValue& object, const JsonPlace& place) {
  const std::vector<std::string>& keys = outline.keys;
  if (keys.size() < 2 || !std::ranges::all_of(keys, looks_like_sample)) return false;
  const Kind kind = outline.kinds.front();
  if (std::ranges::count(outline.kinds, kind) != std::ssize(keys)) return false;
  if (kind == Kind::value) return true;
  // Lists by position may be those of classes as well as those of samples.
  if (kind == Kind::other || are_positions(keys)) return false;
  if (kind == Kind::array) return true;
  // Keys with digits may be samples too: then the outer ones are columns.
  const JsonValue first = first_value(object, place);
  return is_row_of_columns(first.element()) && have_no_digits(keys_of_row(first.element()));
}

Array array_of_samples(const JsonValue& object, std::vector<std::string> keys,
                       const JsonPlace& place) {
  const auto held = std::make_shared<const std::vector<std::string>>(keys);
  const std::size_t count = keys.size();
  std::vector<std::string> sorted = keys;
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice != sorted.end()) {
    throw Error(ErrorCode::malformed_json, "the key " + text::quoted(*twice) + " is given twice",
                place.place());
  }
  Array names(std::move(keys), {count}, [place, held](std::span<const std::size_t> index) {
    return (index.empty() ? place : place.at((*held)[index[0]])).place();
  });
  const auto values = [&] {
    if (object.is_node()) {
      const auto records = records_of_object(object.document(), object.node(), place);
      return std::make_shared<RecordColumns>(records)->of_pointer("");
    }
    std::vector<JsonRecord> parts;
    for (const auto& field : as<JsonObject>(object.element()))
      parts.push_back({JsonValue(field.value, object.owner()), place.at(field.key)});
    return stacked(parts);
  };
  Array array = values();
  array.set_keys(std::move(names));
  array.add_note("the keys of the object name its samples");
  return array;
}

const JsonValue* find(const Fields& fields, std::string_view key) {
  const auto found = std::ranges::find(fields, key, &Fields::value_type::first);
  return found == fields.end() ? nullptr : &found->second;
}

/// The shape of an inference tensor; nothing if its fields are not those of one.
std::optional<Shape> shape_of(const Fields& fields) {
  const JsonValue* const shape = find(fields, "shape");
  const JsonValue* const type = find(fields, "datatype");
  const JsonValue* const data = find(fields, "data");
  const bool has_fields = shape != nullptr && type != nullptr && data != nullptr &&
                          shape->type() == JsonType::ARRAY && type->type() == JsonType::STRING &&
                          data->type() == JsonType::ARRAY;
  if (!has_fields) return std::nullopt;
  Shape lengths;
  while (const std::optional<JsonValue> length = shape->at(lengths.size())) {
    std::uint64_t number = 0;
    if (lengths.size() == JsonFlattener::max_dimensions || length->is_node() ||
        length->element().get(number) != simdjson::SUCCESS)
      return std::nullopt;
    lengths.push_back(number);
  }
  return lengths;
}

bool has_few_fields(const JsonValue& object) {
  return !object.is_node() || object.document()->node(object.node()).count <= many_fields;
}

bool is_product(const Shape& shape, std::size_t size) {
  std::size_t product = 1;
  for (const std::size_t length : shape) {
    if (length != 0 && product > size / length) return false;
    product *= length;
  }
  return product == size;
}

struct Candidate {
  JsonValue value;
  JsonPlace place;
};

/// The arrays that the fields of an object are, or hold as inference tensors; nothing if what
/// stands there may hold others.
std::optional<std::vector<Candidate>> candidates_in(const Fields& fields, const JsonPlace& place) {
  std::vector<Candidate> candidates;
  for (const auto& [key, value] : fields) {
    const JsonPlace at = place.at(key);
    if (begins_with_object(value)) {
      for (std::size_t k = 0;; ++k) {
        const std::optional<JsonValue> item = value.at(k);
        if (!item) break;
        if (!is_inference_tensor(*item, at.at(k))) return std::nullopt;
        candidates.push_back({*item, at.at(k)});
      }
    } else if (value.type() == JsonType::ARRAY || is_inference_tensor(value, at)) {
      candidates.push_back({value, at});
    } else if (value.type() == JsonType::OBJECT) {
      return std::nullopt;
    }
  }
  return candidates;
}

std::optional<Array> only_array(const JsonValue& object, const JsonPlace& place) {
  const auto candidates = candidates_in(object.fields(place), place);
  if (!candidates || candidates->size() != 1) return std::nullopt;
  const Candidate& only = candidates->front();
  Array array = only.value.type() == JsonType::OBJECT ? inference_tensor(only.value, only.place)
                                                      : only.value.array(only.place);
  array.add_note("the only array is at " + only.place.pointer);
  return array;
}

}  // namespace

bool is_inference_tensor(const JsonValue& value, const JsonPlace& place) {
  return value.type() == JsonType::OBJECT && has_few_fields(value) &&
         shape_of(value.fields(place)).has_value();
}

Array inference_tensor(const JsonValue& value, const JsonPlace& place) {
  const Fields fields = value.fields(place);
  const Shape shape = *shape_of(fields);
  Array data = find(fields, "data")->array(place.at("data"));
  if (data.shape() == shape) return data;
  if (data.rank() != 1 || !is_product(shape, data.size())) {
    throw Error(
        ErrorCode::shape_mismatch,
        "\"shape\" is " + to_string(shape) + ", and \"data\" has shape " + to_string(data.shape()),
        place.place(), "give \"data\" as many numbers as \"shape\" says");
  }
  Array array = data.reshaped(shape);
  array.add_note("its flat data have the shape that stands beside them, " + to_string(shape));
  return array;
}

bool names_samples(const JsonValue& object, const JsonPlace& place) {
  return object.type() == JsonType::OBJECT && are_samples(outline_of(object), object, place);
}

std::optional<Array> array_of_object(const JsonValue& object, const JsonPlace& place) {
  if (is_inference_tensor(object, place)) return inference_tensor(object, place);
  Outline outline = outline_of(object);
  if (are_samples(outline, object, place))
    return array_of_samples(object, std::move(outline.keys), place);
  return has_few_fields(object) ? only_array(object, place) : std::nullopt;
}

}  // namespace losscalc::io
