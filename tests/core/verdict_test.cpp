#include "page.hpp"

#include "core/encode.hpp"
#include "core/limits.hpp"
#include "core/parse.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace linktrail;
using namespace linktrail::testing;

namespace {

BackendVerdict shown(const Page& page) { return page.state.shown.verdict; }

/// The body of the answer to the newest request tells a verdict.
Page& tell_verdict(Page& page, BackendVerdict verdict) {
  return page.tell(VerdictTold{.post = page.state.last_post, .verdict = verdict});
}

/// A completed session whose report was delivered, and of which the backend says that it is undecided.
Page undecided(const char* id = "idv_a") {
  Page page;
  page.tell(emitted("PASS_SESSION", id, 0)).tell(HeadersResolved{}).answer(200);
  tell_verdict(page, BackendVerdict::Active);
  return page;
}

/// Lets time pass up to the page's deadline, which must be for an ask.
Page& pass_to_ask(Page& page) {
  REQUIRE(page.state.wake_at_ms.has_value());
  page.pass(std::max<std::int64_t>(0, *page.state.wake_at_ms - page.now_ms)).tell(Woken{});
  REQUIRE(page.all<Post>().size() == 1);
  return page;
}

/// How many asks leave within a day, each answered as `answer` says.
template <class Answer>
int count_asks(Page& page, Answer answer) {
  int asks = 0;
  while (page.state.wake_at_ms && asks < 1'000) {
    page.pass(std::max<std::int64_t>(0, *page.state.wake_at_ms - page.now_ms)).tell(Woken{});
    if (!page.has<Post>()) continue;
    ++asks;
    answer();
  }
  return asks;
}

}  // namespace

TEST_CASE("a delivered report settles with its status line, and its verdict is shown apart from flow and outcome") {
  Page page;
  page.tell(emitted("PASS_SESSION", "idv_a", 0)).answer(200);
  CHECK(page.has<Settle>());
  CHECK(page.delivery() == DeliveryState::Delivered);
  CHECK(shown(page) == BackendVerdict::None);
  tell_verdict(page, BackendVerdict::Failed);
  CHECK(page.has<Notify>());
  CHECK(shown(page) == BackendVerdict::Failed);
  CHECK(page.state.shown.outcome == Outcome::Passed);
  CHECK(page.state.shown.flow == Flow::Completed);
  CHECK(page.state.shown.advice == Advice::None);
  CHECK(page.effects.size() == 1);
}

TEST_CASE("every status of Plaid is a verdict, and every other word is none and no fault") {
  struct Row {
    const char* word;
    BackendVerdict verdict;
  };
  for (const Row& row : std::to_array<Row>({{"active", BackendVerdict::Active},
                                            {"success", BackendVerdict::Success},
                                            {"failed", BackendVerdict::Failed},
                                            {"pending_review", BackendVerdict::PendingReview},
                                            {"expired", BackendVerdict::Expired},
                                            {"canceled", BackendVerdict::Canceled},
                                            {"", BackendVerdict::None},
                                            {"SUCCESS", BackendVerdict::None},
                                            {"approved", BackendVerdict::None}})) {
    CAPTURE(row.word);
    Page page;
    page.succeed("idv_a").answer(200);
    const std::string text = R"({"type":"verdict_told","post":1,"status":")";
    page.tell(parse_event(text + row.word + "\"}"));
    CHECK(shown(page) == row.verdict);
    CHECK(page.state.rejected == 0);
    const std::string expected =
        row.verdict == BackendVerdict::None ? R"("verdict":null)" : R"("verdict":")" + std::string(row.word) + '"';
    CHECK(encode(page.state.shown).find(expected) != std::string::npos);
  }
}

TEST_CASE("an undecided verdict is asked for again with the same report under the same key, and nothing is stored for it") {
  Page page;
  page.tell(emitted("PASS_SESSION", "idv_a", 0));
  const Post first = page.all<Post>().at(0);
  page.answer(200);
  tell_verdict(page, BackendVerdict::Active);
  CHECK_FALSE(page.has<Post>());
  pass_to_ask(page);
  const Post ask = page.all<Post>().at(0);
  CHECK(ask.key == first.key);
  CHECK(ask.body == first.body);
  CHECK_FALSE(ask.is_keepalive);
  CHECK_FALSE(page.has<Store>());
  CHECK(page.state.outbox.empty());
  page.answer(200);
  CHECK_FALSE(page.has<Store>());
  CHECK_FALSE(page.has<Erase>());
  CHECK_FALSE(page.has<Settle>());
  CHECK(page.state.shown.delivery->attempts == 1);
  tell_verdict(page, BackendVerdict::Success);
  CHECK(shown(page) == BackendVerdict::Success);
  CHECK_FALSE(page.state.wake_at_ms.has_value());
}

