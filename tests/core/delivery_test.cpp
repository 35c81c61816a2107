#include "page.hpp"

#include "core/bounded_json.hpp"
#include "core/limits.hpp"
#include "core/parse.hpp"
#include "core/record.hpp"
#include "core/report.hpp"
#include "core/retry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

using namespace linktrail;
using namespace linktrail::testing;

namespace {

/// What another page left behind, as this page finds it.
FoundRecord left_behind(Page& page) {
  const auto stores = page.all<Store>();
  return stores.empty() ? FoundRecord{} : FoundRecord{.key = stores.back().key, .text = stores.back().text};
}

RecordsFound orphaned(const FoundRecord& record) { return {.records = {record}, .is_orphaned = true}; }

}  // namespace

TEST_CASE("the callback that first tells of a completion stores the record and posts it in the same transition") {
  for (const bool by_event : {true, false}) {
    Page page;
    if (by_event) {
      page.tell(emitted("PASS_SESSION", "idv_a", 0));
    } else {
      page.succeed("idv_a");
    }
    REQUIRE(page.all<Store>().size() == 1);
    REQUIRE(page.all<Post>().size() == 1);
    CHECK(page.position<Store>() < page.position<Post>());
    CHECK(page.all<Post>().at(0).is_keepalive);
    CHECK(page.delivery() == DeliveryState::Sending);
  }
}

TEST_CASE("a record leaves the outbox only when the endpoint has said 2xx") {
  for (int status = 100; status < 600; ++status) {
    CAPTURE(status);
    Page page;
    page.succeed("idv_a").answer(status);
    const bool is_acknowledged = status >= 200 && status < 300;
    CHECK(page.has<Erase>() == is_acknowledged);
    CHECK(page.state.outbox.empty() == is_acknowledged);
    CHECK((page.delivery() == DeliveryState::Delivered) == is_acknowledged);
  }
}

TEST_CASE("every answer has its verdict") {
  struct Row {
    int status;
    Verdict verdict;
  };
  for (const Row& row : std::to_array<Row>({
           {200, Verdict::Delivered},   {204, Verdict::Delivered},   {299, Verdict::Delivered},   {301, Verdict::Reauthorize},
           {302, Verdict::Reauthorize}, {304, Verdict::Reauthorize}, {400, Verdict::Refused},     {401, Verdict::Reauthorize},
           {403, Verdict::Reauthorize}, {404, Verdict::Refused},     {408, Verdict::Retry},       {409, Verdict::Retry},
           {410, Verdict::Refused},     {413, Verdict::Refused},     {419, Verdict::Reauthorize}, {422, Verdict::Refused},
           {425, Verdict::Retry},       {429, Verdict::Retry},       {500, Verdict::Retry},       {503, Verdict::Retry},
           {599, Verdict::Retry},       {100, Verdict::Retry},       {999, Verdict::Retry},
       })) {
    CAPTURE(row.status);
    CHECK(judge(AnswerKind::Response, row.status) == row.verdict);
  }
  CHECK(judge(AnswerKind::Redirected, 0) == Verdict::Reauthorize);
  CHECK(judge(AnswerKind::NetworkFailed, 200) == Verdict::Retry);
  CHECK(judge(AnswerKind::TimedOut, 0) == Verdict::Retry);
}

