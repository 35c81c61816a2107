#include "core/text.hpp"
#include "core/bounded_json.hpp"
#include "core/json_writer.hpp"
#include "core/limits.hpp"
#include "core/sha256.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace linktrail;

namespace {

std::vector<JsonValue::Kind> items_of(const JsonValue& value) {
  std::vector<JsonValue::Kind> kinds;
  value.for_each([&](const JsonValue& item) { kinds.push_back(item.kind); });
  return kinds;
}

std::optional<std::int64_t> integer_in(const JsonValue& array) {
  std::optional<std::int64_t> integer;
  array.for_each([&](const JsonValue& item) {
    if (item.kind == JsonValue::Kind::Integer) integer = item.integer;
  });
  return integer;
}

}  // namespace

TEST_CASE("text is visible ASCII of bounded length, or it is not text") {
  CHECK(is_visible_ascii("idv_52xR9LKo77r1Np", 32));
  CHECK(is_visible_ascii("~", 1));
  CHECK_FALSE(is_visible_ascii("", 32));
  CHECK_FALSE(is_visible_ascii("a b", 32));
  CHECK_FALSE(is_visible_ascii("a\r\nX-Injected: 1", 32));
  CHECK_FALSE(is_visible_ascii("caf\xc3\xa9", 32));
  CHECK_FALSE(is_visible_ascii(std::string_view("a\0b", 3), 32));
  CHECK_FALSE(is_visible_ascii("abc", 2));
}

TEST_CASE("ISO 8601 times are read with any fraction and any offset") {
  struct Row {
    const char* text;
    std::int64_t ms;
  };
  for (const Row& row : std::to_array<Row>({
           {"1970-01-01T00:00:00Z", 0},
           {"2026-01-15T10:00:00.860Z", 1'768'471'200'860},
           {"2022-12-29T04:57:15Z", 1'672'289'835'000},
           {"2026-01-15T10:00:00.1Z", 1'768'471'200'100},
           {"2026-01-15T10:00:00.123456789Z", 1'768'471'200'123},
           {"2026-01-15T11:30:00+01:30", 1'768'471'200'000},
           {"2026-01-15T08:00:00-02:00", 1'768'471'200'000},
           {"2024-02-29T00:00:00Z", 1'709'164'800'000},
           {"1969-12-31T23:59:59.999Z", -1},
       })) {
    CAPTURE(row.text);
    const auto parsed = parse_iso8601_ms(row.text);
    REQUIRE(parsed);
    if (parsed) CHECK(*parsed == row.ms);
  }
}

TEST_CASE("what is no ISO 8601 time is no time") {
  for (const char* const text : {"", "9999-99-99T99:99:99Z", "2026-01-15", "2026-01-15T10:00:00", "2026-01-15 10:00:00Z",
                                 "2026-02-29T00:00:00Z", "2026-01-15T24:00:00Z", "2026-01-15T10:00:00.1234567890Z",
                                 "2026-01-15T10:00:00+0100", "1768471200000", "x", "2026-01-15T10:00:00Zx"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_iso8601_ms(text));
  }
}

