/// JSON objects and records as arrays by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/container.h"
#include "io/json/documents.h"
#include "io/json/records.h"
#include "io/json/value.h"

namespace losscalc::io {

/// The arrays of an object, or of an array of records; null for anything else. With `id`, what
/// stands under that key are the keys() of the others. Throws Error(malformed_json).
std::unique_ptr<Container> container_in(const JsonValue& value, const JsonPlace& place,
                                        std::string_view id);

/// Records with the same keys.
std::unique_ptr<Container> container_of(std::vector<JsonRecord> records, std::string_view id);
std::unique_ptr<Container> container_of(const std::shared_ptr<const JsonRecords>& records,
                                        std::string_view id);

}  // namespace losscalc::io
