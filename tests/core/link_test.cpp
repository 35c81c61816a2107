#include "page.hpp"

#include "core/encode.hpp"
#include "core/limits.hpp"
#include "core/parse.hpp"
#include "core/record.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace linktrail;
using namespace linktrail::testing;

namespace {

/// A page with a driver whose script is there and whose tokens come at once, unless a case says otherwise.
class Visit {
 public:
  explicit Visit(const char* page_name = "page-1") : page(page_name) { signal(LinkSignal::Attached); }

  Visit& signal(LinkSignal what) { return tell(LinkDriven{.signal = what}); }
  Visit& open() {
    signal(LinkSignal::OpenRequested);
    return signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived);
  }
  Visit& said(const char* name, const char* view = "") {
    page.pass(10);
    return tell(emitted(name, "idv_a", page.now_ms, view));
  }
  Visit& exit(ExitReason reason = {}) { return tell(LinkExited{.id = LinkSessionId{"idv_a"}, .reason = std::move(reason)}); }
  Visit& succeed() { return tell(LinkSucceeded{.id = LinkSessionId{"idv_a"}}); }
  Visit& wait(std::int64_t ms) {
    page.pass(ms);
    return tell(Woken{});
  }
  Visit& tell(const Event& event) {
    page.tell(event);
    for (const DriveLink& effect : page.all<DriveLink>()) {
      if (effect.order != LinkOrder::Settle) continue;
      endings.push_back(effect);
      // What Link itself ended is advised by the progress.
      if (effect.advice == Advice::None) endings.back().advice = page.state.shown.advice;
    }
    return *this;
  }

  /// What the last event ordered, without what is only shown.
  [[nodiscard]] std::vector<LinkOrder> orders() const {
    std::vector<LinkOrder> found;
    for (const DriveLink& effect : page.all<DriveLink>()) {
      if (effect.order != LinkOrder::Show) found.push_back(effect.order);
    }
    return found;
  }
  [[nodiscard]] LinkPhase phase() const { return page.state.visit.phase; }
  [[nodiscard]] const std::string& interrupted() const { return page.state.visit.interrupted; }

  Page page;
  std::vector<DriveLink> endings{};
};

using Orders = std::vector<LinkOrder>;
const ExitReason invalid_token{.error_type = "INVALID_INPUT", .error_code = "INVALID_LINK_TOKEN"};
const StorageKey note_key{"linktrail/1/scope-1/page-1/"};

}  // namespace

TEST_CASE("the script and the token are fetched side by side, and Link is opened as soon as both are there") {
  for (const bool script_first : {true, false}) {
    Visit visit;
    visit.signal(LinkSignal::OpenRequested);
    CHECK(visit.orders() == Orders{LinkOrder::LoadScript, LinkOrder::RequestToken});
    CHECK(visit.phase() == LinkPhase::Preparing);
    visit.signal(script_first ? LinkSignal::ScriptLoaded : LinkSignal::TokenReceived);
    CHECK(visit.orders().empty());
    visit.signal(script_first ? LinkSignal::TokenReceived : LinkSignal::ScriptLoaded);
    CHECK(visit.orders() == Orders{LinkOrder::OpenHandler});
    CHECK(visit.phase() == LinkPhase::Open);
  }
}

TEST_CASE("after a success the last screen stays until it is closed, and the handler is never destroyed inside a callback") {
  Visit visit;
  visit.open().said("CREATE_SESSION").said("PASS_SESSION").succeed();
  CHECK(visit.phase() == LinkPhase::Finished);
  visit.wait(60'000);
  CHECK(visit.orders().empty());
  visit.said("CLOSE_UI");
  CHECK(visit.orders().empty());
  CHECK(visit.phase() == LinkPhase::Closing);
  visit.wait(limits::link_burst_ms);
  CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::Settle});
  REQUIRE(visit.endings.size() == 1);
  CHECK(visit.endings[0].ending == LinkEnding::Completed);
  CHECK(visit.endings[0].advice == Advice::None);
  CHECK(visit.phase() == LinkPhase::Idle);
}

