#include "process/program.h"

#include <doctest/doctest.h>

#include <cmath>
#include <csignal>
#include <limits>
#include <numeric>
#include <vector>

#include "io/from_text.h"

using namespace losscalc;
using namespace losscalc::process;
using io::error_of;
using io::hint_of;

namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds patient{20.0};
constexpr const char* wait_for_line = "read -r request; ";

const Arrays& two_by_two() {
  static const Arrays inputs{{"pred", {{2, 2}, {0.5, -1.0, 2.0, 0.25}}}, {"target", {{2}, {0, 1}}}};
  return inputs;
}

std::vector<std::string> shell(const std::string& script) { return {"sh", "-c", script}; }

Reply ask_shell(const std::string& script, bool with_gradient = false) {
  return Program(shell(script), patient).ask(two_by_two(), with_gradient, 2);
}

/// To the one request, with `reply` as it stands.
Reply answered(const std::string& reply, bool with_gradient = false) {
  return ask_shell(wait_for_line + ("printf '%s\\n' '" + reply + "'"), with_gradient);
}

/// What is wrong with the reply, without the command before it.
std::string fault_of(const std::string& reply, bool with_gradient = false) {
  const std::string error = error_of([&] { answered(reply, with_gradient); });
  CHECK(error.starts_with("program-failed|sh -c read -r request; "));
  return error.substr(error.find("': ") + 3);
}

/// The same of a script.
std::string failure_of(const std::string& script, Seconds timeout = patient) {
  const std::string error =
      error_of([&] { Program(shell(script), timeout).ask(two_by_two(), false, 2); });
  const std::string start = "program-failed|sh -c " + script + ": ";
  REQUIRE(error.starts_with(start));
  return error.substr(start.size());
}

Seconds time_of(const auto& act) {
  const auto start = std::chrono::steady_clock::now();
  act();
  return std::chrono::steady_clock::now() - start;
}

}  // namespace

TEST_CASE("a request is one line of JSON, with arrays nested as their shape") {
  const Arrays inputs{
      {"flat", {{3}, {1.0, 0.1, 1e300}}},
      {"none", {{2, 0}, {}}},
      {"odd \"name\"", {{}, {-0.0}}},
      {"special",
       {{3},
        {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
         -std::numeric_limits<double>::infinity()}}}};
  const std::string reflect =
      R"(while read -r request; do
           id=$((id + 1)); echo "$request" | sed 's/[\"]/\\&/g; s/.*/{"id":'$id',"error":"&"}/'
         done)";
  CHECK(error_of([&] { Program(shell(reflect), patient).ask(inputs, true, 3); })
            .ends_with(
                R"(the program reports an error: '{"schema":"losscalc.exec/1","id":1,)"
                R"("want":["value","gradient"],"inputs":{"flat":[1,0.1,1e+300],"none":[[],[]],)"
                R"("odd \"name\"":-0,"special":["NaN","Infinity","-Infinity"]}}')"));
}

TEST_CASE("a reply has a value, and what else there is") {
  const Reply reply = answered(
      R"({"id":1,"value":0.5,"per_sample":[1,"NaN"],"gradient":{"pred":[[1,2],[3,"-Infinity"]]},)"
      R"("more":{"a":[null]}})",
      true);
  CHECK(reply.value == 0.5);
  REQUIRE(reply.per_sample);
  CHECK((*reply.per_sample)[0] == 1.0);
  CHECK(std::isnan((*reply.per_sample)[1]));
  REQUIRE(reply.gradient.size() == 1);
  CHECK(reply.gradient.at("pred") ==
        std::vector<double>{1, 2, 3, -std::numeric_limits<double>::infinity()});
  CHECK(answered(R"({"id":1,"value":"Infinity"})").value ==
        std::numeric_limits<double>::infinity());
  CHECK(answered(R"({"id":1,"value":1,"gradient":"?"})").gradient.empty());
  CHECK(answered(R"({"id":1,"value":1,"error":null})").value == 1.0);
}

