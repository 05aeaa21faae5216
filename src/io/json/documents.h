/// JSON texts that are parsed whole, and the same part of many records as one array.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/array.h"
#include "io/bytes.h"
#include "io/json/records.h"
#include "io/json/value.h"

namespace losscalc::io {

struct JsonRecord {
  JsonValue value;
  JsonPlace place;
};

/// The document of a text or, with `lines`, one for each line that is not blank. Throws Error:
/// malformed_json, no_data.
std::vector<JsonRecord> parsed_documents(const Bytes& bytes, bool lines);

/// One array out of the same part of many records: [records, shape of each].
Array stacked(const std::vector<JsonRecord>& parts, JsonElements elements = JsonElements::columns);

/// The part at the pointer `rest` of each element of an array; with `id`, the keys() of the array
/// are the values of that key of the elements. Throws Error as follow() and JsonFlattener do.
Array part_of_each(const JsonValue& array, std::string_view rest, const JsonPlace& place,
                   std::string_view id);

/// The same field of each record, as keys.
using KeysOfRecords = std::function<Array(std::string_view name)>;

/// Gives an array the keys of samples that its records have under `id` or, without one, names in
/// its Reading the fields that are likely to be such keys, which are not looked into before they
/// are read.
void take_keys(Array& array, JsonElement first_record, std::string_view id,
               const KeysOfRecords& keys);
KeysOfRecords keys_of(const std::vector<JsonRecord>& records);
KeysOfRecords keys_of(const std::shared_ptr<const JsonRecords>& records);

/// The elements of an array that is parsed.
std::vector<JsonRecord> elements_of(const JsonValue& array, const JsonPlace& place);

/// The field of each record.
std::vector<JsonRecord> field_of_each(const std::vector<JsonRecord>& records,
                                      std::string_view name);

}  // namespace losscalc::io