TEST_CASE("a screen that is closed before the success is told ends the visit with the success") {
  Visit visit;
  visit.open().said("PASS_SESSION").said("CLOSE_UI").wait(100);
  CHECK(visit.orders().empty());
  visit.succeed().wait(limits::link_burst_ms);
  CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::Settle});
}

TEST_CASE("an outcome whose success is lost ends the visit once the screen is closed") {
  Visit visit;
  visit.open().said("FAIL_SESSION").said("CLOSE_UI").wait(limits::same_burst_ms);
  REQUIRE(visit.endings.size() == 1);
  CHECK(visit.endings[0].ending == LinkEnding::Completed);
  CHECK(visit.endings[0].advice == Advice::ManualReview);
}

TEST_CASE("a completion is told in the end although nothing tells that the screen was closed, and the handler stays") {
  Visit visit;
  visit.open().said("PASS_SESSION").succeed().wait(limits::link_last_screen_ms);
  CHECK(visit.orders() == Orders{LinkOrder::Settle});
  CHECK(visit.phase() == LinkPhase::Finished);
  SUBCASE("until the screen is closed after all") {
    visit.said("CLOSE_UI").wait(limits::link_burst_ms);
    CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler});
  }
  SUBCASE("until Link is opened anew") {
    visit.signal(LinkSignal::OpenRequested);
    CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::LoadScript, LinkOrder::RequestToken});
  }
  SUBCASE("until the page closes it") {
    visit.signal(LinkSignal::CloseRequested);
    CHECK(visit.orders() == Orders{LinkOrder::ExitHandler});
    visit.wait(limits::link_exit_ms);
    CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler});
  }
  CHECK(visit.endings.size() == 1);
}

TEST_CASE("an exit ends the visit with what to do next, after the burst in which it came") {
  Visit visit;
  visit.open().said("CREATE_SESSION").said("START_STEP", "KYC_CHECK").said("CLOSE_UI").exit();
  CHECK(visit.orders().empty());
  visit.wait(limits::link_burst_ms - 1);
  CHECK(visit.endings.empty());
  visit.wait(1);
  CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::Settle});
  CHECK(visit.endings.at(0).ending == LinkEnding::Exited);
  CHECK(visit.endings.at(0).advice == Advice::Continue);

  SUBCASE("and Link can be opened again, with another token") {
    visit.signal(LinkSignal::OpenRequested);
    CHECK(visit.orders() == Orders{LinkOrder::LoadScript, LinkOrder::RequestToken});
    visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived);
    CHECK(visit.orders() == Orders{LinkOrder::OpenHandler});
    CHECK(visit.page.state.shown.advice == Advice::None);
    visit.said("RESUME_SESSION").said("PASS_SESSION").succeed().said("CLOSE_UI").wait(limits::link_burst_ms);
    CHECK(visit.endings.at(1).ending == LinkEnding::Completed);
  }
}

TEST_CASE("an outcome that arrives after the exit of the same burst makes it a completion") {
  Visit visit;
  visit.open().exit().said("PASS_SESSION").wait(limits::link_burst_ms);
  CHECK(visit.endings.at(0).ending == LinkEnding::Completed);
}

TEST_CASE("for want of a valid token another one is asked for, within bounds") {
  Visit visit;
  visit.open();
  for (int renewal = 0; renewal < limits::link_renewals_max; ++renewal) {
    visit.exit(invalid_token).wait(limits::link_burst_ms);
    CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::LoadScript, LinkOrder::RequestToken});
    CHECK(visit.endings.empty());
    visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived);
    CHECK(visit.orders() == Orders{LinkOrder::OpenHandler});
  }
  visit.exit(invalid_token).wait(limits::link_burst_ms);
  CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::Settle});
  CHECK(visit.endings.at(0).advice == Advice::NewToken);
}

TEST_CASE("who leaves after the token was renewed has left") {
  Visit visit;
  visit.open().exit(invalid_token).wait(limits::link_burst_ms);
  visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived).exit().wait(limits::link_burst_ms);
  REQUIRE(visit.endings.size() == 1);
  CHECK(visit.endings[0].ending == LinkEnding::Exited);
  CHECK(visit.endings[0].advice == Advice::Continue);
}