TEST_CASE("integers beyond 64 bits are numbers") {
  CHECK(answered(R"({"id":1,"value":100000000000000000000})").value == 1e20);
}

TEST_CASE("requests are counted") {
  Program program(
      shell(R"(while read -r request; do id=$((id + 1)); echo '{"id":'$id',"value":'$id'}'; done)"),
      patient);
  for (const double expected : {1.0, 2.0, 3.0}) {
    CHECK(program.ask(two_by_two(), false, 2).value == expected);
  }
}

TEST_CASE("a reply that can't be used is told with what came") {
  CHECK(fault_of("loss 0.5") == "the reply is not JSON; it was 'loss 0.5'");
  CHECK(fault_of(R"({"id":1,"value":NaN})") ==
        R"(the reply is not JSON; it was '{"id":1,"value":NaN}')");
  CHECK(fault_of("[1]") == "the reply is not an object; it was '[1]'");
  CHECK(fault_of(R"({"value":1})") == R"(the reply's id is not 1; it was '{"value":1}')");
  CHECK(fault_of(R"({"id":2,"value":1})") ==
        R"(the reply's id is not 1; it was '{"id":2,"value":1}')");
  CHECK(fault_of(R"({"id":1})") == R"(the reply has no value; it was '{"id":1}')");
  CHECK(fault_of(R"({"id":1,"value":null})") ==
        R"(the reply's value is not a number; it was '{"id":1,"value":null}')");
  CHECK(fault_of(R"({"id":null,"error":"no such input"})") ==
        "the program reports an error: 'no such input'");
  CHECK(fault_of(R"({"id":1,"error":{"code":5}})") ==
        R"(the program reports an error; it was '{"id":1,"error":{"code":5}}')");
  CHECK(hint_of([] { answered(R"({"id":1,"value":NaN})"); }).find("\"NaN\"") != std::string::npos);
}

TEST_CASE("what came is cut at 200 bytes, its control characters are made visible") {
  CHECK(fault_of("a\tb\x1b[0m\x7f") == R"(the reply is not JSON; it was 'a\tb\x1b[0m\x7f')");
  CHECK(fault_of(std::string(201, 'x')) ==
        "the reply is not JSON; it was '" + std::string(200, 'x') + "...'");
  CHECK(fault_of(std::string(199, 'x') + "\u00e9") ==
        "the reply is not JSON; it was '" + std::string(199, 'x') + "...'");
}

TEST_CASE("arrays of a reply have the shape that is expected") {
  const auto per_sample = [](const std::string& array) {
    const std::string fault = fault_of(R"({"id":1,"value":1,"per_sample":)" + array + "}");
    return fault.substr(0, fault.find(';'));
  };
  CHECK(per_sample("[1,2,3]") == "the reply's per_sample has shape [3], expected [2]");
  CHECK(per_sample("[[1],[2]]") == "the reply's per_sample has shape [2,1], expected [2]");
  CHECK(per_sample("1") == "the reply's per_sample has shape [], expected [2]");
  CHECK(per_sample("[1,null]") ==
        "the reply's per_sample is ragged or holds something that is not a number");

  const auto gradient = [](const std::string& field) {
    const std::string fault = fault_of(R"({"id":1,"value":1)" + field + "}", true);
    return fault.substr(0, fault.find("; it was"));
  };
  CHECK(gradient("") == "the reply has no gradient");
  CHECK(gradient(R"(,"gradient":{})") == "the reply has no gradient");
  CHECK(gradient(R"(,"gradient":[[1,2],[3,4]])") == "the reply has no gradient");
  CHECK(gradient(R"(,"gradient":{"logits":1})") ==
        "the reply has a gradient of 'logits', which is no input");
  CHECK(gradient(R"(,"gradient":{"pred":[1,2,3,4]})") ==
        "the gradient of 'pred' has shape [4], expected [2,2]");
  CHECK(gradient(R"(,"gradient":{"pred":[[1,2],[3]]})") ==
        "the gradient of 'pred' is ragged or holds something that is not a number");
}

