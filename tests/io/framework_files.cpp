/// Files that NumPy, gzip, zstd and PIL wrote hold the numbers that the NPY files of the same data
/// hold.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "io/concatenate.h"
#include "io/from_text.h"
#include "io/read.h"
#include "io/temporary_directory.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

std::string file(const std::string& name) {
  return LOSSCALC_SOURCE_DIR "/tests/reference/formats/" + name;
}

Array read(const std::string& name) { return read_array(file(name), {}); }

std::vector<std::string> notes_of(const std::string& name) { return read(name).reading().notes; }

/// The images NAME-0.png and NAME-1.png as one batch.
Array images(const std::string& name, const std::string& fragment = "") {
  return concatenated({read(name + "-0.png" + fragment), read(name + "-1.png" + fragment)});
}

/// The masks of NPY as 1 where `is_one` and 0 elsewhere.
template <class Test>
Numbers mask_where(Test is_one) {
  Numbers numbers = values_of(read("mask.npy"));
  for (double& number : numbers) number = is_one(number) ? 1.0 : 0.0;
  return numbers;
}

std::string refusal(const std::string& name) {
  return error_of([&] { values_of(read(name)); });
}

std::string hint(const std::string& name) {
  return hint_of([&] { values_of(read(name)); });
}

}  // namespace

TEST_CASE("text and NPY compressed by gzip or zstd hold the same numbers") {
  const Array plain = read("pred.npy");
  for (const char* name : {"pred.npy", "pred.csv", "pred.tsv", "pred.json", "pred.jsonl"}) {
    for (const char* ending : {".gz", ".zst"}) {
      CAPTURE(name);
      CAPTURE(ending);
      const Array array = read(std::string(name) + ending);
      CHECK(array.shape() == plain.shape());
      CHECK(values_of(array) == values_of(plain));
    }
  }
}

TEST_CASE("several members of gzip and frames of zstd are one text") {
  for (const char* name : {"members.csv.gz", "frames.csv.zst", "no-ending"}) {
    CAPTURE(name);
    CHECK(values_of(read(name)) == values_of(read("pred.npy")));
  }
}

TEST_CASE("archives of NumPy are read, compressed once more or not") {
  for (const char* name : {"data.npz", "data.npz.gz"}) {
    CAPTURE(name);
    CHECK(values_of(read(std::string(name) + "#pred")) == values_of(read("pred.npy")));
    CHECK(values_of(read(std::string(name) + "#target")) == values_of(read("labels.npy")));
  }
}

TEST_CASE("bfloat16 of ml_dtypes is read, by name or reloaded, and a note says so") {
  for (const char* name : {"bfloat16.npy", "bfloat16-reloaded.npy"}) {
    CAPTURE(name);
    CHECK(read(name).type() == ElementType::bfloat16);
    CHECK(values_of(read(name)) == values_of(read("bfloat16-as-float32.npy")));
    CHECK(notes_of(name).size() == 1);
  }
  CHECK(notes_of("pred.npy").empty());
}

TEST_CASE("pairs of bytes that are no bfloat16 are refused") {
  for (const char* name : {"int16-as-bytes.npy", "float16-as-bytes.npy"}) {
    CAPTURE(name);
    CHECK(refusal(name) == "unsupported-type|" + file(name) +
                               ": dtype '|V2' holds raw bytes, expected numbers, bool or text");
    CHECK(hint(name).starts_with("if it is bfloat16, convert it: python3 -c "));
  }
}

TEST_CASE("text in NPY is words, whatever its encoding and order") {
  const Words names{"cat", "dog", "gnu\u00e9", "dog"};
  for (const char* name : {"names.npy", "names-big-endian.npy", "names-bytes.npy"}) {
    CAPTURE(name);
    CHECK(read(name).type() == ElementType::text);
    CHECK(read(name).shape() == Shape{4});
    CHECK(read(name).words() == names);
  }
  CHECK(read("names-fortran.npy").shape() == Shape{2, 2});
  CHECK(read("names-fortran.npy").words() == names);
}

