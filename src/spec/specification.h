/// The language of losses: 'cross-entropy + 0.5*dice(smooth_nr=1)' -> terms with parameters and
/// conventions.
///
///     spec   := ['-'] term (('+'|'-') term)*
///     term   := [number '*'] name ['(' [arg (',' arg)*] ')']
///     arg    := key '=' value | value, the latter first, and of other libraries' losses only
///     value  := number | true | false | True | False | None | string | name | list
///     value of other libraries' losses also: torch.tensor(list), np.array(list) and the like
///
/// A term of another library may stand as it does in code: name = term(...)(pred, target).cuda();
/// with .mean() or .sum() behind it, a factor behind '*', and a comment behind ' # '.
///
///     list   := '[' [value (',' value)*] ']', of numbers or of names; also in parentheses
///     string := in ' or ", a quote within written twice
///
/// A name is letters, digits, '_', '.' (dialects: torch.nn.MSELoss), '@' (versions) and '-' before
/// a letter: 'smooth-l1' is a name, 'mse-0.5*dice' and 'mse - dice' are differences. Keys may be
/// written with '_' or '-'. Blanks separate nothing but tokens.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "definition/loss.h"
#include "definition/parameter.h"
#include "dialects/dialect.h"

namespace losscalc::spec {

/// A term as it was written.
struct WrittenTerm {
  double coefficient = 1.0;
  std::string name;
  Arguments arguments;  ///< keys with '_'; empty for values by position
  std::size_t column = 1;
  Arguments call = {};  ///< of another library's loss: what it is called with, as (pred, target)
  std::string reduced = {};  ///< "mean" or "sum", where its result is reduced by that method
};

/// A term as another library says it, in our words.
struct Translation {
  WrittenTerm term;
  /// Names of arguments that nobody wrote, but the library's defaults say.
  std::vector<std::string> defaults;
  const dialects::Entry* entry = nullptr;
  /// Names of variables that stand for inputs, by role.
  std::map<std::string, std::string, std::less<>> variables = {};
};

/// One translation for each number of axes of the predictions for which the library's loss is
/// another one. Throws Error: unknown_loss and unknown_parameter with the nearest names, bad_value,
/// and not_supported for what the library has and nothing here means.
std::vector<Translation> translate(const WrittenTerm& written);

/// The parameters of an entry with the library's defaults, in its order.
Arguments parameters_of(const dialects::Entry& entry);

/// Throws Error(bad_specification) that shows the text, the column and what was expected there.
std::vector<WrittenTerm> parse(std::string_view text);

/// Parses what stands between the parentheses of a term: 'a=1, b=x'.
Arguments parse_arguments(std::string_view text);

/// Parses the value of a flag such as --gamma 2 or --alpha [0.25,0.75] by the same grammar; text
/// that is no value of the grammar (a file name) is a word.
ParameterValue parse_value(std::string_view text);

/// The word as parse() reads it back: bare if that is one name, else in quotes.
std::string written_word(const std::string& word);

/// An array that a role is given: the name of an input, the name of a file (FILE#FRAGMENT), or the
/// numbers themselves.
struct ArrayReference {
  std::variant<std::string, std::vector<double>> source;
};

/// A term with its loss found and all that was said about it sorted out and checked.
struct Term : LossCall {
  std::map<std::string, std::vector<ArrayReference>, std::less<>> roles = {};
  /// The entry of another library's loss that the term was written as.
  const dialects::Entry* dialect = nullptr;
  std::string written_as = {};  ///< its name, as it was written
  /// Names that the code has for inputs, by role: names of inputs where there are such.
  std::map<std::string, std::string, std::less<>> variables = {};
  /// The same as written, for predictions of other numbers of axes than `dialect` stands for.
  std::vector<Term> by_rank = {};

  /// The other library's name of a role; the role's own if it has none.
  std::string_view input_name(std::string_view role) const;

  /// This term or the one of `by_rank` that stands for predictions of so many axes. Throws
  /// Error(not_supported) if none does.
  const Term& for_rank(std::size_t axes) const;
};

/// Finds the losses, checks every parameter's name and value, and applies `flags` (a flag sets a
/// parameter, convention or role of every term that has it and doesn't say it itself). Throws
/// Error: unknown_loss and unknown_parameter (with the nearest names), bad_value; a flag that no
/// term has is unknown_option.
std::vector<Term> resolve(const std::vector<WrittenTerm>& written, const Arguments& flags);

/// Throws as resolve() for a flag that none of these terms has: of terms that for_rank() gave.
void check_flags(const std::vector<Term>& terms, const Arguments& flags);

/// The term with each of `arguments` in place of what was said of it, as its own loss and no other
/// library's, with the coefficient 1. Throws as resolve().
Term with_arguments(const Term& term, const Arguments& arguments);

/// The canonical text: canonical names and the values that differ from their defaults. parse() and
/// resolve() of it give the same terms.
std::string to_string(const std::vector<Term>& terms);
std::string to_string(const Term& term);

}  // namespace losscalc::spec
