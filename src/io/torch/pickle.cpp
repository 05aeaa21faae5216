#include "io/torch/pickle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "io/torch/globals.h"
#include "io/torch/rebuild.h"

namespace losscalc::io::torch {
namespace {

/// Bytes of a pickle, read from the front.
class Reader {
 public:
  Reader(std::string_view text, const Place& place) : text_(text), place_(place) {}

  std::size_t position() const { return position_; }

  std::string_view take(std::uint64_t count) {
    if (count > text_.size() - position_) throw_malformed(place_, "it ends within its pickle");
    const std::string_view part = text_.substr(position_, count);
    position_ += part.size();
    return part;
  }

  std::uint64_t natural(std::size_t bytes) {
    std::uint64_t number = 0;
    const std::string_view part = take(bytes);
    for (std::size_t k = bytes; k-- > 0;)
      number = number << 8U | static_cast<unsigned char>(part[k]);
    return number;
  }

  std::string_view line() {
    const std::size_t end = text_.find('\n', position_);
    if (end == std::string_view::npos) throw_malformed(place_, "it ends within its pickle");
    const std::string_view part = take(end - position_);
    ++position_;
    return part;
  }

 private:
  std::string_view text_;
  const Place& place_;
  std::size_t position_ = 0;
};

class Machine {
 public:
  Machine(std::string_view text, const Place& place, std::vector<Value>& values)
      : reader_(text, place), place_(place), values_(values) {
    for (const Value& constant : {Value(None{}), Value(false), Value(true)})
      values_.push_back(constant);
  }

  ValueId run();
  std::size_t position() const { return reader_.position(); }

 private:
  using Action = void (Machine::*)();
  struct Instruction {
    unsigned char code;
    std::string_view name;
    Action action;  ///< none: tensors do not need it
  };
  static std::span<const Instruction> instructions();

  /// Constants that every pickle shares.
  static constexpr ValueId none_id = 0;
  static constexpr ValueId false_id = 1;
  static constexpr ValueId true_id = 2;

  [[noreturn]] void fail(const std::string& reason) const { throw_malformed(place_, reason); }

  void push(Value value) {
    if (values_.size() > std::numeric_limits<ValueId>::max()) fail("it has too many values");
    values_.push_back(std::move(value));
    stack_.push_back(static_cast<ValueId>(values_.size() - 1));
  }

  std::size_t bottom() const { return marks_.empty() ? 0 : marks_.back(); }

  ValueId top() const {
    if (stack_.size() <= bottom()) fail("an instruction of its pickle lacks an operand");
    return stack_.back();
  }

  ValueId pop() {
    const ValueId id = top();
    stack_.pop_back();
    return id;
  }

  std::vector<ValueId> pop_to_mark() {
    if (marks_.empty()) fail("an instruction of its pickle lacks a mark");
    const auto start = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<ValueId> items(start, stack_.end());
    stack_.erase(start, stack_.end());
    marks_.pop_back();
    return items;
  }

  std::vector<ValueId> pop_some(std::size_t count) {
    std::vector<ValueId> items(count);
    for (std::size_t k = count; k-- > 0;) items[k] = pop();
    return items;
  }

  template <class Wanted>
  Wanted& get(ValueId id) {
    auto* const found = std::get_if<Wanted>(&values_[id]);
    if (found == nullptr) fail("an instruction of its pickle has an operand of another kind");
    return *found;
  }

  void skip_protocol() {
    constexpr std::uint64_t newest = 5;
    if (reader_.natural(1) > newest) fail("its pickle has a protocol beyond 5");
  }
  void skip_frame() { reader_.natural(8); }
  void stop() { stopped_ = true; }
  void mark() { marks_.push_back(stack_.size()); }
  void drop() {
    if (stack_.size() <= bottom() && !marks_.empty()) {
      marks_.pop_back();
    } else {
      pop();
    }
  }
  void drop_to_mark() { pop_to_mark(); }
  void duplicate() { stack_.push_back(top()); }

