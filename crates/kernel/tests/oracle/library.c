// Calls a function of a library as examples/math.rs does: `library NAME`. Doubles come on stdin, as many as the function takes
// for each call, and the results go to stdout.
//
//   cc -O2 -fno-builtin library.c -o glibc -lm              the C library's
//   musl-gcc -O2 -fno-builtin -static library.c -o musl     another one's
//   cc -O2 -DQUAD library.c -o rounded -lquadmath           correctly rounded, as good as: 113 bits, rounded once more
//   c++ -O2 -mfma -ffp-contract=fast -I V8 -c V8/src/base/ieee754.cc -o fma.o
//   cc -O2 -DV8 library.c fma.o -o fma -lm                    V8's, with contracted multiplications and additions

#include <stdio.h>
#include <string.h>

#ifdef QUAD
#include <quadmath.h>
#define CALL(name) name##q
typedef __float128 Number;
#elif defined V8
#define CALL(name) v8_##name
typedef double Number;
#define UNARY(name, mangled) double v8_##name(double) __asm__("_ZN2v84base7ieee754" mangled "Ed");
UNARY(acos, "4acos") UNARY(acosh, "5acosh") UNARY(asin, "4asin") UNARY(asinh, "5asinh") UNARY(atan, "4atan")
UNARY(atanh, "5atanh") UNARY(cbrt, "4cbrt") UNARY(cos, "3cos") UNARY(cosh, "4cosh") UNARY(exp, "3exp") UNARY(expm1, "5expm1")
UNARY(log, "3log") UNARY(log1p, "5log1p") UNARY(log10, "5log10") UNARY(log2, "4log2") UNARY(sin, "3sin") UNARY(sinh, "4sinh")
UNARY(tan, "3tan") UNARY(tanh, "4tanh")
#undef UNARY
double v8_atan2(double, double) __asm__("_ZN2v84base7ieee7545atan2Edd");
double v8_pow(double, double) __asm__("_ZN2v84base7ieee7546legacy3powEdd");
#else
#include <math.h>
#define CALL(name) name
typedef double Number;
#endif

typedef Number (*Unary)(Number);
typedef Number (*Binary)(Number, Number);

static const struct { const char *name; Unary unary; Binary binary; } FUNCTIONS[] = {
#define UNARY(name) {#name, CALL(name), NULL},
#define BINARY(name) {#name, NULL, CALL(name)},
  UNARY(acos) UNARY(acosh) UNARY(asin) UNARY(asinh) UNARY(atan) UNARY(atanh) UNARY(cbrt) UNARY(cos) UNARY(cosh) UNARY(exp)
  UNARY(expm1) UNARY(log) UNARY(log1p) UNARY(log10) UNARY(log2) UNARY(sin) UNARY(sinh) UNARY(tan) UNARY(tanh)
  BINARY(atan2) BINARY(pow)
};

int main(int count, char **arguments) {
  for (size_t k = 0; k < sizeof FUNCTIONS / sizeof *FUNCTIONS; k++) {
    if (count < 2 || strcmp(arguments[1], FUNCTIONS[k].name) != 0) continue;
    Unary unary = FUNCTIONS[k].unary;
    Binary binary = FUNCTIONS[k].binary;
    double x, y;
    while (fread(&x, sizeof x, 1, stdin) == 1 && (unary != NULL || fread(&y, sizeof y, 1, stdin) == 1)) {
      double result = unary != NULL ? (double)unary(x) : (double)binary(x, y);
      fwrite(&result, sizeof result, 1, stdout);
    }
    return 0;
  }
  return 1;
}