TEST_CASE("an exit without an id, for want of a valid token, does not leak into the session that is opened with the next one") {
  Visit visit;
  visit.open().tell(LinkExited{.reason = invalid_token}).wait(limits::link_burst_ms);
  visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived).said("OPEN_UI");
  CHECK(visit.page.state.shown.id == LinkSessionId{"idv_a"});
  CHECK(visit.page.state.shown.flow == Flow::InProgress);
  CHECK_FALSE(visit.page.state.shown.exit);
}

TEST_CASE("a visit after a completed one has an end of its own") {
  Visit visit;
  visit.open().succeed().said("CLOSE_UI").wait(limits::link_burst_ms);
  REQUIRE(visit.endings.size() == 1);
  visit.page.pass(limits::same_burst_ms);
  visit.open();
  SUBCASE("for want of a valid token another one is asked for, although the exit names no session") {
    visit.tell(LinkExited{.reason = invalid_token}).wait(limits::link_burst_ms);
    CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::LoadScript, LinkOrder::RequestToken});
    CHECK(visit.endings.size() == 1);
  }
  SUBCASE("with an error that names no session it has not completed, and what is advised is about the error") {
    visit.tell(LinkExited{.reason = {.error_type = "API_ERROR"}}).wait(limits::link_burst_ms);
    CHECK(visit.endings.at(1).ending == LinkEnding::Exited);
    CHECK(visit.endings.at(1).advice == Advice::RetryLater);
  }
  SUBCASE("no token is ever valid") {
    for (int token = 0; token <= limits::link_renewals_max; ++token) {
      if (token > 0) visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived);
      visit.tell(LinkExited{.reason = invalid_token}).wait(limits::link_burst_ms);
    }
    CHECK(visit.endings.at(1).ending == LinkEnding::Exited);
    CHECK(visit.endings.at(1).advice == Advice::NewToken);
  }
  SUBCASE("the page closes it before Link has said anything") {
    visit.signal(LinkSignal::CloseRequested).wait(limits::link_exit_ms);
    CHECK(visit.endings.at(1).ending == LinkEnding::Closed);
  }
  SUBCASE("what is completed is shown again and closed") {
    visit.said("OPEN_UI").said("CLOSE_UI").exit().wait(limits::link_burst_ms);
    CHECK(visit.endings.at(1).ending == LinkEnding::Completed);
  }
}

TEST_CASE("what is said before Link was opened does not end the visit") {
  Visit visit;
  visit.signal(LinkSignal::OpenRequested).exit().succeed().said("CLOSE_UI");
  visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived).said("OPEN_UI").wait(limits::link_burst_ms);
  CHECK(visit.phase() == LinkPhase::Open);
  CHECK(visit.endings.empty());
}

TEST_CASE("a script that fails is loaded again after growing pauses, within bounds") {
  Visit visit;
  visit.signal(LinkSignal::OpenRequested).signal(LinkSignal::TokenReceived);
  std::int64_t ceiling_ms = limits::link_script_pause_ms;
  for (int attempt = 1; attempt < limits::link_script_attempts_max; ++attempt) {
    visit.signal(LinkSignal::ScriptFailed);
    CHECK(visit.orders().empty());
    visit.wait(ceiling_ms / 2 - 1);
    CHECK(visit.orders().empty());
    visit.wait(ceiling_ms / 2 + 1);
    CHECK(visit.orders() == Orders{LinkOrder::LoadScript});
    ceiling_ms *= 2;
  }
  SUBCASE("then the visit has failed, and the next one loads it anew") {
    visit.signal(LinkSignal::ScriptFailed);
    CHECK(visit.orders() == Orders{LinkOrder::Settle});
    CHECK(visit.endings.at(0).ending == LinkEnding::ScriptFailed);
    CHECK(visit.endings.at(0).advice == Advice::RetryLater);
    visit.signal(LinkSignal::OpenRequested);
    CHECK(visit.orders() == Orders{LinkOrder::LoadScript, LinkOrder::RequestToken});
  }
  SUBCASE("and Link opens when it comes after all") {
    visit.signal(LinkSignal::ScriptLoaded);
    CHECK(visit.orders() == Orders{LinkOrder::OpenHandler});
  }
}