  void push_none() { stack_.push_back(none_id); }
  void push_true() { stack_.push_back(true_id); }
  void push_false() { stack_.push_back(false_id); }
  void push_int32() {
    push(std::int64_t{static_cast<std::int32_t>(static_cast<std::uint32_t>(reader_.natural(4)))});
  }
  template <std::size_t bytes>
  void push_natural() {
    push(static_cast<std::int64_t>(reader_.natural(bytes)));
  }
  template <std::size_t length_bytes>
  void push_long() {
    push_two_complement(reader_.take(reader_.natural(length_bytes)));
  }
  void push_two_complement(std::string_view bytes) {
    if (bytes.size() > sizeof(std::int64_t)) return push(LargeInteger{std::string(bytes)});
    const bool negative = !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80U) != 0;
    std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
    for (std::size_t k = bytes.size(); k-- > 0;)
      bits = bits << 8U | static_cast<unsigned char>(bytes[k]);
    push(static_cast<std::int64_t>(bits));
  }
  void push_float() {
    std::uint64_t bits = 0;
    for (const char byte : reader_.take(sizeof bits))
      bits = bits << 8U | static_cast<unsigned char>(byte);
    push(std::bit_cast<double>(bits));
  }
  template <std::size_t length_bytes>
  void push_text() {
    push(std::string(reader_.take(reader_.natural(length_bytes))));
  }
  template <std::size_t length_bytes>
  void push_bytes() {
    push(ByteString{std::string(reader_.take(reader_.natural(length_bytes)))});
  }

  void push_empty_sequence() { push(Sequence{}); }
  void make_sequence() { push(Sequence{pop_to_mark()}); }
  template <std::size_t count>
  void make_tuple() {
    push(Sequence{pop_some(count)});
  }
  void append() {
    const ValueId item = pop();
    get<Sequence>(top()).items.push_back(item);
  }
  void append_all() {
    const std::vector<ValueId> items = pop_to_mark();
    auto& sequence = get<Sequence>(top()).items;
    sequence.insert(sequence.end(), items.begin(), items.end());
  }

  void push_empty_dictionary() { push(Dictionary{}); }
  void make_dictionary() {
    const std::vector<ValueId> items = pop_to_mark();
    push(Dictionary{});
    set_pairs(items);
  }
  void set_item() { set_pairs(pop_some(2)); }
  void set_items() { set_pairs(pop_to_mark()); }
  void set_pairs(const std::vector<ValueId>& items) {
    auto& fields = get<Dictionary>(top()).fields;
    if (items.size() % 2 != 0) fail("a key of a dictionary has no value");
    for (std::size_t k = 0; k < items.size(); k += 2) fields.emplace_back(items[k], items[k + 1]);
  }

  void remember(std::uint64_t key) { memo_[key] = top(); }
  template <std::size_t bytes>
  void put() {
    remember(reader_.natural(bytes));
  }
  void memoize() { remember(memo_.size()); }
  template <std::size_t bytes>
  void recall() {
    const auto found = memo_.find(reader_.natural(bytes));
    if (found == memo_.end()) fail("its pickle refers to a value that it does not have");
    stack_.push_back(found->second);
  }

  void push_global(const std::string& name) { push(Other{&global_named(name, place_)}); }
  void global() {
    const std::string module(reader_.line());
    push_global(module + "." + std::string(reader_.line()));
  }
  void stack_global() {
    const std::string name = get<std::string>(pop());
    push_global(get<std::string>(pop()) + "." + name);
  }
  void call() {
    const ValueId arguments = pop();
    const Global& function = *get<Other>(pop()).global;
    push(called(function, get<Sequence>(arguments), values_, place_));
  }
  void build() {
    const ValueId state = pop();
    set_state(values_[top()], values_[state], values_, place_);
  }
  void push_persistent() { push(persistent(values_[pop()], values_, place_)); }

