/// What an answer means for the report that was posted, and how long to wait before it is posted again.
#pragma once

#include "event.hpp"

#include <cstdint>

namespace linktrail {

enum class Verdict : std::uint8_t {
  /// The endpoint itself said 2xx.
  Delivered,
  /// The same request may succeed later: no answer, 408, 409, 425, 429, 5xx.
  Retry,
  /// The request needs a login: 401, 403, 419, or a redirect, behind which a login page may say 200.
  Reauthorize,
  /// Any other 4xx: repeating alone will not help.
  Refused,
};

[[nodiscard]] Verdict judge(AnswerKind kind, int status);

/// A source of chance that is a value: the same entropy gives the same numbers (SplitMix64).
class Dice {
 public:
  explicit Dice(std::uint64_t entropy) : state_(entropy) {}
  /// A whole number from 0 to `max`, both included.
  [[nodiscard]] std::int64_t roll(std::int64_t max);

 private:
  std::uint64_t state_;
};

/// The most that the wait after `failures` failures in a row may be (1 is the first), of a report that is `age_ms` old by the
/// device's clock. Full jitter: the wait itself is drawn from [0, ceiling], which spreads a crowd more evenly than any other
/// exponential scheme. Short draws make failures run ahead of time, so no wait is longer than the report is old: an outage
/// of 20 seconds is over for everybody 20 seconds after its end. A negative age is a clock set back, and says nothing.
[[nodiscard]] std::int64_t backoff_ceiling_ms(Verdict verdict, std::int64_t failures, std::int64_t age_ms);

}  // namespace linktrail
