#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace wiretight {

// Gives back numbered items in the order of their numbers, whatever the order in which they come. At most `room` items
// wait for one that is missing: then the lowest of them goes first, so that memory is bounded.
template <class Item>
class InOrder {
 public:
  explicit InOrder(std::size_t room) : room_(room) {}

  void put(std::size_t number, Item item) { waiting_.emplace(number, std::move(item)); }

  // The next one whose turn it is; nothing while it has to be waited for.
  std::optional<Item> take() {
    if (waiting_.empty()) return std::nullopt;
    const auto first = waiting_.begin();
    if (first->first > next_ && waiting_.size() <= room_) return std::nullopt;
    if (first->first >= next_) next_ = first->first + 1;
    Item item = std::move(first->second);
    waiting_.erase(first);
    return item;
  }

 private:
  std::size_t room_;
  std::size_t next_ = 0;
  std::map<std::size_t, Item> waiting_ = {};
};

}  // namespace wiretight