  Reader reader_;
  const Place& place_;
  std::vector<Value>& values_;
  std::vector<ValueId> stack_;
  std::vector<std::size_t> marks_;  ///< the heights of the stack at which they stand
  std::unordered_map<std::uint64_t, ValueId> memo_;
  bool stopped_ = false;
};

std::span<const Machine::Instruction> Machine::instructions() {
  static constexpr std::array table = std::to_array<Instruction>({
      {0x80, "PROTO", &Machine::skip_protocol},
      {0x95, "FRAME", &Machine::skip_frame},
      {'.', "STOP", &Machine::stop},
      {'(', "MARK", &Machine::mark},
      {'0', "POP", &Machine::drop},
      {'1', "POP_MARK", &Machine::drop_to_mark},
      {'2', "DUP", &Machine::duplicate},
      {'N', "NONE", &Machine::push_none},
      {0x88, "NEWTRUE", &Machine::push_true},
      {0x89, "NEWFALSE", &Machine::push_false},
      {'J', "BININT", &Machine::push_int32},
      {'K', "BININT1", &Machine::push_natural<1>},
      {'M', "BININT2", &Machine::push_natural<2>},
      {0x8a, "LONG1", &Machine::push_long<1>},
      {0x8b, "LONG4", &Machine::push_long<4>},
      {'G', "BINFLOAT", &Machine::push_float},
      {'X', "BINUNICODE", &Machine::push_text<4>},
      {0x8c, "SHORT_BINUNICODE", &Machine::push_text<1>},
      {0x8d, "BINUNICODE8", &Machine::push_text<8>},
      {'T', "BINSTRING", &Machine::push_text<4>},
      {'U', "SHORT_BINSTRING", &Machine::push_text<1>},
      {'B', "BINBYTES", &Machine::push_bytes<4>},
      {'C', "SHORT_BINBYTES", &Machine::push_bytes<1>},
      {0x8e, "BINBYTES8", &Machine::push_bytes<8>},
      {')', "EMPTY_TUPLE", &Machine::push_empty_sequence},
      {'t', "TUPLE", &Machine::make_sequence},
      {0x85, "TUPLE1", &Machine::make_tuple<1>},
      {0x86, "TUPLE2", &Machine::make_tuple<2>},
      {0x87, "TUPLE3", &Machine::make_tuple<3>},
      {']', "EMPTY_LIST", &Machine::push_empty_sequence},
      {'l', "LIST", &Machine::make_sequence},
      {'a', "APPEND", &Machine::append},
      {'e', "APPENDS", &Machine::append_all},
      {'}', "EMPTY_DICT", &Machine::push_empty_dictionary},
      {'d', "DICT", &Machine::make_dictionary},
      {'s', "SETITEM", &Machine::set_item},
      {'u', "SETITEMS", &Machine::set_items},
      {'q', "BINPUT", &Machine::put<1>},
      {'r', "LONG_BINPUT", &Machine::put<4>},
      {0x94, "MEMOIZE", &Machine::memoize},
      {'h', "BINGET", &Machine::recall<1>},
      {'j', "LONG_BINGET", &Machine::recall<4>},
      {'c', "GLOBAL", &Machine::global},
      {0x93, "STACK_GLOBAL", &Machine::stack_global},
      {'R', "REDUCE", &Machine::call},
      {0x81, "NEWOBJ", &Machine::call},
      {'b', "BUILD", &Machine::build},
      {'Q', "BINPERSID", &Machine::push_persistent},
      {'I', "INT", nullptr},
      {'L', "LONG", nullptr},
      {'F', "FLOAT", nullptr},
      {'S', "STRING", nullptr},
      {'V', "UNICODE", nullptr},
      {'p', "PUT", nullptr},
      {'g', "GET", nullptr},
      {'P', "PERSID", nullptr},
      {'i', "INST", nullptr},
      {'o', "OBJ", nullptr},
      {0x82, "EXT1", nullptr},
      {0x83, "EXT2", nullptr},
      {0x84, "EXT4", nullptr},
      {0x8f, "EMPTY_SET", nullptr},
      {0x90, "ADDITEMS", nullptr},
      {0x91, "FROZENSET", nullptr},
      {0x92, "NEWOBJ_EX", nullptr},
      {0x96, "BYTEARRAY8", nullptr},
      {0x97, "NEXT_BUFFER", nullptr},
      {0x98, "READONLY_BUFFER", nullptr},
  });
  return table;
}

ValueId Machine::run() {
  while (!stopped_) {
    const auto code = static_cast<unsigned char>(reader_.natural(1));
    const auto known = instructions();
    const auto found = std::ranges::find(known, code, &Instruction::code);
    if (found == known.end()) fail("its pickle has an unknown instruction " + std::to_string(code));
    if (found->action == nullptr) {
      throw Error(ErrorCode::unsupported_type,
                  "the file's pickle has the instruction " + std::string(found->name) +
                      ", which tensors, numbers, lists and dictionaries do not need",
                  place_,
                  "save the tensors alone, by torch.save's own protocol: "
                  "torch.save({'pred': pred, 'target': target}, 'x.pt')");
    }
    (this->*found->action)();
  }
  return pop();
}

}  // namespace

Pickle::Pickle(std::string_view text, const Place& place) {
  Machine machine(text, place, values_);
  root_ = machine.run();
  size_ = machine.position();
}

}  // namespace losscalc::io::torch
