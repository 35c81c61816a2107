/// Strings of different meaning are different types, and text from outside is accepted only when it is visible ASCII.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace linktrail {

template <class Meaning>
struct Text {
  std::string value{};
  bool operator==(const Text&) const = default;
};

/// `link_session_id`, which for Identity Verification is the `identity_verification_id` of Plaid's API. Opaque, case-sensitive.
using LinkSessionId = Text<struct LinkSessionIdMeaning>;
/// The same in every copy of one report.
using IdempotencyKey = Text<struct IdempotencyKeyMeaning>;
/// The name of one stored record: `linktrail/1/<scope>/<page>/<link_session_id>`.
using StorageKey = Text<struct StorageKeyMeaning>;
/// A digest of endpoint and owner: records are sent only within the scope that wrote them.
using Scope = Text<struct ScopeMeaning>;
/// One trail in one page: the unit that owns records, told apart by a random name.
using PageId = Text<struct PageIdMeaning>;

/// True for 1 to `bytes_max` characters of 0x21 to 0x7E: nothing that could end a header, a key or a line.
[[nodiscard]] constexpr bool is_visible_ascii(std::string_view text, std::size_t bytes_max) {
  if (text.empty() || text.size() > bytes_max) return false;
  for (const char c : text) {
    if (c < 0x21 || c > 0x7e) return false;
  }
  return true;
}

/// FNV-1a, 64 bits: a fingerprint to recognise duplicates by, not a protection.
class Fingerprint {
 public:
  constexpr void add(std::string_view field) {
    for (const char c : field) mix(static_cast<unsigned char>(c));
    mix(0x1f);
  }
  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }

 private:
  constexpr void mix(unsigned char byte) {
    value_ ^= byte;
    value_ *= 1099511628211ULL;
  }
  std::uint64_t value_ = 14695981039346656037ULL;
};

}  // namespace linktrail