TEST_CASE("a time that is written is read back") {
  for (const std::int64_t ms : {0LL, 1'768'471'200'860LL, -1LL, -62'167'219'200'000LL, 253'402'300'799'999LL}) {
    CHECK(parse_iso8601_ms(format_iso8601(ms)) == ms);
  }
  CHECK(format_iso8601(1'768'471'200'860) == "2026-01-15T10:00:00.860Z");
  CHECK(format_iso8601(std::numeric_limits<std::int64_t>::max()) == "9999-12-31T23:59:59.999Z");
  CHECK(format_iso8601(std::numeric_limits<std::int64_t>::min()) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("Retry-After is seconds or a date, and a date is measured against the answer's own") {
  const std::int64_t now = 1'768'471'200'000;
  CHECK(retry_after_ms("3", "", now) == 3'000);
  CHECK(retry_after_ms("0", "", now) == 0);
  CHECK(retry_after_ms("86400", "", now) == 86'400'000);
  CHECK(retry_after_ms("Thu, 15 Jan 2026 10:00:30 GMT", "", now) == 30'000);
  CHECK(retry_after_ms("Thu, 15 Jan 2026 10:00:30 GMT", "Thu, 15 Jan 2026 10:00:10 GMT", now + 500'000) == 20'000);
  CHECK(retry_after_ms("Thu, 15 Jan 2026 09:00:00 GMT", "", now) == 0);
  for (const char* const value : {"", "-1", "1.5", "soon", "1e3", "9999999999", "Thu, 15 Jan 2026 10:00:30", "3 "}) {
    CAPTURE(value);
    CHECK_FALSE(retry_after_ms(value, "", now));
  }
}

TEST_CASE("JSON is read within limits of size, depth and number") {
  const auto document =
      read_json(R"({"a":"x","n":-5,"u":18446744073709551615,"f":1.5,"b":true,"z":null,"l":[1,[2,{"a":3}]],"a":"last"})");
  REQUIRE(document);
  if (!document) return;
  const JsonValue& object = document->root();
  CHECK(object.text("a") == "last");
  CHECK(object.whole_number("n") == -5);
  CHECK_FALSE(object.whole_number("u"));
  CHECK_FALSE(object.whole_number("f"));
  CHECK_FALSE(object.whole_number("a"));
  CHECK(object.is_true("b"));
  CHECK(object.text("z").empty());
  CHECK(object.text("missing").empty());
  REQUIRE(object.find("l") != nullptr);
  CHECK(items_of(*object.find("l")) == std::vector{JsonValue::Kind::Integer, JsonValue::Kind::Array});

  CHECK(read_json("[[[[[[[[]]]]]]]]"));
  CHECK_FALSE(read_json("[[[[[[[[[]]]]]]]]]"));
  CHECK_FALSE(read_json(std::string(100'000, '[')));
  CHECK_FALSE(read_json("\"" + std::string(limits::input_bytes_max, 'x') + "\""));
  std::string many = "[0";
  for (std::size_t i = 0; i < limits::input_nodes_max; ++i) many += ",0";
  CHECK_FALSE(read_json(many + "]"));
  for (const char* const text : {"", "{", "nul", R"({"a":1,})", "[1,]", "[,1]", "{,}", "[1 2]", "01", R"("\ud800")", "\"\xff\"",
                                 "{} x", "NaN", "1e400"}) {
    CAPTURE(text);
    CHECK_FALSE(read_json(text));
  }
}

TEST_CASE("what is written as JSON is read back") {
  const std::string nasty = std::string("quote \" slash \\ \x01 \n ") + '\0' + " end";
  JsonWriter json;
  json.begin_object().key("a").value(nasty).key("b").begin_array().value(std::int64_t{-9'007'199'254'740'993}).null();
  json.boolean(false).end_array().key("c").begin_object().end_object().key("d").value_or_null("").end_object();
  const std::string text = json.take();
  const auto document = read_json(text);
  REQUIRE(document);
  if (!document) return;
  const JsonValue& object = document->root();
  CHECK(object.text("a") == nasty);
  CHECK(items_of(*object.find("b")) == std::vector{JsonValue::Kind::Integer, JsonValue::Kind::Null, JsonValue::Kind::Boolean});
  CHECK(integer_in(*object.find("b")) == -9'007'199'254'740'993);
  CHECK(object.find("d")->kind == JsonValue::Kind::Null);
}

TEST_CASE("SHA-256 agrees with the published test vectors") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("every event of Identity Verification has its word, and an unknown name is unknown") {
  struct Row {
    const char* wire;
    EventName name;
  };
  for (const Row& row : std::to_array<Row>({
           {"IDENTITY_VERIFICATION_CREATE_SESSION", EventName::CreateSession},
           {"IDENTITY_VERIFICATION_RESUME_SESSION", EventName::ResumeSession},
           {"IDENTITY_VERIFICATION_OPEN_UI", EventName::OpenUi},
           {"IDENTITY_VERIFICATION_RESUME_UI", EventName::ResumeUi},
           {"IDENTITY_VERIFICATION_CLOSE_UI", EventName::CloseUi},
           {"IDENTITY_VERIFICATION_START_STEP", EventName::StartStep},
           {"IDENTITY_VERIFICATION_PASS_STEP", EventName::PassStep},
           {"IDENTITY_VERIFICATION_FAIL_STEP", EventName::FailStep},
           {"IDENTITY_VERIFICATION_PENDING_REVIEW_STEP", EventName::PendingReviewStep},
           {"IDENTITY_VERIFICATION_PASS_SESSION", EventName::PassSession},
           {"IDENTITY_VERIFICATION_FAIL_SESSION", EventName::FailSession},
           {"IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION", EventName::PendingReviewSession},
           {"OPEN", EventName::Open},
           {"EXIT", EventName::Exit},
           {"HANDOFF", EventName::OtherDocumented},
           {"IDENTITY_MATCH_PASSED", EventName::OtherDocumented},
           {"identity_verification_pass_session", EventName::Unknown},
           {"IDENTITY_VERIFICATION_", EventName::Unknown},
           {"IDENTITY_VERIFICATION_PASS_SESSION ", EventName::Unknown},
           {"__proto__", EventName::Unknown},
           {"", EventName::Unknown},
       })) {
    CAPTURE(row.wire);
    CHECK(event_name(row.wire) == row.name);
  }
  CHECK(view_kind("SCREENING") == ViewKind::IdentityVerificationStep);
  CHECK(view_kind("VERIFY_PHONE") == ViewKind::OtherDocumented);
  CHECK(view_kind("LIVENESS_CHECK") == ViewKind::Unknown);
}

TEST_CASE("every word is read back as what it was written for") {
  for (const Flow flow : {Flow::Idle, Flow::InProgress, Flow::Exited, Flow::Completed}) CHECK(flow_from(wire(flow)) == flow);
  for (const Outcome outcome : {Outcome::Unknown, Outcome::Passed, Outcome::PendingReview, Outcome::Failed}) {
    CHECK(outcome_from(wire(outcome)) == outcome);
  }
  for (const StepStatus status : {StepStatus::Active, StepStatus::Passed, StepStatus::Failed, StepStatus::PendingReview}) {
    CHECK(step_status_from(wire(status)) == status);
  }
  for (const IdSource source : {IdSource::OnExit, IdSource::OnEvent, IdSource::OnSuccess}) {
    CHECK(id_source_from(wire(source)) == source);
  }
  for (const Durability durability : {Durability::Memory, Durability::Tab, Durability::Browser, Durability::Disk}) {
    CHECK(durability_from(wire(durability)) == durability);
  }
  for (int state = 0; state <= static_cast<int>(DeliveryState::Forgotten); ++state) {
    CHECK(delivery_state_from(wire(static_cast<DeliveryState>(state))) == static_cast<DeliveryState>(state));
  }
  CHECK_FALSE(flow_from("done"));
  CHECK_FALSE(outcome_from("verified"));
}