TEST_CASE("the fields of structured arrays are arrays by name") {
  for (const char* name : {"fields.npy", "fields-aligned.npy"}) {
    CAPTURE(name);
    const auto container = open_container(file(name), {});
    CHECK(container->names() == Words{"target", "pred", "name", "wide"});
    CHECK(container->array("pred").shape() == Shape{4, 3});
    CHECK(values_of(container->array("pred")) == values_of(read("pred.npy")));
    CHECK(values_of(container->array("target")) == values_of(read("labels.npy")));
    CHECK(container->array("name").words() == read("names.npy").words());
    CHECK(values_of(read(std::string(name) + "#pred")) == values_of(read("pred.npy")));
    CHECK(values_of(read(std::string(name) + "#pred&col=2")) == values_of(read("pred.npy#col=2")));
    CHECK(to_string(container->array("pred").place(4)) == file(name) + "#pred[1,1]");
    CHECK(hint(std::string(name) + "#wide").ends_with("['wide'].astype('float64'))\""));
    CHECK(refusal(std::string(name) + "#none") ==
          "missing-array|" + file(name) + ": there is no field 'none'");
    CHECK(refusal(name) == "missing-array|" + file(name) + ": the elements have 4 fields");
  }
  CHECK(refusal("pred.npy#pred").starts_with("bad-fragment|"));
  CHECK(error_of([] { open_container(file("pred.npy"), {}); }).starts_with("missing-array|"));
}

TEST_CASE("a field or an array of an archive may be the keys of samples") {
  const auto fields = open_container(file("fields.npy"), {.id = "name"});
  CHECK(fields->names() == Words{"target", "pred", "wide"});
  CHECK(fields->array("pred").keys()->words() == read("names.npy").words());
  const auto archive = open_container(file("data.npz"), {.id = "target"});
  CHECK(archive->names() == Words{"pred"});
  CHECK(archive->array("pred").keys()->words() == Words{"0", "1", "2", "1"});
  const Array only = read_array(file("data.npz"), {.id = "target"});
  CHECK(values_of(only) == values_of(read("pred.npy")));
  CHECK(only.keys()->size() == 4);
}

TEST_CASE("arrays saved into one file one behind the other are joined") {
  CHECK(read("appended.npy").shape() == Shape{4, 3});
  CHECK(values_of(read("appended.npy")) == values_of(read("pred.npy")));
  CHECK(notes_of("appended.npy") ==
        Words{"3 arrays in the file, one behind the other, are joined along the first axis"});
  CHECK(to_string(read("appended.npy").place(4)) == file("appended.npy") + "[0,1]");
  CHECK(values_of(read("appended.npy#col=2")) == values_of(read("pred.npy#col=2")));
}

TEST_CASE("arrays in one file that don't fit one behind the other are refused") {
  CHECK(refusal("appended-others.npy") ==
        "malformed-npy|" + file("appended-others.npy") +
            ": the file holds 2 arrays that can't be joined along the first axis: float64 [4,3], "
            "and int64 [4]");
  CHECK(hint("appended-others.npy").starts_with("save them by name: python3 -c "));
}

TEST_CASE("PNG masks of every kind hold the numbers of their pixels") {
  const Array plain = read("mask.npy");
  for (const char* name :
       {"grey", "grey2", "grey4", "grey16", "palette", "palette8", "alpha", "interlaced"}) {
    CAPTURE(name);
    CHECK(images(name).shape() == plain.shape());
    CHECK(is_integer(images(name).type()));
    CHECK(values_of(images(name)) == values_of(plain));
  }
  CHECK(values_of(images("bits")) == mask_where([](double number) { return number > 1; }));
}

TEST_CASE("a PNG mask is a batch of one image, and its places are pixels") {
  const Array mask = read("grey-0.png");
  CHECK(mask.shape() == Shape{1, 5, 7});
  CHECK(to_string(mask.place(8)) == file("grey-0.png") + "[0,1,1]");
}

TEST_CASE("one number of a PNG mask can be selected as 1 above 0") {
  const Numbers expected = mask_where([](double number) { return number > 1; });
  CHECK(values_of(images("levels", "#value=255")) == expected);
  CHECK(values_of(images("grey", "#value=2")) == mask_where([](double n) { return n == 2; }));
  CHECK(refusal("grey-0.png#col=1").starts_with("bad-fragment|"));
  CHECK(refusal("grey-0.png#value=-1").starts_with("bad-fragment|"));
  CHECK(refusal("grey-0.png#value=65536").starts_with("bad-fragment|"));
}

