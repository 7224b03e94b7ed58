#include "net/http.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace wiretight::http {
namespace {

namespace asio = boost::asio;
using State = ResponseReader::State;
using tcp = asio::ip::tcp;

ResponseReader read(std::string_view bytes, std::size_t piece = std::string_view::npos) {
  ResponseReader reader;
  while (!bytes.empty() && reader.state() == State::need_more) {
    const auto part = bytes.substr(0, piece);
    reader.feed(part);
    bytes.remove_prefix(part.size());
  }
  return reader;
}

ResponseReader read_to_close(std::string_view bytes) {
  ResponseReader reader = read(bytes);
  reader.close();
  return reader;
}

std::string with_length(std::string_view body, std::string_view fields = "") {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), fields, body);
}

// What the peer says in answer to each request, until it has no more to say and closes.
struct Scripted {
  std::vector<std::string> answers = {};
  bool silent_at_the_end = false;
};

Exchange talk(const Scripted& script, const std::vector<std::string>& requests,
              std::chrono::milliseconds patience = std::chrono::seconds(20)) {
  asio::io_context io;
  net::Deadlines deadlines(io);
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  tcp::socket ours(io);
  ours.connect(acceptor.local_endpoint());
  tcp::socket theirs = acceptor.accept();
  Exchange result;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        std::array<char, 1024> buffer = {};
        for (const std::string& answer : script.answers) {
          co_await theirs.async_read_some(asio::buffer(buffer), asio::use_awaitable);
          co_await asio::async_write(theirs, asio::buffer(answer), asio::use_awaitable);
        }
        if (!script.silent_at_the_end) theirs.shutdown(tcp::socket::shutdown_send);
      },
      asio::detached);
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        result = co_await exchange(deadlines, ours, requests, net::Clock::now() + patience);
      },
      asio::detached);
  io.run();
  return result;
}

}  // namespace

TEST_CASE("no request carries credentials or names an operation that exists") {
  for (const std::string& request :
       {dynamodb_probe("[::1]:8000"), get_root("[::1]:8000"), upgrade_to_tls("[::1]:8000")}) {
    CHECK(request.contains("\r\nHost: [::1]:8000\r\n"));
    CHECK_FALSE(request.contains("Authorization"));
    CHECK_FALSE(request.contains("X-Amz-Security-Token"));
  }
  CHECK(dynamodb_probe("h").contains("X-Amz-Target: DynamoDB_20120810.WiretightProbe\r\n"));
  CHECK(dynamodb_probe("h").contains("Connection: keep-alive\r\n"));
  CHECK(dynamodb_probe("h", true).contains("Connection: close\r\n"));
}

TEST_CASE("a body with a length ends there, and what follows is not taken") {
  const std::string answer = with_length("healthy", "Server: x\r\n");
  ResponseReader reader;
  CHECK(reader.feed(answer + "HTTP/1.1 500") == answer.size());
  REQUIRE(reader.state() == State::complete);
  CHECK(reader.response().status == 200);
  CHECK(reader.response().body == "healthy");
  CHECK(reader.response().whole);
  CHECK(reader.response().keeps_alive);
  CHECK(reader.response().header("server") == "x");
  CHECK(reader.response().header("date").empty());
  CHECK(reader.feed("more") == 0);
}

TEST_CASE("chunks are joined, their extensions and the trailer left out") {
  const auto reader = read(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n5;name=value\r\nhealt\r\n2\r\nhy\r\n0\r\nLater: "
      "x\r\n\r\n");
  REQUIRE(reader.state() == State::complete);
  CHECK(reader.response().body == "healthy");
  CHECK_FALSE(reader.response().has("later"));
}

