#include "sharding/shard.h"

#include <array>

#include "diagnostics/error.h"
#include "text/number.h"

namespace losscalc::sharding {
namespace {

/// The variables in which a launcher tells a process its rank, counted from `first`, and how many
/// there are.
struct Launcher {
  const char* rank;
  const char* size;
  const char* first;  ///< a variable, or none for 0
};

/// The innermost first: what mpirun says within a Slurm job goes before what Slurm says.
constexpr std::array launchers{
    Launcher{"RANK", "WORLD_SIZE", nullptr},
    Launcher{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", nullptr},
    Launcher{"PMI_RANK", "PMI_SIZE", nullptr},
};
constexpr Launcher slurm_step{"SLURM_PROCID", "SLURM_NTASKS", nullptr};
constexpr Launcher slurm_array{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT",
                               "SLURM_ARRAY_TASK_MIN"};

std::optional<std::size_t> integer(const Environment& environment, const char* name) {
  const auto text = environment(name);
  if (!text) return std::nullopt;
  const auto number = text::parse_integer(*text);
  if (!number || *number < 0) {
    throw Error(ErrorCode::bad_value, std::string("--shard auto: the variable ") + name +
                                          " should hold a number, found '" + *text + "'");
  }
  return static_cast<std::size_t>(*number);
}

std::optional<evaluation::Shard> shard_from(const Launcher& launcher,
                                            const Environment& environment) {
  const auto rank = integer(environment, launcher.rank);
  const auto size = integer(environment, launcher.size);
  if (!rank || !size) return std::nullopt;
  const std::size_t first =
      launcher.first == nullptr ? 0 : integer(environment, launcher.first).value_or(0);
  if (*rank < first || *rank - first >= *size) {
    throw Error(ErrorCode::bad_value,
                std::string("--shard auto: ") + launcher.rank + "=" + std::to_string(*rank) +
                    " is out of range: " + launcher.size + "=" + std::to_string(*size) +
                    ", counted from " + std::to_string(first),
                {}, "array tasks must be numbered without gaps: --array=0-7");
  }
  return evaluation::Shard{*rank - first + 1, *size};
}

evaluation::Shard shard_of_launcher(const Environment& environment) {
  for (const Launcher& launcher : launchers) {
    if (const auto shard = shard_from(launcher, environment)) return *shard;
  }
  const auto step = shard_from(slurm_step, environment);
  const auto array = shard_from(slurm_array, environment);
  // The tasks of a job array may be jobs of several processes.
  if (array && step)
    return {(array->index - 1) * step->count + step->index, array->count * step->count};
  if (array) return *array;
  if (step) return *step;
  throw Error(ErrorCode::missing_argument,
              "--shard auto: no launcher has set rank and size in the environment", {},
              "give the part as I/N: --shard 1/4; supported launchers: torchrun, mpirun (Open MPI, "
              "MPICH), srun and sbatch --array");
}

}  // namespace

evaluation::Shard parse_shard(const std::string& text, const Environment& environment) {
  if (text == "auto") return shard_of_launcher(environment);
  const std::size_t slash = text.find('/');
  const auto index = text::parse_integer(text.substr(0, slash));
  const auto count =
      slash == std::string::npos ? std::nullopt : text::parse_integer(text.substr(slash + 1));
  if (!index || !count || *index < 1 || *count < *index) {
    throw Error(ErrorCode::bad_value,
                "--shard must be I/N with I from 1 to N, or auto, found '" + text + "'", {},
                "the second of four parts is 2/4");
  }
  return {static_cast<std::size_t>(*index), static_cast<std::size_t>(*count)};
}

namespace {

constexpr std::string_view shard_word = "{shard}";

/// Another word in braces would be one name for all.
void check_words(const std::string& file) {
  for (std::size_t at = file.find('{'); at != std::string::npos; at = file.find('{', at + 1)) {
    const std::size_t end = file.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1);
    if (end == std::string::npos || file[end] != '}') continue;
    const std::string word = file.substr(at, end + 1 - at);
    if (word == shard_word || word == "{}") continue;
    throw Error(ErrorCode::bad_value, "--partial: " + word + " is unknown, expected {shard}", {},
                "{shard} stands for the number of the part, counted from 1");
  }
}

}  // namespace

std::string shard_file(std::string file, const evaluation::Shard& shard) {
  check_words(file);
  const std::string number = std::to_string(shard.index);
  for (std::size_t at = file.find(shard_word); at != std::string::npos;
       at = file.find(shard_word, at + number.size()))
    file.replace(at, shard_word.size(), number);
  return file;
}

}  // namespace losscalc::sharding
