#include "sources/capture/conversation.h"

#include <algorithm>
#include <utility>

#include "core/host.h"
#include "core/text.h"
#include "sources/capture/bodies.h"

namespace wiretight::capture {
namespace {

constexpr std::size_t most_sightings = 8;  // of one connection; what a connection shows beyond is added to the last
// The tables of a request stand in its first kilobytes, what a response counts in its first line.
constexpr std::uint64_t shown_of_request = 4096, shown_of_response = 1024;
constexpr std::string_view http2_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

Likeness begins_with(Bytes bytes, std::string_view wanted) {
  const std::size_t size = std::min(bytes.size(), wanted.size());
  if (as_text(bytes.first(size)) != wanted.substr(0, size)) return Likeness::no;
  return size == wanted.size() ? Likeness::yes : Likeness::maybe;
}

enum class Speech : std::uint8_t {
  unknown,
  too_short,  // to tell
  http,
  http2,
  dax,
  tls_client,
  tls_server,
  tls_alert,      // from either side
  tls_encrypted,  // the handshake is past
};

// TLS records, and the two hellos of SSLv2, which have no content type.
Speech like_tls(Bytes bytes, bool at_beginning) {
  constexpr std::uint8_t change_cipher_spec = 20, alert = 21, handshake = 22, application_data = 23;
  constexpr std::uint8_t client_hello = 1, server_hello = 2, ssl2_server_hello = 4;
  if (bytes[0] >= change_cipher_spec && bytes[0] <= application_data) {
    if (bytes.size() > 1 && bytes[1] != 3) return Speech::unknown;
    if (bytes.size() > 2 && bytes[2] > 4) return Speech::unknown;
    if (bytes.size() < 6) return Speech::too_short;
    switch (bytes[0]) {
      case handshake:
        if (bytes[5] == client_hello) return Speech::tls_client;
        if (bytes[5] == server_hello) return Speech::tls_server;
        return Speech::tls_encrypted;
      case alert:
        return bytes[3] == 0 && bytes[4] == 2 ? Speech::tls_alert : Speech::tls_encrypted;
      default:
        return Speech::tls_encrypted;
    }
  }
  if (!at_beginning || (bytes[0] & 0x80) == 0) return Speech::unknown;
  if (bytes.size() < 5) return Speech::too_short;
  if (bytes[2] == client_hello && (bytes[3] == 3 || (bytes[3] == 0 && bytes[4] == 2))) return Speech::tls_client;
  // Session hit 0 or 1, certificate type 0 or 1.
  if (bytes[2] == ssl2_server_hello && bytes[3] <= 1 && bytes[4] <= 1) return Speech::tls_server;
  return Speech::unknown;
}

Speech speech_of(Bytes bytes, bool at_beginning) {
  bool maybe = false;
  const auto check = [&](Likeness likeness) {
    maybe = maybe || likeness == Likeness::maybe;
    return likeness == Likeness::yes;
  };
  if (check(begins_with(bytes, {reinterpret_cast<const char*>(dax_magic), sizeof dax_magic}))) return Speech::dax;
  if (check(begins_with(bytes, http2_preface))) return Speech::http2;
  if (maybe) return Speech::too_short;  // "P": the preface, or POST
  if (check(like_request(bytes)) || check(like_response(bytes))) return Speech::http;
  if (maybe) return Speech::too_short;
  return like_tls(bytes, at_beginning);
}

bool is_dynamodb_name(std::string_view host) { return aws_name(host).has_value(); }

bool writes_one_item(std::string_view operation) {
  return operation == "PutItem" || operation == "UpdateItem" || operation == "DeleteItem";
}

std::string_view service_of(std::string_view host) {
  const auto name = aws_name(host);
  return name && name->service == "streams" ? "streams" : name && name->service == "dax" ? "dax" : "dynamodb";
}

}  // namespace

// One direction as a reader for its Assembly.
struct Side final : HttpEvents {
  Side(Conversation& conversation_, int side_, Scene& scene_)
      : conversation(conversation_), side(side_), scene(scene_) {}

  Conversation& conversation;
  int side = 0;
  Scene& scene;

  bool adrift() const {
    const auto& half = conversation.halves_[static_cast<std::size_t>(side)];
    return (half.stage == Conversation::Stage::first && !half.from_beginning) ||
           (half.stage == Conversation::Stage::http && half.http.is_adrift());
  }