TEST_CASE("a program that can't be started") {
  const auto start = [](const std::string& program) {
    return [program] { Program({program, "x"}, patient); };
  };
  CHECK(error_of(start("/no/such/program")) ==
        "program-failed|/no/such/program x: cannot be started: No such file or directory");
  CHECK(error_of(start("no-such-program")) ==
        "program-failed|no-such-program x: cannot be started: No such file or directory");
  CHECK(error_of(start("/etc/passwd")) ==
        "program-failed|/etc/passwd x: cannot be started: Permission denied");
  CHECK(hint_of(start("/etc/passwd")).find("executable") != std::string::npos);
}

TEST_CASE("a program that ends before it answers") {
  CHECK(failure_of("exit 3") == "exited with status 3 before it answered");
  CHECK(failure_of("printf oops; exit 0") ==
        "exited with status 0 before it answered; it had sent 'oops'");
  CHECK(failure_of("kill -SEGV $$") == "was terminated by SIGSEGV before it answered");
  CHECK(failure_of("exec >&-; exec sleep 20") == "closed its standard output before it answered");
}

TEST_CASE("a program that ended is not asked twice") {
  Program program(shell(R"(read -r request; echo '{"id":1,"value":1}'; exit 5)"), patient);
  CHECK(program.ask(two_by_two(), false, 2).value == 1.0);
  for (int i = 0; i < 2; ++i) {
    CHECK(error_of([&] {
            program.ask(two_by_two(), false, 2);
          }).ends_with("exited with status 5 before it answered"));
  }
}

TEST_CASE("a program that is too slow is killed") {
  const Seconds needed = time_of([] {
    CHECK(failure_of("exec sleep 20", Seconds(0.2)) ==
          "did not answer within 0.2 seconds and was killed");
    CHECK(failure_of("while :; do printf x; sleep 0.01; done", Seconds(0.2))
              .starts_with("did not answer within 0.2 seconds and was killed; it had sent 'x"));
  });
  CHECK(needed < Seconds(10.0));
}

TEST_CASE("a program that does not end is killed with the last who could ask it") {
  const Seconds needed = time_of([] { Program(shell("exec sleep 20"), patient); });
  CHECK(needed < Seconds(10.0));
}

TEST_CASE("requests and replies larger than pipes cross") {
  std::vector<double> values(50000);
  std::iota(values.begin(), values.end(), 0.5);
  const Arrays inputs{{"pred", {{values.size()}, values}}};
  SUBCASE("written while we still write") {
    Program program(shell(R"(printf '{"id":1,"value":7,"more":"'; head -n 1 | tr -d '"\n';)"
                          R"( echo '"}')"),
                    patient);
    CHECK(program.ask(inputs, false, 1).value == 7.0);
  }
  SUBCASE("answered without reading") {
    Program program(shell(R"(exec <&-; echo '{"id":1,"value":7}')"), patient);
    CHECK(program.ask(inputs, false, 1).value == 7.0);
  }
  SUBCASE("read after the answer") {
    Program program(shell(R"(echo '{"id":1,"value":7}'; sleep 0.1; read -r request;)"
                          R"( echo '{"id":2,"value":8}'; read -r request)"),
                    patient);
    CHECK(program.ask(inputs, false, 1).value == 7.0);
    CHECK(program.ask(inputs, false, 1).value == 8.0);
  }
}

TEST_CASE("broken pipes leave no trace, and are not silenced in the program") {
  struct sigaction before {};
  ::sigaction(SIGPIPE, nullptr, &before);
  std::signal(SIGPIPE, SIG_IGN);
  CHECK(failure_of("kill -PIPE $$; exit 1") == "was terminated by SIGPIPE before it answered");
  ::sigaction(SIGPIPE, &before, nullptr);

  failure_of("exec <&-; exit 1");
  sigset_t pending;
  sigset_t mask;
  ::sigpending(&pending);
  ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  CHECK(::sigismember(&pending, SIGPIPE) == 0);
  CHECK(::sigismember(&mask, SIGPIPE) == 0);
}
