/// Many records (JSON objects of an array, or JSON Lines), parsed block by block as they are read.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/array.h"
#include "io/json/flattener.h"
#include "io/json/large.h"
#include "io/json/value.h"

namespace losscalc::io {

/// A run of records.
struct RecordBlock {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t begin = 0;  ///< in the text of JSON Lines
  std::size_t end = 0;
  std::size_t line = 0;  ///< of the first byte
};

class JsonRecords {
 public:
  using Visit = std::function<void(JsonElement record)>;

  virtual ~JsonRecords() = default;
  const std::vector<RecordBlock>& blocks() const { return blocks_; }
  std::size_t count() const { return blocks_.back().first + blocks_.back().count; }

  /// Parses the block's records in their order; each lasts until the next.
  virtual void for_each(const RecordBlock& block, JsonScratch& scratch,
                        const Visit& visit) const = 0;
  virtual JsonPlace place_of(std::size_t record) const = 0;
  /// The first record, which outlives others.
  virtual JsonValue front() const = 0;
  virtual std::size_t text_size() const = 0;

 protected:
  std::vector<RecordBlock> blocks_;
};

/// The elements of a node that is an array.
std::shared_ptr<const JsonRecords> records_of_array(std::shared_ptr<const LargeJson> document,
                                                    std::size_t node, const JsonPlace& place);

/// The values of a node that is an object.
std::shared_ptr<const JsonRecords> records_of_object(std::shared_ptr<const LargeJson> document,
                                                     std::size_t node, const JsonPlace& place);

/// The lines of a text that are not blank. Throws Error(no_data) if there are none.
std::shared_ptr<const JsonRecords> records_of_lines(const Bytes& bytes, std::size_t block);

/// Columns of records: the same part of each. A block is parsed once for all columns.
class RecordColumns : public std::enable_shared_from_this<RecordColumns> {
 public:
  explicit RecordColumns(std::shared_ptr<const JsonRecords> records);
  ~RecordColumns();
  RecordColumns(const RecordColumns&) = delete;
  RecordColumns& operator=(const RecordColumns&) = delete;

  const JsonRecords& records() const { return *records_; }

  /// [records, shape of each]: the values of that key.
  Array of_key(std::string_view key, JsonElements elements = JsonElements::columns);
  /// The values at that JSON Pointer, percent-encoded.
  Array of_pointer(std::string_view fragment);

 private:
  struct Column;
  struct State;
  class Source;

  Array add(Column column);

  std::shared_ptr<const JsonRecords> records_;
  std::shared_ptr<State> state_;
};

}  // namespace losscalc::io