  std::uint64_t read(Bytes bytes, std::size_t fresh) {
    using Stage = Conversation::Stage;
    auto& half = conversation.half(side);
    switch (half.stage) {
      case Stage::first:
        return conversation.begin(side, bytes, scene);
      case Stage::http: {
        const std::uint64_t taken = half.http.read(bytes, fresh, *this);
        if (conversation.over_) return stream::enough;
        if (half.http.is_tunnel()) {
          half.stage = Stage::first;
          half.tunnel = true;
          half.http = {};
        }
        return taken;
      }
      case Stage::tls:
        return conversation.read_tls(side, bytes, scene);
      case Stage::dax:
        return conversation.read_dax(bytes, scene);
      case Stage::over:
        break;
    }
    return stream::enough;
  }

  std::uint64_t lack(Bytes bytes, std::uint32_t missing, stream::Lack why) {
    using Stage = Conversation::Stage;
    auto& half = conversation.half(side);
    switch (half.stage) {
      case Stage::http: {
        const bool needed = half.http.needs_every_byte();
        const std::uint64_t skip = half.http.lack(bytes, missing, *this);
        if (needed && half.http.is_adrift()) conversation.count_lack(why, scene);
        return skip;
      }
      case Stage::first:
        // Nothing was understood yet; the next segment may begin a message.
        half.from_beginning = false;
        return 0;
      case Stage::tls:
      case Stage::dax:
        conversation.count_lack(why, scene);
        return stream::enough;
      case Stage::over:
        break;
    }
    return stream::enough;
  }

