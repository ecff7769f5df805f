// The kernels in C, with OpenMP: what C gives without -ffast-math. Answers on stdout what it is asked on stdin:
//
//   load <length> <file>                                  ok; the file has two arrays of that many doubles, x and y
//   run <kernel> <threads> <untimed> <calls> <n0> <n1>    <nanoseconds for all calls> <the sum, 16 hexadecimal digits>
//   save <file>                                           ok; writes what a kernel has written
//
// Sums of straight loops have `simd reduction`, which lets the compiler use vectors without any other liberty; loops whose
// indices take different times have a dynamic schedule.

#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double *x, *y, *out;
static long length;

static double pi(int n, int unused) {
  double sum = 0, step = 1.0 / n;
#pragma omp parallel for simd reduction(+ : sum)
  for (int i = 0; i < n; i++) {
    double t = (i + 0.5) * step;
    sum += 4 / (1 + t * t);
  }
  return sum;
}

static double leibniz(int n, int unused) {
  double sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
  for (int i = 0; i < n; i++) sum += (i % 2 == 0 ? 1.0 : -1.0) / (2 * i + 1);
  return sum;
}

static double polynomial(int n, int unused) {
  double sum = 0, step = 1.0 / n;
#pragma omp parallel for simd reduction(+ : sum)
  for (int i = 0; i < n; i++) {
    double t = i * step;
    sum += 1 + t * (1 + t * (1. / 2 + t * (1. / 6 + t * (1. / 24 + t * (1. / 120 + t * (1. / 720 + t * (1. / 5040)))))));
  }
  return sum;
}

static double circle(int n, int unused) {
  double sum = 0, step = 1.0 / n;
#pragma omp parallel for simd reduction(+ : sum)
  for (int i = 0; i < n; i++) {
    double t = (i + 0.5) * step;
    sum += sqrt(1 - t * t);
  }
  return sum;
}

static double damped(int n, int unused) {
  double sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int i = 0; i < n; i++) {
    double t = i * 0.001;
    sum += sin(t) * exp(-0.001 * t);
  }
  return sum;
}

static double logarithm(int n, int unused) {
  double sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int i = 0; i < n; i++) sum += log(1.0 + i);
  return sum;
}

static int isPrime(int i) {
  if (i < 2) return 0;
  for (int d = 2; d * d <= i; d++) {
    if (i % d == 0) return 0;
  }
  return 1;
}

static double primes(int n, int unused) {
  int count = 0;
#pragma omp parallel for reduction(+ : count) schedule(dynamic, 1024)
  for (int i = 0; i < n; i++) count += isPrime(i);
  return count;
}

static double mandelbrot(int rows, int columns) {
  long sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(dynamic)
  for (int row = 0; row < rows; row++) {
    double b = -1.25 + 2.5 * row / rows;
    for (int column = 0; column < columns; column++) {
      double a = -2 + 2.5 * column / columns, u = 0, v = 0;
      int steps = 0;
      while (steps < 256 && u * u + v * v <= 4) {
        double next = u * u - v * v + a;
        v = 2 * u * v + b;
        u = next;
        steps++;
      }
      sum += steps;
    }
  }
  return sum;
}

static double collatz(int n, int unused) {
  long sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(dynamic, 1024)
  for (int i = 0; i < n; i++) {
    for (int64_t m = i + 1; m != 1; sum++) m = m % 2 == 0 ? m / 2 : 3 * m + 1;
  }
  return sum;
}

static double parity(int n, int unused) {
  long sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(dynamic, 1024)
  for (int i = 0; i < n; i++) {
    for (int64_t m = i + 1; m != 1; sum++) m = m & 1 ? 3 * m + 1 : m / 2;
  }
  return sum;
}

