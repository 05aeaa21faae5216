#include "io/torch/torch.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/members.h"
#include "io/torch/arrays.h"
#include "io/torch/storages.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

class TorchContainer final : public Container {
 public:
  TorchContainer(const Bytes& bytes, std::string_view id)
      : file_(bytes.file), content_(torch::open_content(bytes)), id_(id) {}

  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const torch::Member& member : torch::members(content_.pickle)) {
      if (id_.empty() || member.name != id_) names.push_back(member.name);
    }
    return names;
  }

  Array array(std::string_view name) const override {
    Array array = stored(name);
    if (!id_.empty()) array.set_keys(as_keys(stored(id_)));
    return array;
  }

  bool is_one_array() const { return torch::is_array(content_.pickle, content_.pickle.root()); }

  Array whole() const { return torch::array_of(content_, content_.pickle.root(), {.file = file_}); }

  /// The only array with axes, or the only array.
  Array only() const {
    std::vector<std::string> with_axes;
    for (const torch::Member& member : torch::members(content_.pickle)) {
      const bool is_id = !id_.empty() && member.name == id_;
      if (!is_id && !torch::is_single_number(content_.pickle, member.value))
        with_axes.push_back(member.name);
    }
    const std::vector<std::string> all = names();
    if (all.empty()) {
      throw Error(ErrorCode::no_data, "the file holds no tensors and no numbers",
                  Place{.file = file_}, "save them: torch.save({'pred': pred}, 'x.pt')");
    }
    const std::vector<std::string>& candidates = with_axes.empty() ? all : with_axes;
    if (candidates.size() != 1) {
      throw Error(ErrorCode::missing_array,
                  "expected one array, found " + text::counted(candidates.size(), "array"),
                  Place{.file = file_},
                  "name one: " + file_ + "#NAME; available: " + text::listed(all));
    }
    Array result = array(candidates.front());
    result.add_note("the file's only array is " + candidates.front());
    return result;
  }

 private:
  Array stored(std::string_view name) const {
    const torch::ValueId value = torch::found(content_.pickle, name, file_);
    return torch::array_of(content_, value, {.file = file_, .path = std::string(name)});
  }

  std::string file_;
  torch::Content content_;
  std::string id_;
};

}  // namespace

std::unique_ptr<Container> open_torch(const Bytes& bytes, std::string_view id) {
  auto container = std::make_unique<TorchContainer>(bytes, id);
  if (container->is_one_array()) {
    throw Error(ErrorCode::missing_array, "the file holds one array without a name",
                Place{.file = bytes.file}, "give it by -p " + bytes.file + " or -t " + bytes.file);
  }
  return container;
}

Array read_torch(const Bytes& bytes, std::string_view fragment, std::string_view id) {
  const TorchContainer container(bytes, id);
  const MemberFragment wanted = parse_member_fragment(fragment);
  if (!wanted.name.empty()) return with_columns(container.array(wanted.name), wanted.columns);
  return with_columns(container.is_one_array() ? container.whole() : container.only(),
                      wanted.columns);
}

}  // namespace losscalc::io
