#include "retry.hpp"

#include "limits.hpp"

#include <algorithm>

namespace linktrail {

Verdict judge(AnswerKind kind, int status) {
  switch (kind) {
    case AnswerKind::NetworkFailed:
    case AnswerKind::TimedOut: return Verdict::Retry;
    case AnswerKind::Redirected: return Verdict::Reauthorize;
    case AnswerKind::Response: break;
  }
  if (status >= 200 && status < 300) return Verdict::Delivered;
  if (status >= 300 && status < 400) return Verdict::Reauthorize;
  if (status == 401 || status == 403 || status == 419) return Verdict::Reauthorize;
  if (status == 408 || status == 409 || status == 425 || status == 429) return Verdict::Retry;
  if (status >= 400 && status < 500) return Verdict::Refused;
  return Verdict::Retry;
}

std::int64_t Dice::roll(std::int64_t max) {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  if (max <= 0) return 0;
  return static_cast<std::int64_t>(z % (static_cast<std::uint64_t>(max) + 1));
}

std::int64_t backoff_ceiling_ms(Verdict verdict, std::int64_t failures, std::int64_t age_ms) {
  const bool is_refused = verdict == Verdict::Refused;
  const std::int64_t first = is_refused ? limits::refused_backoff_first_ms : limits::backoff_first_ms;
  const std::int64_t most = is_refused ? limits::refused_backoff_ms_max : limits::backoff_ms_max;
  const std::int64_t doublings = std::clamp<std::int64_t>(failures - 1, 0, 20);
  const std::int64_t ceiling_ms = std::min(most, first << doublings);
  if (is_refused || age_ms < 0) return ceiling_ms;
  return std::min(ceiling_ms, std::max(first, age_ms));
}

}  // namespace linktrail