static double dot(int n, int unused) {
  double sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
  for (int i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

static double stencil(int n, int unused) {
  const double *restrict from = x;
  double *restrict to = out;
#pragma omp parallel for simd
  for (int i = 0; i < n; i++) to[i] = 0.25 * from[i] + 0.5 * from[i + 1] + 0.25 * from[i + 2];
  return 0;
}

static double mapped(int n, int unused) {
#pragma omp parallel for
  for (int i = 0; i < n; i++) out[i] = sin(100 * x[i]) * exp(-x[i]);
  return 0;
}

static uint32_t lowbias32(uint32_t u) {
  u ^= u >> 16;
  u *= 0x7feb352d;
  u ^= u >> 15;
  u *= 0x846ca68b;
  u ^= u >> 16;
  return u;
}

static double hashed(int n, int unused) {
  int count = 0;
#pragma omp parallel for simd reduction(+ : count)
  for (int i = 0; i < n; i++) {
    double u = lowbias32(2 * (uint32_t)i) / 4294967296.0;
    double v = lowbias32(2 * (uint32_t)i + 1) / 4294967296.0;
    count += u * u + v * v < 1;
  }
  return count;
}

/** `random(seed, i, k)` of allcores: Philox4x32-10. */
static double randomOf(uint32_t seed, uint32_t i, uint32_t k) {
  uint32_t a = i, b = 0, c = k, d = 0, k0 = seed, k1 = 0;
  for (int round = 0; round < 10; round++) {
    uint64_t p = UINT64_C(0xd2511f53) * a, q = UINT64_C(0xcd9e8d57) * c;
    a = (uint32_t)(q >> 32) ^ b ^ k0;
    b = (uint32_t)q;
    c = (uint32_t)(p >> 32) ^ d ^ k1;
    d = (uint32_t)p;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  return ((a >> 5) * 67108864.0 + (b >> 6)) / 9007199254740992.0;
}

static double drawn(int n, int unused) {
  int count = 0;
#pragma omp parallel for simd reduction(+ : count)
  for (int i = 0; i < n; i++) {
    double u = randomOf(1, i, 0), v = randomOf(1, i, 1);
    count += u * u + v * v < 1;
  }
  return count;
}

#define KERNEL(name) { #name, name }
static const struct {
  const char *name;
  double (*run)(int, int);
} KERNELS[] = {
    KERNEL(pi),      KERNEL(leibniz),     KERNEL(polynomial), KERNEL(circle), KERNEL(damped),
    KERNEL(primes),  KERNEL(mandelbrot),  KERNEL(collatz),    KERNEL(parity), KERNEL(logarithm),
    KERNEL(dot),     KERNEL(stencil),     KERNEL(mapped),    KERNEL(hashed),     KERNEL(drawn),
};

static void fail(const char *why) {
  printf("error %s\n", why);
  fflush(stdout);
  exit(1);
}

static void load(const char *file) {
  FILE *stream = fopen(file, "rb");
  x = malloc(length * sizeof(double));
  y = malloc(length * sizeof(double));
  out = calloc(length, sizeof(double));
  if (!stream || !x || !y || !out) fail("no memory, or no file");
  if (fread(x, sizeof(double), length, stream) != (size_t)length) fail("the file is too short for x");
  if (fread(y, sizeof(double), length, stream) != (size_t)length) fail("the file is too short for y");
  fclose(stream);
  puts("ok");
}

static void save(const char *file) {
  FILE *stream = fopen(file, "wb");
  if (!stream || fwrite(out, sizeof(double), length, stream) != (size_t)length) fail("cannot write");
  fclose(stream);
  puts("ok");
}

static void run(const char *name, int threads, long untimed, long calls, int n0, int n1) {
  double (*kernel)(int, int) = NULL;
  for (size_t i = 0; i < sizeof KERNELS / sizeof *KERNELS; i++) {
    if (strcmp(KERNELS[i].name, name) == 0) kernel = KERNELS[i].run;
  }
  if (!kernel) fail("no such kernel");
  omp_set_num_threads(threads);
  double sum = 0;
  struct timespec start, end;
  while (untimed--) kernel(n0, n1);
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (long i = 0; i < calls; i++) sum = kernel(n0, n1);
  clock_gettime(CLOCK_MONOTONIC, &end);
  int64_t nanoseconds = (end.tv_sec - start.tv_sec) * INT64_C(1000000000) + end.tv_nsec - start.tv_nsec;
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  printf("%" PRId64 " %016" PRIx64 "\n", nanoseconds, bits);
}

int main(void) {
  char line[4096], text[4096];
  long untimed, calls;
  int threads, n0, n1;
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "load %ld %4095[^\n]", &length, text) == 2) {
      load(text);
    } else if (sscanf(line, "save %4095[^\n]", text) == 1) {
      save(text);
    } else if (sscanf(line, "run %4095s %d %ld %ld %d %d", text, &threads, &untimed, &calls, &n0, &n1) == 6) {
      run(text, threads, untimed, calls, n0, n1);
    } else {
      fail("what?");
    }
    fflush(stdout);
  }
  return 0;
}