  Body on_request(const HttpHead& head) override { return conversation.on_request(side, head, true, scene); }
  Body on_response(const HttpHead& head) override { return conversation.on_response(side, head, scene); }
  void on_body(Bytes beginning) override { conversation.on_body(side, beginning); }
  void on_broken_head(const HttpHead& head) override {
    if (head.is_request) conversation.on_request(side, head, false, scene);
  }
};

void Conversation::take(const stream::FlowKey& key, const packet::Segment& segment, int side, Scene& scene) {
  Half& half = halves_[static_cast<std::size_t>(side)];
  std::uint32_t sequence = segment.sequence;
  if ((segment.flags & packet::flag::syn) != 0) {
    ++sequence;  // it counts as one byte
    if (!half.seen) {
      half.from_beginning = true;
      half.assembly.begin(sequence);
      half.first = sequence;
      half.seen = true;
      // Only until a message tells who asks.
      if (client_ < 0) client_ = static_cast<std::int8_t>((segment.flags & packet::flag::ack) != 0 ? 1 - side : side);
    }
  }
  if (segment.size == 0 || over_ || half.assembly.is_over()) return;
  if (!half.seen) {
    half.first = sequence;
    half.seen = true;
  }
  Side reader(*this, side, scene);
  half.assembly.take(sequence, segment.payload, segment.size, reader, scene.budget);
  // All that can be read of TLS was read: its memory is wanted elsewhere.
  if (evidence_ && evidence_->tls && evidence_->tls->client_is_over() && evidence_->tls->server_is_over()) {
    tell(key, scene);
    over_ = true;
  }
}

Conversation::Evidence& Conversation::evidence() {
  if (!evidence_) evidence_ = std::make_unique<Evidence>();
  return *evidence_;
}

// The half that is being read gives its memory back itself when it hears `enough`.
void Conversation::retire(Scene& scene) {
  over_ = true;
  if (!evidence_) return;
  scene.budget.give(evidence_->held);
  evidence_->held = 0;
  evidence_->tls.reset();
  std::erase_if(evidence_->sightings, [](const Sighting& seen) { return seen.flow.protocol == FlowProtocol::tls; });
}

std::uint64_t Conversation::begin(int side, Bytes bytes, Scene& scene) {
  Half& half = this->half(side);
  switch (speech_of(bytes, half.from_beginning)) {
    case Speech::too_short:
      return 0;
    case Speech::http:
      half.stage = Stage::http;
      return Side(*this, side, scene).read(bytes, bytes.size());
    case Speech::http2: {
      client_ = static_cast<std::int8_t>(side);
      Sighting seen{.flow = {.protocol = FlowProtocol::http2, .service = "dynamodb"}};
      seen.flow.signs.emplace_back("cleartext HTTP/2 to a server that is known for DynamoDB");
      touch(seen, scene);
      evidence().sightings.push_back(std::move(seen));
      for (Half& each : halves_) each.stage = Stage::over;
      return stream::enough;
    }
    case Speech::dax:
      client_ = static_cast<std::int8_t>(side);
      evidence().dax = std::make_unique<DaxClient>();
      half.stage = Stage::dax;
      this->half(1 - side).stage = Stage::over;
      return read_dax(bytes, scene);
    case Speech::tls_client:
      client_ = static_cast<std::int8_t>(side);
      break;
    case Speech::tls_server:
      client_ = static_cast<std::int8_t>(1 - side);
      break;
    case Speech::tls_alert:
      break;
    case Speech::tls_encrypted:
      // A handshake that is going on in the other direction may be readable yet.
      if (this->half(1 - side).stage != Stage::tls) {
        ++scene.counts.begun_before;
        retire(scene);
      }
      half.stage = Stage::over;
      return stream::enough;
    case Speech::unknown:
      if (!half.from_beginning) return bytes.size();
      if (half.tunnel) {
        half.stage = Stage::over;
      } else {
        retire(scene);
      }
      return stream::enough;
  }
  if (!evidence().tls) {
    evidence().tls = std::make_unique<TlsWatch>();
    ++scene.counts.handshakes;
  }
  half.stage = Stage::tls;
  return read_tls(side, bytes, scene);
}

std::uint64_t Conversation::read_tls(int side, Bytes bytes, Scene& scene) {
  TlsWatch& tls = *evidence().tls;
  const bool knew = tls.saw_client_hello();
  const bool is_client = client_ < 0 || client_ == side;
  const std::uint64_t taken = is_client ? tls.read_client(bytes) : tls.read_server(bytes);
  if (tls.held() > evidence_->held) {
    const std::size_t more = tls.held() - evidence_->held;
    if (!scene.budget.take(more)) {
      ++scene.counts.too_long;
      retire(scene);
      return stream::enough;
    }
    evidence_->held += more;
  }
  if (!knew && tls.saw_client_hello()) {
    if (tls.hides_name()) ++scene.counts.hidden_names;
    // A hello without a name may still be DynamoDB's by the server's certificate.
    if (!tls.server_name().empty() && !is_dynamodb_name(tls.server_name()) &&
        !is_dynamodb_name(evidence_->tunnel.host)) {
      retire(scene);
      return stream::enough;
    }
  }
  auto& sightings = evidence_->sightings;
  if (sightings.empty() || sightings.back().flow.protocol != FlowProtocol::tls)
    sightings.push_back({.flow = {.protocol = FlowProtocol::tls}});
  touch(sightings.back(), scene);
  return taken;
}

std::uint64_t Conversation::read_dax(Bytes bytes, Scene& scene) {
  if (evidence_->sightings.empty()) {
    Sighting seen{.flow = {.protocol = FlowProtocol::dax, .service = "dax"}};
    seen.flow.signs.emplace_back("the magic of the DAX protocol");
    evidence_->sightings.push_back(std::move(seen));
  }
  touch(evidence_->sightings.front(), scene);
  return evidence_->dax->read(bytes);
}

void Conversation::push_outstanding(Outstanding request) {
  if (outstanding_count_ == 32) return;
  outstanding_ |= static_cast<std::uint64_t>(request) << (2 * outstanding_count_);
  ++outstanding_count_;
}

Conversation::Outstanding Conversation::pop_outstanding() {
  if (outstanding_count_ == 0) return Outstanding::ordinary;
  const auto oldest = static_cast<Outstanding>(outstanding_ & 3);
  outstanding_ >>= 2;
  --outstanding_count_;
  return oldest;
}

Sighting& Conversation::sighting_of(const DynamoRequest& request, Scene& scene) {
  auto& sightings = evidence().sightings;
  const std::string_view service =
      request.streams || service_of(request.authority.host) == "streams" ? "streams" : "dynamodb";
  const auto known = std::ranges::find_if(sightings, [&](const Sighting& other) {
    return other.key_id == request.key_id && other.flow.host == request.authority.host &&
           other.flow.service == service && other.flow.through_proxy == request.absolute &&
           other.flow.protocol == FlowProtocol::http;
  });
  if (known != sightings.end()) return *known;
  if (sightings.size() == most_sightings) return sightings.back();
  Sighting seen{.flow = {.protocol = FlowProtocol::http,
                         .service = std::string(service),
                         .host = request.authority.host,
                         .through_proxy = request.absolute,
                         .region = std::string(request.region)},
                .key_id = std::string(request.key_id)};
  touch(seen, scene);
  sightings.push_back(std::move(seen));
  return sightings.back();
}

void Conversation::touch(Sighting& sighting, Scene& scene) const {
  Flow& flow = sighting.flow;
  if (flow.first_frame == 0) {
    flow.first_frame = scene.frame;
    flow.first_seen = scene.packet->milliseconds();
    flow.place = CapturePlace{.file = scene.file, .frame = scene.frame, .stream = stream_, .offset = scene.offset};
  }
  flow.last_frame = scene.frame;
  flow.last_seen = scene.packet->milliseconds();
}

Body Conversation::on_request(int side, const HttpHead& head, bool whole, Scene& scene) {
  client_ = static_cast<std::int8_t>(side);
  const DynamoRequest request = read_request(head);
  const std::uint64_t length = head.content_length.value_or(0);
  if (request.signs != 0) {
    Sighting& seen = sighting_of(request, scene);
    touch(seen, scene);
    evidence_->asking = static_cast<std::size_t>(&seen - evidence_->sightings.data());
    seen.signs |= request.signs;
    Flow& flow = seen.flow;
    ++flow.requests;
    flow.request_bytes += length;
    flow.session_tokens += request.session_token ? 1 : 0;
    flow.basic_credentials += request.basic ? 1 : 0;
    if (flow.user_agent.empty()) flow.user_agent = sanitise(head.user_agent, 200);
    if (!request.operation.empty()) add_count(flow.operations, request.operation, 1);
    if (writes_one_item(request.operation)) ++flow.items_written;
  }
  if (!whole) return {};
  if (head.method == "CONNECT") {
    push_outstanding(Outstanding::connect);
    const Authority authority = read_authority(head.target);
    if (is_dynamodb_name(authority.host)) {
      evidence().tunnel = authority;
      if (lower(head.proxy_authorization.substr(0, 6)) == "basic ") {
        DynamoRequest to_proxy{.absolute = true, .authority = authority};
        Sighting& seen = sighting_of(to_proxy, scene);
        touch(seen, scene);
        ++seen.flow.basic_credentials;
      }
    }
    return {.kind = Body::Kind::tunnel};
  }
  push_outstanding(head.method == "HEAD" ? Outstanding::head : Outstanding::ordinary);
  if (head.chunked) return {.kind = Body::Kind::chunked};
  if (length == 0) return {};
  return {.kind = Body::Kind::length, .length = length, .shown = request.signs != 0 ? shown_of_request : 0};
}

Body Conversation::on_response(int side, const HttpHead& head, Scene& scene) {
  client_ = static_cast<std::int8_t>(1 - side);
  if (head.status == 101) {
    // Another protocol from here on, in both directions; what was seen stands.
    for (Half& each : halves_) each.stage = Stage::over;
    return {.kind = Body::Kind::stop};
  }
  if (head.status < 200) return {};
  const Outstanding request = pop_outstanding();
  const bool is_dynamo = is_dynamo_response(head);
  if (is_dynamo) {
    Sighting& seen = evidence().responses;
    touch(seen, scene);
    ++seen.flow.responses;
    seen.flow.response_bytes += head.content_length.value_or(0);
  }
  if (request == Outstanding::connect && head.status < 300) return {.kind = Body::Kind::tunnel};
  if (request == Outstanding::head || head.status == 204 || head.status == 304) return {};
  if (head.chunked) return {.kind = Body::Kind::chunked};
  if (head.content_length)
    return {.kind = Body::Kind::length,
            .length = *head.content_length,
            .shown = is_dynamo && head.status == 200 ? shown_of_response : 0};
  // Without a length it lasts to the end, unless it answers a CONNECT that was not captured: then TLS follows.
  return {.kind = head.status == 200 ? Body::Kind::tunnel : Body::Kind::until_close};
}

void Conversation::on_body(int side, Bytes beginning) {
  if (side != client_) {
    evidence().responses.flow.items_returned += items_returned(as_text(beginning));
  } else if (evidence_ && evidence_->asking < evidence_->sightings.size()) {
    Flow& flow = evidence_->sightings[evidence_->asking].flow;
    const RequestBody body = read_request_body(as_text(beginning));
    flow.items_written += body.written;
    add_tables(flow.tables, body.tables);
  }
}

void Conversation::count_lack(stream::Lack why, Scene& scene) {
  switch (why) {
    case stream::Lack::lost:
      ++scene.counts.lost;
      break;
    case stream::Lack::cut:
      ++scene.counts.cut;
      break;
    case stream::Lack::too_long:
      ++scene.counts.too_long;
      break;
    case stream::Lack::over:
      break;
  }
}

void Conversation::tell_dax() {
  Sighting& seen = evidence_->sightings.front();
  const DaxClient& dax = *evidence_->dax;
  seen.key_id = dax.key_id();
  seen.flow.region = dax.region();
  seen.flow.user_agent = dax.user_agent();
  seen.flow.session_tokens = dax.session_tokens();
  seen.flow.tables = dax.tables();
  for (const auto& [operation, count] : dax.operations()) {
    add_count(seen.flow.operations, operation, count);
    seen.flow.requests += count;
  }
}

void Conversation::tell_tls(const stream::FlowKey& key, Scene& scene) {
  const TlsWatch& tls = *evidence_->tls;
  std::string name = tls.server_name();
  if (!is_dynamodb_name(name)) name = evidence_->tunnel.host;
  if (name.empty()) name = tls.name_in_certificate();
  const auto of_tls = std::ranges::find(evidence_->sightings, FlowProtocol::tls,
                                        [](const Sighting& sighting) { return sighting.flow.protocol; });
  if (of_tls == evidence_->sightings.end()) return;
  if (!is_dynamodb_name(name)) {
    evidence_->sightings.erase(of_tls);
    return;
  }
  ++scene.counts.dynamodb_handshakes;
  Flow& flow = of_tls->flow;
  flow.host = name;
  flow.service = service_of(name);
  flow.through_proxy = !evidence_->tunnel.host.empty();
  flow.signs.emplace_back(tls.server_name() == name ? "the server name of the ClientHello"
                                                    : "the server's certificate");
  flow.handshakes.push_back(tls.outcome());
  for (const AlertSeen& alert : tls.alerts()) flow.alerts.push_back(alert);
  if (client_ < 0) return;
  const bool server_is_low = client_ == 1;
  scene.tally.add_server({.name = name,
                          .address = packet::to_text(server_is_low ? key.low : key.high),
                          .port = flow.through_proxy ? evidence_->tunnel.port
                                  : server_is_low    ? key.low_port
                                                     : key.high_port,
                          .place = flow.place,
                          .at = flow.last_seen},
                         tls.server());
}

void Conversation::tell_responses() {
  Sighting& responses = evidence_->responses;
  if (responses.flow.responses == 0) return;
  auto& sightings = evidence_->sightings;
  auto asked = std::ranges::find_if(sightings, [](const Sighting& sighting) { return sighting.flow.requests > 0; });
  if (asked == sightings.end()) {
    responses.flow.service = "dynamodb";
    asked = sightings.insert(sightings.end(), std::move(responses));
  } else {
    Flow& flow = asked->flow;
    const Flow& answers = responses.flow;
    flow.responses += answers.responses;
    flow.response_bytes += answers.response_bytes;
    flow.items_returned += answers.items_returned;
    flow.last_frame = std::max(flow.last_frame, answers.last_frame);
    flow.last_seen = std::max(flow.last_seen, answers.last_seen);
  }
  asked->signs |= sign::responses;
}

void Conversation::tell(const stream::FlowKey& key, Scene& scene) {
  if (evidence_->tls) tell_tls(key, scene);
  if (evidence_->dax) tell_dax();
  tell_responses();
  for (Sighting& sighting : evidence_->sightings) {
    Flow& flow = sighting.flow;
    // Without a handshake or a message that tells, the lower port is the server's.
    const bool server_is_low = client_ < 0 ? key.low_port < key.high_port : client_ == 1;
    flow.server = packet::to_text(server_is_low ? key.low : key.high);
    flow.client = packet::to_text(server_is_low ? key.high : key.low);
    flow.port = server_is_low ? key.low_port : key.high_port;
    flow.connections = 1;
    scene.tally.add(std::move(sighting));
  }
  scene.budget.give(evidence_->held);
  evidence_.reset();
}

void Conversation::finish(const stream::FlowKey& key, Scene& scene) {
  for (int side : {0, 1}) {
    Side reader(*this, side, scene);
    half(side).assembly.finish(reader, scene.budget);
  }
  if (evidence_) tell(key, scene);
}

}  // namespace wiretight::capture
