#include "report/json_document.h"

#include <doctest/doctest.h>

#include <vector>

using namespace losscalc::report;

TEST_CASE("an object is written a member to a line and a row to a line") {
  JsonDocument document;
  document.add("name", "é\n");
  document.add_rows("rows", 2, [](std::size_t k) { return Json{{"k", k}}; });
  document.add_rows("none", 0, [](std::size_t) { return Json(); });
  CHECK(document.text() ==
        "{\n"
        "  \"name\": \"é\\n\",\n"
        "  \"rows\": [\n"
        "    {\"k\":0},\n"
        "    {\"k\":1}\n"
        "  ],\n"
        "  \"none\": []\n"
        "}\n");
}

TEST_CASE("numbers nest by their shape") {
  const auto nested = [](const std::vector<double>& values, const std::vector<std::size_t>& shape) {
    JsonDocument document;
    document.add_nested("v", values, shape);
    return Json::parse(document.text())["v"];
  };
  CHECK(nested({1, 2, 3, 4, 5, 6}, {3, 1, 2}) == Json::parse("[[[1,2]],[[3,4]],[[5,6]]]"));
  CHECK(nested({7}, {}) == Json(7.0));
  CHECK(nested({}, {0}) == Json::array());
  CHECK(nested({}, {2, 0}) == Json::parse("[[],[]]"));
}
