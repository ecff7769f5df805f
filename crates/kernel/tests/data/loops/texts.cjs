'use strict';

// Bytes and texts: hashes, codes, distances, numbers in texts, words.

const { bytes, filled, random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const u32 = (n) => shared(Uint32Array, n);

add({
  name: 'fnv-1a of records',
  kind: 'map',
  n: 200,
  make: () => ({ out: u32(200), data: random(Uint8Array, 200 * 24, 61, 0, 256), size: 24 }),
  body: (i, { data, size }) => {
    let hash = 0x811c9dc5;
    for (let k = i * size, end = k + size; k < end; k++) {
      hash ^= data[k];
      hash += (hash << 1) + (hash << 4) + (hash << 7) + (hash << 8) + (hash << 24);
    }
    return hash >>> 0;
  },
});

add({
  name: 'murmur3 with a tail',
  kind: 'map',
  n: 200,
  make: () => ({ out: u32(200), key: random(Uint8Array, 4000, 62, 0, 256), seed: 42 }),
  body: (n, { key, seed }) => {
    const start = n * 16, len = 5 + (n % 11), rem = len & 3, end = start + len - rem;
    const c1 = 0xcc9e2d51, c2 = 0x1b873593;
    let h1 = seed, i = start, k1;
    while (i < end) {
      k1 = (key[i] & 0xff) | ((key[++i] & 0xff) << 8) | ((key[++i] & 0xff) << 16) | ((key[++i] & 0xff) << 24);
      ++i;
      k1 = ((k1 & 0xffff) * c1 + ((((k1 >>> 16) * c1) & 0xffff) << 16)) & 0xffffffff;
      k1 = (k1 << 15) | (k1 >>> 17);
      k1 = ((k1 & 0xffff) * c2 + ((((k1 >>> 16) * c2) & 0xffff) << 16)) & 0xffffffff;
      h1 ^= k1;
      h1 = (h1 << 13) | (h1 >>> 19);
      const h1b = ((h1 & 0xffff) * 5 + ((((h1 >>> 16) * 5) & 0xffff) << 16)) & 0xffffffff;
      h1 = (h1b & 0xffff) + 0x6b64 + ((((h1b >>> 16) + 0xe654) & 0xffff) << 16);
    }
    k1 = 0;
    switch (rem) {
      case 3: k1 ^= (key[i + 2] & 0xff) << 16;
      case 2: k1 ^= (key[i + 1] & 0xff) << 8;
      case 1:
        k1 ^= key[i] & 0xff;
        k1 = Math.imul(k1, c1);
        k1 = (k1 << 15) | (k1 >>> 17);
        h1 ^= Math.imul(k1, c2);
    }
    h1 ^= len;
    h1 ^= h1 >>> 16;
    h1 = Math.imul(h1, 0x85ebca6b);
    h1 ^= h1 >>> 13;
    h1 = Math.imul(h1, 0xc2b2ae35);
    h1 ^= h1 >>> 16;
    return h1 >>> 0;
  },
});

add({
  name: 'adler-32 of chunks',
  kind: 'map',
  n: 50,
  make: () => ({ out: u32(50), buf: random(Uint8Array, 5000, 63, 0, 256) }),
  body: function adler32(i, { buf }) {
    let s1 = 1 & 0xffff | 0, s2 = (1 >>> 16) & 0xffff | 0, n = 0, len = 100, pos = i * len;
    while (len !== 0) {
      n = len > 64 ? 64 : len;
      len -= n;
      do {
        s1 = (s1 + buf[pos++]) | 0;
        s2 = (s2 + s1) | 0;
      } while (--n);
      s1 %= 65521;
      s2 %= 65521;
    }
    return (s1 | (s2 << 16)) >>> 0;
  },
});

const ALPHABET = bytes('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
add({
  name: 'base64, three bytes each',
  kind: 'for',
  n: 100,
  captures: { ALPHABET },
  make: () => ({ out: shared(Uint8Array, 400), src: random(Uint8Array, 298, 64, 0, 256) }),
  body: (i, { src, out }) => {
    const a = src[3 * i], b = src[3 * i + 1], c = src[3 * i + 2];
    let o = 4 * i;
    out[o++] = ALPHABET[a >> 2];
    out[o++] = ALPHABET[((a & 3) << 4) | (b >> 4)];
    out[o++] = b === undefined ? 61 : ALPHABET[((b & 15) << 2) | (c >> 6)];
    out[o++] = c === undefined ? 61 : ALPHABET[c & 63];
  },
});

add({
  name: 'hex digits of bytes',
  kind: 'for',
  n: 256,
  make: () => ({ out: shared(Uint8Array, 512) }),
  body: (i, { out }) => {
    const digit = (d) => d + (d < 10 ? 48 : 87);
    out[2 * i] = digit(i >>> 4), out[2 * i + 1] = digit(i & 0xf);
  },
});

add({
  name: 'levenshtein, two rows swapped',
  kind: 'map',
  n: 60,
  make: () => ({ out: shared(Uint8Array, 60), words: random(Uint8Array, 61 * 8, 65, 97, 101), len: 8 }),
  body: (i, { words, len }) => {
    let prev = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    let curr = new Array(9).fill(0);
    for (let a = 1; a <= len; a++) {
      curr[0] = a;
      for (let b = 1; b <= len; b++) {
        const cost = words[i * len + a - 1] === words[(i + 1) * len + b - 1] ? 0 : 1;
        curr[b] = Math.min(prev[b] + 1, curr[b - 1] + 1, prev[b - 1] + cost);
      }
      [prev, curr] = [curr, prev];
    }
    return prev[len];
  },
});

add({
  name: 'levenshtein, one row',
  kind: 'map',
  n: 60,
  make: () => ({ out: shared(Uint8Array, 60), words: random(Uint8Array, 61 * 8, 65, 97, 101), len: 8 }),
  body: (i, { words, len }) => {
    const row = new Uint16Array(16);
    for (let j = 0; j <= len; ++j) row[j] = j;
    for (let a = 0; a < len; a++) {
      let diagonal = row[0]++;
      for (let b = 0; b < len; b++) {
        const above = row[b + 1];
        row[b + 1] = words[i * len + a] === words[(i + 1) * len + b] ? diagonal : 1 + Math.min(diagonal, above, row[b]);
        diagonal = above;
      }
    }
    return row[len];
  },
});

add({
  name: 'longest common subsequence',
  kind: 'max',
  n: 40,
  make: () => ({ a: random(Uint8Array, 12, 66, 0, 4), pool: random(Uint8Array, 60, 67, 0, 4) }),
  body: (i, { a, pool }) => {
    const dp = Array(21).fill(0);
    for (const letter of a) {
      let before = 0;
      for (let k = 1; k <= 20; k++) {
        const old = dp[k];
        if (pool[i + k - 1] === letter) dp[k] = before + 1;
        else if (dp[k - 1] > dp[k]) dp[k] = dp[k - 1];
        before = old;
      }
    }
    return dp[20];
  },
});

add({
  name: 'knapsack, one row',
  kind: 'max',
  n: 30,
  make: () => ({ weights: [3, 4, 5, 9, 14, 2, 7], values: [3, 4, 4, 10, 15, 1, 8] }),
  body: (capacity, { weights, values }) => {
    const best = new Array(32).fill(0);
    for (let item = 0; item < weights.length; item++)
      for (let w = capacity; w >= weights[item]; w--) best[w] = Math.max(best[w], best[w - weights[item]] + values[item]);
    return best[capacity];
  },
});

add({
  name: 'coin change, ways',
  kind: 'sum',
  n: 80,
  make: () => ({ coins: Int32Array.of(1, 2, 5, 10, 20, 50) }),
  body: (amount, { coins }) => {
    const ways = new Float64Array(100);
    ways[0] = 1;
    for (let coin of coins) for (let k = coin; k <= amount; ++k) ways[k] += ways[k - coin];
    return ways[amount];
  },
});

add({
  name: 'binary search in a sorted table',
  kind: 'sum',
  n: 1000,
  make: () => ({ sorted: filled(Float64Array, 300, (k) => k * 3 + (k % 2)) }),
  body: (i, { sorted }) => {
    let lo = 0, hi = sorted.length - 1;
    while (lo <= hi) {
      const mid = (lo + hi) >>> 1, v = sorted[mid];
      if (v < i) lo = mid + 1;
      else if (v > i) hi = mid - 1;
      else return mid;
    }
    return -(lo + 1);
  },
});

const TEXT = bytes(Array.from({ length: 60 }, (_, k) => `${k % 3 ? '' : '-'}${(k * 7.31).toFixed(k % 4)},${k},x${k}\n`).join(''));
add({
  name: 'numbers of a csv, parsed from bytes',
  kind: 'sum',
  n: 60,
  captures: { TEXT },
  make: () => ({ starts: (() => { const s = shared(Uint32Array, 60); let line = 1; TEXT.forEach((b, k) => { if (b === 10 && line < 60) s[line++] = k + 1; }); return s; })() }),
  body: (line, { starts }) => {
    let p = starts[line], sign = 1, value = 0, scale = 0;
    if (TEXT[p] === 45) { sign = -1; p++; }
    for (let c = TEXT[p]; c !== 44 && c !== 10; c = TEXT[++p]) {
      if (c === 46) { scale = 1; continue; }
      value = value * 10 + (c - 48);
      if (scale) scale *= 10;
    }
    return (sign * value) / (scale || 1);
  },
});

add({
  name: 'words, where one begins',
  kind: 'count',
  n: 400,
  make: () => ({ text: bytes('The quick brown  fox, jumps over\nthe lazy dog; it did not mind. '.repeat(7)) }),
  body: (i, { text }) => {
    const isLetter = (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 39;
    return isLetter(text[i]) && !isLetter(text[i - 1]);
  },
});

add({
  name: 'utf-8 code points',
  kind: 'map',
  n: 200,
  make: () => ({ out: shared(Int32Array, 200), b: bytes('aé€😀z'.repeat(20)) }),
  body: (i, { b }) => {
    const c = b[i];
    if (c < 0x80) return c;
    if ((c & 0xc0) === 0x80) return -1;
    return c >= 0xf0 ? ((c & 7) << 18) | ((b[i + 1] & 63) << 12) | ((b[i + 2] & 63) << 6) | (b[i + 3] & 63)
      : c >= 0xe0 ? ((c & 15) << 12) | ((b[i + 1] & 63) << 6) | (b[i + 2] & 63)
      : ((c & 31) << 6) | (b[i + 1] & 63);
  },
});

add({
  name: 'rabin fingerprint, a search',
  kind: 'count',
  n: 300,
  make: () => ({ text: random(Uint8Array, 310, 68, 97, 99), pattern: [97, 98, 97] }),
  body: (i, { text, pattern }) => {
    const BASE = 257, MOD = 1000003;
    let want = 0, have = 0;
    for (let k = 0, { length } = pattern; k < length; k++) {
      want = (want * BASE + pattern[k]) % MOD;
      have = (have * BASE + text[i + k]) % MOD;
    }
    if (want !== have) return false;
    let k = 0;
    while (k < pattern.length && text[i + k] === pattern[k]) k++;
    return k === pattern.length;
  },
});

add({
  name: 'brackets that match, a stack of its own',
  kind: 'count',
  n: 200,
  make: () => ({ text: random(Uint8Array, 200 * 6, 69, 0, 4) }),
  body: (i, { text }) => {
    // 0 (  1 )  2 [  3 ]
    const stack = [];
    for (let k = 0; k < 6; k++) {
      const c = text[6 * i + k];
      if (c === 0 || c === 2) stack.push(c);
      else if (stack.length === 0 || stack.pop() !== c - 1) return false;
    }
    return stack.length === 0;
  },
});

add({
  name: 'run lengths',
  kind: 'sum',
  n: 400,
  make: () => ({ a: random(Uint8Array, 400, 70, 0, 3) }),
  body: (i, { a }) => {
    if (i > 0 && a[i] === a[i - 1]) return 0;
    let j = i;
    while (j < a.length && a[++j] === a[i]);
    return j - i;
  },
});

add({
  name: 'geohash bits',
  kind: 'map',
  n: 200,
  make: () => ({ out: u32(200), lat: random(Float64Array, 200, 71, -90, 90), lon: random(Float64Array, 200, 72, -180, 180) }),
  body: (i, { lat, lon }) => {
    let range = { latMin: -90, latMax: 90, lonMin: -180, lonMax: 180 };
    let hash = 0, even = true;
    for (let bit = 0; bit < 30; bit++) {
      if (even) {
        const mid = (range.lonMin + range.lonMax) / 2;
        if (lon[i] >= mid) { hash = hash * 2 + 1; range.lonMin = mid; } else { hash *= 2; range.lonMax = mid; }
      } else {
        const mid = (range.latMin + range.latMax) / 2;
        if (lat[i] >= mid) { hash = hash * 2 + 1; range.latMin = mid; } else { hash *= 2; range.latMax = mid; }
      }
      even = !even;
    }
    return hash;
  },
});

module.exports = bodies;