TEST_CASE("without a token the visit has failed, and the next one asks for another") {
  Visit visit;
  visit.signal(LinkSignal::OpenRequested).signal(LinkSignal::TokenFailed);
  CHECK(visit.orders() == Orders{LinkOrder::Settle});
  CHECK(visit.endings.at(0).ending == LinkEnding::TokenFailed);
  CHECK(visit.endings.at(0).advice == Advice::NewToken);
  visit.signal(LinkSignal::OpenRequested);
  CHECK(visit.orders() == Orders{LinkOrder::RequestToken});
  visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived);
  CHECK(visit.orders() == Orders{LinkOrder::OpenHandler});
}

TEST_CASE("a handler that cannot be opened is a failure at once") {
  Visit visit;
  visit.open().signal(LinkSignal::HandlerFailed);
  CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::Settle});
  CHECK(visit.endings.at(0).ending == LinkEnding::HandlerFailed);
  CHECK(visit.page.has<Erase>());
}

TEST_CASE("a second wish to open changes nothing while the first is under way") {
  Visit visit;
  visit.signal(LinkSignal::OpenRequested).signal(LinkSignal::OpenRequested);
  CHECK(visit.orders().empty());
  visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived).signal(LinkSignal::OpenRequested);
  CHECK(visit.orders().empty());
}

TEST_CASE("a page that closes Link asks it first, and does not wait for ever") {
  Visit visit;
  visit.open().said("CREATE_SESSION").signal(LinkSignal::CloseRequested);
  CHECK(visit.orders() == Orders{LinkOrder::ExitHandler});
  visit.signal(LinkSignal::CloseRequested);
  CHECK(visit.orders().empty());
  SUBCASE("Link answers") {
    visit.said("CLOSE_UI").exit().wait(limits::link_burst_ms);
    CHECK(visit.endings.at(0).ending == LinkEnding::Exited);
  }
  SUBCASE("Link is silent: the session was left, and the backend hears of it") {
    visit.wait(limits::link_exit_ms);
    CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::Settle});
    CHECK(visit.endings.at(0).ending == LinkEnding::Closed);
    CHECK(visit.page.state.shown.flow == Flow::Exited);
    CHECK(visit.page.has<Store>());
  }
  SUBCASE("Link tells of nothing but the screen") {
    visit.said("CLOSE_UI").wait(limits::link_exit_ms);
    CHECK(visit.endings.size() == 1);
  }
}

TEST_CASE("closed before Link was opened, the visit is over at once, and a token that comes late opens nothing") {
  Visit visit;
  visit.signal(LinkSignal::OpenRequested).signal(LinkSignal::CloseRequested);
  CHECK(visit.orders() == Orders{LinkOrder::Settle});
  CHECK(visit.endings.at(0).ending == LinkEnding::Closed);
  visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived);
  CHECK(visit.orders().empty());
}

TEST_CASE("a screen that is closed without a word more is a visit that was left, unless the screen comes back") {
  Visit visit;
  visit.open().said("CREATE_SESSION").said("OPEN_UI").said("CLOSE_UI");
  SUBCASE("left") {
    visit.wait(limits::link_silence_ms - 1);
    CHECK(visit.endings.empty());
    visit.wait(1);
    CHECK(visit.endings.at(0).ending == LinkEnding::Exited);
    CHECK(visit.endings.at(0).advice == Advice::AskBackend);
    CHECK(visit.page.state.shown.flow == Flow::Exited);
  }
  SUBCASE("back") {
    visit.said("RESUME_UI").wait(limits::link_silence_ms);
    CHECK(visit.endings.empty());
    CHECK(visit.phase() == LinkPhase::Open);
  }
  SUBCASE("the exit comes seconds later") {
    visit.wait(limits::link_silence_ms - 100).exit().wait(limits::link_burst_ms);
    CHECK(visit.endings.size() == 1);
  }
}

