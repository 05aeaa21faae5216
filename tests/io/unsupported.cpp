#include "io/unsupported.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "io/conversion.h"
#include "io/format.h"
#include "io/from_text.h"
#include "io/read.h"
#include "io/temporary_directory.h"
#include "io/unsupported_table.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

const TemporaryDirectory& folder() {
  static const TemporaryDirectory held;
  return held;
}

/// The error that a file of this name and content is, without the folder.
std::string refusal(const std::string& name, const std::string& content) {
  const std::string file = folder().write(name, content);
  std::string error = error_of([&] { read_array(file, {}); });
  const std::size_t at = error.find(file);
  return at == std::string::npos ? error : error.replace(at, file.size(), name);
}

std::string hint(const std::string& name, const std::string& content) {
  const std::string file = folder().write(name, content);
  return hint_of([&] { read_array(file, {}); });
}

/// Contents of which an ordinary reader makes something.
bool is_refused(const std::string& name, const std::string& content) {
  return refusal(name, content).find("which is not read") != std::string::npos;
}

}  // namespace

TEST_CASE("every format that is not read is told by its bytes, whatever the file is called") {
  for (const UnsupportedFormat& format : unsupported_formats()) {
    for (const Signature& signature : format.signatures) {
      CAPTURE(format.name);
      const std::string content = std::string(signature.offset, '\x01') +
                                  std::string(signature.bytes) + std::string(600, '\x01');
      CHECK(refusal("x.csv", content) == "unknown-format|x.csv: the content is " +
                                             std::string(format.name) + ", which is not read");
      CHECK(!hint("x.csv", content).empty());
    }
  }
}

TEST_CASE("binary files are told by the endings of their names") {
  for (const UnsupportedFormat& format : unsupported_formats()) {
    for (const std::string_view ending : format.endings) {
      CAPTURE(ending);
      const std::string name = "y" + std::string(ending);
      CHECK(refusal(name, std::string("\x01\0\x01", 3)) ==
            "unknown-format|" + name + ": the file's name says that it is " +
                std::string(format.name) + ", which is not read");
    }
  }
}

TEST_CASE("formats that are read and formats that are not have different endings") {
  std::set<std::string_view> seen;
  for (const UnsupportedFormat& format : unsupported_formats()) {
    for (const std::string_view ending : format.endings) {
      CAPTURE(ending);
      CHECK(seen.insert(ending).second);
      CHECK(format_of_file("x" + std::string(ending)) == nullptr);
    }
  }
}

TEST_CASE("texts of formats that are not read are told by their first lines") {
  CHECK(is_refused("a", "% iris\n\n@RELATION iris\n@attribute a numeric\n@data\n1\n"));
  CHECK(is_refused("a", "---\npred: [1]\n"));
  CHECK(is_refused("a", "pred:\n- 0.5\n- 0.25\n"));
  CHECK(is_refused("a.yaml", "pred: [0.52, 1.75]\n"));
  CHECK(is_refused("a", "<!DOCTYPE html>\n<title>x</title>"));
  CHECK(is_refused("a", "1 1:0.5 2:0.3\n0 1:0.2 2:0.1\n"));
  CHECK(is_refused("a", "1 |pixels a:0.5 b\n"));
  CHECK(is_refused("a.json", "[[0.7  0.2  0.1 ]\n [0.1  0.6  0.3 ]]\n"));
  CHECK(is_refused("a", "[0.5 0.25]\n"));
  CHECK(is_refused("a", "[[0.5 ... 0.25]]\n"));
  CHECK(is_refused("a.txt", "tensor([[0.5, 0.25]])\n"));
}

TEST_CASE("texts that are like those, and others, are read") {
  CHECK(!is_refused("b", "[[0.7, 0.2], [0.1, 0.6]]"));
  CHECK(!is_refused("b", "[ 0.7 , 0.2 ]"));
  CHECK(!is_refused("b", "[1,\n2]"));
  CHECK(!is_refused("b", "[1]\n[2]\n"));
  CHECK(!is_refused("b", "0.5 | 1\n0.25 | 0\n"));
  CHECK(!is_refused("b", "0.5|1\n0.25|0\n"));
  CHECK(!is_refused("b", "pred:,target:\n1,2\n"));
  CHECK(!is_refused("b", "BMI,age\n1,2\n"));
  CHECK(!is_refused("b", "1 2\n3 4\n"));
  CHECK(!is_refused("b.xls", "1\t2\n3\t4\n"));
  CHECK(!is_refused("b.pkl", "1\n2\n"));
}

TEST_CASE("a format that is told is not looked for") {
  const std::string file = folder().write("c.yaml", "1,2.0\n");
  CHECK(values_of(read_array(file, {.format = format_named("csv")})) == std::vector<double>{1, 2});
}

TEST_CASE("hints name the file, if a shell and Python take its name as it is") {
  CHECK(hint("d.parquet", "PAR1 and more") ==
        "convert it: python3 -c \"import pandas; pandas.read_parquet('" +
            (folder().path() / "d.parquet").string() + "').to_csv('" +
            (folder().path() / "d.csv").string() + "', index=False)\"");
  CHECK(hint("d'$(x).parquet", "PAR1 and more") ==
        "convert it: python3 -c \"import pandas; pandas.read_parquet('FILE').to_csv('FILE.csv', "
        "index=False)\"");
  CHECK(conversion("import numpy; {array}", {.file = "d.npz", .path = "pred"}) ==
        "python3 -c \"import numpy; numpy.load('d.npz')['pred']\"");
  CHECK(conversion("import numpy; {array}", {.file = "-"}) ==
        "python3 -c \"import numpy; numpy.load('FILE')\"");
}

TEST_CASE("archives of other things than arrays are refused by what they hold") {
  const auto error = [](const std::vector<std::string>& members) {
    return error_of([&] { refuse_unsupported_archive(members, "x.zip"); });
  };
  CHECK(error({"a.npy"}) == "no error");
  CHECK(error({}) == "no error");
  CHECK(error({"[Content_Types].xml", "xl/workbook.xml"}) ==
        "unknown-format|x.zip: the content is Excel (XLSX), which is not read");
  CHECK(error({"p.csv"}) ==
        "unknown-format|x.zip: the content is a ZIP archive of 'p.csv', and none of NPY files");
  CHECK(error({"p.csv", "q.csv"}).find("'p.csv' and others") != std::string::npos);
  CHECK(hint_of([] { refuse_unsupported_archive({"p.csv"}, "x.zip"); }) ==
        "unpack it: unzip 'x.zip'");
}
