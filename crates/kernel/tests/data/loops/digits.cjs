'use strict';

// Whole numbers once more: factors, digits, sequences.

const { filled, random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const f64 = (n) => shared(Float64Array, n);
const u8 = (n) => shared(Uint8Array, n);

add({
  name: 'pollard rho small',
  kind: 'map',
  n: 400,
  make: () => ({ out: f64(400) }),
  body: (i) => {
    const n = 10007 * 3 + 2 * i;
    const gcd = (a, b) => {
      while (b) {
        const t = a % b;
        a = b;
        b = t;
      }
      return a;
    };
    if (n % 2 === 0) return 2;
    let x = 2,
      y = 2,
      d = 1,
      c = 1;
    while (d === 1) {
      x = (x * x + c) % n;
      y = (y * y + c) % n;
      y = (y * y + c) % n;
      d = gcd(Math.abs(x - y), n);
    }
    return d;
  },
});

add({
  name: 'modpow 2^p mod n fermat',
  kind: 'count',
  n: 3000,
  make: () => ({}),
  body: (i) => {
    const n = i + 3;
    let r = 1,
      b = 2,
      e = n - 1;
    while (e > 0) {
      if (e % 2 === 1) r = (r * b) % n;
      b = (b * b) % n;
      e = Math.floor(e / 2);
    }
    return r === 1;
  },
});

add({
  name: 'mulmod 52 bit split',
  kind: 'map',
  n: 500,
  make: () => ({ out: f64(500) }),
  body: (i) => {
    const m = 4503599627370449;
    const mulmod = (a, b) => {
      let r = 0;
      a %= m;
      while (b > 0) {
        if (b % 2) r = (r + a) % m;
        a = (a * 2) % m;
        b = Math.floor(b / 2);
      }
      return r;
    };
    return mulmod(123456789012345 + i, 987654321098 + i * 7);
  },
});

add({
  name: 'segment sieve per block',
  kind: 'sum',
  n: 50,
  make: () => ({
    primes: filled(
      Uint16Array,
      25,
      (k) =>
        [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97][k],
    ),
  }),
  body: (b, { primes }) => {
    const sieve = new Uint8Array(200);
    const lo = b * 200,
      hi = lo + 200;
    for (const p of primes) {
      if (p * p >= hi) break;
      let s = Math.max(p * p, Math.floor((lo + p - 1) / p) * p);
      for (; s < hi; s += p) sieve[s - lo] = 1;
    }
    let c = 0;
    for (let k = 0; k < 200; k++) c += sieve[k] ? 0 : 1;
    return b ? c : c - 2;
  },
});

add({
  name: 'kaprekar steps',
  kind: 'max',
  n: 9999,
  make: () => ({}),
  body: (num) => {
    let n = num,
      steps = 0;
    while (n !== 6174 && n !== 0 && steps < 20) {
      let d = [n % 10, Math.floor(n / 10) % 10, Math.floor(n / 100) % 10, Math.floor(n / 1000)];
      for (let a = 0; a < 3; a++)
        for (let b = 0; b < 3 - a; b++)
          if (d[b] > d[b + 1]) {
            const t = d[b];
            d[b] = d[b + 1];
            d[b + 1] = t;
          }
      const asc = d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3],
        desc = d[3] * 1000 + d[2] * 100 + d[1] * 10 + d[0];
      n = desc - asc;
      steps++;
    }
    return steps;
  },
});

add({
  name: 'lychrel',
  kind: 'count',
  n: 1000,
  make: () => ({}),
  body: (i) => {
    let n = i;
    for (let k = 0; k < 20; k++) {
      let r = 0,
        t = n;
      while (t > 0) {
        r = r * 10 + (t % 10);
        t = Math.floor(t / 10);
      }
      if (k && r === n) return false;
      n += r;
    }
    return true;
  },
});

add({
  name: 'fibonacci mod iterative',
  kind: 'sum',
  n: 500,
  make: () => ({}),
  body: (i) => {
    let a = 0,
      b = 1;
    for (let k = 0; k < i; k++) [a, b] = [b, (a + b) % 1000000007];
    return a;
  },
});

