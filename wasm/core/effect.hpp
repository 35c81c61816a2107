/// Everything the core wants done, as values. There is no second way out.
///
/// The runner carries effects out in order, one after the other, and finishes each before it begins the next: a `Store` is
/// complete before the `Post` behind it starts, so that a report is written before it is sent.
#pragma once

#include "link_visit.hpp"
#include "record.hpp"
#include "session.hpp"
#include "text.hpp"
#include "vocabulary.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace linktrail {

/// Writes a record. Answered by `RecordStored` for each place that it reached.
struct Store {
  StorageKey key{};
  std::string text{};
};

struct Erase {
  StorageKey key{};
};

/// Erases every record whose key begins so, forgets callbacks that were kept for replay, and tells the origin's other pages,
/// which hear of it as `ForgottenElsewhere`.
struct ErasePrefix {
  std::string prefix{};
  /// Now, by the device's clock.
  std::int64_t at_ms = 0;
};

/// Starts a request. Answered by exactly one `PostAnswered`.
struct Post {
  std::uint32_t post = 0;
  IdempotencyKey key{};
  std::string body{};
  std::int64_t timeout_ms = 0;
  /// Whether the request should outlive the page, within the platform's budget.
  bool is_keepalive = true;
};

/// Asks the page for fresh headers. Answered by `HeadersResolved` or `HeadersFailed`.
struct ResolveHeaders {};

/// The one deadline: replaces the one before. Answered by `Woken`.
struct WakeAfter {
  std::int64_t delay_ms = 0;
};

/// Looks for records of other pages, now and when such a page ends. Answered by `RecordsFound`, once per page.
struct Scan {};

/// How a report stands.
struct Receipt {
  std::optional<LinkSessionId> id{};
  DeliveryState state = DeliveryState::Unknown;
  std::int64_t attempts = 0;
  Durability durability = Durability::Memory;
  std::optional<int> last_status{};
  std::optional<std::int64_t> next_attempt_ms{};
  IdempotencyKey key{};
  bool operator==(const Receipt&) const = default;
  /// Whether it will not change by itself any more, or not soon.
  [[nodiscard]] bool is_settled() const {
    return state != DeliveryState::Sending && state != DeliveryState::Waiting && state != DeliveryState::Unauthorized;
  }
};

/// A report is settled, well or badly.
struct Settle {
  Receipt receipt{};
};

/// The answer to `ReceiptRequested`.
struct AnswerReceipt {
  Receipt receipt{};
};

/// What the page sees.
struct Progress {
  std::optional<LinkSessionId> id{};
  Flow flow = Flow::Idle;
  Outcome outcome = Outcome::Unknown;
  BackendVerdict verdict = BackendVerdict::None;
  bool ui_open = false;
  std::vector<Step> steps{};
  std::string current_step{};
  std::optional<Exit> exit{};
  Advice advice = Advice::None;
  std::optional<Receipt> delivery{};
  std::list<std::string> unknown_events{};
  std::list<std::string> unknown_views{};
  std::int64_t rejected = 0;
  bool operator==(const Progress&) const = default;
};

/// The progress, `State::shown`, has changed. It is encoded only when somebody looks.
struct Notify {};

using Effect =
    std::variant<Store, Erase, ErasePrefix, Post, ResolveHeaders, WakeAfter, Scan, Settle, AnswerReceipt, Notify, DriveLink>;
/// A list, since an effect is never moved: the code that could is more than a list takes.
using Effects = std::list<Effect>;

/// Appends an effect, to be filled in. Never inlined: there are thirty places.
template <class Kind>
[[gnu::noinline]] Kind& emit(Effects& effects) {
  return effects.emplace_back(std::in_place_type<Notify>).template emplace<Kind>();
}

}  // namespace linktrail
