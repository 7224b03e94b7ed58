#include "sources/trail/digest_chain.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "core/digest.h"
#include "core/json.h"
#include "core/prose.h"
#include "core/text.h"
#include "sources/trail/bytes.h"
#include "sources/trail/layout.h"

namespace wiretight::trail {
namespace {

constexpr std::size_t longest_digest = std::size_t{32} << 20;
constexpr std::size_t most_gaps = 100;

std::string hour(std::int64_t seconds) { return rfc3339(seconds); }

// Keeps the first gaps and counts the rest in one more.
void note(std::vector<Gap>& gaps, std::size_t& left_out, Gap gap) {
  if (gaps.size() < most_gaps)
    gaps.push_back(std::move(gap));
  else
    ++left_out;
}

}  // namespace

std::string DigestChain::add(const std::string& path, const std::string& name) {
  Outcome<LogFile> file = LogFile::open(path);
  if (!file) return file.error().what;
  Pieces pieces(*file);
  std::string text;
  while (pieces.more(text))
    if (text.size() > longest_digest) return "is longer than any digest file";
  if (!pieces.problem().empty()) return pieces.problem();
  const Outcome<Json> digest = parse_json(text, 32);
  if (!digest) return fmt::format("is no digest file: {} at {}", digest.error().what, digest.error().where);
  const auto time = [&](std::string_view key) { return parse_rfc3339(digest->text(key)).value_or(0); };
  Link link{.object = std::string(digest->text("digestS3Object")),
            .start = time("digestStartTime"),
            .end = time("digestEndTime"),
            .sha256 = sha256_hex(text),
            .previous = std::string(digest->text("previousDigestS3Object")),
            .previous_sha256 = std::string(digest->text("previousDigestHashValue")),
            .account = std::string(digest->text("awsAccountId"))};
  const Json* objects = digest->find("logFiles");
  if (link.object.empty() || link.start == 0 || link.end <= link.start || objects == nullptr)
    return "is no digest file: it lacks its times or its list of log files";
  if (const auto from_key = delivered(link.object)) link.region = from_key->region;
  if (link.region.empty()) {
    if (const auto from_path = delivered(name)) link.region = from_path->region;
  }
  for (const Json& object : objects->items()) {
    const std::string key(object.text("s3Object"));
    if (object.text("hashAlgorithm") != "SHA-256" || key.empty()) return "names an object without its SHA-256";
    objects_[std::string(name_of(key))] = {
        .key = key, .sha256 = lower(object.text("hashValue")), .account = link.account, .region = link.region};
  }
  links_.push_back(std::move(link));
  return {};
}

void DigestChain::saw(std::string_view file_name, std::string_view sha256) {
  if (const auto found = objects_.find(file_name); found != objects_.end()) found->second.seen_sha256 = sha256;
}

DigestChain::Verdict DigestChain::conclude(const Scope& scope) const {
  Verdict verdict;
  std::size_t left_out = 0;
  struct Count {
    std::size_t digests = 0;
    std::size_t objects = 0;
    std::size_t equal = 0;
    std::int64_t start = 0;
    std::int64_t end = 0;
  };
  std::map<std::pair<std::string, std::string>, Count> counts;
  std::map<std::string, std::string> digest_hashes;

  std::vector<const Link*> links;
  for (const Link& link : links_) {
    links.push_back(&link);
    digest_hashes[link.object] = link.sha256;
  }
  std::ranges::sort(links, {},
                    [](const Link* link) { return std::tie(link->account, link->region, link->start, link->object); });
  const Link* before = nullptr;
  for (const Link* link : links) {
    Count& count = counts[{link->account, link->region}];
    ++count.digests;
    const bool first = before == nullptr || before->account != link->account || before->region != link->region;
    if (first) count.start = link->start;
    if (!first && link->start > count.end) {
      const bool wanted = (!scope.from || link->start > *scope.from) && (!scope.to || count.end < *scope.to);
      if (wanted) {
        note(verdict.gaps, left_out,
             {.place = fmt::format("{} {}", link->account, link->region),
              .message = fmt::format("no digest file covers {} to {}", hour(count.end), hour(link->start))});
      }
    }
    count.end = std::max(count.end, link->end);
    if (const auto its = digest_hashes.find(link->previous);
        its != digest_hashes.end() && lower(link->previous_sha256) != its->second) {
      note(verdict.gaps, left_out,
           {.place = its->first,
            .message = "the digest file was changed: the next in the chain has another SHA-256 of it"});
    }
    before = link;
  }
  for (const auto& [name, object] : objects_) {
    if (const auto its = delivered(object.key); its && !may_hold(*its, scope)) continue;
    Count& count = counts[{object.account, object.region}];
    ++count.objects;
    if (object.seen_sha256.empty()) {
      note(verdict.gaps, left_out, {.place = object.key, .message = "a digest file names it, and it was not read"});
    } else if (object.seen_sha256 != object.sha256) {
      note(verdict.gaps, left_out,
           {.place = object.key,
            .message = "its content has another SHA-256 than the digest file says: it was changed"});
    } else {
      ++count.equal;
    }
  }
  if (left_out > 0)
    verdict.gaps.push_back({.place = "digest files", .message = fmt::format("{} more of this kind", left_out)});
  for (const auto& [who, count] : counts) {
    verdict.looked_at.push_back(
        fmt::format("digest files of {} {}, {} to {}: {} of {} named in {} were read and have the SHA-256 said there; "
                    "the digests' own "
                    "signatures are in S3's metadata and were not verified",
                    who.first, who.second, hour(count.start), hour(count.end), count.equal,
                    count_of(count.objects, "object"), count_of(count.digests, "digest file")));
  }
  return verdict;
}

}  // namespace wiretight::trail