TEST_CASE("nothing ends a visit of which Link says nothing") {
  Visit visit;
  visit.open().said("START_STEP", "KYC_CHECK").wait(3'600'000);
  CHECK(visit.orders().empty());
  CHECK_FALSE(visit.page.state.visit.due_ms);
}

TEST_CASE("a driver or a trail that is disposed ends what is under way at once") {
  for (const bool is_trail : {true, false}) {
    const Event disposed = is_trail ? Event(Disposed{}) : Event(LinkDriven{.signal = LinkSignal::Detached});
    Visit open;
    open.open().tell(disposed);
    CHECK(open.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::Settle});
    Visit preparing;
    preparing.signal(LinkSignal::OpenRequested).tell(disposed);
    CHECK(preparing.endings.at(0).ending == LinkEnding::Closed);
  }
  Visit late;
  late.tell(Disposed{}).signal(LinkSignal::OpenRequested);
  CHECK(late.orders() == Orders{LinkOrder::Settle});
}

TEST_CASE("what Link says to a page that opened it by itself is none of the driver's business") {
  Visit visit;
  visit.said("CREATE_SESSION").said("PASS_SESSION").succeed().said("CLOSE_UI").exit().wait(limits::link_silence_ms);
  CHECK(visit.orders().empty());
  CHECK(visit.phase() == LinkPhase::Idle);
}

TEST_CASE("the note of a visit names the session as soon as Link does, and goes with the completion, the exit or forget()") {
  Visit visit;
  visit.open();
  REQUIRE(visit.page.has<Store>());
  CHECK(visit.page.all<Store>().at(0).key == note_key);
  CHECK(visit.page.all<Store>().at(0).text == "2026-01-15T10:00:00.000Z ");
  visit.said("CREATE_SESSION");
  const auto stored = visit.page.all<Store>();
  const auto is_note = [](const Store& store) { return store.key == note_key; };
  REQUIRE(std::count_if(stored.begin(), stored.end(), is_note) == 1);
  CHECK(std::find_if(stored.begin(), stored.end(), is_note)->text.find("idv_a") != std::string::npos);
  const auto erases = [&] {
    const auto erased = visit.page.all<Erase>();
    return std::any_of(erased.begin(), erased.end(), [](const Erase& erase) { return erase.key == note_key; });
  };
  SUBCASE("completion") { visit.said("PENDING_REVIEW_SESSION"); }
  SUBCASE("success") { visit.succeed(); }
  SUBCASE("exit") { visit.exit().wait(limits::link_burst_ms); }
  CHECK(erases());
}

TEST_CASE("the note of a visit that begins another session names that one") {
  Visit visit;
  visit.open().said("CREATE_SESSION").exit().wait(limits::link_burst_ms);
  visit.open().tell(emitted("CLOSE_UI", "idv_a", 20'000)).tell(emitted("CREATE_SESSION", "idv_retry", 30'000));
  CHECK(visit.page.state.visit.note.ends_with("Z idv_retry"));
  CHECK(visit.page.all<Store>().back().text == visit.page.state.visit.note);
}

TEST_CASE("a page learns of the visit that was under way in the page before it") {
  Visit visit("page-2");
  const std::string note = "2026-01-15T09:59:55.000Z idv_a";
  const RecordsFound found{.records = {{.key = note_key, .text = note}}, .is_orphaned = true};
  visit.tell(found);
  CHECK(visit.interrupted() == note);
  CHECK(visit.page.all<Erase>().at(0).key == note_key);
  // Kept under its own name, before the other is erased: the next reload knows of it too.
  CHECK(visit.page.all<Store>().at(0).key == StorageKey{"linktrail/1/scope-1/page-2/"});
  CHECK(visit.page.position<Store>() < visit.page.position<Erase>());
  CHECK(encode(visit.page.effects).find(R"("interrupted":"2026-01-15T09:59:55.000Z idv_a")") != std::string::npos);
  SUBCASE("until Link is open again") {
    visit.signal(LinkSignal::OpenRequested);
    CHECK(visit.interrupted() == note);
    visit.signal(LinkSignal::ScriptLoaded).signal(LinkSignal::TokenReceived);
    CHECK(visit.interrupted().empty());
  }
  SUBCASE("and still after a visit that failed") {
    visit.signal(LinkSignal::OpenRequested).signal(LinkSignal::TokenFailed);
    CHECK(visit.interrupted() == note);
    CHECK_FALSE(visit.page.has<Erase>());
  }
  SUBCASE("until it is forgotten, and a copy read late does not bring it back") {
    visit.tell(ForgetRequested{});
    CHECK(visit.interrupted().empty());
    visit.tell(found);
    CHECK(visit.interrupted().empty());
    CHECK(visit.page.has<Erase>());
  }
}