TEST_CASE("back-off doubles to its maximum, and every wait is drawn from all of it") {
  constexpr std::int64_t day_ms = 86'400'000;
  CHECK(backoff_ceiling_ms(Verdict::Retry, 1, day_ms) == limits::backoff_first_ms);
  CHECK(backoff_ceiling_ms(Verdict::Retry, 2, day_ms) == 2 * limits::backoff_first_ms);
  CHECK(backoff_ceiling_ms(Verdict::Retry, 1'000'000, day_ms) == limits::backoff_ms_max);
  CHECK(backoff_ceiling_ms(Verdict::Refused, 1, 0) == limits::refused_backoff_first_ms);
  CHECK(backoff_ceiling_ms(Verdict::Refused, 50, 0) == limits::refused_backoff_ms_max);
  std::int64_t least = limits::backoff_first_ms;
  std::int64_t most = 0;
  for (std::uint64_t entropy = 0; entropy < 2'000; ++entropy) {
    Page page;
    page.entropy = entropy;
    page.succeed("idv_a").answer(503);
    const std::int64_t wait = page.state.outbox.front().due_ms - page.now_ms;
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  CHECK(least <= limits::backoff_first_ms / 100);
  CHECK(most <= limits::backoff_first_ms);
  CHECK(most >= limits::backoff_first_ms * 99 / 100);
}

TEST_CASE("no wait is longer than its report is old, unless the clock was set back") {
  CHECK(backoff_ceiling_ms(Verdict::Retry, 9, 0) == limits::backoff_first_ms);
  CHECK(backoff_ceiling_ms(Verdict::Retry, 9, 20'000) == 20'000);
  CHECK(backoff_ceiling_ms(Verdict::Reauthorize, 9, 20'000) == 20'000);
  CHECK(backoff_ceiling_ms(Verdict::Retry, 3, 20'000) == 4 * limits::backoff_first_ms);
  CHECK(backoff_ceiling_ms(Verdict::Retry, 9, -1) == 256 * limits::backoff_first_ms);
}

TEST_CASE("Retry-After is a floor on any retryable status, in seconds and as a date, whatever else happens") {
  for (const char* const value : {"3", "Thu, 15 Jan 2026 10:00:03 GMT"}) {
    for (const int status : {429, 503, 500, 408, 403}) {
      CAPTURE(value);
      CAPTURE(status);
      Page page;
      page.succeed("idv_a").answer(status, value);
      for (int i = 0; i < 29; ++i) {
        page.pass(100);
        page.tell(Woken{});
        CHECK_FALSE(page.has<Post>());
        page.tell(FlushRequested{});
        CHECK_FALSE(page.has<Post>());
        page.tell(PageChanged{.signal = i % 2 == 0 ? PageSignal::Hidden : PageSignal::Online});
        CHECK_FALSE(page.has<Post>());
        page.tell(HeadersResolved{});
        CHECK_FALSE(page.has<Post>());
      }
      page.pass(99).tell(FlushRequested{}).tell(HeadersResolved{}).tell(Woken{});
      CHECK(page.state.outbox.front().attempts == 1);
      page.pass(301).tell(FlushRequested{}).tell(HeadersResolved{}).tell(Woken{});
      CHECK(page.state.outbox.front().attempts == 2);
    }
  }
}

TEST_CASE("pages that one Retry-After stopped come back over a tenth of its time, also those that are looked at meanwhile") {
  for (const bool is_looked_at : {false, true}) {
    CAPTURE(is_looked_at);
    std::vector<std::int64_t> waits_ms;
    for (std::uint64_t entropy = 0; entropy < 300; ++entropy) {
      Page page;
      page.entropy = entropy;
      page.succeed("idv_a").answer(503, "60");
      const std::int64_t answered_ms = page.now_ms;
      if (is_looked_at) page.pass(1'000).tell(PageChanged{.signal = PageSignal::Visible});
      waits_ms.push_back(page.state.wake_at_ms.value_or(0) - answered_ms);
    }
    std::sort(waits_ms.begin(), waits_ms.end());
    CHECK(waits_ms.front() >= 60'000);
    CHECK(waits_ms.back() <= 66'000 + limits::backoff_first_ms);
    // Evenly: in no second more than twice what an even draw would bring.
    for (std::size_t first = 0; first + 100 < waits_ms.size(); ++first) CHECK(waits_ms[first + 100] - waits_ms[first] > 1'000);
  }
}

TEST_CASE("a Retry-After that outlasts the record ends with it") {
  Page page;
  page.succeed("idv_a").answer(503, "999999999");
  page.pass(limits::record_age_ms_max - 1).tell(FlushRequested{});
  CHECK_FALSE(page.has<Post>());
  page.pass(limits::record_age_ms_max / 10 + limits::backoff_first_ms + 1).tell(Woken{});
  CHECK(page.has<Post>());
}

TEST_CASE("a Retry-After holds back the reports of other sessions too, but not a completion's first attempt") {
  Page page;
  page.succeed("idv_a").answer(503, "60");
  page.pass(10).tell(emitted("CREATE_SESSION", "idv_b", 0));
  CHECK(page.has<Store>());
  CHECK_FALSE(page.has<Post>());
  page.pass(10).tell(emitted("PASS_SESSION", "idv_b", 5));
  CHECK(page.has<Post>());
  page.fail();
  CHECK(page.state.outbox.back().state == DeliveryState::Waiting);
  page.pass(30'000).tell(FlushRequested{});
  CHECK_FALSE(page.has<Post>());
}

TEST_CASE("a login that expired is renewed at once, and then with patience") {
  Page page;
  page.succeed("idv_a").tell(HeadersResolved{});
  page.tell(PostAnswered{.post = page.state.last_post, .kind = AnswerKind::Redirected});
  CHECK(page.has<ResolveHeaders>());
  CHECK(page.delivery() == DeliveryState::Unauthorized);
  page.tell(HeadersResolved{});
  REQUIRE(page.all<Post>().size() == 1);
  page.answer(401);
  CHECK_FALSE(page.has<ResolveHeaders>());
  CHECK(page.has<WakeAfter>());
  page.pass(limits::backoff_ms_max).tell(Woken{});
  CHECK(page.has<ResolveHeaders>());
  page.tell(HeadersFailed{});
  CHECK(page.delivery() == DeliveryState::Unauthorized);
  page.pass(limits::backoff_ms_max).tell(Woken{}).tell(HeadersResolved{}).answer(200);
  CHECK(page.delivery() == DeliveryState::Delivered);
}

TEST_CASE("the receipt of a new report tells nothing of the one before it") {
  Page page;
  page.tell(emitted("CREATE_SESSION", "idv_a", 0)).answer(503);
  CHECK(page.state.shown.delivery->last_status == 503);
  page.succeed("idv_a");
  CHECK(page.state.shown.delivery->attempts == 1);
  CHECK_FALSE(page.state.shown.delivery->last_status.has_value());
}

TEST_CASE("a refusal is told once, kept, and repeated slowly, each time with headers that the page was asked for anew") {
  Page page;
  page.succeed("idv_a").tell(HeadersResolved{}).answer(422);
  REQUIRE(page.all<Settle>().size() == 1);
  CHECK(page.all<Settle>().at(0).receipt.state == DeliveryState::Refused);
  CHECK(page.all<Settle>().at(0).receipt.last_status == 422);
  CHECK(page.state.outbox.size() == 1);
  CHECK_FALSE(page.has<ResolveHeaders>());
  page.pass(limits::refused_backoff_first_ms + 1).tell(Woken{});
  CHECK(page.has<ResolveHeaders>());
  CHECK_FALSE(page.has<Post>());
  page.tell(HeadersResolved{});
  CHECK(page.has<Post>());
  page.answer(422);
  CHECK_FALSE(page.has<Settle>());
  page.pass(limits::refused_backoff_ms_max).tell(Woken{}).tell(HeadersResolved{}).answer(204);
  CHECK(page.delivery() == DeliveryState::Delivered);
}

TEST_CASE("a refused report is sent again on demand, with headers that the page was asked for anew") {
  Page page;
  page.succeed("idv_a").tell(HeadersResolved{}).answer(422).tell(FlushRequested{});
  CHECK(page.has<ResolveHeaders>());
  CHECK_FALSE(page.has<Post>());
  page.tell(HeadersFailed{});
  CHECK_FALSE(page.has<Post>());
  CHECK(page.delivery() == DeliveryState::Refused);
  page.tell(FlushRequested{}).tell(HeadersResolved{});
  CHECK(page.has<Post>());
}

TEST_CASE("a request is given more time after each failure, and never more than a minute") {
  Page page;
  page.succeed("idv_a");
  for (const std::int64_t timeout_ms : {10'000, 20'000, 30'000, 40'000, 50'000, 60'000, 60'000}) {
    REQUIRE(page.has<Post>());
    CHECK(page.all<Post>().at(0).timeout_ms == timeout_ms);
    page.tell(PostAnswered{.post = page.all<Post>().at(0).post, .kind = AnswerKind::TimedOut});
    page.pass(limits::backoff_ms_max).tell(Woken{});
  }
}

TEST_CASE("what another page has stored is looked at when that page has had time to take its lock, and once for many writes") {
  Page page;
  page.tell(StorageChanged{});
  CHECK_FALSE(page.has<Scan>());
  REQUIRE(page.has<WakeAfter>());
  page.pass(500).tell(StorageChanged{});
  CHECK_FALSE(page.has<Scan>());
  page.pass(limits::neighbour_patience_ms - 500).tell(Woken{});
  CHECK(page.has<Scan>());
  page.pass(limits::neighbour_patience_ms).tell(Woken{});
  CHECK_FALSE(page.has<Scan>());
}

TEST_CASE("every copy of a report carries one key, and another meaning another key") {
  Page page;
  std::set<std::string> keys;
  const auto note = [&] {
    for (const Post& post : page.all<Post>()) keys.insert(post.key.value);
  };
  note();
  page.tell(emitted("CREATE_SESSION", "idv_a", 0));
  note();
  page.tell(LinkExited{.id = LinkSessionId{"idv_a"}});
  note();
  page.succeed("idv_a");
  note();
  page.fail().pass(400).tell(Woken{});
  note();
  page.tell(emitted("PASS_SESSION", "idv_a", 1'000));
  note();
  page.tell(emitted("FAIL_SESSION", "idv_a", 2'000));
  note();
  page.tell(emitted("PASS_SESSION", "idv_a", 3'000));
  note();
  CHECK(keys == std::set<std::string>{"idv_a:in_progress:unknown", "idv_a:exited:unknown", "idv_a:completed:unknown",
                                      "idv_a:completed:passed", "idv_a:completed:failed",
                                      "idv_a:completed:passed:2026-01-15T10:00:03.000Z"});
}

TEST_CASE("a newer report replaces an older one that waits, and the late answer to the older one changes nothing") {
  Page page;
  page.tell(emitted("CREATE_SESSION", "idv_a", 0));
  const std::uint32_t first = page.state.last_post;
  page.succeed("idv_a");
  CHECK(page.state.outbox.size() == 1);
  page.tell(PostAnswered{.post = first, .kind = AnswerKind::Response, .status = 200});
  CHECK_FALSE(page.has<Erase>());
  CHECK(page.delivery() == DeliveryState::Sending);
  page.tell(PostAnswered{.post = first, .kind = AnswerKind::Response, .status = 500});
  CHECK(page.delivery() == DeliveryState::Sending);
  page.answer(200);
  CHECK(page.delivery() == DeliveryState::Delivered);
}

TEST_CASE("what another page left behind is taken over at once and sent, and the old copy erased once the new one is as safe") {
  Page gone("page-1");
  gone.succeed("idv_a").fail();
  const FoundRecord record = left_behind(gone);
  Page page("page-2");
  page.tell(orphaned(record));
  REQUIRE(page.all<Store>().size() == 1);
  CHECK(page.position<Store>() < page.position<Post>());
  CHECK(page.all<Post>().at(0).key.value == "idv_a:completed:unknown");
  CHECK_FALSE(page.has<Erase>());
  page.tell(RecordStored{.key = page.state.outbox.front().key, .durability = Durability::Tab});
  CHECK_FALSE(page.has<Erase>());
  page.tell(RecordStored{.key = page.state.outbox.front().key, .durability = Durability::Browser});
  REQUIRE(page.all<Erase>().size() == 1);
  CHECK(page.all<Erase>().at(0).key == record.key);
  page.tell(orphaned(record));
  CHECK_FALSE(page.has<Post>());
  CHECK_FALSE(page.has<Erase>());
  REQUIRE(page.has<Store>());
  page.tell(RecordStored{.key = page.state.outbox.front().key, .durability = Durability::Browser});
  CHECK(page.all<Erase>().size() == 1);
  page.answer(200);
  CHECK(page.state.outbox.empty());
  page.tell(orphaned(record));
  CHECK_FALSE(page.has<Post>());
}

TEST_CASE("a Retry-After outlives its page, and a clock set back cannot stretch it") {
  Page gone("page-1");
  gone.succeed("idv_a").answer(503, "60");
  const FoundRecord record = left_behind(gone);
  Page page("page-2");
  page.wall_ms = epoch_ms - 365LL * 86'400'000;
  page.tell(orphaned(record));
  page.pass(59'999).tell(Woken{});
  CHECK_FALSE(page.has<Post>());
  page.pass(6'001).tell(Woken{});
  CHECK(page.has<Post>());
}

namespace {

/// The record as another script of the origin may leave it: with a wait that no page of ours would write.
FoundRecord with_endless(FoundRecord record, std::string_view name) {
  const auto begin = record.text.find(':', record.text.find(name)) + 1;
  record.text.replace(begin, record.text.find(',', begin) - begin, "253402300799999");
  return record;
}

}  // namespace

TEST_CASE("a stored Retry-After that nobody can have told holds no page back for longer than one that was told") {
  Page gone("page-1");
  gone.succeed("idv_a").answer(503, "60");
  Page page("page-2");
  page.tell(orphaned(with_endless(left_behind(gone), "floor_ms")));
  page.pass(limits::record_age_ms_max / 10 * 11 + 1).tell(Woken{});
  CHECK(page.has<Post>());
}

TEST_CASE("a stored refusal holds no page back for longer than the longest pause after one") {
  Page gone("page-1");
  gone.succeed("idv_a").answer(404);
  Page page("page-2");
  page.tell(HeadersResolved{}).tell(orphaned(with_endless(left_behind(gone), "wait_ms")));
  page.pass(limits::refused_backoff_ms_max).tell(Woken{}).tell(HeadersResolved{});
  CHECK(page.has<Post>());
}

TEST_CASE("without locks a stored lease holds no page back for longer than one that a page took") {
  Page gone("page-1", "scope-1", false);
  gone.succeed("idv_a").fail();
  Page page("page-2", "scope-1", false);
  page.pass(limits::lease_ms + 1).tell(RecordsFound{.records = {with_endless(left_behind(gone), "lease_ms")}});
  CHECK(page.has<Post>());
}

TEST_CASE("the stronger of two records of one session wins, in whatever order they are found") {
  Page weak("page-1");
  weak.tell(emitted("CREATE_SESSION", "idv_a", 0)).fail();
  Page strong("page-2");
  strong.tell(emitted("FAIL_SESSION", "idv_a", 1'000)).fail();
  for (const bool weak_first : {true, false}) {
    Page page("page-3");
    const RecordsFound first = orphaned(left_behind(weak_first ? weak : strong));
    const RecordsFound second = orphaned(left_behind(weak_first ? strong : weak));
    page.tell(first).tell(second);
    REQUIRE(page.state.outbox.size() == 1);
    CHECK(page.state.outbox.front().report.outcome == Outcome::Failed);
  }
}

TEST_CASE("a record is never sent as somebody else's") {
  Page gone("page-1", "scope-of-a");
  gone.succeed("idv_a").fail();
  Page page("page-2", "scope-of-b");
  page.tell(orphaned(left_behind(gone)));
  CHECK_FALSE(page.has<Post>());
  CHECK_FALSE(page.has<Erase>());
  CHECK(page.state.outbox.empty());
  page.pass(limits::foreign_record_age_ms_max + 1).tell(orphaned(left_behind(gone)));
  CHECK_FALSE(page.has<Post>());
  CHECK(page.has<Erase>());
}

TEST_CASE("without locks a record waits for its page's lease, and pages renew theirs") {
  Page other("page-1", "scope-1", false);
  other.succeed("idv_a").fail();
  const FoundRecord record = left_behind(other);
  Page page("page-2", "scope-1", false);
  page.tell(RecordsFound{.records = {record}});
  CHECK_FALSE(page.has<Post>());
  CHECK(page.has<WakeAfter>());
  page.pass(limits::lease_ms).tell(Woken{});
  CHECK(page.has<Scan>());
  page.tell(RecordsFound{.records = {record}});
  CHECK(page.has<Post>());
  page.pass(limits::lease_renewal_ms).tell(Woken{});
  CHECK(page.has<Store>());
}

TEST_CASE("without locks a page that was taken for gone and writes again keeps its record, and its Retry-After counts") {
  Page other("page-1", "scope-1", false);
  other.succeed("idv_a").fail();
  const FoundRecord old = left_behind(other);
  Page page("page-2", "scope-1", false);
  page.pass(limits::lease_ms).tell(RecordsFound{.records = {old}});
  page.tell(RecordStored{.key = page.state.outbox.front().key, .durability = Durability::Memory});
  REQUIRE(page.state.outbox.front().former_keys.size() == 1);
  other.pass(limits::lease_ms).tell(Woken{}).answer(503, "60");
  page.tell(RecordsFound{.records = {left_behind(other)}});
  CHECK(page.state.outbox.front().former_keys.empty());
  page.answer(500);
  page.pass(59'000).tell(Woken{});
  CHECK_FALSE(page.has<Post>());
  page.pass(2'000).tell(Woken{});
  CHECK(page.has<Post>());
}

TEST_CASE("damaged records are counted and erased, and those of a newer version are left alone, however often they are found") {
  Page page;
  page.tell(orphaned({.key = {"linktrail/1/scope-1/page-9/idv_a"}, .text = "{\"version\":2}"}));
  CHECK(page.effects.empty());
  page.tell(orphaned({.key = {"linktrail/1/scope-1/page-9/idv_a"}, .text = "half a rec"}));
  CHECK(page.has<Erase>());
  CHECK(page.state.shown.rejected == 1);
  page.tell(orphaned({.key = {"linktrail/2/whatever"}, .text = "x"}));
  CHECK_FALSE(page.has<Erase>());
}

TEST_CASE("a full outbox gives up what is least far, and never a completion for a session in progress") {
  Page page;
  for (std::size_t i = 0; i < limits::records_max; ++i) {
    page.pass(10'000).succeed(("idv_" + std::to_string(i)).c_str()).fail();
  }
  CHECK(page.state.outbox.size() == limits::records_max);
  page.pass(10'000).tell(emitted("CREATE_SESSION", "idv_new", 0));
  REQUIRE(page.all<Settle>().size() == 1);
  CHECK(page.all<Settle>().at(0).receipt.state == DeliveryState::Expired);
  CHECK(page.all<Settle>().at(0).receipt.id == LinkSessionId{"idv_new"});
  page.tell(emitted("PASS_SESSION", "idv_new", 1));
  CHECK(page.state.outbox.size() == limits::records_max);
  REQUIRE(page.all<Settle>().size() == 1);
  CHECK(page.all<Settle>().at(0).receipt.id == LinkSessionId{"idv_0"});
  CHECK(page.has<Post>());
}

TEST_CASE("a report is given up only when it is both old and has failed often") {
  Page page;
  page.succeed("idv_a");
  page.wall_ms += limits::record_age_ms_max * 1'000;  // A clock set right, not a week gone by.
  page.fail();
  CHECK(page.state.outbox.size() == 1);
  for (std::int64_t i = 1; i < limits::failures_before_expiry; ++i) {
    page.pass(limits::backoff_ms_max).tell(Woken{}).fail();
  }
  CHECK(page.state.outbox.empty());
  REQUIRE(page.all<Settle>().size() == 1);
  CHECK(page.all<Settle>().at(0).receipt.state == DeliveryState::Expired);
}

TEST_CASE("a page that goes away sends what waits once more, within the keepalive rules") {
  Page page;
  page.succeed("idv_a").fail();
  CHECK_FALSE(page.state.outbox.front().is_keepalive);
  page.tell(PageChanged{.signal = PageSignal::Hidden});
  REQUIRE(page.all<Post>().size() == 1);
  CHECK(page.all<Post>().at(0).is_keepalive);
}

TEST_CASE("a page back from the back/forward cache asks again, since the old answer may never come") {
  Page page;
  page.succeed("idv_a");
  const std::uint32_t first = page.state.last_post;
  page.pass(60'000).tell(PageChanged{.signal = PageSignal::Restored});
  CHECK(page.has<Post>());
  CHECK(page.has<Scan>());
  CHECK(page.state.last_post != first);
}

TEST_CASE("forget removes everything of the owner and says so") {
  Page page;
  page.succeed("idv_a").fail().tell(ForgetRequested{});
  REQUIRE(page.all<ErasePrefix>().size() == 1);
  CHECK(page.all<ErasePrefix>().at(0).prefix == "linktrail/1/scope-1/");
  CHECK(page.all<Settle>().at(0).receipt.state == DeliveryState::Forgotten);
  CHECK(page.state.outbox.empty());
  CHECK_FALSE(page.state.shown.id);
  page.pass(limits::backoff_ms_max).tell(Woken{});
  CHECK_FALSE(page.has<Post>());
}

TEST_CASE("what another page has forgotten goes from this one as well, and nothing that was stored elsewhere since") {
  Page page;
  page.succeed("idv_a").fail().tell(ForgottenElsewhere{.prefix = "linktrail/1/scope-2/"});
  CHECK(page.effects.empty());
  page.tell(ForgottenElsewhere{.prefix = "linktrail/1/scope-1/"});
  CHECK_FALSE(page.has<ErasePrefix>());
  REQUIRE(page.all<Erase>().size() == 1);
  CHECK(page.all<Erase>().at(0).key.value == "linktrail/1/scope-1/page-1/idv_a");
  CHECK(page.all<Settle>().at(0).receipt.state == DeliveryState::Forgotten);
  page.pass(limits::backoff_ms_max).tell(Woken{});
  CHECK_FALSE(page.has<Post>());
}

TEST_CASE("what this page has recorded since another forgot stays, is stored anew, and is delivered") {
  Page page;
  page.succeed("idv_before").fail();
  const ForgottenElsewhere forgotten{.prefix = "linktrail/1/scope-1/", .at_ms = page.wall_ms};
  page.pass(5).succeed("idv_since").pass(10).tell(forgotten);
  REQUIRE(page.all<Erase>().size() == 1);
  CHECK(page.all<Erase>().at(0).key.value == "linktrail/1/scope-1/page-1/idv_before");
  REQUIRE(page.all<Store>().size() == 1);
  CHECK(page.all<Store>().at(0).key.value == "linktrail/1/scope-1/page-1/idv_since");
  CHECK(page.all<Settle>().size() == 1);
  page.fail();
  page.pass(limits::backoff_ms_max).tell(Woken{});
  CHECK(page.all<Post>().size() == 1);
  page.answer(200);
  CHECK(page.state.outbox.empty());

  // The other way round: recorded before, by a clock that has been set back since.
  Page ahead;
  ahead.pass(3'600'000).succeed("idv_ahead").fail();
  ahead.wall_ms -= 3'600'000;
  ahead.tell(ForgottenElsewhere{.prefix = "linktrail/1/scope-1/", .at_ms = ahead.wall_ms});
  CHECK(ahead.state.outbox.empty());
}

TEST_CASE("a forgetting that is told without a time is of now") {
  Page page;
  page.succeed("idv_a").tell(parse_event(R"({"type":"forgotten_elsewhere","told":"linktrail/1/scope-1/"})"));
  CHECK(page.all<Settle>().at(0).receipt.state == DeliveryState::Forgotten);
  CHECK(page.state.outbox.empty());
}

TEST_CASE("what was forgotten is not taken over from a read of the disk that was under way") {
  Page gone("page-1");
  gone.succeed("idv_a").fail();
  const FoundRecord record = left_behind(gone);
  Page page("page-2");
  page.pass(10).tell(ForgetRequested{}).tell(orphaned(record));
  CHECK_FALSE(page.has<Post>());
  CHECK(page.has<Erase>());
}

TEST_CASE("what another page recorded after it had forgotten is taken over, however late this page hears of the forgetting") {
  Page page("page-2");
  const std::int64_t forgotten_ms = page.wall_ms;
  Page gone("page-1");
  gone.pass(10).succeed("idv_a").fail();
  const FoundRecord record = left_behind(gone);
  page.pass(60'000).tell(ForgottenElsewhere{.prefix = "linktrail/1/scope-1/", .at_ms = forgotten_ms}).tell(orphaned(record));
  CHECK(page.has<Post>());

  Page stale("page-3");
  stale.pass(60'000)
      .tell(ForgottenElsewhere{.prefix = "linktrail/1/scope-1/", .at_ms = forgotten_ms + 20})
      .tell(orphaned(record));
  CHECK_FALSE(stale.has<Post>());
  // Nothing can have been forgotten later than now.
  Page ahead("page-4");
  ahead.tell(ForgottenElsewhere{.prefix = "linktrail/1/scope-1/", .at_ms = forgotten_ms + 3'600'000})
      .pass(10)
      .tell(orphaned(record));
  CHECK(ahead.has<Post>());
}

TEST_CASE("a disposed trail stores and sends what still comes, and leaves repeating it to whoever takes it over") {
  Page page;
  page.succeed("idv_a").tell(Disposed{}).fail();
  CHECK(page.effects.empty());
  page.succeed("idv_b");
  CHECK(page.position<Store>() < page.position<Post>());
  page.fail();
  CHECK_FALSE(page.has<Store>());
  page.succeed("idv_c").answer(200);
  CHECK(page.has<Erase>());
}

TEST_CASE("the one deadline is the earliest, and far ones are cut for timers that overflow") {
  Page page;
  page.succeed("idv_a").answer(503, "864000");
  REQUIRE(page.all<WakeAfter>().size() == 1);
  CHECK(page.all<WakeAfter>().at(0).delay_ms == limits::wake_ms_max);
  page.pass(limits::wake_ms_max).tell(Woken{});
  CHECK(page.all<WakeAfter>().size() == 1);
  CHECK_FALSE(page.has<Post>());
}

TEST_CASE("a stored record is read back as it was, with its waits translated") {
  Page page;
  page.tell(emitted("START_STEP", "idv_a", 0, "KYC_CHECK")).tell(emitted("FAIL_STEP", "idv_a", 10, "KYC_CHECK"));
  page.tell(LinkExited{.id = LinkSessionId{"idv_a"}, .reason = {.error_type = "API_ERROR", .error_code = "X", .status = "s"}});
  page.fail();
  const Record& record = page.state.outbox.front();
  const Moment now{.wall_ms = page.wall_ms, .monotonic_ms = 5};
  const auto stored = read_stored_text(
      to_stored_text(record, to_json(record.report), {.wall_ms = page.wall_ms, .monotonic_ms = page.now_ms}), now);
  REQUIRE(stored);
  if (!stored) return;
  CHECK(stored->record.report == record.report);
  CHECK(stored->record.created_ms == record.created_ms);
  CHECK(stored->record.failures == record.failures);
  CHECK(stored->record.due_ms == 5);
}

TEST_CASE("receipts say how the newest report stands, and nothing of a session never seen") {
  Page page;
  page.tell(ReceiptRequested{.id = LinkSessionId{"idv_x"}});
  CHECK(page.all<AnswerReceipt>().at(0).receipt.state == DeliveryState::Unknown);
  CHECK(page.all<AnswerReceipt>().at(0).receipt.is_settled());
  page.succeed("idv_a").tell(RecordStored{.key = page.state.outbox.front().key, .durability = Durability::Browser});
  page.tell(RecordStored{.key = page.state.outbox.front().key, .durability = Durability::Disk});
  page.tell(ReceiptRequested{});
  const Receipt receipt = page.all<AnswerReceipt>().at(0).receipt;
  CHECK(receipt.state == DeliveryState::Sending);
  CHECK_FALSE(receipt.is_settled());
  CHECK(receipt.durability == Durability::Disk);
  CHECK(receipt.attempts == 1);
}

TEST_CASE("equal arguments give equal results") {
  Page page;
  page.succeed("idv_a");
  const Moment now{.wall_ms = epoch_ms, .monotonic_ms = 2'000, .entropy = 7};
  const PostAnswered answer{.post = page.state.last_post, .kind = AnswerKind::Response, .status = 503};
  const Transition a = reduce(page.state, answer, now);
  const Transition b = reduce(page.state, answer, now);
  CHECK(a.state == b.state);
  CHECK_FALSE(a.state == page.state);
}
