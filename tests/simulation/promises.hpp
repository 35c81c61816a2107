/// The promises that can be checked at every single step of the core, whatever world it lives in. Knows the core's values
/// and nothing of pages, networks or storage.
#pragma once

#include "core/delivery.hpp"
#include "core/reduce.hpp"

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace linktrail::simulation {

/// The report that is the body of a request; nothing when it is none.
[[nodiscard]] std::optional<Report> report_in(std::string_view body);

/// What is remembered of a state before a step, so that the state itself can be moved.
struct Before {
  struct Entry {
    std::string id{};
    std::string key{};
    std::int64_t created_ms = 0;
    std::uint32_t post = 0;
    std::int64_t failures = 0;
    std::int64_t reauthorizations = 0;
    bool was_refused = false;
  };
  std::vector<Entry> outbox{};
  std::list<InFlight> in_flight{};
};
[[nodiscard]] Before remember(const State& state);
/// Whether the record of this session is younger than a forgetting elsewhere, as far as the clock can tell.
[[nodiscard]] bool is_since(const Before& before, const std::string& id, const ForgottenElsewhere& forgotten,
                            const Moment& now);

/// A delivered report, and the asks made with it.
struct Delivered {
  /// What the newest of its requests told.
  BackendVerdict verdict = BackendVerdict::None;
  std::uint32_t newest_post = 0;
  bool is_completion = false;
  std::int64_t asks = 0;
  /// Asks that the page itself gave reason for: it flushed, or came back out of the cache.
  std::int64_t extra_asks = 0;
  /// No ask before this, but for such a reason.
  std::int64_t earliest_ms = 0;
};

/// What one page has promised so far.
struct Ledger {
  /// By idempotency key.
  std::map<std::string, Delivered> delivered{};
  bool is_hidden = false;
  /// The report that the newest stored copy of a session holds.
  std::map<std::string, std::string> stored_keys{};
  /// Nothing but a completion's first attempt may be sent before this, by the page's monotonic clock.
  std::int64_t floor_ms = 0;
  std::map<std::string, std::int64_t> record_floors_ms{};
  /// Records of other pages that were offered.
  std::set<std::string> found_keys{};
};

/// What a key was seen to mean, over all pages of a life.
using KeyBook = std::map<std::string, std::string>;

/// Where delays fell between nothing and their ceiling, in tenths: a crowd must be spread evenly.
struct JitterTally {
  std::array<std::int64_t, 10> tenths{};
  void add(const JitterTally& other) {
    for (std::size_t i = 0; i < tenths.size(); ++i) tenths[i] += other.tenths[i];
  }
  [[nodiscard]] std::int64_t total() const;
  /// True when every tenth holds between half and one and a half times its share.
  [[nodiscard]] bool is_even() const;
};

struct Step {
  const Before& before;
  const Event& event;
  const State& after;
  const Effects& effects;
  const Moment& now;
  /// What the endpoint's `Retry-After` really asked for, when this event is its answer.
  std::optional<std::int64_t> asked_wait_ms{};
};

/// The first promise that this step broke, in words; nothing when all were kept.
[[nodiscard]] std::optional<std::string> broken_promise(const simulation::Step& step, Ledger& ledger, KeyBook& keys,
                                                        JitterTally& jitter);

/// The first member of that name whose value is a text; empty when there is none.
[[nodiscard]] std::string text_member(std::string_view json, std::string_view name);

}  // namespace linktrail::simulation
