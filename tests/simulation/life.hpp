/// One simulated life as a value: the circumstances and the list of everything that is done to the browser from outside.
/// It is made from a seed, can be written to a file and read back, and can be shortened.
#pragma once

#include "chance.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linktrail::simulation {

/// What stays the same through one life. All are whole numbers, so that a file can name and set each of them.
struct Setup {
  std::int64_t seed = 0;
  /// 1 with Web Locks, 0 with leases.
  std::int64_t locks = 1;
  /// 1 where IndexedDB exists.
  std::int64_t mirror = 1;
  /// How long the core takes to load; callbacks before that are journaled.
  std::int64_t load_ms = 0;
  std::int64_t latency_ms = 20;
  /// Requests in a thousand that meet a fault although the weather is fine.
  std::int64_t faults_per_mille = 0;
  /// 0 headers at once, 1 headers later, 2 headers later or not at all.
  std::int64_t headers = 0;
  /// What holding a lock does on the way into the back/forward cache: 0 thrown out when another asks (Chromium), 1 never
  /// kept (Firefox), 2 the lock is let go (WebKit).
  std::int64_t cache_policy = 0;
  std::int64_t drift_ppm = 0;
  /// 1 when a session's outcome may be replaced by another; its outcome events are then always dated.
  std::int64_t overrides = 0;
  /// 1 when pages that are open at the end are closed before the last ones are opened.
  std::int64_t closes_at_end = 1;
  /// 1 when storage that refuses writes is mended before the end.
  std::int64_t mends_storage = 1;
  /// 1 when `localStorage` loses, with a killed browser, what was written since its last flush.
  std::int64_t loses_writes = 1;
  /// 1 when the backend tells its verdict in some of its answers.
  std::int64_t verdicts = 0;
  bool operator==(const Setup&) const = default;
};

enum class Deed : std::uint8_t {
  /// A page of owner `a` opens in the tab; a page that was there is left.
  Open,
  Close,
  Crash,
  Reload,
  /// Into the back/forward cache, and out of it.
  Freeze,
  Restore,
  Hide,
  Show,
  Kill,
  Offline,
  Online,
  /// Link calls: session `a`, callback `b` (a `LinkCall`), variation `c`.
  Call,
  Flush,
  Forget,
  Dispose,
  AskReceipt,
  /// The device's clock moves by `a` ms.
  ClockJump,
  /// The way to the backend is as `a` (a `Weather`) for `b` ms, with the detail `c`.
  Weather,
  /// The login of all pages has expired.
  LoginExpires,
  /// `localStorage` refuses writes (`a` = 1; with `b` = 1 `sessionStorage` as well), or takes them again (`a` = 0).
  StorageRefuses,
  MirrorFails,
};
inline constexpr std::size_t deeds = 21;

enum class Weather : std::uint8_t { Fine, RequestLost, AnswerLost, Hangs, Status, Redirects, Duplicates };
inline constexpr std::int64_t weathers = 7;

enum class LinkCall : std::uint8_t {
  OpenUi,
  CreateSession,
  StartStep,
  PassStep,
  FailStep,
  Outcome,
  OtherOutcome,
  /// The first outcome, the other, and the first again, in one task.
  OutcomeReturns,
  Success,
  SuccessWithoutId,
  Exit,
  ExitWithoutId,
  ExitWithError,
  ExitOfOtherProduct,
  ExitEvent,
  CloseUi,
  UnknownEvent,
  /// Of another product; says nothing about a verification.
  OtherEvent,
};
inline constexpr std::int64_t link_calls = 18;

struct Action {
  std::int64_t at_ms = 0;
  Deed deed = Deed::Open;
  std::int64_t tab = 0;
  std::int64_t a = 0;
  std::int64_t b = 0;
  std::int64_t c = 0;
  bool operator==(const Action&) const = default;
};

struct Life {
  Setup setup{};
  std::vector<Action> actions{};
  bool operator==(const Life&) const = default;
};

inline constexpr std::int64_t tabs_max = 3;
inline constexpr std::int64_t sessions_in_life_max = 80;
inline constexpr std::int64_t owners = 2;

/// To whom a session belongs: most to the first owner.
[[nodiscard]] constexpr std::int64_t owner_of_session(std::int64_t session) { return session % 4 == 3 ? 1 : 0; }

/// A refusing answer as one number: the status, then how `Retry-After` is said (0 not, 1 seconds, 2 date), then its seconds.
[[nodiscard]] std::int64_t make_answer(Chance& chance);
[[nodiscard]] Life make_life(std::uint64_t seed);
[[nodiscard]] std::string to_text(const Life& life);
[[nodiscard]] std::optional<Life> read_life(std::string_view text);
[[nodiscard]] std::string_view name_of(Deed deed);

}  // namespace linktrail::simulation
