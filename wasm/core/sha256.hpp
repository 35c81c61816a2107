/// SHA-256 (FIPS 180-4), so that an owner's name is compared without being stored. The platform's own digest is
/// asynchronous and missing outside secure contexts, and the first record must be named in a callback's own task.
#pragma once

#include <string>
#include <string_view>

namespace linktrail {

/// The digest as 64 lower-case hexadecimal characters.
[[nodiscard]] std::string sha256_hex(std::string_view message);

}  // namespace linktrail
