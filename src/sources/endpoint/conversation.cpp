#include "sources/endpoint/conversation.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace wiretight::endpoint {

namespace asio = boost::asio;
namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr auto connect_allowance = std::chrono::milliseconds(3000);

}  // namespace

net::Task<Reply> Conversation::open(tls::Bytes hello, tls::Until until) {
  auto seat = co_await lane_.enter();
  if (!seat) co_return Reply::not_asked;
  seat_.emplace(std::move(*seat));
  const auto begun = net::Clock::now();
  auto socket = co_await net::dial(lane_.wire(), net::Endpoint(lane_.address(), port_),
                                   std::min(lane_.timeout(), connect_allowance));
  if (!socket) {
    trouble_ = to_text(socket.error());
    lane_.note_trouble();
    co_return Reply::unreachable;
  }
  socket_ = std::move(*socket);
  const auto connected = net::Clock::now();
  flight_.reset(until);
  if (!co_await send(hello)) co_return Reply::closed;
  // The time runs from when the server was free to answer.
  Reply reply = Reply::silent;
  for (auto free = connected; reply == Reply::silent && free < lane_.end();) {
    reply = co_await read_flight(std::min(free + lane_.hello_allowance(), lane_.end()));
    const auto held = lane_.held_until();
    if (held <= free) break;
    if (reply == Reply::silent) lane_.note_blocked();
    free = held;
  }
  if (reply == Reply::silent)
    lane_.note_trouble();
  else if (reply != Reply::closed || flight_.received() > 0)
    lane_.note_answer(connected - begun, net::Clock::now() - connected);
  co_return reply;
}

net::Task<bool> Conversation::send(tls::Bytes bytes) {
  const net::Deadlines::Watch watch(lane_.wire().deadlines, socket_, lane_.deadline());
  auto [error, sent] = co_await asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), quietly);
  co_return !error;
}

net::Task<Reply> Conversation::read(tls::Until until, net::Clock::duration patience) {
  flight_.resume(until);
  const Lane::Hold hold(lane_);
  co_return co_await read_flight(lane_.deadline(patience));
}

net::Task<Reply> Conversation::read_flight(net::Clock::time_point deadline) {
  const net::Deadlines::Watch watch(lane_.wire().deadlines, socket_, deadline);
  std::array<std::uint8_t, 8192> buffer;
  while (flight_.progress().need_more()) {
    auto [error, size] = co_await socket_.async_read_some(asio::buffer(buffer), quietly);
    const bool late = watch.expired();
    if (error && error != asio::error::operation_aborted && !late) co_return reply_of(flight_.close());
    // What came in the last moment counts: who reads on must not miss it.
    lane_.bytes += size;
    tls::Bytes rest(buffer.data(), size);
    rest = rest.subspan(flight_.feed(rest).consumed);
    if ((error || late) && flight_.progress().need_more()) {
      // Foreign bytes without a line end may be all that comes.
      co_return flight_.other_protocol().empty() ? Reply::silent : Reply::not_tls;
    }
  }
  co_return reply_of(flight_.progress());
}

Reply Conversation::reply_of(const tls::Progress& progress) {
  if (progress.violation()) {
    trouble_ = progress.why;
    return Reply::violation;
  }
  switch (progress.end) {
    case tls::End::hello_retry:
      return Reply::retry;
    case tls::End::server_hello:
    case tls::End::server_hello_done:
    case tls::End::change_cipher_spec:
    case tls::End::application_data:
    case tls::End::heartbeat:
      return Reply::hello;
    case tls::End::alert:
    case tls::End::encrypted_alert:
    case tls::End::ssl2_error:
      return Reply::alert;
    case tls::End::ssl2_server_hello:
      return Reply::ssl2;
    case tls::End::not_tls:
      return Reply::not_tls;
    case tls::End::closed:
    case tls::End::none:
      break;
  }
  return Reply::closed;
}

std::string outcome_of(Reply reply, const tls::Flight& flight) {
  if (reply == Reply::alert && flight.alert()) return fmt::format("alert {}", flight.alert()->description);
  switch (reply) {
    case Reply::alert:
      return "encrypted alert";
    case Reply::closed:
      return "closed";
    case Reply::silent:
      return "silence";
    case Reply::hello:
      return "handshake went on";
    default:
      return "other";
  }
}

net::Task<Answer> ask(Lane& lane, std::uint16_t port, tls::HelloSpec& spec, tls::Until until) {
  tls::randomise(spec);
  Conversation talk(lane, port);
  Answer answer;
  answer.reply = co_await talk.open(tls::client_hello(spec), until);
  answer.flight = std::move(talk.flight());
  answer.trouble = talk.trouble();
  // A ServerHello counts also when the peer hung up before the end of its flight.
  if (const auto hello = answer.flight.server_hello()) {
    if (answer.reply == Reply::closed || answer.reply == Reply::silent || answer.reply == Reply::alert)
      answer.reply = hello->hello_retry ? Reply::retry : Reply::hello;
    if (answer.accepted()) {
      if (auto sound = tls::check_answer(*hello, spec); !sound) {
        answer.reply = Reply::violation;
        answer.trouble = sound.error().what;
      } else if (spec.versions.empty() && hello->version < spec.hello_version) {
        answer.reply = Reply::older;
        answer.trouble = "answered in an older version";
      }
    }
  }
  co_return answer;
}

net::Task<Answer> ask(Lane& lane, std::uint16_t port, const tls::Ssl2Hello& asked) {
  std::vector<std::uint8_t> bytes;
  tls::append_ssl2_client_hello(bytes, asked);
  Conversation talk(lane, port);
  Answer answer;
  answer.reply = co_await talk.open(bytes, tls::Until::server_hello_done);
  answer.flight = std::move(talk.flight());
  answer.trouble = talk.trouble();
  if (answer.reply == Reply::ssl2) {
    const auto hello = answer.flight.ssl2_server_hello();
    if (!hello || hello->kind_count() == 0 || !tls::check_answer(*hello, asked)) answer.reply = Reply::violation;
  }
  co_return answer;
}

}  // namespace wiretight::endpoint
