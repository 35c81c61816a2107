/// Decides what a driver of Link does next: when the script is loaded anew, when Link is opened, when its handler has done
/// its work, what the page is told. Knows nothing of delivery.
#pragma once

#include "effect.hpp"
#include "event.hpp"
#include "state.hpp"
#include "time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace linktrail {

class LinkDriver {
 public:
  LinkDriver(State& state, Effects& effects, const Moment& now)
      : state_(state), visit_(state.visit), effects_(effects), now_(now) {}

  void take(const LinkDriven& event);
  /// What Link said, once the session knows of it.
  void hear(const LinkSucceeded& event);
  void hear(const LinkExited& event);
  void hear(const LinkEmitted& event);
  /// Notes that pages which are gone left of their visits.
  void take_found(const RecordsFound& found);
  void forget();
  /// What is under way ends at once.
  void end_now();
  /// Whether a visit is about to be ended of whose end Link has said nothing: it was left.
  [[nodiscard]] bool was_left_in_silence() const;
  /// Does what is due. Called once at the end of every transition.
  void pump();

 private:
  [[nodiscard]] bool is_due() const { return visit_.due_ms && *visit_.due_ms <= now_.monotonic_ms; }
  void order(LinkOrder what, std::int64_t timeout_ms = 0);
  void begin(int renewals);
  void load_script();
  void take_script_failure();
  void open_when_ready();
  void close();
  /// Where the visit stands after Link said something.
  void reconsider();
  void wait(std::int64_t ms) { visit_.due_ms = now_.monotonic_ms + ms; }
  void end();
  void destroy_handler();
  /// The visit is over.
  void settle(LinkEnding ending);
  /// The page hears of the end, once.
  void tell_end(LinkEnding ending);
  void show();
  void adopt(std::string_view note, std::int64_t at_ms);
  void write_note(const std::string& note);
  void erase_note();
  [[nodiscard]] StorageKey note_key() const;

  State& state_;
  LinkVisit& visit_;
  Effects& effects_;
  const Moment& now_;
};

}  // namespace linktrail
