'use strict';

// Whether a number is a prime, by trial division. Both programs use it as it is.

function isPrime(n) {
  if (n < 4) return n > 1;
  if (n % 2 === 0 || n % 3 === 0) return false;
  for (let k = 5; k * k <= n; k += 6) {
    if (n % k === 0 || n % (k + 2) === 0) return false;
  }
  return true;
}

module.exports = { isPrime };
