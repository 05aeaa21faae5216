#include "io/json/records.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>

#include "io/block_cache.h"
#include "io/columns.h"
#include "io/json/nested.h"

namespace losscalc::io {

/// The same part of each record.
struct RecordColumns::Column {
  std::string key;
  std::string fragment;  ///< instead of a key
  bool is_pointer = false;
  JsonLayout layout = {.elements = JsonElements::columns};
  std::size_t size = 1;  ///< the number of elements of a record

  JsonElement part_of(JsonElement record, const std::function<JsonPlace()>& place) const {
    if (!is_pointer) return field_of_record(record, key, place);
    if (fragment.empty()) return record;
    // Where a record stands takes longer to find than what it holds, and is needed for errors
    // alone.
    try {
      JsonPlace nowhere;
      return follow(JsonValue(record, nullptr), fragment, nowhere).element();
    } catch (const Error&) {
      JsonPlace root = place();
      return follow(JsonValue(record, nullptr), fragment, root).element();
    }
  }

  JsonPlace place_in(JsonPlace record) const {
    if (!is_pointer) return record.at(key);
    record.pointer += percent_decoded(fragment);
    return record;
  }
};

/// A block of columns. What is wrong in a column concerns those alone who read it.
struct DecodedColumn {
  JsonValues values;
  std::exception_ptr error;
};

struct RecordColumns::State {
  using Cache = BlockCache<std::vector<DecodedColumn>>;

  std::mutex mutex;
  std::vector<Column> columns;
  std::shared_ptr<Cache> cache;  ///< of the columns that there are
};

namespace {

template <class Column>
std::vector<DecodedColumn> decode(const JsonRecords& records, const std::vector<Column>& columns,
                                  std::size_t number) {
  const RecordBlock& block = records.blocks()[number];
  std::vector<DecodedColumn> decoded(columns.size());
  std::vector<JsonFlattener> flatteners;
  flatteners.reserve(columns.size());
  for (const Column& column : columns) {
    flatteners.emplace_back(
        [&](std::size_t record) { return column.place_in(records.place_of(record)); },
        column.layout, block.first);
  }
  std::size_t record = block.first;
  const std::function<JsonPlace()> place = [&] { return records.place_of(record); };
  records.for_each(block, thread_scratch(), [&](JsonElement element) {
    for (std::size_t k = 0; k < columns.size(); ++k) {
      if (decoded[k].error) continue;
      try {
        flatteners[k].add(columns[k].part_of(element, place));
      } catch (const Error&) {
        decoded[k].error = std::current_exception();
      }
    }
    ++record;
  });
  for (std::size_t k = 0; k < columns.size(); ++k) decoded[k].values = flatteners[k].take();
  return decoded;
}

}  // namespace

class RecordColumns::Source final : public ElementSource {
 public:
  Source(std::shared_ptr<const RecordColumns> owner, std::size_t column, std::size_t size)
      : owner_(std::move(owner)), column_(column), size_(size) {}

  void read(std::size_t first, std::span<double> out) const override { copy(first, out); }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    copy(first, out);
  }

 private:
  template <class T>
  void copy(std::size_t first, std::span<T> out) const {
    if (out.empty()) return;
    const auto& blocks = owner_->records_->blocks();
    std::unique_lock lock(owner_->state_->mutex);
    const auto cache = owner_->state_->cache;
    lock.unlock();
    auto block = std::ranges::upper_bound(blocks, first / size_, {}, &RecordBlock::first) - 1;
    for (; !out.empty(); ++block) {
      const auto decoded = cache->get(static_cast<std::size_t>(block - blocks.begin()));
      const DecodedColumn& column = (*decoded)[column_];
      if (column.error) std::rethrow_exception(column.error);
      const std::size_t count = copy_from(column.values, first - block->first * size_, out);
      first += count;
      out = out.subspan(count);
    }
  }

  std::shared_ptr<const RecordColumns> owner_;
  std::size_t column_;
  std::size_t size_;
};

RecordColumns::RecordColumns(std::shared_ptr<const JsonRecords> records)
    : records_(std::move(records)), state_(std::make_shared<State>()) {}

RecordColumns::~RecordColumns() = default;

Array RecordColumns::of_key(std::string_view key, JsonElements elements) {
  return add({.key = std::string(key), .fragment = "", .layout = {.elements = elements}});
}

Array RecordColumns::of_pointer(std::string_view fragment) {
  return add({.key = "", .fragment = std::string(fragment), .is_pointer = true});
}

Array RecordColumns::add(Column column) {
  const auto place = [this] { return records_->place_of(0); };
  JsonFlattener first([&](std::size_t /*record*/) { return column.place_in(place()); },
                      column.layout.elements);
  const JsonValue front = records_->front();
  first.add(column.part_of(front.element(), place));
  column.layout = first.layout();

  Shape shape{records_->count()};
  shape.insert(shape.end(), column.layout.shape.begin(), column.layout.shape.end());
  column.size = element_count(column.layout.shape);
  const bool doubtful = exceeds(shape, records_->text_size());

  const std::unique_lock lock(state_->mutex);
  const std::size_t number = state_->columns.size();
  state_->columns.push_back(column);
  std::size_t per_record = 0;
  for (const Column& each : state_->columns) per_record += each.size;
  const auto largest = std::ranges::max_element(records_->blocks(), {}, &RecordBlock::count);
  state_->cache = std::make_shared<State::Cache>(
      cached_blocks(largest->count * per_record, column.layout.are_words),
      [records = records_, columns = state_->columns](std::size_t block) {
        return decode(*records, columns, block);
      });
  // What no element is read of, and what is ragged for certain, is looked at here.
  for (std::size_t block = 0; (doubtful || column.size == 0) && block < records_->blocks().size();
       ++block) {
    const auto decoded = decode(*records_, state_->columns, block);
    if (decoded[number].error) std::rethrow_exception(decoded[number].error);
  }
  const ElementType type = column.layout.are_words ? ElementType::text : ElementType::float64;
  Array array(type, std::move(shape),
              std::make_shared<const Source>(shared_from_this(), number,
                                             std::max(column.size, std::size_t{1})),
              [records = records_, column](std::span<const std::size_t> index) {
                if (index.empty()) return Place{.file = records->place_of(0).file};
                const JsonPlace record = column.place_in(records->place_of(index[0]));
                return place_below(record, index.subspan(1), column.layout).place();
              });
  name_columns(array, column.layout);
  return array;
}

}  // namespace losscalc::io
