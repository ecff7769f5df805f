'use strict';

// Whole numbers: divisors, digits, bits, dates, games on boards.

const { filled, random } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });

add({
  name: 'perfect numbers',
  kind: 'count',
  n: 2000,
  body: function (i) {
    if (i < 2) return false;
    var sum = 1;
    for (var d = 2; d * d <= i; d++) {
      if (i % d === 0) {
        sum += d;
        if (d !== i / d) sum += i / d;
      }
    }
    return sum === i;
  },
});

function sumOfDivisors(n) {
  let sum = 1;
  for (let d = 2, end = Math.sqrt(n); d <= end; ++d) {
    if (n % d) continue;
    sum += d;
    const other = n / d;
    if (other !== d) sum += other;
  }
  return sum;
}
const amicable = (n) => {
  const m = sumOfDivisors(n);
  return m !== n && sumOfDivisors(m) === n;
};
add({
  name: 'amicable numbers, helper of a helper',
  kind: 'sum',
  n: 1500,
  captures: { amicable, sumOfDivisors },
  body: (i) => (amicable(i) ? i : 0),
});

add({
  name: 'armstrong numbers',
  kind: 'count',
  n: 5000,
  body: (num) => {
    let digits = 0;
    let temp = num;
    while (temp > 0) {
      temp = Math.floor(temp / 10);
      digits++;
    }
    let sum = 0;
    temp = num;
    do {
      const digit = temp % 10;
      sum += digit ** digits;
      temp = (temp - digit) / 10;
    } while (temp > 0);
    return sum === num;
  },
});

add({
  name: 'palindromes, reversed digits',
  kind: 'count',
  n: 5000,
  body: (n) => {
    let rev = 0, x = n;
    while (x) {
      rev = rev * 10 + (x % 10);
      x = ~~(x / 10);
    }
    return rev === n;
  },
});

add({
  name: 'totient',
  kind: 'sum',
  n: 1500,
  body(i) {
    let n = i + 1, result = n;
    for (let p = 2; p * p <= n; p++) {
      if (n % p === 0) {
        while (n % p === 0) n /= p;
        result -= result / p;
      }
    }
    if (n > 1) result -= result / n;
    return result;
  },
});

const gcd = (a, b) => {
  while (b !== 0) {
    const t = b;
    b = a % b;
    a = t;
  }
  return a;
};
add({
  name: 'pillai, sums of gcd',
  kind: 'sum',
  n: 200,
  captures: { gcd },
  body: (i) => {
    let total = 0;
    for (let k = 1; k <= i; k++) total += gcd(k, i);
    return total;
  },
});

add({
  name: 'n-queens, bit masks on a stack of its own',
  kind: 'sum',
  n: 8,
  make: () => ({ size: 8 }),
  body: (first, { size }) => {
    const all = (1 << size) - 1;
    const cols = new Int32Array(16), left = new Int32Array(16), right = new Int32Array(16), free = new Int32Array(16);
    let depth = 1, count = 0;
    cols[1] = 1 << first;
    left[1] = (1 << first) << 1;
    right[1] = (1 << first) >> 1;
    free[1] = all & ~(cols[1] | left[1] | right[1]);
    while (depth > 0) {
      if (free[depth] === 0) {
        depth--;
        continue;
      }
      const bit = free[depth] & -free[depth];
      free[depth] ^= bit;
      if (depth === size - 1) {
        count++;
        continue;
      }
      cols[depth + 1] = cols[depth] | bit;
      left[depth + 1] = (left[depth] | bit) << 1;
      right[depth + 1] = (right[depth] | bit) >> 1;
      depth++;
      free[depth] = all & ~(cols[depth] | left[depth] | right[depth]);
    }
    return count;
  },
});

add({
  name: 'n-queens, an array with push and pop',
  kind: 'sum',
  n: 6,
  make: () => ({ n: 6 }),
  body: (first, { n }) => {
    let count = 0;
    const full = (1 << n) - 1;
    const stack = [];
    stack.push(1 << first, (1 << first) << 1, (1 << first) >> 1);
    while (stack.length > 0) {
      const diag2 = stack.pop();
      const diag1 = stack.pop();
      const cols = stack.pop();
      if (cols === full) {
        count++;
        continue;
      }
      let free = full & ~(cols | diag1 | diag2);
      while (free) {
        const bit = free & -free;
        free &= free - 1;
        stack.push(cols | bit, (diag1 | bit) << 1, (diag2 | bit) >> 1);
      }
    }
    return count;
  },
});