TEST_CASE("the pieces in which an answer comes do not matter") {
  const std::string chunked =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\nA: b\r\n "
      "c\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const std::string long_foreign(limits::head * 2, 'x');
  const std::string long_head = "HTTP/1.1 200 OK\r\nA: " + std::string(limits::head, 'x');
  for (const std::string& bytes : {with_length("healthy"), chunked, long_foreign, long_head}) {
    const ResponseReader whole = read(bytes);
    for (const std::size_t piece : {1U, 2U, 7U, 4096U}) {
      const ResponseReader pieces = read(bytes, piece);
      CHECK(pieces.state() == whole.state());
      CHECK(pieces.why() == whole.why());
      CHECK(pieces.response().body == whole.response().body);
      CHECK(pieces.response().header("a") == whole.response().header("a"));
    }
  }
  CHECK(read(long_foreign).state() == State::not_http);
  CHECK(read(long_head).state() == State::bad);
  CHECK(read(chunked).response().header("a") == "b c");
}

TEST_CASE("a closed connection is the end of a body only where nothing else is") {
  CHECK(read_to_close("HTTP/1.0 200 OK\r\n\r\nhealthy").response().body == "healthy");
  CHECK(read_to_close("HTTP/1.0 200 OK\r\n\r\nhealthy").response().whole);
  CHECK_FALSE(read_to_close("HTTP/1.0 200 OK\r\n\r\nhealthy").response().keeps_alive);
  CHECK(read_to_close("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhealthy").state() == State::bad);
  CHECK(read_to_close("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nhealthy").state() == State::bad);
  CHECK(read_to_close("HTTP/1.1 200 OK\r\nServer").state() == State::bad);
  CHECK(read_to_close("").state() == State::not_http);
  CHECK(read_to_close("HT").state() == State::not_http);
}

TEST_CASE("statuses without a body end with the head, and 101 ends HTTP") {
  for (int status : {101, 204, 304}) {
    const auto reader = read(fmt::format("HTTP/1.1 {} x\r\nContent-Length: 9\r\n\r\n", status));
    CHECK(reader.state() == State::complete);
    CHECK(reader.response().body.empty());
    CHECK(reader.response().keeps_alive == (status != 101));
  }
}