TEST_CASE("what the numbers of a PNG mask are is noted") {
  CHECK(notes_of("grey-0.png") == Words{"pixels are the grey values of 8 bits as they are stored"});
  CHECK(notes_of("palette-0.png") ==
        Words{"pixels are indices into the palette: 0 #000000, 1 #800000, 2 #008000, 3 #808000"});
  CHECK(images("grey").reading().notes.size() == 1);
  CHECK(read("grey-0.png").reading().class_hint.find("#value=255") != std::string::npos);
  CHECK(read("palette-0.png").reading().class_hint.empty());
}

TEST_CASE("a palette of grey colours in an order of its own is read as is asked for") {
  const Numbers mask = values_of(read("grey-0.png"));
  CHECK(refusal("palette-sorted.png") ==
        "unsupported-type|" + file("palette-sorted.png") +
            ": the palette has grey colours in an order of its own (0 #030303, 1 #010101, 2 "
            "#020202, 3 #000000): classes may be indices or grey values");
  CHECK(values_of(read("palette-sorted.png#grey")) == mask);
  Numbers indices = mask;
  for (double& number : indices) number = Numbers{3, 1, 2, 0}[static_cast<std::size_t>(number)];
  CHECK(values_of(read("palette-sorted.png#index")) == indices);
  CHECK(values_of(read("palette-sorted.png#grey&value=3")) ==
        values_of(read("grey-0.png#value=3")));
  CHECK(values_of(read("palette-sorted.png#value=0&index")) ==
        values_of(read("grey-0.png#value=3")));
  CHECK(values_of(read("palette-own.png")) == mask);
  CHECK(values_of(read("palette-own.png#grey")) == mask);
  const Numbers odd = values_of(read("palette-black-white.png"));
  for (std::size_t i = 0; i < odd.size(); ++i) CHECK(odd[i] == std::fmod(mask[i], 2.0));
  CHECK(refusal("palette-sorted.png#grey&index").starts_with("bad-fragment|"));
  CHECK(refusal("palette-0.png#grey").starts_with("bad-fragment|"));
  CHECK(refusal("grey-0.png#index").starts_with("bad-fragment|"));
  CHECK(values_of(read("grey-0.png#grey")) == mask);
}

TEST_CASE("images of other sizes, of colours and with transparent pixels are refused") {
  CHECK(error_of([] {
          concatenated({read("grey-0.png"), read("smaller.png")});
        }) == "shape-mismatch|" + file("smaller.png") +
                  ": files are concatenated along the first axis, so all others must agree: "
                  "[1,5,7] in " +
                  file("grey-0.png") + ", here [1,4,7]");
  CHECK(refusal("rgb.png") ==
        "unsupported-type|" + file("rgb.png") +
            ": a colour image holds no class numbers; expected grey or palette colours");
  CHECK(refusal("transparent.png") == "unsupported-type|" + file("transparent.png") +
                                          "[0,0,0]: expected an opaque pixel, found alpha 0");
}

TEST_CASE("files that are damaged anywhere are read or refused") {
  const TemporaryDirectory folder;
  for (const char* name :
       {"fields-aligned.npy", "names.npy", "names-bytes.npy", "appended.npy",
        "bfloat16-reloaded.npy", "palette-0.png", "interlaced-0.png", "alpha-0.png", "grey4-0.png",
        "pred.csv.gz", "members.csv.gz", "pred.npy.zst", "frames.csv.zst"}) {
    CAPTURE(name);
    const std::string whole(load(file(name)).text());
    const std::string fragment = std::string(name).starts_with("fields") ? "#name" : "";
    std::size_t tried = 0;
    std::size_t refused = 0;
    const auto try_to_read = [&](const std::string& content) {
      // Some file systems wait for the disk where a file is written anew.
      const std::string damaged = folder.write(std::to_string(++tried) + name, content) + fragment;
      try {
        const Array array = read_array(damaged, {});
        if (array.type() == ElementType::text) {
          static_cast<void>(array.words());
        } else {
          values_of(array);
        }
      } catch (const Error& error) {
        CHECK(error.place().file.starts_with(folder.path().string()));
        ++refused;
      }
    };
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1U << at % 8));
      try_to_read(changed);
      try_to_read(whole.substr(0, at));
    }
    CHECK(refused >= whole.size() / 2);
  }
}