add({
  name: 'popcount, three ways',
  kind: 'sum',
  n: 3000,
  body: (i) => {
    let v = Math.imul(i, 0x9e3779b1) >>> 0;
    const w = v;
    let c = 0;
    for (; v; c++) v &= v - 1;
    v = w;
    v = v - ((v >>> 1) & 0x55555555);
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
    const c2 = (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
    return c === c2 ? c : -1;
  },
});

add({
  name: 'gray code there and back',
  kind: 'map',
  n: 1000,
  make: () => ({ out: filled(Uint32Array, 1000, () => 0) }),
  body: (i) => {
    let g = i ^ (i >>> 1), b = g;
    while ((g >>>= 1)) b ^= g;
    return b * 65536 + (i ^ (i >> 1));
  },
});

add({
  name: 'digital root and digit product',
  kind: 'sum',
  n: 3000,
  body: (n) => {
    let sum = n;
    while (sum > 9) {
      let s = 0;
      for (let m = sum; m > 0; m = Math.trunc(m / 10)) s += m % 10;
      sum = s;
    }
    let product = 1;
    for (let m = n; m; m = (m / 10) | 0) product *= m % 10 || 1;
    return sum + product;
  },
});

add({
  name: 'luhn',
  kind: 'count',
  n: 500,
  make: () => ({ digits: random(Uint8Array, 500 * 16, 12, 0, 10) }),
  body: (row, { digits }) => {
    let sum = 0, alternate = false;
    for (let k = 15; k >= 0; k--) {
      let d = digits[row * 16 + k];
      if (alternate && (d *= 2) > 9) d -= 9;
      sum += d;
      alternate = !alternate;
    }
    return sum % 10 === 0;
  },
});

add({
  name: 'isbn-13 check digit',
  kind: 'map',
  n: 300,
  make: () => ({ out: filled(Uint8Array, 300, () => 0), d: random(Uint8Array, 300 * 12, 13, 0, 10) }),
  body: (i, { d }) => {
    var s = 0;
    for (var j = 0; j < 12; j++) s += d[12 * i + j] * (j % 2 == 0 ? 1 : 3);
    return (10 - (s % 10)) % 10;
  },
});

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (y) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
add({
  name: 'zeller, fridays the 13th of a year',
  kind: 'sum',
  n: 400,
  captures: { MONTHS, isLeap },
  body: (i) => {
    const year = 1700 + i;
    let fridays = 0, day = 0;
    for (let month = 1; month <= 12; ++month) {
      let m = month, y = year;
      if (m < 3) { m += 12; y -= 1; }
      const k = y % 100, j = Math.floor(y / 100);
      const h = (13 + Math.floor((13 * (m + 1)) / 5) + k + Math.floor(k / 4) + Math.floor(j / 4) + 5 * j) % 7;
      fridays += h === 6;
      day += MONTHS[month - 1] + (month === 2 && isLeap(year) ? 1 : 0);
    }
    return fridays * 1000 + day;
  },
});

const VALUES = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1];
const LENGTHS = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1];
add({
  name: 'length of roman numerals, for-of with a counter',
  kind: 'sum',
  n: 3999,
  captures: { VALUES, LENGTHS },
  body: (i) => {
    let rest = i + 1, length = 0, k = 0;
    for (const value of VALUES) {
      while (rest >= value) {
        rest -= value;
        length += LENGTHS[k];
      }
      k++;
    }
    return length;
  },
});

add({
  name: 'modular power, miller-rabin',
  kind: 'count',
  n: 2000,
  body: (i) => {
    const n = 2 * i + 3;
    function powmod(base, exp, mod) {
      let r = 1;
      base %= mod;
      while (exp > 0) {
        if (exp & 1) r = (r * base) % mod;
        base = (base * base) % mod;
        exp >>= 1;
      }
      return r;
    }
    let d = n - 1, s = 0;
    while (d % 2 === 0) { d /= 2; s++; }
    witness: for (const a of [2, 3, 5]) {
      if (a >= n) continue;
      let x = powmod(a, d, n);
      if (x === 1 || x === n - 1) continue;
      for (let r = 1; r < s; r++) {
        x = (x * x) % n;
        if (x === n - 1) continue witness;
      }
      return false;
    }
    return true;
  },
});

add({
  name: 'sieve of a segment in a local array',
  kind: 'sum',
  n: 60,
  make: () => ({ primes: [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61] }),
  body: (segment, { primes }) => {
    const SIZE = 64;
    const composite = new Uint8Array(64);
    const low = segment * SIZE, high = low + SIZE;
    for (let k = 0; k < primes.length; k++) {
      const p = primes[k];
      if (p * p >= high) break;
      for (let m = Math.max(p * p, Math.ceil(low / p) * p); m < high; m += p) composite[m - low] = 1;
    }
    let count = 0;
    for (let k = 0; k < SIZE; k++) if (!composite[k] && low + k > 1) ++count;
    return count;
  },
});

add({
  name: 'fibonacci modulo, matrices returned by a helper',
  kind: 'sum',
  n: 500,
  body: (i) => {
    const M = 10007;
    const mul = ([a, b, c, d], [e, f, g, h]) => [(a * e + b * g) % M, (a * f + b * h) % M, (c * e + d * g) % M, (c * f + d * h) % M];
    let result = [1, 0, 0, 1], base = [1, 1, 1, 0], n = i;
    while (n > 0) {
      if (n & 1) result = mul(result, base);
      base = mul(base, base);
      n >>= 1;
    }
    return result[1];
  },
});

add({
  name: 'ackermann, a stack of its own',
  kind: 'sum',
  n: 12,
  body: (k) => {
    const stack = new Array(64).fill(0);
    let top = 0, n = k;
    stack[top++] = 2;
    while (top) {
      const m = stack[--top];
      if (m === 0) n++;
      else if (n === 0) {
        n = 1;
        stack[top++] = m - 1;
      } else {
        n--;
        stack[top++] = m - 1;
        stack[top++] = m;
      }
    }
    return n;
  },
});

module.exports = bodies;
