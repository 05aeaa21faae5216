#include "io/read.h"

#include <doctest/doctest.h>

#include "io/bytes.h"
#include "io/format.h"
#include "io/from_text.h"
#include "io/numpy/write.h"
#include "io/temporary_directory.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

using Numbers = std::vector<double>;

Numbers read(const std::string& reference, const ReadOptions& options = {}) {
  return values_of(read_array(reference, options));
}

std::string read_error(const std::string& reference, const ReadOptions& options = {}) {
  return error_of([&] { read_array(reference, options); });
}

ReadOptions as(std::string_view name) { return {.format = format_named(name), .class_names = {}}; }

std::string npy_text(const Numbers& values) {
  return npy_header({values.size()}) +
         std::string(static_cast<const char*>(static_cast<const void*>(values.data())),
                     values.size() * sizeof(double));
}

}  // namespace

TEST_CASE("the ending of a file's name, in any case, tells its format") {
  const TemporaryDirectory folder;
  CHECK(read(folder.write("a.csv", "1,2.0\n")) == Numbers{1, 2});
  CHECK(read(folder.write("a.CSV", "1,2.0\n")) == Numbers{1, 2});
  CHECK(read(folder.write("a.tsv", "1\t2\n")) == Numbers{1, 2});
  CHECK(read(folder.write("a.tab", "1\t2\n")) == Numbers{1, 2});
  CHECK(read(folder.write("a.json", "[1,2]")) == Numbers{1, 2});
  CHECK(read(folder.write("a.jsonl", "1\n2\n")) == Numbers{1, 2});
  CHECK(read(folder.write("a.ndjson", "1\n2\n")) == Numbers{1, 2});
  CHECK(read(folder.write("a.npy", npy_text({1, 2}))) == Numbers{1, 2});
}

TEST_CASE("the first bytes tell the format of a file without an ending") {
  const TemporaryDirectory folder;
  CHECK(read(folder.write("csv", "1,2.0\n")) == Numbers{1, 2});
  CHECK(read(folder.write("json", " [1,\n2]")) == Numbers{1, 2});
  CHECK(read(folder.write("lines", "[1,2]\n[3,4]\n")) == Numbers{1, 2, 3, 4});
  CHECK(read(folder.write("npy", npy_text({1, 2}))) == Numbers{1, 2});
  write_npz(folder.path() / "npz", {{"x", {2}, {1, 2}}});
  CHECK(read((folder.path() / "npz").string()) == Numbers{1, 2});
}

TEST_CASE("a .json file may hold JSON Lines") {
  const TemporaryDirectory folder;
  const std::string file = folder.write("a.json", "{\"p\": 1}\n{\"p\": 2}\n");
  CHECK(values_of(open_container(file, {})->array("p")) == Numbers{1, 2});
}

TEST_CASE("a given format decides instead of name and content") {
  const TemporaryDirectory folder;
  CHECK(read(folder.write("a.txt", "[1,2]"), as("json")) == Numbers{1, 2});
  CHECK(read(folder.write("a.csv", "[1,2]\n[3,4]\n"), as("jsonl")) == Numbers{1, 2, 3, 4});
  CHECK(read_error(folder.write("b.json", "1,2.0\n"), as("json")).starts_with("malformed-json"));
}

TEST_CASE("formats have names") {
  for (const std::string& name : format_names()) CHECK(format_named(name)->name == name);
  CHECK(format_named("xml") == nullptr);
}

TEST_CASE("a name that promises NPY over other content is an error") {
  const TemporaryDirectory folder;
  const std::string npy = folder.write("a.npy", "1,2.0\n");
  CHECK(read_error(npy) ==
        "unknown-format|" + npy + ": expected npy, and the content looks like csv");
  CHECK(hint_of([&] { read(npy); }) == "add --input-format csv if it is");
  CHECK(read(npy, as("csv")) == Numbers{1, 2});
  CHECK(read_error(folder.write("a.csv", npy_text({1}))).starts_with("unknown-format|"));
}

TEST_CASE("a missing file is an error whose hint is the nearest name") {
  const TemporaryDirectory folder;
  const std::string file = folder.write("preds.csv", "1\n");
  const std::string missing = (folder.path() / "pred.csv").string();
  CHECK(read_error(missing) ==
        "cannot-read|" + missing + ": cannot read: No such file or directory");
  CHECK(hint_of([&] { read(missing); }) == "did you mean " + file + "?");
  CHECK(hint_of([&] { read((folder.path() / "unlike-it.npy").string()); }).empty());
  CHECK(read_error((folder.path() / "none" / "x.csv").string()).starts_with("cannot-read|"));
}

TEST_CASE("a directory cannot be read") {
  const TemporaryDirectory folder;
  CHECK(read_error(folder.path().string()) ==
        "cannot-read|" + folder.path().string() + ": cannot read: Is a directory");
}

TEST_CASE("an empty file is an error") {
  const TemporaryDirectory folder;
  for (const char* name : {"a.csv", "a.json", "a.jsonl", "a.npy", "a.npz", "a"}) {
    const std::string file = folder.write(name, "");
    CHECK(read_error(file) == "no-data|" + file + ": the file is empty");
  }
}

TEST_CASE("a fragment follows the first '#', unless a file has the whole name") {
  const TemporaryDirectory folder;
  const std::string file = folder.write("a.csv", "1,2.0\n");
  CHECK(read(file + "#col=2") == Numbers{2});
  const std::string odd = folder.write("a.csv#col=2", "7\n");
  CHECK(read(odd) == Numbers{7});
  CHECK(split_reference("x.npz#a#b").file == "x.npz");
  CHECK(split_reference("x.npz#a#b").fragment == "a#b");
  CHECK(split_reference("x.npz").fragment.empty());
}

TEST_CASE("a file of named inputs takes a fragment only for JSON") {
  const TemporaryDirectory folder;
  const std::string csv = folder.write("a.csv", "x,y\n1,2\n");
  CHECK(error_of([&] { open_container(csv + "#col=1", {}); }).starts_with("bad-fragment|"));
  const std::string json = folder.write("a.json", R"({"run": {"pred": [1]}})");
  CHECK(values_of(open_container(json + "#/run", {})->array("pred")) == Numbers{1});
  const std::string npy = folder.write("a.npy", npy_text({1}));
  CHECK(error_of([&] { open_container(npy, {}); }) ==
        "missing-array|" + npy + ": the file holds one array without a name");
}

TEST_CASE("pipes are read to their end") {
  CHECK(read_error("/dev/null") == "no-data|/dev/null: the file is empty");
}
