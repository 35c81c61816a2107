/// The outbox: what is stored, when it is posted, what an answer means. Knows sessions only by their reports.
///
/// Two rules hold in every function: a record is stored before it is posted, and erased only after the endpoint itself has
/// said 2xx, after its age limit, or because the page asked to forget it.
#pragma once

#include "effect.hpp"
#include "event.hpp"
#include "report.hpp"
#include "retry.hpp"
#include "state.hpp"
#include "time.hpp"

#include <list>
#include <optional>

namespace linktrail {

class Delivery {
 public:
  Delivery(State& state, Effects& effects, const Moment& now)
      : state_(state), effects_(effects), now_(now), dice_(now.entropy) {}

  /// Records a report and sends it. A report that says no more than what is on its way already changes nothing.
  void submit(Report report);
  void take_answer(const PostAnswered& answer);
  void take_verdict(const VerdictTold& told);
  /// Another page has stored something.
  void look_again_soon();
  void take_stored(const RecordStored& stored);
  void take_found(const RecordsFound& found);
  void take_headers();
  void take_missing_headers();
  void take_signal(PageSignal signal);
  void flush();
  void forget();
  void take_forgotten(const ForgottenElsewhere& forgotten);
  /// Sends what is due. Called once at the end of every transition.
  void pump();
  /// When to look again, by the page's monotonic clock.
  [[nodiscard]] std::optional<std::int64_t> next_deadline_ms() const;

  [[nodiscard]] Receipt receipt_of(const LinkSessionId& id) const;
  [[nodiscard]] BackendVerdict verdict_of(const Session& session) const;

 private:
  [[nodiscard]] Record* find_record(const LinkSessionId& id);
  [[nodiscard]] const Record* find_record(const LinkSessionId& id) const;
  [[nodiscard]] bool make_room_for(const Report& report);
  void store(const Record& record);
  void store(const Record& record, std::string_view report_json);
  void post(Record& record);
  void post(Record& record, std::string report_json);
  /// Too many requests are under way: the answer to the oldest would not be heard, so its record waits for another attempt.
  void stop_waiting_for_oldest();
  void retry(Record& record, Verdict verdict);
  void deliver(const InFlight& sent, std::optional<int> status);
  void fail(Record& record, Verdict verdict);
  /// Whether another page has said that it lives and keeps this record; it is looked at again when that is over.
  [[nodiscard]] bool respects_lease(const FoundRecord& found);
  /// A stored copy of another page, and the session that it tells of.
  struct Copy {
    StorageKey key{};
    LinkSessionId id{};
  };
  /// The session whose record this page now answers for; nothing when the record stays where it is.
  [[nodiscard]] std::optional<LinkSessionId> adopt(const FoundRecord& found);
  /// Erases a copy that was taken over, or remembers to, while it is the safest one.
  void replace_copy(const Copy& copy);
  void make_due_now(Record& record);
  void settle(Receipt receipt);
  void drop(Record& record, DeliveryState state);
  /// From all places where it is stored.
  void erase(Record& record);
  /// `at_wall_ms`: when the page that was asked to forget did; what has been recorded since stays.
  void forget_all(std::int64_t at_wall_ms);
  void renew_leases();

  // What the backend itself says of the current session: asking.cpp.
  /// A report was delivered: if it is the newest of the current session, it is kept, and its verdict counts from now on.
  void listen_for(std::list<Record>& delivered);
  /// An ask was answered; the body of the answer is still to be read.
  void take_answer_to_ask(Verdict verdict);
  [[nodiscard]] bool is_undecided() const;
  /// The report to ask with; null while nothing is to be asked.
  [[nodiscard]] Record* to_ask() const;
  void plan_ask();
  void ask_now();

  [[nodiscard]] bool is_due(const Record& record) const;
  /// Whether it is to be sent again, and not before the page was asked for headers once more.
  [[nodiscard]] bool needs_headers(const Record& record) const;
  /// By the page's monotonic clock, with what the endpoint asked for.
  [[nodiscard]] std::int64_t due_ms_of(const Record& record) const;
  [[nodiscard]] static Receipt receipt_from(const Record& record);

  State& state_;
  Effects& effects_;
  const Moment& now_;
  Dice dice_;
};

}  // namespace linktrail
