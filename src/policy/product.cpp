#include "policy/product.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace wiretight::policy {
namespace {

using StateId = std::uint32_t;
constexpr StateId dead = 0, full = 1;

// The deterministic automaton of one pattern, made as it is walked.
class Automaton {
 public:
  explicit Automaton(const Pattern& pattern) : pattern_(pattern) {}

  StateId start(std::string_view prefix) { return id_of(positions_after(pattern_, prefix)); }

  StateId next(StateId state, char byte) {
    if (state <= full) return state;
    const std::uint64_t key = (std::uint64_t{state} << 8) | static_cast<unsigned char>(byte);
    if (const auto known = steps_.find(key); known != steps_.end()) return known->second;
    const StateId to = id_of(next_positions(pattern_, states_[state - 2], byte));
    steps_.emplace(key, to);
    return to;
  }

  bool accepting(StateId state) const {
    return state == full || (state != dead && accepts(pattern_, states_[state - 2]));
  }

 private:
  StateId id_of(Positions at) {
    if (at.empty()) return dead;
    if (accepts_all(pattern_, at)) return full;
    const auto [entry, fresh] = ids_.emplace(at, static_cast<StateId>(states_.size() + 2));
    if (fresh) states_.push_back(std::move(at));
    return entry->second;
  }

  const Pattern& pattern_;
  std::vector<Positions> states_;
  std::map<Positions, StateId> ids_;
  std::unordered_map<std::uint64_t, StateId> steps_;
};

// A set of strings that no pattern tells apart so far: how each pattern that is not dead stands.
struct Node {
  std::size_t slot = 0;
  std::vector<std::pair<std::uint32_t, StateId>> states = {};
  std::size_t parent = SIZE_MAX;
  char byte = 0;
};

class Product {
 public:
  Product(std::string_view prefix, std::span<const Pattern> patterns, std::size_t budget)
      : prefix_(prefix), budget_(budget) {
    automata_.reserve(patterns.size());
    for (const Pattern& pattern : patterns) {
      Automaton& automaton = automata_.emplace_back(pattern);
      const StateId state = automaton.start(prefix);
      if (state == dead) continue;
      root_.emplace_back(static_cast<std::uint32_t>(automata_.size() - 1), state);
      if (state != full) note_bytes(pattern);
    }
  }

  bool explore(const Language& language) {
    nodes_.clear();
    seen_.clear();
    if (!add({.slot = 0, .states = root_})) return false;
    for (std::size_t at = 0; at < nodes_.size(); ++at) {
      const std::size_t slot = nodes_[at].slot;
      const bool settled = std::all_of(nodes_[at].states.begin(), nodes_[at].states.end(),
                                       [](const auto& state) { return state.second == full; });
      if (settled || slot == language.size()) record(at, language);
      if (settled) continue;
      if (slot > 0 && language[slot - 1].repeats && !step(at, language[slot - 1].bytes, slot)) return false;
      if (slot < language.size() && !step(at, language[slot].bytes, slot + 1)) return false;
    }
    return true;
  }

  std::vector<Atom> take() { return std::move(found_); }

 private:
  void note_bytes(const Pattern& pattern) {
    for (const char16_t symbol : pattern) {
      if (symbol < any_one) {
        told_apart_[symbol] = true;
      } else if (symbol >= either_case) {
        const auto byte = static_cast<std::size_t>(symbol - either_case);
        told_apart_[byte] = told_apart_[byte - ('a' - 'A')] = true;
      } else if (symbol == any_one_in_segment || symbol == any_run_in_segment) {
        told_apart_[static_cast<std::size_t>(':')] = true;
      }
    }
  }

  // All bytes that no pattern names are one to them.
  bool step(std::size_t from, std::string_view bytes, std::size_t slot) {
    bool other = false;
    for (const char byte : bytes) {
      if (!told_apart_[static_cast<unsigned char>(byte)] && std::exchange(other, true)) continue;
      Node node{.slot = slot, .parent = from, .byte = byte};
      for (const auto& [pattern, state] : nodes_[from].states)
        if (const StateId next = automata_[pattern].next(state, byte); next != dead)
          node.states.emplace_back(pattern, next);
      spent_ += nodes_[from].states.size() + 1;
      if (!add(std::move(node))) return false;
    }
    return true;
  }

  bool add(Node node) {
    if (spent_ > budget_) return false;
    std::string key(reinterpret_cast<const char*>(&node.slot), sizeof(node.slot));
    key.append(reinterpret_cast<const char*>(node.states.data()), node.states.size() * sizeof(node.states[0]));
    if (seen_.insert(std::move(key)).second) nodes_.push_back(std::move(node));
    return true;
  }

  void record(std::size_t at, const Language& language) {
    std::vector<std::uint32_t> accepted;
    for (const auto& [pattern, state] : nodes_[at].states)
      if (automata_[pattern].accepting(state)) accepted.push_back(pattern);
    if (!signatures_.insert(accepted).second) return;
    Atom atom{.text = std::string(prefix_), .matched = std::move(accepted)};
    std::string path;
    for (std::size_t i = at; nodes_[i].parent != SIZE_MAX; i = nodes_[i].parent) path += nodes_[i].byte;
    atom.text.append(path.rbegin(), path.rend());
    for (std::size_t slot = nodes_[at].slot; slot < language.size(); ++slot) atom.text += language[slot].bytes.front();
    found_.push_back(std::move(atom));
  }

  std::string_view prefix_;
  std::size_t budget_ = 0;
  std::size_t spent_ = 0;
  std::vector<Automaton> automata_;
  std::array<bool, 256> told_apart_ = {};
  std::vector<std::pair<std::uint32_t, StateId>> root_;
  std::vector<Node> nodes_;
  std::unordered_set<std::string> seen_;
  std::set<std::vector<std::uint32_t>> signatures_;
  std::vector<Atom> found_;
};

}  // namespace

std::optional<std::vector<Atom>> atoms(std::string_view prefix, std::span<const Language> languages,
                                       std::span<const Pattern> patterns, std::size_t budget) {
  Product product(prefix, patterns, budget);
  for (const Language& language : languages)
    if (!product.explore(language)) return {};
  return product.take();
}

}  // namespace wiretight::policy
