// How random the numbers of `random(seed, i, k)` are: the batteries of TestU01 (L'Ecuyer and Simard, ACM TOMS 33, 2007; Apache License) on
// sequences in which one argument counts up. The generator is written anew, and compared with what the package returns first.
//
//   cc -O2 random-quality.c -o random-quality -ltestu01 -lprobdist -lmylib -lm
//   ./random-quality SmallCrush        or Crush, which takes an hour for each sequence
//   ./random-quality SmallCrush seed   one of the sequences
//
// A battery looks at 32 bits of a number: those are the upper ones, and in turn the lower ones in reverse order, so that the last bit is
// looked at as closely as the first.

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <TestU01.h>

static void words(double x, uint32_t *low, uint32_t *high) {
  const int64_t integer = (int64_t)x;
  *low = (uint32_t)integer;
  *high = (uint32_t)(integer >> 32);
}

/// The 53 bits of `random(seed, i, k)`.
static uint64_t bits(double seed, double i, double k) {
  uint32_t c[4], key[2];
  words(i, &c[0], &c[1]);
  words(k, &c[2], &c[3]);
  words(seed, &key[0], &key[1]);
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)0xd2511f53 * c[0], p1 = (uint64_t)0xcd9e8d57 * c[2];
    const uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ key[0], (uint32_t)p1,
                              (uint32_t)(p0 >> 32) ^ c[3] ^ key[1], (uint32_t)p0};
    memcpy(c, next, sizeof c);
    key[0] += 0x9e3779b9;
    key[1] += 0xbb67ae85;
  }
  return (uint64_t)(c[0] >> 5) << 26 | c[1] >> 6;
}

static double n;

static uint64_t over_i(void) { return bits(1, n++, 0); }
static uint64_t over_seed(void) { return bits(n++, 1, 0); }
static uint64_t over_k(void) { return bits(1, 2, n++); }
/// As a program has it that draws eight numbers for each index.
static uint64_t over_both(void) {
  const double i = floor(n / 8), k = n - 8 * i;
  n++;
  return bits(1, i, k);
}
/// Counters that differ in upper bits alone.
static uint64_t over_steps(void) { return bits(1, 1048576 * n++, 0); }

static const struct {
  const char *name;
  uint64_t (*next)(void);
} sequences[] = {
    {"i", over_i}, {"seed", over_seed}, {"k", over_k}, {"i and k", over_both}, {"i in steps of 2^20", over_steps},
};

static uint64_t (*next)(void);

static unsigned int upper(void) { return (unsigned int)(next() >> 21); }

static unsigned int lower(void) {
  uint64_t rest = next();
  unsigned int reversed = 0;
  for (int bit = 0; bit < 32; bit++, rest >>= 1) reversed = reversed << 1 | (unsigned int)(rest & 1);
  return reversed;
}

/// Returns how many tests of the battery have a p-value that is suspect.
static int run(const char *battery, const char *sequence, const char *which, unsigned int (*word)(void)) {
  char name[100];
  snprintf(name, sizeof name, "random over %s, %s bits", sequence, which);
  unif01_Gen *generator = unif01_CreateExternGenBits(name, word);
  n = 0;
  if (strcmp(battery, "Crush") == 0) bbattery_Crush(generator);
  else bbattery_SmallCrush(generator);
  unif01_DeleteExternGenBits(generator);
  int suspect = 0;
  // Those that TestU01 itself reports.
  for (int test = 0; test < bbattery_NTests; test++) {
    suspect += bbattery_pVal[test] < 0.001 || bbattery_pVal[test] > 0.999;
  }
  fprintf(stderr, "%s: %d tests, %d suspect\n", name, bbattery_NTests, suspect);
  return suspect;
}

int main(int argc, char **argv) {
  // Of the package: random(1, 2), random(-3, 2 ** 40, 7).
  const struct {
    double seed, i, k, expected;
  } known[] = {{1, 2, 0, 0.24740147260204126}, {-3, 1099511627776, 7, 0.8219871885448276}};
  for (size_t at = 0; at < sizeof known / sizeof *known; at++) {
    const double found = ldexp((double)bits(known[at].seed, known[at].i, known[at].k), -53);
    if (found != known[at].expected) {
      fprintf(stderr, "%.17g, not %.17g\n", found, known[at].expected);
      return 1;
    }
  }
  const char *battery = argc > 1 ? argv[1] : "SmallCrush";
  swrite_Basic = FALSE;
  int suspect = 0;
  for (size_t at = 0; at < sizeof sequences / sizeof *sequences; at++) {
    if (argc > 2 && strcmp(argv[2], sequences[at].name) != 0) continue;
    next = sequences[at].next;
    suspect += run(battery, sequences[at].name, "upper", upper);
    suspect += run(battery, sequences[at].name, "lower", lower);
  }
  return suspect > 0;
}
