#include "sha256.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace linktrail {
namespace {

using Digest = std::array<std::uint32_t, 8>;

bool is_prime(unsigned number) {
  for (unsigned divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return true;
}

double cube_root(double number) {
  double root = number;
  // Newton's way: the numbers are below 312, for which 16 steps are enough.
  for (int step = 0; step < 32; ++step) root -= (root - number / (root * root)) / 3;
  return root;
}

/// The first 32 bits of a number's fraction.
std::uint32_t fraction_of(double number) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(number * 4294967296.0));
}

/// What a digest begins with and what each round adds: the fractions of the square roots of the first 8 primes and of the cube
/// roots of the first 64. Worked out, since as numbers they are 288 bytes that no page's compression makes smaller.
struct Constants {
  Digest initial{};
  std::array<std::uint32_t, 64> rounds{};

  Constants() {
    unsigned prime = 1;
    for (std::size_t i = 0; i < rounds.size(); ++i) {
      do ++prime;
      while (!is_prime(prime));
      if (i < initial.size()) initial[i] = fraction_of(std::sqrt(prime));
      rounds[i] = fraction_of(cube_root(prime));
    }
  }
};

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word = word << 8 | static_cast<unsigned char>(bytes[at + i]);
  return word;
}

void absorb(Digest& digest, const Constants& constants, std::string_view block) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t i = 0; i < 16; ++i) w[i] = big_endian(block, i * 4);
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  Digest v = digest;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t s1 = std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25);
    const std::uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    const std::uint32_t t1 = v[7] + s1 + choice + constants.rounds[i] + w[i];
    const std::uint32_t s0 = std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22);
    const std::uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    v = {t1 + s0 + majority, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
  }
  for (std::size_t i = 0; i < 8; ++i) digest[i] += v[i];
}

}  // namespace

std::string sha256_hex(std::string_view message) {
  std::string padded(message);
  padded += '\x80';
  while (padded.size() % 64 != 56) padded += '\0';
  const std::uint64_t bits = static_cast<std::uint64_t>(message.size()) * 8;
  for (int shift = 56; shift >= 0; shift -= 8) padded += static_cast<char>(bits >> shift & 0xff);

  const Constants constants;
  Digest digest = constants.initial;
  for (std::size_t at = 0; at < padded.size(); at += 64) absorb(digest, constants, std::string_view(padded).substr(at, 64));

  static constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (const std::uint32_t word : digest) {
    for (int shift = 28; shift >= 0; shift -= 4) out += hex[word >> shift & 0x0f];
  }
  return out;
}

}  // namespace linktrail