TEST_CASE("only `active` is asked for again, and only of a completed session") {
  for (const auto verdict : {BackendVerdict::Success, BackendVerdict::Failed, BackendVerdict::PendingReview,
                             BackendVerdict::Expired, BackendVerdict::Canceled, BackendVerdict::None}) {
    Page page;
    page.succeed("idv_a").answer(200);
    tell_verdict(page, verdict);
    CHECK_FALSE(page.state.wake_at_ms.has_value());
    page.tell(FlushRequested{});
    CHECK_FALSE(page.has<Post>());
  }
  Page page;
  page.tell(emitted("CREATE_SESSION", "idv_a", 0)).answer(200);
  tell_verdict(page, BackendVerdict::Active);
  CHECK(shown(page) == BackendVerdict::Active);
  page.pass(3'600'000).tell(Woken{});
  CHECK_FALSE(page.has<Post>());
  page.tell(LinkExited{.id = LinkSessionId{"idv_a"}}).tell(Woken{}).answer(200);
  tell_verdict(page, BackendVerdict::Active);
  page.tell(FlushRequested{});
  CHECK_FALSE(page.has<Post>());
}

TEST_CASE("what was said of a report in progress does not make anybody ask about the completed one") {
  Page page;
  page.tell(emitted("CREATE_SESSION", "idv_a", 0)).answer(200);
  tell_verdict(page, BackendVerdict::Active);
  page.succeed("idv_a").answer(204);
  CHECK(shown(page) == BackendVerdict::Active);
  page.tell(FlushRequested{});
  CHECK_FALSE(page.has<Post>());
  CHECK_FALSE(page.state.wake_at_ms.has_value());
}

TEST_CASE("pauses between asks grow from 1 s to 30 s, half of each certain and half drawn") {
  std::int64_t least_first_ms = limits::ask_pause_ms_max;
  std::int64_t most_ms = 0;
  for (std::uint64_t entropy = 0; entropy < 200; ++entropy) {
    Page page;
    page.entropy = entropy;
    page.succeed("idv_a").answer(200);
    tell_verdict(page, BackendVerdict::Active);
    std::int64_t floor_ms = limits::ask_pause_first_ms / 2;
    for (std::int64_t ask = 0; ask < limits::asks_max; ++ask) {
      const std::int64_t pause_ms = *page.state.wake_at_ms - page.now_ms;
      CHECK(pause_ms >= floor_ms);
      CHECK(pause_ms <= 2 * floor_ms);
      if (ask == 0) least_first_ms = std::min(least_first_ms, pause_ms);
      most_ms = std::max(most_ms, pause_ms);
      floor_ms = std::min(2 * floor_ms, limits::ask_pause_ms_max / 2);
      pass_to_ask(page).answer(200);
      tell_verdict(page, BackendVerdict::Active);
    }
    CHECK_FALSE(page.state.wake_at_ms.has_value());
  }
  CHECK(least_first_ms < limits::ask_pause_first_ms * 6 / 10);
  CHECK(most_ms > limits::ask_pause_ms_max * 9 / 10);
}

TEST_CASE("asking ends after 20 asks, whatever their answers are, and the verdict stays what was last said") {
  for (const int status : {200, 503, 401, 500, 429}) {
    CAPTURE(status);
    Page page = undecided();
    const int asks = count_asks(page, [&] {
      page.answer(status).tell(HeadersResolved{});
      CHECK(page.delivery() == DeliveryState::Delivered);
      CHECK(page.state.shown.delivery->last_status == 200);
      CHECK_FALSE(page.has<Store>());
    });
    CHECK(asks == limits::asks_max);
    CHECK(shown(page) == BackendVerdict::Active);
  }
}

