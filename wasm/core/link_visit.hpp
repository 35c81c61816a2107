/// One visit to Link, from the wish to open it to its end: what its driver is told, what it orders, and what it knows. The
/// link token is not among it: it stays in the page.
#pragma once

#include "json_writer.hpp"
#include "vocabulary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linktrail {

/// What the page wishes of the driver, and what became of its orders.
enum class LinkSignal : std::uint8_t {
  /// There is a driver now; until then nothing here happens.
  Attached,
  OpenRequested,
  CloseRequested,
  /// The driver is gone: what is under way ends at once.
  Detached,
  ScriptLoaded,
  ScriptFailed,
  TokenReceived,
  TokenFailed,
  /// A core that takes over from one that trapped hears of a Link that is open.
  HandlerOpened,
  /// Link could not be created or opened.
  HandlerFailed,
};
[[nodiscard]] std::optional<LinkSignal> link_signal_from(std::string_view wire);

struct LinkDriven {
  LinkSignal signal = LinkSignal::Attached;
};

enum class LinkPhase : std::uint8_t {
  Idle,
  /// The script is loaded and a token asked for, side by side.
  Preparing,
  Open,
  /// Completed; the person may still read Link's last screen.
  Finished,
  /// Left, or asked to leave: what else Link has to say is waited for.
  Closing,
};

/// How a visit ended.
enum class LinkEnding : std::uint8_t {
  Completed,
  Exited,
  /// The page closed it, and Link had said nothing of an end.
  Closed,
  ScriptFailed,
  TokenFailed,
  HandlerFailed,
};

enum class LinkOrder : std::uint8_t {
  /// Answered by `ScriptLoaded`, at once when it was there already, or `ScriptFailed`.
  LoadScript,
  /// Asks the page for a token. Answered by `TokenReceived` or `TokenFailed`.
  RequestToken,
  /// Creates a handler with the newest token and opens it. Answered, if at all, by `HandlerFailed`.
  OpenHandler,
  /// Asks Link to close.
  ExitHandler,
  /// In a task of its own, since Link may be the caller.
  DestroyHandler,
  Show,
  Settle,
};

/// An effect. Carried out by the driver's hands; without a driver there are none.
struct DriveLink {
  LinkOrder order = LinkOrder::Show;
  /// Of `LoadScript` and `RequestToken`.
  std::int64_t timeout_ms = 0;
  /// Of `Show`.
  LinkPhase phase = LinkPhase::Idle;
  std::string interrupted{};
  /// Of `Settle`; an advice only where Link did not tell of an end.
  LinkEnding ending = LinkEnding::Completed;
  Advice advice = Advice::None;
};
/// Writes the members; the caller opens and closes.
void write(JsonWriter& json, const DriveLink& effect);

/// What Link said during a visit.
struct LinkWords {
  bool success = false;
  bool outcome = false;
  bool exit = false;
  /// What the exit's error advises; None when it brought none.
  Advice advice = Advice::None;
  bool screen_closed = false;
  bool operator==(const LinkWords&) const = default;

  [[nodiscard]] bool completion() const { return success || outcome; }
};

/// A note of a visit is text: when Link was opened, by the device's clock and in ISO 8601, a space, and the session where Link
/// has named one. Of two notes the greater one is the later one, or says more.
struct LinkVisit {
  bool is_attached = false;
  LinkPhase phase = LinkPhase::Idle;
  /// Whether the page was promised an end and not told of one yet.
  bool is_awaited = false;
  bool is_script_loading = false;
  bool has_script = false;
  bool has_token = false;
  bool has_handler = false;
  /// The page asked to close it.
  bool is_closing = false;
  LinkWords heard{};
  int script_failures = 0;
  /// Tokens asked for because Link refused the one before, in this visit.
  int renewals = 0;
  /// When this phase has lasted long enough, by the page's monotonic clock.
  std::optional<std::int64_t> due_ms{};
  /// What is stored under this page's name; empty when nothing is.
  std::string note{};
  /// The note of a page before this one that ended in the middle of a visit; empty when there is none.
  std::string interrupted{};
  bool operator==(const LinkVisit&) const = default;
};

}  // namespace linktrail
