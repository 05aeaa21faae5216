#include "io/json/large.h"

#include <algorithm>
#include <new>
#include <utility>

#include "io/json/errors.h"

namespace losscalc::io {
namespace {

/// An object's keys and values, an array's elements.
std::size_t length_of(JsonElement container) {
  std::size_t length = 0;
  if (container.type() == JsonType::OBJECT) {
    for ([[maybe_unused]] const auto& field : as<JsonObject>(container)) ++length;
  } else {
    for ([[maybe_unused]] const JsonElement item : as<JsonArray>(container)) ++length;
  }
  return length;
}

}  // namespace

simdjson::simdjson_result<JsonElement> JsonScratch::parse(char before, std::string_view text,
                                                          char after) {
  const std::size_t size = text.size() + 2;
  if (padded_.size() < size + simdjson::SIMDJSON_PADDING)
    padded_.resize(size + simdjson::SIMDJSON_PADDING);
  padded_[0] = before;
  std::ranges::copy(text, padded_.begin() + 1);
  padded_[size - 1] = after;
  return parser_.parse_into_document(document_, padded_.data(), size, false);
}

JsonScratch& thread_scratch() {
  thread_local JsonScratch scratch;
  return scratch;
}

std::shared_ptr<const LargeJson> LargeJson::open(const Bytes& bytes, std::size_t block) {
  const std::string_view text = without_byte_order_mark(bytes.text());
  JsonIndex index = index_json(text, block);
  auto large = std::make_shared<const LargeJson>(bytes, text, std::move(index.nodes));
  if (index.result == JsonIndex::Result::too_deep) large->fail(simdjson::DEPTH_ERROR);
  if (index.result == JsonIndex::Result::unpaired) large->fail(simdjson::TAPE_ERROR);
  if (large->nodes_.empty()) return nullptr;
  const JsonNode& root = large->node(large->root());
  if (!is_blank(text.substr(0, root.begin)) || !is_blank(text.substr(root.end)))
    large->fail(simdjson::TAPE_ERROR);
  return large;
}

LargeJson::LargeJson(Bytes bytes, std::string_view text, std::vector<JsonNode> nodes)
    : bytes_(std::move(bytes)), text_(text), nodes_(std::move(nodes)) {}

JsonElement LargeJson::parse(const JsonNode& parent, const JsonRun& run,
                             JsonScratch& scratch) const {
  const std::string_view content = text(run.begin, run.end);
  const auto parsed =
      parent.is_object ? scratch.parse('{', content, '}') : scratch.parse('[', content, ']');
  if (parsed.error() != simdjson::SUCCESS) fail(parsed.error());
  // A blank between two commas makes an array of its own, and no element here.
  if (length_of(parsed.value_unsafe()) != run.count) fail(simdjson::TAPE_ERROR);
  return parsed.value_unsafe();
}

std::string LargeJson::key_of_node(const JsonRun& run) const {
  const JsonNode& child = node(run.node);
  JsonScratch scratch;
  // The blanks keep what is no JSON, as in 1[2], from becoming a number.
  const std::string member = "{" + std::string(text(run.begin, child.begin)) + " 0 " +
                             std::string(text(child.end, run.end));
  const auto parsed = scratch.parse(' ', member, '}');
  if (parsed.error() != simdjson::SUCCESS) fail(parsed.error());
  return std::string((*as<JsonObject>(parsed.value_unsafe()).begin()).key);
}

void LargeJson::check_around_node(const JsonRun& run) const {
  const JsonNode& child = node(run.node);
  if (!is_blank(text(run.begin, child.begin)) || !is_blank(text(child.end, run.end)))
    fail(simdjson::TAPE_ERROR);
}

void LargeJson::fail(simdjson::error_code error) const {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  throw_malformed(bytes_.file, text_, 1, simdjson::error_message(error));
}

}  // namespace losscalc::io
