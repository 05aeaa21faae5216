#include "spec/specification.h"

#include <doctest/doctest.h>

#include <string>

#include "diagnostics/error.h"

using namespace losscalc;
using namespace losscalc::spec;

namespace {

using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

std::vector<Term> resolved(std::string_view text, const Arguments& flags = {}) {
  return resolve(parse(text), flags);
}

std::string canonical(std::string_view text, const Arguments& flags = {}) {
  return to_string(resolved(text, flags));
}

/// The value of the only argument.
ParameterValue value_in(const std::string& text) {
  return parse("f(k=" + text + ")").at(0).arguments.at(0).value;
}

/// `code: message`, and the hint behind ' | ' if there is one.
std::string error_of(std::string_view text, const Arguments& flags = {}) {
  try {
    resolved(text, flags);
  } catch (const Error& error) {
    return std::string(error_name(error.code())) + ": " + error.what() +
           (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "no error";
}

}  // namespace

TEST_CASE("a specification is a sum of losses with coefficients and signs") {
  const auto terms = parse("-0.5*dice + 2 * mse-1e-3*l1");
  REQUIRE(terms.size() == 3);
  CHECK(terms[0].coefficient == -0.5);
  CHECK(terms[0].name == "dice");
  CHECK(terms[0].column == 6);
  CHECK(terms[1].coefficient == 2.0);
  CHECK(terms[1].name == "mse");
  CHECK(terms[2].coefficient == -1e-3);
  CHECK(terms[2].name == "l1");
  CHECK(parse(" mse ").at(0).coefficient == 1.0);
  CHECK(parse(".5*mse").at(0).coefficient == 0.5);
}

TEST_CASE("a hyphen before a letter belongs to the name, before a digit it subtracts") {
  CHECK(parse("smooth-l1").at(0).name == "smooth-l1");
  const auto terms = parse("mse-0.5*dice");
  REQUIRE(terms.size() == 2);
  CHECK(terms[0].name == "mse");
  CHECK(terms[1].coefficient == -0.5);
  CHECK(parse("mse - dice").size() == 2);
  CHECK(parse("torch.nn.MSELoss").at(0).name == "torch.nn.MSELoss");
  CHECK(parse("dice@2").at(0).name == "dice@2");
}

TEST_CASE("arguments are keys with values") {
  const auto term = parse("f( smooth-nr = 1 , b=x )").at(0);
  REQUIRE(term.arguments.size() == 2);
  CHECK(term.arguments[0].name == "smooth_nr");
  CHECK(term.arguments[0].value == ParameterValue(1.0));
  CHECK(term.arguments[1].value == ParameterValue(std::string("x")));
  CHECK(parse("f()").at(0).arguments.empty());
}

TEST_CASE("values are numbers, booleans, None, words, quoted texts and lists") {
  CHECK(value_in("-1.5e-3") == ParameterValue(-1.5e-3));
  CHECK(value_in("+2") == ParameterValue(2.0));
  CHECK(value_in("true") == ParameterValue(true));
  CHECK(value_in("True") == ParameterValue(true));
  CHECK(value_in("false") == ParameterValue(false));
  CHECK(value_in("False") == ParameterValue(false));
  CHECK(value_in("None") == ParameterValue(std::monostate{}));
  CHECK(value_in("pos-weight") == ParameterValue(std::string("pos-weight")));
  CHECK(value_in("'a b,c)'") == ParameterValue(std::string("a b,c)")));
  CHECK(value_in("\"d.csv#col=1\"") == ParameterValue(std::string("d.csv#col=1")));
  CHECK(value_in("[0.25, 0.75]") == ParameterValue(Numbers{0.25, 0.75}));
  CHECK(value_in("(1,2,)") == ParameterValue(Numbers{1, 2}));
  CHECK(value_in("[]") == ParameterValue(Numbers{}));
  CHECK(value_in("[w1,'w 2']") == ParameterValue(Words{"w1", "w 2"}));
}

TEST_CASE("the value of a flag is a value of the grammar, else a word") {
  CHECK(parse_value("2") == ParameterValue(2.0));
  CHECK(parse_value("[1,2]") == ParameterValue(Numbers{1, 2}));
  CHECK(parse_value("None") == ParameterValue(std::monostate{}));
  CHECK(parse_value("./w.csv#col=1") == ParameterValue(std::string("./w.csv#col=1")));
  CHECK(parse_value("2nd.npy") == ParameterValue(std::string("2nd.npy")));
}

TEST_CASE("syntax errors show the text, the column and what was expected") {
  CHECK(error_of("") == "bad-specification: in '', column 1: expected a loss, found the end");
  CHECK(error_of("mse +") ==
        "bad-specification: in 'mse +', column 6: expected a loss, found the end");
  CHECK(error_of("2 mse") ==
        "bad-specification: in '2 mse', column 3: expected '*' and a loss after the coefficient, "
        "found 'm'");
  CHECK(error_of("mse dice") ==
        "bad-specification: in 'mse dice', column 5: expected '+', '-' or the end, found 'd'");
  CHECK(error_of("huber(delta)") ==
        "bad-specification: in 'huber(delta)', column 12: expected '=' after 'delta', found ')'");
  CHECK(error_of("huber(delta=)").find("column 13: expected a value, found ')'") !=
        std::string::npos);
  CHECK(error_of("huber(delta=1").find("column 14: expected ',' or ')', found the end") !=
        std::string::npos);
  CHECK(error_of("huber(delta=1,delta=2)").find("column 15: expected each parameter once") !=
        std::string::npos);
  CHECK(error_of("f(k='x)").find("column 5: expected a closing '") != std::string::npos);
  CHECK(error_of("f(k=[1,a])")
            .find("column 8: expected a list of numbers or of names, not of both") !=
        std::string::npos);
  CHECK(error_of("1e999*mse").starts_with("bad-specification: "));
  CHECK(error_of("mse)").starts_with("bad-specification: "));
}

TEST_CASE("an unknown loss is an error with the nearest names") {
  CHECK(error_of("hubr") ==
        "unknown-loss: unknown loss 'hubr' | did you mean 'huber'? 'losscalc list' shows all");
  CHECK(error_of("qqqqqqqq") ==
        "unknown-loss: unknown loss 'qqqqqqqq' | 'losscalc list' shows all");
}

TEST_CASE("an unknown parameter is an error with the nearest and all names") {
  const std::string error = error_of("huber(dleta=1)");
  CHECK(
      error.starts_with("unknown-parameter: huber: unknown parameter 'dleta' | did you mean "
                        "'delta'? huber has: delta"));
}

TEST_CASE("a bad value is an error that names loss, parameter and valid values") {
  CHECK(error_of("huber(delta=-1)") == "bad-value: huber: delta must be > 0, found -1");
  CHECK(error_of("huber(delta=abc)") == "bad-value: huber: delta must be > 0, found abc");
  CHECK(error_of("huber(delta=nan)") == "bad-value: huber: delta must be > 0, found NaN");
  CHECK(error_of("huber(delta=inf)").starts_with("bad-value: huber: delta must be > 0"));
  CHECK(error_of("mse(reduction=meen)").starts_with("bad-value: mse: reduction must be one of "));
  CHECK(error_of("cross-entropy(from=bits)")
            .starts_with("bad-value: cross-entropy: from must be one of "));
}

TEST_CASE("a form of predictions that a loss does not take is refused") {
  CHECK(error_of("mse(from=logits)") != "no error");
}

TEST_CASE("parameters that exclude each other are refused before any data is read") {
  CHECK(error_of("mse + kl(log_pred=true, clip=0.1)") ==
        "bad-value: kl-divergence: clip must be 0 where log_pred is true, found 0.1");
  CHECK(error_of("kl(log_pred=true)", {{"clip", 0.1}}) ==
        "bad-value: kl-divergence: clip must be 0 where log_pred is true, found 0.1");
  CHECK(error_of("tweedie(power=0.5)").starts_with("bad-value: tweedie-deviance: power must be"));
}

TEST_CASE("a flag sets a parameter of every term that has it and does not say it") {
  const auto terms = resolved("huber + huber(delta=3) + mse", {{"delta", 2.0}});
  CHECK(canonical("huber + huber(delta=3) + mse", {{"delta", 2.0}}) ==
        "huber(delta=2) + huber(delta=3) + mse");
  CHECK(terms[0].parameters.size() == 1);
  CHECK(terms[2].parameters.empty());
  CHECK(canonical("huber(delta=3)", {{"delta", 2.0}}) == "huber(delta=3)");
  CHECK(error_of("huber", {{"delta", -1.0}}) == "bad-value: huber: delta must be > 0, found -1");
}

TEST_CASE("a flag that no term has is an unknown option with the losses that have it") {
  const std::string error = error_of("mse + l1", {{"delta", 2.0}});
  CHECK(error.starts_with("unknown-option: mse and l1 has no --delta | --delta belongs to: "));
  CHECK(error.find("huber") != std::string::npos);
}

TEST_CASE("roles take names of inputs, files and numbers") {
  const Term named = resolved("contrastive(label=y)").at(0);
  CHECK(std::get<std::string>(named.roles.at("label").at(0).source) == "y");
  const Term numbers = resolved("contrastive(label=[0,1])").at(0);
  CHECK(std::get<Numbers>(numbers.roles.at("label").at(0).source) == Numbers{0, 1});
  const Term file = resolved("contrastive(label='d.csv#col=2')").at(0);
  CHECK(std::get<std::string>(file.roles.at("label").at(0).source) == "d.csv#col=2");
  CHECK(error_of("contrastive(label=true)")
            .starts_with("bad-value: contrastive: label must be the name"));
}

TEST_CASE("the canonical text has canonical names and only what differs from defaults") {
  CHECK(canonical("huber-loss(delta=1)") == "huber");
  CHECK(canonical("1*mse-0.50*dice(smooth-nr=1)") == "mse - 0.5*dice(smooth_nr=1)");
  CHECK(canonical("-mse") == "-mse");
}

TEST_CASE("parsing the canonical text gives the canonical text") {
  for (const char* text :
       {"mse", "-2*huber(delta=0.1) + 1e-07*l1", "contrastive(label='a b.csv#col=1', x1=u, x2=v)",
        "contrastive(label='it''s')", "contrastive(label=[0,1,0.5])", "contrastive(label='true')",
        "contrastive(label=\"None\")", "contrastive(label='7')", "contrastive(label='-x')",
        "contrastive(label=[inf,1,-inf,nan])", "contrastive(label='Infinity')",
        "l2-penalty(params=[a,'b c'])", "1e300*mse - 5e-324*mse"}) {
    CAPTURE(text);
    std::string once;
    REQUIRE_NOTHROW(once = canonical(text));
    CAPTURE(once);
    std::string twice;
    REQUIRE_NOTHROW(twice = canonical(once));
    CHECK(twice == once);
  }
}

TEST_CASE("another library's loss may stand as it does in code") {
  const std::string plain = canonical("nn.L1Loss()");
  CHECK(canonical("criterion = nn.L1Loss().cuda();") == plain);
  CHECK(canonical("nn.L1Loss().to(device)  # on the GPU") == plain);
  CHECK(canonical("nn.L1Loss()(prediction, truth).item()") == plain);
  CHECK(canonical("F.l1_loss(prediction, truth)") == plain);
  CHECK(canonical("nn.L1Loss() * 0.5") == canonical("0.5*nn.L1Loss()"));
  CHECK(canonical("nn.CrossEntropyLoss(weight=torch.tensor([1, 2], dtype=torch.float32,))") ==
        canonical("nn.CrossEntropyLoss([1, 2])"));
  CHECK(canonical("F.huber_loss(a, b, 'sum', 2)") == "huber(delta=2, reduction=sum, empty='nan')");
  CHECK(error_of("nn.L1Loss().backward()") ==
        "bad-specification: in 'nn.L1Loss().backward()', column 13: expected mean(), sum(), or a "
        "method such as cuda() that changes no number, found 'b'");
}

TEST_CASE("what reduces nothing may be reduced by a method") {
  CHECK(canonical("optax.l2_loss(p, t).mean()") ==
        canonical("optax.l2_loss()", {{"reduction", std::string("count-mean")}}));
  CHECK(canonical("optax.l2_loss().sum()") ==
        canonical("optax.l2_loss()", {{"reduction", std::string("sum")}}));
  CHECK(canonical("nn.L1Loss().mean()") == canonical("nn.L1Loss()"));
  CHECK(resolved("nn.CrossEntropyLoss(reduction='none').mean()").front().conventions.ignored ==
        Ignored::zero);
}

TEST_CASE("a call's inputs are variables by position, and inputs by name") {
  const Term term = resolved("sklearn.metrics.mean_squared_error(truth, guess)").front();
  CHECK(term.variables.at("target") == "truth");
  CHECK(term.variables.at("pred") == "guess");
  const Term named = resolved("nn.MSELoss(input=box, target=box_t)").front();
  CHECK(std::get<std::string>(named.roles.at("pred").front().source) == "box");
  CHECK(std::get<std::string>(named.roles.at("target").front().source) == "box_t");
  CHECK(error_of("F.cross_entropy([1, 2])") ==
        "bad-specification: F.cross_entropy is called with its inputs first: expected the name of "
        "input, found [1,2] | parameters go by name, and inputs come from -p, -t and -i");
}
