#include <algorithm>
#include <new>
#include <utility>

#include "io/json/errors.h"
#include "io/json/records.h"

namespace losscalc::io {
namespace {

class ArrayRecords final : public JsonRecords {
 public:
  ArrayRecords(std::shared_ptr<const LargeJson> document, std::size_t node, JsonPlace place)
      : document_(std::move(document)), node_(document_->node(node)), place_(std::move(place)) {
    for (const JsonRun& run : node_.runs)
      blocks_.push_back({.first = run.first, .count = run.count});
  }

  void for_each(const RecordBlock& block, JsonScratch& scratch, const Visit& visit) const override {
    const JsonRun& run = *std::ranges::lower_bound(node_.runs, block.first, {}, &JsonRun::first);
    for (const JsonElement item : as<JsonArray>(document_->parse(node_, run, scratch))) visit(item);
  }

  JsonPlace place_of(std::size_t record) const override { return place_.at(record); }

  JsonValue front() const override {
    const auto scratch = std::make_shared<JsonScratch>();
    const JsonElement items = document_->parse(node_, node_.runs.front(), *scratch);
    return {*as<JsonArray>(items).begin(), scratch};
  }

  std::size_t text_size() const override { return node_.end - node_.begin; }

 private:
  std::shared_ptr<const LargeJson> document_;
  const JsonNode& node_;
  JsonPlace place_;
};

class ObjectRecords final : public JsonRecords {
 public:
  ObjectRecords(std::shared_ptr<const LargeJson> document, std::size_t node, JsonPlace place)
      : document_(std::move(document)), node_(document_->node(node)), place_(std::move(place)) {
    for (const JsonRun& run : node_.runs)
      blocks_.push_back({.first = run.first, .count = run.count});
  }

  void for_each(const RecordBlock& block, JsonScratch& scratch, const Visit& visit) const override {
    for (const auto& field : fields_of(run_of(block.first), scratch)) visit(field.value);
  }

  JsonPlace place_of(std::size_t record) const override {
    const JsonRun& run = run_of(record);
    JsonScratch scratch;
    std::size_t left = record - run.first;
    for (const auto& field : fields_of(run, scratch)) {
      if (left-- == 0) return place_.at(field.key);
    }
    return place_;
  }

  JsonValue front() const override {
    const auto scratch = std::make_shared<JsonScratch>();
    return {(*fields_of(node_.runs.front(), *scratch).begin()).value, scratch};
  }

  std::size_t text_size() const override { return node_.end - node_.begin; }

 private:
  const JsonRun& run_of(std::size_t record) const {
    return *(std::ranges::upper_bound(node_.runs, record, {}, &JsonRun::first) - 1);
  }
  JsonObject fields_of(const JsonRun& run, JsonScratch& scratch) const {
    return as<JsonObject>(document_->parse(node_, run, scratch));
  }

  std::shared_ptr<const LargeJson> document_;
  const JsonNode& node_;
  JsonPlace place_;
};

class LineRecords final : public JsonRecords {
 public:
  LineRecords(Bytes bytes, std::size_t block)
      : bytes_(std::move(bytes)), text_(without_byte_order_mark(bytes_.text())) {
    RecordBlock open{.line = 1};
    std::size_t line = 0;
    each_line(0, text_.size(), [&](std::string_view content, std::size_t end) {
      ++line;
      if (!is_blank(content)) ++open.count;
      if (end - open.begin < block && end < text_.size()) return true;
      open.end = end;
      if (open.count > 0) blocks_.push_back(open);
      open = {.first = open.first + open.count, .begin = end, .line = line + 1};
      return true;
    });
    if (blocks_.empty())
      throw Error(ErrorCode::no_data, "the file is empty", Place{.file = bytes_.file});
  }

  void for_each(const RecordBlock& block, JsonScratch& scratch, const Visit& visit) const override {
    std::size_t line = block.line;
    each_line(block.begin, block.end, [&](std::string_view content, std::size_t /*end*/) {
      if (!is_blank(content)) visit(parse(content, line, scratch));
      ++line;
      return true;
    });
  }

  JsonPlace place_of(std::size_t record) const override {
    const RecordBlock& block =
        *(std::ranges::upper_bound(blocks_, record, {}, &RecordBlock::first) - 1);
    std::size_t line = block.line;
    std::size_t left = record - block.first;
    each_line(block.begin, block.end, [&](std::string_view content, std::size_t /*end*/) {
      if (!is_blank(content) && left-- == 0) return false;
      ++line;
      return true;
    });
    return {bytes_.file, line, ""};
  }

  JsonValue front() const override {
    const auto scratch = std::make_shared<JsonScratch>();
    std::optional<JsonElement> first;
    std::size_t line = blocks_.front().line;
    each_line(blocks_.front().begin, text_.size(), [&](std::string_view content, std::size_t) {
      if (!is_blank(content)) first = parse(content, line, *scratch);
      ++line;
      return !first;
    });
    return {*first, scratch};
  }

  std::size_t text_size() const override { return text_.size(); }

 private:
  JsonElement parse(std::string_view content, std::size_t line, JsonScratch& scratch) const {
    const auto parsed = scratch.parse(' ', content, ' ');
    if (parsed.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    if (parsed.error() != simdjson::SUCCESS)
      throw_malformed(bytes_.file, content, line, simdjson::error_message(parsed.error()));
    return parsed.value_unsafe();
  }

  /// Calls visit(line, where the next one begins) until it is false.
  template <class Visitor>
  void each_line(std::size_t begin, std::size_t end, Visitor visit_line) const {
    while (begin < end) {
      const std::size_t stop = std::min(text_.find('\n', begin), end);
      const std::size_t next = std::min(stop + 1, end);
      if (!visit_line(text_.substr(begin, stop - begin), next)) return;
      begin = next;
    }
  }

  Bytes bytes_;
  std::string_view text_;
};

}  // namespace

std::shared_ptr<const JsonRecords> records_of_array(std::shared_ptr<const LargeJson> document,
                                                    std::size_t node, const JsonPlace& place) {
  return std::make_shared<const ArrayRecords>(std::move(document), node, place);
}

std::shared_ptr<const JsonRecords> records_of_object(std::shared_ptr<const LargeJson> document,
                                                     std::size_t node, const JsonPlace& place) {
  return std::make_shared<const ObjectRecords>(std::move(document), node, place);
}

std::shared_ptr<const JsonRecords> records_of_lines(const Bytes& bytes, std::size_t block) {
  return std::make_shared<const LineRecords>(bytes, block);
}

}  // namespace losscalc::io
