/// JSON objects that are one array.
#pragma once

#include <optional>

#include "io/array.h"
#include "io/json/value.h"

namespace losscalc::io {

/// Whether it is a tensor of the Open Inference Protocol (KServe V2): flat "data" with "shape" and
/// "datatype".
bool is_inference_tensor(const JsonValue& value, const JsonPlace& place);

/// Its data under its shape. Throws Error(shape_mismatch) if there are not so many.
Array inference_tensor(const JsonValue& value, const JsonPlace& place);

/// Whether the keys of an object name samples: more than one key, each with a digit or a part of a
/// file's name and none a word for arrays, above values of one kind.
bool names_samples(const JsonValue& object, const JsonPlace& place);

/// The array of an object that is one: a tensor of the Open Inference Protocol; samples by name,
/// [N, shape of each], with their names as keys(); or an object that holds a single array, which
/// the array's notes tell. Nothing for other objects. Throws Error as JsonFlattener does.
std::optional<Array> array_of_object(const JsonValue& object, const JsonPlace& place);

}  // namespace losscalc::io
