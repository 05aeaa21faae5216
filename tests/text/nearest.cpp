#include "text/nearest.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace losscalc::text;

namespace {

using Words = std::vector<std::string>;

const Words losses{"mse", "huber", "hinge", "smooth-l1", "cross-entropy", "binary-cross-entropy"};

}  // namespace

TEST_CASE("a misspelt word is near the word that was meant") {
  CHECK(nearest("hubr", losses) == Words{"huber"});
  CHECK(nearest("hubre", losses) == Words{"huber"});
  CHECK(nearest("hugber", losses) == Words{"huber"});
  CHECK(nearest("msee", losses) == Words{"mse"});
  CHECK(nearest("mse", losses).front() == "mse");
}

TEST_CASE("capitals and underscores are no mistakes") {
  CHECK(nearest("Smooth_L1", losses).front() == "smooth-l1");
  CHECK(nearest("HUBER", losses).front() == "huber");
}

TEST_CASE("a word is near those that contain it, the closest first") {
  CHECK(nearest("entropy", losses) == Words{"cross-entropy", "binary-cross-entropy"});
  CHECK(nearest("huber-loss", losses) == Words{"huber"});
}

TEST_CASE("words unlike all others are near none") {
  CHECK(nearest("qqqqqqq", losses).empty());
  CHECK(nearest("", losses).empty());
  CHECK(nearest("mse", {}).empty());
  CHECK(did_you_mean("qqqqqqq", losses).empty());
}

TEST_CASE("at most three names are near, each once") {
  CHECK(nearest("abcd", {"abce", "abcf", "abcf", "abcg", "abch"}) == Words{"abce", "abcf", "abcg"});
}

TEST_CASE("near names are asked for as a question") {
  CHECK(did_you_mean("hubr", losses) == "did you mean 'huber'?");
  CHECK(did_you_mean("abcd", {"abce", "abcf"}) == "did you mean 'abce' or 'abcf'?");
  CHECK(did_you_mean("abcd", {"abce", "abcf", "abcg"}) == "did you mean 'abce', 'abcf' or 'abcg'?");
}

TEST_CASE("words are joined by a separator") {
  CHECK(joined({}) == "");
  CHECK(joined({"a"}) == "a");
  CHECK(joined({"a", "b", "c"}) == "a, b, c");
  CHECK(joined({"a", "b"}, " and ") == "a and b");
  CHECK(joined({"", "b"}) == ", b");
}
