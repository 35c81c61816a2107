/// Effects become text for the runner: a JSON array of objects, each with a `do`.
///
/// `store` (`key`, `text`), `erase` (`key`), `erase_prefix` (`prefix`), `post` (`post`, `key`, `body`, `timeout_ms`,
/// `keepalive`), `resolve_headers`, `wake_after` (`delay_ms`), `scan`, `settle` (`receipt`, `undelivered`), `answer_receipt`
/// (`receipt`, `settled`), `notify`, `link` (`order`, and what is said at `DriveLink`). A receipt and a progress have the
/// shapes of the public types, in camelCase.
///
/// A `body` is JSON text. Where the `text` of the `store` before it ends with it and one brace, it is its length instead: the
/// report is then written, carried over and read once and not twice.
#pragma once

#include "effect.hpp"

#include <string>

namespace linktrail {

[[nodiscard]] std::string encode(const Effects& effects);
[[nodiscard]] std::string encode(const Progress& progress);

}  // namespace linktrail