add({
  name: 'digit factorial sum',
  kind: 'count',
  n: 50000,
  make: () => ({ fact: [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880] }),
  body: (n, { fact }) => {
    let s = 0;
    for (let m = n; m; m = (m / 10) | 0) s += fact[m % 10];
    return s === n && n > 2;
  },
});

add({
  name: 'pythagorean triples perimeter',
  kind: 'sum',
  n: 300,
  make: () => ({}),
  body: (p) => {
    let c = 0;
    for (let a = 1; a < p / 3; a++) {
      const b = (p * (p - 2 * a)) / (2 * (p - a));
      if (Number.isInteger(b) && b > a) c++;
    }
    return c;
  },
});

add({
  name: 'goldbach counts',
  kind: 'sum',
  n: 300,
  make: () => ({
    sieve: (() => {
      const s = u8(700).fill(1);
      s[0] = s[1] = 0;
      for (let i = 2; i * i < 700; i++) if (s[i]) for (let j = i * i; j < 700; j += i) s[j] = 0;
      return s;
    })(),
  }),
  body: (i, { sieve }) => {
    const n = 2 * i + 4;
    let c = 0;
    for (let p = 2; p <= n / 2; p++) if (sieve[p] && sieve[n - p]) c++;
    return c;
  },
});

add({
  name: 'trial division 6k',
  kind: 'count',
  n: 60000,
  make: () => ({}),
  body: (n) => {
    if (n <= 3) return n > 1;
    if (n % 2 === 0 || n % 3 === 0) return false;
    for (let i = 5; i * i <= n; i += 6) if (n % i === 0 || n % (i + 2) === 0) return false;
    return true;
  },
});

add({
  name: 'farey / stern brocot depth',
  kind: 'sum',
  n: 500,
  make: () => ({ x: Math.PI - 3 }),
  body: (i, { x }) => {
    const t = (x * (i + 1)) % 1;
    let a = 0,
      b = 1,
      c = 1,
      d = 1,
      n = 0;
    while (b + d < 400) {
      const m = (a + c) / (b + d);
      n++;
      if (t === m) break;
      if (t > m) {
        a += c;
        b += d;
      } else {
        c += a;
        d += b;
      }
    }
    return n;
  },
});

add({
  name: 'partition numbers via pentagonal table',
  kind: 'sum',
  n: 60,
  make: () => ({}),
  body: (n) => {
    const p = new Array(64).fill(0);
    p[0] = 1;
    for (let k = 1; k <= n; k++) for (let j = k; j <= n; j++) p[j] += p[j - k];
    return p[n];
  },
});

add({
  name: 'persistence',
  kind: 'max',
  n: 20000,
  make: () => ({}),
  body: (i) => {
    let n = i,
      c = 0;
    while (n > 9) {
      let p = 1;
      while (n > 0) {
        p *= n % 10;
        n = Math.trunc(n / 10);
      }
      n = p;
      c++;
    }
    return c;
  },
});

add({
  name: 'options that may be there',
  kind: 'map',
  n: 300,
  make: () => ({ out: f64(300), x: random(Float64Array, 300, 1), options: { scale: 2 } }),
  body: (i, data) => {
    const gain = data.options?.gain ?? 1,
      scale = data.options?.scale ?? 1;
    return (data.x?.[i] ?? 0) * gain * scale + (data.window?.[i] ?? 0);
  },
});
add({
  name: 'lengths computed of constants',
  kind: 'sum',
  n: 200,
  make: () => ({ x: random(Uint8Array, 300, 2, 0, 8) }),
  body: (i, { x }) => {
    const K = 3,
      SIZE = K * K;
    const a = new Float64Array(SIZE),
      count = new Array(SIZE - 1).fill(0);
    for (let k = 0; k < SIZE; k++) {
      a[k] = x[i + k];
      count[x[i + k]]++;
    }
    let most = 0;
    for (let k = 1; k < count.length; k++) if (count[k] > count[most]) most = k;
    return most + a[SIZE >> 1] / 16;
  },
});

module.exports = bodies;
