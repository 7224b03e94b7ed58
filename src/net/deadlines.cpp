#include "net/deadlines.h"

namespace wiretight::net {

namespace {
constexpr auto resolution = std::chrono::milliseconds(10);
}

Deadlines::Watch::Watch(Deadlines& owner, boost::asio::ip::tcp::socket& socket, Clock::time_point deadline)
    : owner_(owner), socket_(socket), deadline_(deadline), next_(owner.first_) {
  if (next_) next_->previous_ = this;
  owner_.first_ = this;
  if (!owner_.ticking_) owner_.tick();
}

Deadlines::Watch::~Watch() {
  (previous_ ? previous_->next_ : owner_.first_) = next_;
  if (next_) next_->previous_ = previous_;
  if (!owner_.first_) owner_.timer_.cancel();
}

void Deadlines::tick() {
  ticking_ = first_ != nullptr;
  if (!ticking_) return;
  const auto now = Clock::now();
  for (Watch* watch = first_; watch; watch = watch->next_) {
    boost::system::error_code ignored;
    if (now >= watch->deadline_) watch->socket_.cancel(ignored);
  }
  timer_.expires_after(resolution);
  timer_.async_wait([this](const boost::system::error_code&) { tick(); });
}

}  // namespace wiretight::net
