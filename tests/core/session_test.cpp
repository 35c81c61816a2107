#include "page.hpp"

#include "core/advice.hpp"
#include "core/limits.hpp"
#include "core/parse.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

using namespace linktrail;
using namespace linktrail::testing;

namespace {

const Progress& shown(const Page& page) { return page.state.shown; }

ExitReason error(const char* type, const char* code) { return {.error_type = type, .error_code = code}; }

}  // namespace

TEST_CASE("a step is what the latest event by Link's time says, whatever arrived last") {
  Page page;
  page.tell(emitted("FAIL_STEP", "idv_a", 3'000, "KYC_CHECK"));
  page.tell(emitted("START_STEP", "idv_a", 1'000, "KYC_CHECK"));
  page.tell(emitted("START_STEP", "idv_a", 4'000, "KYC_CHECK"));
  page.tell(emitted("PASS_STEP", "idv_a", 2'000, "ACCEPT_TOS"));
  REQUIRE(shown(page).steps.size() == 2);
  const Step& kyc = shown(page).steps.at(0);
  CHECK(kyc.view_name == "KYC_CHECK");
  CHECK(kyc.status == StepStatus::Active);
  CHECK(kyc.attempts == 2);
  CHECK(kyc.started_at_ms == epoch_ms + 1'000);
  CHECK_FALSE(kyc.ended_at_ms);
  const Step& terms = shown(page).steps.at(1);
  CHECK(terms.attempts == 1);
  CHECK_FALSE(terms.started_at_ms);
  CHECK(terms.ended_at_ms == epoch_ms + 2'000);
  CHECK(shown(page).current_step == "KYC_CHECK");
}

TEST_CASE("an event heard twice counts once, and one without a time does no harm twice") {
  Page page;
  page.tell(emitted("START_STEP", "idv_a", 1'000, "KYC_CHECK")).tell(emitted("START_STEP", "idv_a", 1'000, "KYC_CHECK"));
  CHECK(shown(page).steps.at(0).attempts == 1);
  LinkEmitted undated = emitted("START_STEP", "idv_a", 0, "SELFIE_CHECK");
  undated.timestamp_ms.reset();
  page.pass(5'000).tell(undated).tell(undated);
  CHECK(shown(page).steps.at(1).attempts == 1);
  LinkEmitted failed = emitted("FAIL_STEP", "idv_a", 0, "SELFIE_CHECK");
  failed.timestamp_ms.reset();
  page.pass(5'000).tell(failed).pass(5'000).tell(undated);
  CHECK(shown(page).steps.at(1).status == StepStatus::Active);
  CHECK(shown(page).steps.at(1).attempts == 2);
}

TEST_CASE("of contradicting outcomes at the same time the more cautious one stands, in either order") {
  for (const bool passed_first : {true, false}) {
    Page page;
    const LinkEmitted passed = emitted("PASS_SESSION", "idv_a", 1'000);
    const LinkEmitted failed = emitted("FAIL_SESSION", "idv_a", 1'000);
    page.tell(passed_first ? passed : failed).tell(passed_first ? failed : passed);
    CHECK(shown(page).outcome == Outcome::Failed);
  }
}

TEST_CASE("flow moves only to the right") {
  Page page;
  CHECK(shown(page).flow == Flow::Idle);
  page.tell(emitted("CREATE_SESSION", "idv_a", 0));
  CHECK(shown(page).flow == Flow::InProgress);
  page.tell(LinkExited{.id = LinkSessionId{"idv_a"}});
  CHECK(shown(page).flow == Flow::Exited);
  page.tell(emitted("START_STEP", "idv_a", 9'000, "KYC_CHECK"));
  CHECK(shown(page).flow == Flow::Exited);
  page.succeed("idv_a");
  CHECK(shown(page).flow == Flow::Completed);
  page.tell(LinkExited{.id = LinkSessionId{"idv_a"}, .reason = error("API_ERROR", "INTERNAL_SERVER_ERROR")});
  CHECK(shown(page).flow == Flow::Completed);
  CHECK(shown(page).outcome == Outcome::Unknown);
}

TEST_CASE("the screen is open until CLOSE_UI, also after a success") {
  Page page;
  page.tell(emitted("OPEN_UI", "idv_a", 0));
  CHECK(shown(page).ui_open);
  page.succeed("idv_a");
  CHECK(shown(page).ui_open);
  page.tell(emitted("CLOSE_UI", "idv_a", 9'000));
  CHECK_FALSE(shown(page).ui_open);
}

TEST_CASE("only Identity Verification events, onSuccess and onExit name a session") {
  Page page;
  LinkEmitted open;
  open.wire_name = "OPEN";
  open.name = EventName::Open;
  open.id = LinkSessionId{"79e772be-547d-4c9c-8b76-4ac4ed4c441a"};
  page.tell(open);
  CHECK(page.state.sessions.empty());
  LinkEmitted unknown = emitted("SOMETHING_NEW", "idv_a", 0);
  page.tell(unknown);
  CHECK(shown(page).id == LinkSessionId{"idv_a"});
  CHECK(shown(page).unknown_events == std::list<std::string>{"IDENTITY_VERIFICATION_SOMETHING_NEW"});
}

TEST_CASE("an exit that carries another id ends the session under way and does not rename it") {
  Page page;
  page.tell(emitted("CREATE_SESSION", "idv_a", 0)).pass(60'000);
  page.tell(LinkExited{.id = LinkSessionId{"5d3c0a52-6b0e"}, .reason = error("INVALID_INPUT", "INVALID_LINK_TOKEN")});
  CHECK(page.state.sessions.size() == 1);
  CHECK(shown(page).id == LinkSessionId{"idv_a"});
  CHECK(shown(page).flow == Flow::Exited);
  CHECK(shown(page).advice == Advice::NewToken);
}

TEST_CASE("a session that only an exit has named does not leak into the next one, however fast that comes") {
  Page page;
  page.tell(LinkExited{.id = LinkSessionId{"5d3c0a52"}, .reason = error("INVALID_INPUT", "INVALID_LINK_TOKEN")});
  page.pass(50).tell(emitted("CLOSE_UI", "idv_new", 0)).tell(LinkExited{.id = LinkSessionId{"idv_new"}});
  CHECK(page.state.sessions.size() == 2);
  CHECK_FALSE(shown(page).exit->reason.has_error());
  CHECK(shown(page).advice == Advice::AskBackend);
}

TEST_CASE("after a completion an exit with another id is the screen's closing, unless it brings an error") {
  Page page;
  page.succeed("idv_a").pass(60'000);
  page.tell(LinkExited{.id = LinkSessionId{"5d3c0a52"}});
  CHECK(page.state.sessions.size() == 1);
  page.tell(LinkExited{.id = LinkSessionId{"5d3c0a52"}, .reason = error("INVALID_INPUT", "INVALID_LINK_TOKEN")});
  CHECK(page.state.sessions.size() == 2);
  CHECK(shown(page).advice == Advice::NewToken);
  CHECK(page.state.sessions.front().flow() == Flow::Completed);
}

TEST_CASE("a success without an id belongs to the events of the same burst, and to no later session") {
  Page burst;
  burst.tell(LinkSucceeded{}).pass(20).tell(emitted("PASS_STEP", "idv_a", 0, "KYC_CHECK"));
  CHECK(shown(burst).id == LinkSessionId{"idv_a"});
  CHECK(shown(burst).flow == Flow::Completed);

  Page later;
  later.tell(LinkSucceeded{}).pass(limits::same_burst_ms + 1).tell(Woken{});
  REQUIRE(later.all<Settle>().size() == 1);
  CHECK(later.all<Settle>().at(0).receipt.state == DeliveryState::Undeliverable);
  later.tell(emitted("CREATE_SESSION", "idv_b", 0));
  CHECK(shown(later).id == LinkSessionId{"idv_b"});
  CHECK(shown(later).flow == Flow::InProgress);
}

TEST_CASE("when onSuccess and the events disagree about the id, both sessions are kept") {
  Page page;
  page.tell(emitted("CREATE_SESSION", "idv_a", 0)).succeed("idv_b");
  CHECK(page.state.sessions.size() == 2);
  CHECK(shown(page).id == LinkSessionId{"idv_b"});
  CHECK(shown(page).flow == Flow::Completed);
}

TEST_CASE("advice after an exit follows the error, and ends when the person is back") {
  struct Row {
    const char* type;
    const char* code;
    Advice advice;
  };
  for (const Row& row : std::to_array<Row>({
           {"INVALID_INPUT", "INVALID_LINK_TOKEN", Advice::NewToken},
           {"API_ERROR", "INTERNAL_SERVER_ERROR", Advice::RetryLater},
           {"", "plaid-internal-error", Advice::RetryLater},
           {"API_ERROR", "PLANNED_MAINTENANCE", Advice::RetryLater},
           {"RATE_LIMIT_EXCEEDED", "RATE_LIMIT", Advice::RetryLater},
           {"RECAPTCHA_ERROR", "RECAPTCHA_REQUIRED", Advice::Continue},
           {"INVALID_REQUEST", "INVALID_PRODUCT", Advice::ManualReview},
           {"INVALID_INPUT", "INVALID_API_KEYS", Advice::ManualReview},
           {"USER_ERROR", "USER_NOT_FOUND", Advice::ManualReview},
           {"ITEM_ERROR", "INVALID_CREDENTIALS", Advice::AskBackend},
           {"SOME_FUTURE_ERROR", "WHAT", Advice::AskBackend},
       })) {
    CAPTURE(row.code);
    Page page;
    page.tell(emitted("START_STEP", "idv_a", 0, "KYC_CHECK"));
    page.tell(LinkExited{.id = LinkSessionId{"idv_a"}, .reason = error(row.type, row.code)});
    CHECK(shown(page).advice == row.advice);
    page.pass(30'000).tell(emitted("RESUME_SESSION", "idv_a", 30'000));
    CHECK(shown(page).advice == Advice::None);
  }
}

TEST_CASE("a captcha that comes back is for a person to look at") {
  Page page;
  const LinkExited exit{.id = LinkSessionId{"idv_a"}, .reason = error("RECAPTCHA_ERROR", "RECAPTCHA_BAD")};
  page.tell(emitted("START_STEP", "idv_a", 0, "KYC_CHECK")).tell(exit);
  CHECK(shown(page).advice == Advice::Continue);
  SUBCASE("in a screen that was seen to open") {
    page.pass(30'000).tell(emitted("RESUME_SESSION", "idv_a", 30'000)).tell(exit);
  }
  SUBCASE("before anything tells that the screen was opened again") {
    page.pass(limits::same_burst_ms).tell(exit);
    CHECK(shown(page).advice == Advice::Continue);
    page.pass(1).tell(exit);
  }
  CHECK(shown(page).advice == Advice::ManualReview);
  CHECK(shown(page).exit->at_ms == page.wall_ms);
}

TEST_CASE("an exit told twice in one burst, once with its status, is one exit with that status") {
  ExitReason bare = error("RECAPTCHA_ERROR", "RECAPTCHA_BAD");
  ExitReason whole = bare;
  whole.status = "requires_recaptcha";
  for (const bool bare_first : {true, false}) {
    CAPTURE(bare_first);
    Page page;
    page.tell(emitted("START_STEP", "idv_a", 0, "KYC_CHECK"));
    page.tell(LinkExited{.id = LinkSessionId{"idv_a"}, .reason = bare_first ? bare : whole});
    page.pass(20).tell(LinkExited{.id = LinkSessionId{"idv_a"}, .reason = bare_first ? whole : bare});
    CHECK(shown(page).advice == Advice::Continue);
    CHECK(shown(page).exit->reason == whole);
  }
}

TEST_CASE("what straggles behind the exit of its burst is no return") {
  for (const char* const straggler : {"OPEN_UI", "RESUME_UI", "CREATE_SESSION", "RESUME_SESSION", "START_STEP"}) {
    CAPTURE(straggler);
    Page page;
    page.tell(LinkExited{.id = LinkSessionId{"idv_a"}}).pass(10);
    page.tell(emitted(straggler, "idv_a", 0, "KYC_CHECK"));
    CHECK(shown(page).advice == Advice::Continue);
  }
}

TEST_CASE("the burst of a session that was left comes to the same in every order") {
  const std::vector<Event> burst{emitted("OPEN_UI", "idv_a", 0), emitted("CREATE_SESSION", "idv_a", 10),
                                 emitted("START_STEP", "idv_a", 20, "KYC_CHECK"), emitted("CLOSE_UI", "idv_a", 9'000),
                                 LinkExited{.id = LinkSessionId{"idv_a"}}};
  std::array<std::size_t, 5> order{0, 1, 2, 3, 4};
  Page in_order;
  for (const Event& event : burst) in_order.tell(event);
  do {
    Page page;
    for (const std::size_t index : order) page.tell(burst.at(index));
    CHECK(shown(page).flow == shown(in_order).flow);
    CHECK(shown(page).advice == shown(in_order).advice);
    CHECK(shown(page).steps == shown(in_order).steps);
    CHECK(shown(page).exit == shown(in_order).exit);
    CHECK(shown(page).current_step == shown(in_order).current_step);
    CHECK(shown(page).ui_open == shown(in_order).ui_open);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("a trail that hears of very many steps and events stays within its limits and keeps the last word") {
  Page page;
  for (int i = 0; i < 10'000; ++i) {
    const std::string view = "VIEW_" + std::to_string(i % 40);
    page.tell(emitted(i % 2 == 0 ? "START_STEP" : "PASS_STEP", "idv_a", i, view.c_str()));
  }
  const Session& session = page.state.sessions.front();
  CHECK(session.marks.size() == limits::marks_per_session_max);
  CHECK(shown(page).steps.size() == limits::steps_per_session_max);
  CHECK(session.summary.steps_dropped > 0);
  CHECK(shown(page).unknown_views.size() == limits::unknown_names_max);
  page.tell(emitted("FAIL_SESSION", "idv_a", 10'001));
  CHECK(shown(page).outcome == Outcome::Failed);
  for (int i = 0; i < 20; ++i) page.pass(10'000).succeed(("idv_" + std::to_string(i)).c_str()).answer(200);
  CHECK(page.state.sessions.size() == limits::sessions_max);
}

TEST_CASE("of too many sessions the one that was current longest ago is dropped, and none that was resumed since") {
  Page page;
  for (std::size_t i = 0; i < limits::sessions_max; ++i) {
    page.pass(10'000).tell(emitted("START_STEP", ("idv_" + std::to_string(i)).c_str(), 1'000, "KYC_CHECK"));
  }
  page.pass(10'000).tell(emitted("RESUME_SESSION", "idv_0", 100'000));
  page.pass(10'000).tell(emitted("CREATE_SESSION", "idv_new", 110'000));
  // A straggler of the one that was resumed: it is known, so the page goes on seeing the new one.
  page.pass(10'000).tell(emitted("PASS_STEP", "idv_0", 105'000, "KYC_CHECK"));
  CHECK(shown(page).id->value == "idv_new");
  const auto has = [&](const char* id) {
    return std::any_of(page.state.sessions.begin(), page.state.sessions.end(),
                       [&](const Session& session) { return session.id && session.id->value == id; });
  };
  CHECK(has("idv_0"));
  CHECK_FALSE(has("idv_1"));
}

TEST_CASE("hostile text is rejected by field, counted, and changes nothing else") {
  struct Row {
    const char* text;
    const char* field;
  };
  for (const Row& row : std::to_array<Row>({
           {"", "json"},
           {"[]", "type"},
           {R"({"type":7})", "type"},
           {R"({"type":"on_event"})", "name"},
           {R"({"type":"on_event","name":"a\r\nb"})", "name"},
           {R"({"type":"post_answered","post":-1})", "post"},
           {R"({"type":"post_answered","post":1,"kind":"response","status":70000})", "status"},
           {R"({"type":"page_changed","signal":"gone"})", "signal"},
           {R"({"type":"started","page":"a/b"})", "page"},
           {R"({"type":"record_stored","key":"k","durability":"stone"})", "durability"},
           {R"({"type":"records_found","records":{}})", "records"},
       })) {
    CAPTURE(row.text);
    const Event event = parse_event(row.text);
    REQUIRE(std::holds_alternative<Rejected>(event));
    if (const auto* const rejected = std::get_if<Rejected>(&event)) CHECK(rejected->field == row.field);
    Page page;
    page.tell(event);
    CHECK(shown(page).rejected == 1);
    CHECK(page.state.sessions.empty());
  }
  Page page;
  page.tell(parse_event(
      R"({"type":"on_event","name":"IDENTITY_VERIFICATION_PASS_STEP","link_session_id":"idv_x\r\nX-Injected: 1","view_name":"KYC_CHECK"})"));
  CHECK(shown(page).rejected == 1);
  CHECK_FALSE(shown(page).id);
  CHECK(page.all<Post>().empty());
}

TEST_CASE("scopes keep endpoints and owners apart, and no owner is an owner of its own") {
  const std::string a = "a";
  const std::string empty;
  CHECK(scope_of("https://x/", a) == scope_of("https://x/", a));
  CHECK(scope_of("https://x/", a) != scope_of("https://y/", a));
  CHECK(scope_of("https://x/", empty) != scope_of("https://x/", std::nullopt));
  CHECK(scope_of("https://x/", a).value.find('a') != 0);
  CHECK(scope_of("https://x/", a).value.size() == 32);
}