TEST_CASE("asking ends ten minutes after the delivery, but for an ask that was planned by then") {
  Page page = undecided();
  const std::int64_t began_ms = page.now_ms;
  // Each answer asks for a minute's rest, so that time runs out before the number does.
  const int asks = count_asks(page, [&] { page.answer(503, "60"); });
  CHECK(asks < limits::asks_max);
  CHECK(asks >= 10);
  CHECK(page.now_ms - began_ms >= limits::asking_ms_max);
  CHECK(page.now_ms - began_ms < limits::asking_ms_max + 60'000 + limits::ask_pause_ms_max);
}

TEST_CASE("Retry-After is a floor for asks as well, also when the page flushes") {
  Page page = undecided();
  pass_to_ask(page).answer(503, "40");
  const std::int64_t floor_ms = page.now_ms + 40'000;
  page.tell(FlushRequested{});
  CHECK_FALSE(page.has<Post>());
  page.tell(PageChanged{.signal = PageSignal::Visible});
  CHECK_FALSE(page.has<Post>());
  pass_to_ask(page);
  CHECK(page.now_ms >= floor_ms);
  CHECK(page.now_ms <= floor_ms + 4'000);
}

TEST_CASE("a refusal ends the asking: to repeat would help nobody") {
  Page page = undecided();
  pass_to_ask(page).answer(422);
  CHECK_FALSE(page.state.wake_at_ms.has_value());
  CHECK_FALSE(page.has<Settle>());
  CHECK(page.delivery() == DeliveryState::Delivered);
}

TEST_CASE("an ask that meets an expired login has the headers resolved anew") {
  Page page = undecided();
  pass_to_ask(page).answer(401);
  CHECK(page.has<ResolveHeaders>());
  page.tell(HeadersResolved{});
  CHECK_FALSE(page.has<Post>());
  pass_to_ask(page).answer(200);
  tell_verdict(page, BackendVerdict::Success);
  CHECK(shown(page) == BackendVerdict::Success);
}

TEST_CASE("flush asks at once, one at a time, and also after the limits") {
  Page page = undecided();
  page.tell(FlushRequested{});
  CHECK(page.all<Post>().size() == 1);
  page.tell(FlushRequested{});
  CHECK_FALSE(page.has<Post>());
  page.answer(200);
  (void)count_asks(page, [&] { page.answer(200); });
  page.tell(FlushRequested{});
  CHECK(page.all<Post>().size() == 1);
  page.answer(200);
  CHECK_FALSE(page.state.wake_at_ms.has_value());
}

TEST_CASE("a hidden page does not ask; it asks when it is seen again") {
  Page page = undecided();
  page.tell(PageChanged{.signal = PageSignal::Hidden});
  CHECK_FALSE(page.state.wake_at_ms.has_value());
  page.pass(3'600'000).tell(Woken{}).tell(FlushRequested{});
  CHECK_FALSE(page.has<Post>());
  page.tell(PageChanged{.signal = PageSignal::Visible});
  CHECK(page.all<Post>().size() == 1);
  page.answer(200);
  CHECK_FALSE(page.state.wake_at_ms.has_value());
}

TEST_CASE("an ask whose answer a frozen page never heard is followed by another") {
  Page page = undecided();
  pass_to_ask(page);
  page.tell(PageChanged{.signal = PageSignal::Hidden}).pass(60'000).tell(PageChanged{.signal = PageSignal::Restored});
  CHECK(page.all<Post>().size() == 1);
}

TEST_CASE("nobody asks after dispose, after forget, or about a session that is no longer the current one") {
  Page disposed = undecided();
  disposed.tell(Disposed{}).pass(60'000).tell(Woken{}).tell(FlushRequested{});
  CHECK_FALSE(disposed.has<Post>());
  Page forgotten = undecided();
  forgotten.tell(ForgetRequested{}).pass(60'000).tell(Woken{}).tell(FlushRequested{});
  CHECK_FALSE(forgotten.has<Post>());
  CHECK(shown(forgotten) == BackendVerdict::None);
  Page other = undecided();
  other.tell(emitted("CREATE_SESSION", "idv_b", 5'000)).answer(200);
  CHECK(shown(other) == BackendVerdict::None);
  other.pass(60'000).tell(Woken{}).tell(FlushRequested{});
  CHECK_FALSE(other.has<Post>());
}

TEST_CASE("the verdict of an older report, or of an older answer, never overwrites a newer one") {
  Page page;
  page.tell(emitted("PASS_SESSION", "idv_a", 0)).answer(200);
  page.tell(emitted("FAIL_SESSION", "idv_a", 1'000)).answer(200);
  tell_verdict(page, BackendVerdict::Failed);
  page.tell(VerdictTold{.post = 1, .verdict = BackendVerdict::Success});
  CHECK(shown(page) == BackendVerdict::Failed);

  Page slow = undecided();
  const std::uint32_t first = slow.state.last_post;
  pass_to_ask(slow).answer(200);
  tell_verdict(slow, BackendVerdict::Success);
  slow.tell(VerdictTold{.post = first, .verdict = BackendVerdict::Active});
  CHECK(shown(slow) == BackendVerdict::Success);
  CHECK_FALSE(slow.state.wake_at_ms.has_value());
}

TEST_CASE("a decided verdict stands while a newer report is on its way, until its answer says otherwise") {
  Page page;
  page.tell(emitted("FAIL_SESSION", "idv_a", 0)).answer(200);
  tell_verdict(page, BackendVerdict::Failed);
  page.tell(emitted("PASS_SESSION", "idv_a", 60'000));
  CHECK(shown(page) == BackendVerdict::Failed);
  page.answer(200);
  CHECK(shown(page) == BackendVerdict::Failed);
  tell_verdict(page, BackendVerdict::Success);
  CHECK(shown(page) == BackendVerdict::Success);
}

TEST_CASE("while a newer report of the session is on its way nobody asks about the older one") {
  Page page = undecided();
  page.tell(emitted("FAIL_SESSION", "idv_a", 1'000)).answer(503, "20");
  page.pass(10'000).tell(Woken{});
  CHECK_FALSE(page.has<Post>());
  page.pass(20'000).tell(Woken{}).tell(Woken{});
  REQUIRE(page.state.outbox.front().state == DeliveryState::Sending);
  page.answer(200);
  tell_verdict(page, BackendVerdict::Failed);
  CHECK(shown(page) == BackendVerdict::Failed);
}
