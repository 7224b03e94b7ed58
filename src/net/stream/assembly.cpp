#include "net/stream/assembly.h"

#include <utility>

namespace wiretight::stream {

bool Assembly::keep(Bytes bytes, Budget& budget) {
  if (!budget.take(bytes.size())) return false;
  if (!store_) store_ = std::make_unique<Store>();
  store_->held += bytes.size();
  store_->buffer.insert(store_->buffer.end(), bytes.begin(), bytes.end());
  return true;
}

bool Assembly::wait(std::uint32_t sequence, Bytes payload, std::uint32_t size, Budget& budget) {
  if (store_ && (store_->waiting.size() == waiting_segments || store_->waiting_bytes + payload.size() > waiting_limit))
    return false;
  if (!budget.take(payload.size())) return false;
  if (!store_) store_ = std::make_unique<Store>();
  store_->held += payload.size();
  store_->waiting_bytes += payload.size();
  auto& waiting = store_->waiting;
  auto at = std::ranges::find_if(
      waiting, [&](const Waiting& other) { return static_cast<std::int32_t>(other.sequence - sequence) > 0; });
  waiting.insert(at, {.sequence = sequence, .size = size, .payload = {payload.begin(), payload.end()}});
  return true;
}

Assembly::Waiting Assembly::pop_waiting(Budget& budget) {
  Waiting first = std::move(store_->waiting.front());
  store_->waiting.erase(store_->waiting.begin());
  store_->waiting_bytes -= first.payload.size();
  store_->held -= first.payload.size();
  budget.give(first.payload.size());
  return first;
}

Bytes Assembly::shorten_buffer(std::size_t size, Budget& budget) {
  auto& buffer = store_->buffer;
  const std::size_t gone = buffer.size() - size;
  buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(gone));
  store_->held -= gone;
  budget.give(gone);
  return buffer;
}

void Assembly::drop_buffer(Budget& budget) {
  if (!store_) return;
  if (store_->waiting.empty()) return release(budget);
  const std::size_t freed = store_->held - store_->waiting_bytes;
  budget.give(freed);
  store_->held -= freed;
  store_->buffer.clear();
}

void Assembly::release(Budget& budget) {
  if (!store_) return;
  budget.give(store_->held);
  store_.reset();
}

}  // namespace wiretight::stream
