/// Effects become text for the runner: a JSON array of objects, each with a `do`.
///
/// `store` (`key`, `text`), `erase` (`key`), `erase_prefix` (`prefix`), `post` (`post`, `key`, `body` as JSON text,
/// `timeout_ms`, `keepalive`), `resolve_headers`, `wake_after` (`delay_ms`), `scan`, `settle` (`receipt`, `undelivered`),
/// `answer_receipt` (`receipt`, `settled`), `notify`. A receipt and a progress have the shapes of the public
/// types, in camelCase.
#pragma once

#include "effect.hpp"

#include <string>

namespace linktrail {

[[nodiscard]] std::string encode(const Effects& effects);
[[nodiscard]] std::string encode(const Progress& progress);

}  // namespace linktrail