TEST_CASE("of two copies of a note the one that says more is taken, in either order") {
  const FoundRecord with_id{.key = note_key, .text = "2026-01-15T09:59:55.000Z idv_a"};
  const FoundRecord without_id{.key = note_key, .text = "2026-01-15T09:59:55.000Z "};
  for (const bool id_first : {true, false}) {
    Visit visit("page-2");
    visit.tell(
        RecordsFound{.records = {id_first ? with_id : without_id, id_first ? without_id : with_id}, .is_orphaned = true});
    CHECK(visit.interrupted() == with_id.text);
  }
}

TEST_CASE("a note is taken for what it is: of this owner, of another page, not too old, and legible") {
  const auto found = [](const char* key, const char* text) {
    return RecordsFound{.records = {{.key = {key}, .text = text}}, .is_orphaned = true};
  };
  const char* const good = "2026-01-15T09:59:55.000Z idv_b";
  Visit visit("page-2");
  for (const char* const elsewhere : {"linktrail/1/scope-2/page-1/", "linktrail/1/scope-1/page-2/", "linktrail/1/scope-1/"}) {
    visit.tell(found(elsewhere, good));
    CHECK_FALSE(visit.page.has<Erase>());
  }
  // Nobody else's is kept for longer than it is of use to them.
  visit.tell(found("linktrail/1/scope-2/page-1/", "2026-01-08T10:00:00.000Z idv_b"));
  CHECK_FALSE(visit.page.has<Erase>());
  visit.tell(found("linktrail/1/scope-2/page-1/", "2026-01-08T09:59:59.999Z idv_b"));
  CHECK(visit.page.has<Erase>());
  visit.tell(found("linktrail/1/scope-2/page-1/", "of a newer version"));
  CHECK_FALSE(visit.page.has<Erase>());
  for (const char* const damaged : {"", "{", "2026-01-15T09:59:55.000Z", "2026-01-15T09:59:55.000Z two words",
                                    "yesterday, at some time  idv_b", "2026-01-08T09:59:55.000Z idv_b"}) {
    visit.tell(found(note_key.value.c_str(), damaged));
    CHECK(visit.page.has<Erase>());
  }
  CHECK(visit.interrupted().empty());
  visit.tell(found(note_key.value.c_str(), good));
  CHECK(visit.interrupted() == good);

  Page without_driver("page-2");
  without_driver.tell(found(note_key.value.c_str(), good));
  CHECK(without_driver.effects.empty());
}

TEST_CASE("a core that takes over from one that trapped goes on with the visit") {
  Visit visit;
  visit.signal(LinkSignal::HandlerOpened);
  CHECK(visit.orders().empty());
  CHECK(visit.phase() == LinkPhase::Open);
  visit.exit().wait(limits::link_burst_ms);
  CHECK(visit.orders() == Orders{LinkOrder::DestroyHandler, LinkOrder::Settle});
}

TEST_CASE("every signal has a word, and what is no signal is rejected") {
  const Event event = parse_event(R"({"type":"link_driven","signal":"token_received"})");
  REQUIRE(std::holds_alternative<LinkDriven>(event));
  CHECK(std::get<LinkDriven>(event).signal == LinkSignal::TokenReceived);
  CHECK(std::holds_alternative<Rejected>(parse_event(R"({"type":"link_driven","signal":"explode"})")));
  CHECK(link_signal_from("handler_failed") == LinkSignal::HandlerFailed);
}