TEST_CASE("whether the connection is kept depends on the version and the Connection header") {
  CHECK_FALSE(read(with_length("x", "Connection: Foo, CLOSE\r\n")).response().keeps_alive);
  CHECK_FALSE(read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").response().keeps_alive);
  CHECK(read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n").response().keeps_alive);
}

TEST_CASE("what breaks the rules is bad, and the reason is told") {
  const auto why = [](std::string_view bytes) {
    const auto reader = read(bytes);
    return reader.state() == State::bad ? std::string(reader.why()) : "not bad";
  };
  CHECK(why("HTTP/2.0 200 OK\r\n") == "the status line has no version of HTTP/1");
  CHECK(why("HTTP/1.1 20 OK\r\n") == "the status is no number");
  CHECK(why("HTTP/1.1 099 OK\r\n") == "the status is no number");
  CHECK(why("HTTP/1.1 200 OK\r\n folded: x\r\n") == "the first header field is a continuation");
  CHECK(why("HTTP/1.1 200 OK\r\nno colon\r\n") == "a header field has no name");
  CHECK(why("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n") ==
        "two lengths contradict each other");
  CHECK(why("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n") == "the length is no number");
  CHECK(why("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n") == "the length is no number");
  CHECK(why("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n") == "the length of a chunk is no number");
  CHECK(why("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n") == "a chunk is longer than it said");
}

TEST_CASE("every limit holds") {
  std::string fields;
  for (std::size_t i = 0; i <= limits::headers; ++i) fields += "A: b\r\n";
  CHECK(read("HTTP/1.1 200 OK\r\n" + fields).why() == "there are too many header fields");

  std::string interim;
  for (std::size_t i = 0; i <= limits::interim; ++i) interim += "HTTP/1.1 103 Early\r\n\r\n";
  CHECK(read(interim).why() == "there are too many interim answers");

  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string extended = "1;" + std::string(limits::head / 2, 'x') + "\r\na\r\n";
  for (std::size_t size = 0; size <= limits::chunk_lines; size += extended.size()) chunks += extended;
  CHECK(read(chunks).why() == "the chunk framing is too long");

  CHECK_FALSE(read(with_length(std::string(limits::body, 'x'))).response().body_cut_off);
  const auto large = read(with_length(std::string(limits::body + 1, 'x')));
  CHECK(large.state() == State::complete);
  CHECK(large.response().body.size() == limits::body);
  CHECK(large.response().body_cut_off);
  CHECK_FALSE(large.response().whole);
  CHECK_FALSE(large.response().keeps_alive);
}

TEST_CASE("a conversation sends each request after the answer to the one before") {
  const std::vector<std::string> requests = {"first", "second"};
  Conversation conversation(requests);
  CHECK(conversation.next() == "first");
  CHECK(conversation.next().empty());
  conversation.feed(with_length("one"));
  CHECK_FALSE(conversation.over());
  CHECK(conversation.next() == "second");
  conversation.feed(with_length("two"));
  CHECK(conversation.over());
  CHECK(conversation.alive());
  const Exchange exchange = conversation.take();
  CHECK(exchange.end == End::complete);
  REQUIRE(exchange.responses.size() == 2);
  CHECK(exchange.response(1)->body == "two");
  CHECK(exchange.response(2) == nullptr);
  CHECK(exchange.sent == 11);
}

TEST_CASE("bytes after an answer end the conversation: they may belong to no request") {
  const std::vector<std::string> requests = {"first", "second"};
  Conversation conversation(requests);
  conversation.next();
  conversation.feed(with_length("one") + with_length("injected"));
  CHECK(conversation.over());
  CHECK_FALSE(conversation.alive());
  CHECK(conversation.take().responses.size() == 1);
}

TEST_CASE("TLS is told from other foreign bytes by a whole record header") {
  const std::vector<std::string> requests = {"first"};
  const auto end_of = [&](std::string_view bytes) {
    Conversation conversation(requests);
    conversation.next();
    for (char byte : bytes) conversation.feed({&byte, 1});
    conversation.stop(End::closed);
    return conversation.take().end;
  };
  using namespace std::string_view_literals;
  CHECK(end_of("\x15\x03\x01\x00\x02\x02\x46"sv) == End::tls_required);
  CHECK(end_of("\x15\x03\x01"sv) == End::not_http);
  CHECK(end_of("\x15\x02\x01\x00\x02"sv) == End::not_http);
  CHECK(end_of("SSH-2.0-x\r\n") == End::not_http);
  CHECK(end_of("") == End::closed);
  CHECK(end_of("HTTP/1.1 200 OK\r\n") == End::closed);
}

TEST_CASE("what is kept of foreign bytes is bounded") {
  const std::vector<std::string> requests = {"first"};
  Conversation conversation(requests);
  conversation.next();
  conversation.feed(std::string(limits::first_bytes * 3, 'x'));
  CHECK(conversation.take().first_bytes.size() == limits::first_bytes);
}

TEST_CASE("over a socket: two answers on one connection") {
  const Exchange got = talk({.answers = {with_length("one"), with_length("two")}}, {"a", "b"});
  CHECK(got.end == End::complete);
  REQUIRE(got.responses.size() == 2);
  CHECK(got.responses[1].body == "two");
}

TEST_CASE("over a socket: a server that closes after its first answer has answered") {
  const Exchange got = talk({.answers = {with_length("one", "Connection: close\r\n")}}, {"a", "b"});
  CHECK(got.end == End::complete);
  CHECK(got.responses.size() == 1);
}

TEST_CASE("over a socket: a server that closes without a word, and one that says nothing") {
  CHECK(talk({}, {"a"}).end == End::closed);
  const Exchange silent = talk({.silent_at_the_end = true}, {"a"}, std::chrono::milliseconds(60));
  CHECK(silent.end == End::timed_out);
  CHECK(silent.received == 0);
}

TEST_CASE("over a socket: a server that stops in the middle is cut off by the deadline") {
  const Exchange got =
      talk({.answers = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}, .silent_at_the_end = true}, {"a"},
           std::chrono::milliseconds(60));
  CHECK(got.end == End::timed_out);
  CHECK(got.responses.empty());
}

}  // namespace wiretight::http
