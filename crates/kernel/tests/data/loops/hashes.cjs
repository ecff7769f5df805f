'use strict';

// Hashes, ciphers, codes, matches in bytes.

const { bytes, filled, random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const u8 = (n) => shared(Uint8Array, n);
const i32 = (n) => shared(Int32Array, n);
const u32 = (n) => shared(Uint32Array, n);
const u16 = (n) => shared(Uint16Array, n);

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

add({
  name: 'crc32 bitwise',
  kind: 'map',
  n: 500,
  make: () => ({ out: u32(500), b: random(Uint8Array, 500 * 16, 1, 0, 256) }),
  body: (i, { b }) => {
    let crc = ~0;
    for (let k = 0; k < 16; k++) {
      crc ^= b[i * 16 + k];
      for (let j = 8; j; j--) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    return ~crc >>> 0;
  },
});

add({
  name: 'adler32 modulo each',
  kind: 'map',
  n: 300,
  make: () => ({ out: u32(300), b: random(Uint8Array, 300 * 50, 1, 0, 256) }),
  body: (i, { b }) => {
    let a = 1,
      s = 0;
    for (let k = 0; k < 50; k++) {
      a = (a + b[i * 50 + k]) % 65521;
      s = (s + a) % 65521;
    }
    return ((s << 16) | a) >>> 0;
  },
});

add({
  name: 'fnv1a imul',
  kind: 'sum',
  n: 10000,
  make: () => ({}),
  body: (i) => {
    let h = 2166136261;
    for (let k = 0; k < 4; k++) {
      h ^= (i >> (k * 8)) & 255;
      h = Math.imul(h, 16777619);
    }
    return h >>> 0;
  },
});

add({
  name: 'xxhash32',
  kind: 'map',
  n: 500,
  make: () => ({ out: u32(500), b: random(Uint8Array, 500 * 20, 1, 0, 256), seed: 0 }),
  body: (i, { b, seed }) => {
    const P1 = 2654435761,
      P2 = 2246822519,
      P3 = 3266489917,
      P4 = 668265263,
      P5 = 374761393;
    const rotl = (x, r) => (x << r) | (x >>> (32 - r));
    const rd = (p) => b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
    let p = i * 20;
    const end = p + 20;
    let v1 = (seed + P1 + P2) | 0,
      v2 = (seed + P2) | 0,
      v3 = seed,
      v4 = (seed - P1) | 0;
    while (p <= end - 16) {
      v1 = Math.imul(rotl((v1 + Math.imul(rd(p), P2)) | 0, 13), P1);
      p += 4;
      v2 = Math.imul(rotl((v2 + Math.imul(rd(p), P2)) | 0, 13), P1);
      p += 4;
      v3 = Math.imul(rotl((v3 + Math.imul(rd(p), P2)) | 0, 13), P1);
      p += 4;
      v4 = Math.imul(rotl((v4 + Math.imul(rd(p), P2)) | 0, 13), P1);
      p += 4;
    }
    let h = (rotl(v1, 1) + rotl(v2, 7) + rotl(v3, 12) + rotl(v4, 18) + 20) | 0;
    for (; p + 4 <= end; p += 4) h = Math.imul(rotl((h + Math.imul(rd(p), P3)) | 0, 17), P4);
    while (p < end) h = Math.imul(rotl((h + Math.imul(b[p++], P5)) | 0, 11), P1);
    h ^= h >>> 15;
    h = Math.imul(h, P2);
    h ^= h >>> 13;
    h = Math.imul(h, P3);
    h ^= h >>> 16;
    return h >>> 0;
  },
});

add({
  name: 'md5 rounds one block',
  kind: 'map',
  n: 300,
  make: () => ({
    out: u32(300),
    s: [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21],
    K: Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296)),
  }),
  body: (i, { s, K }) => {
    const M = new Uint32Array(16);
    M[0] = i;
    M[1] = 0x80;
    M[14] = 32;
    let a0 = 0x67452301,
      b0 = 0xefcdab89,
      c0 = 0x98badcfe,
      d0 = 0x10325476;
    let A = a0,
      B = b0,
      C = c0,
      D = d0;
    for (let k = 0; k < 64; k++) {
      let F, g;
      const r = k >> 4;
      if (r === 0) {
        F = (B & C) | (~B & D);
        g = k;
      } else if (r === 1) {
        F = (D & B) | (~D & C);
        g = (5 * k + 1) % 16;
      } else if (r === 2) {
        F = B ^ C ^ D;
        g = (3 * k + 5) % 16;
      } else {
        F = C ^ (B | ~D);
        g = (7 * k) % 16;
      }
      F = (F + A + K[k] + M[g]) >>> 0;
      A = D;
      D = C;
      C = B;
      const sh = s[r * 4 + (k & 3)];
      B = (B + ((F << sh) | (F >>> (32 - sh)))) >>> 0;
    }
    return (a0 + A) >>> 0;
  },
});

add({
  name: 'splitmix64 hi lo',
  kind: 'map',
  n: 3000,
  make: () => ({ out: u32(3000) }),
  body: (i) => {
    const mul64 = (ah, al, bh, bl) => {
      const a0 = al & 0xffff,
        a1 = al >>> 16,
        b0 = bl & 0xffff,
        b1 = bl >>> 16;
      let p00 = a0 * b0,
        p01 = a0 * b1,
        p10 = a1 * b0,
        p11 = a1 * b1;
      const mid = (p00 >>> 16) + (p01 & 0xffff) + (p10 & 0xffff);
      const lo = ((mid & 0xffff) << 16) | (p00 & 0xffff);
      const hi = p11 + (p01 >>> 16) + (p10 >>> 16) + (mid >>> 16);
      return [(hi + Math.imul(ah, bl) + Math.imul(al, bh)) | 0, lo | 0];
    };
    let h = 0x9e3779b9,
      l = (0x7f4a7c15 + i) | 0;
    let sh = h >>> 30,
      sl = (l >>> 30) | (h << 2);
    [h, l] = mul64(h ^ sh, l ^ sl, 0xbf58476d, 0x1ce4e5b9);
    sh = h >>> 27;
    sl = (l >>> 27) | (h << 5);
    [h, l] = mul64(h ^ sh, l ^ sl, 0x94d049bb, 0x133111eb);
    return (h ^ (h >>> 31)) >>> 0;
  },
});

add({
  name: 'siphash-like add carry',
  kind: 'sum',
  n: 2000,
  make: () => ({}),
  body: (i) => {
    let lo = i >>> 0,
      hi = 0;
    for (let r = 0; r < 8; r++) {
      const s = (lo >>> 0) + 0xdeadbeef;
      const carry = s > 0xffffffff ? 1 : 0;
      lo = s >>> 0;
      hi = (hi + 0x12345 + carry) >>> 0;
      const t = lo;
      lo = ((lo << 13) | (hi >>> 19)) >>> 0;
      hi = ((hi << 13) | (t >>> 19)) >>> 0;
      lo ^= hi;
    }
    return (hi >>> 0) * 4294967296 + (lo >>> 0);
  },
});

add({
  name: 'xorshift128 sequence',
  kind: 'sum',
  n: 500,
  make: () => ({}),
  body: (i) => {
    let x = 123456789 ^ i,
      y = 362436069,
      z = 521288629,
      w = 88675123,
      t;
    for (let k = 0; k < 20; k++) {
      t = x ^ (x << 11);
      x = y;
      y = z;
      z = w;
      w = w ^ (w >>> 19) ^ (t ^ (t >>> 8));
    }
    return (w >>> 0) / 4294967296;
  },
});

add({
  name: 'park miller',
  kind: 'sum',
  n: 500,
  make: () => ({ k: 20 }),
  body: (i, { k }) => {
    let s = i + 1;
    for (; k--; ) s = (s * 16807) % 2147483647;
    return s;
  },
});

add({
  name: 'tea cipher',
  kind: 'for',
  n: 1000,
  outputs: ['v'],
  make: () => ({ v: random(Uint32Array, 2000, 3, 0, 4294967296), key: [1, 2, 3, 4] }),
  body: (i, { v, key }) => {
    let v0 = v[2 * i],
      v1 = v[2 * i + 1],
      sum = 0;
    for (let r = 0; r < 32; r++) {
      sum = (sum + 0x9e3779b9) >>> 0;
      v0 = (v0 + (((v1 << 4) + key[0]) ^ (v1 + sum) ^ ((v1 >>> 5) + key[1]))) >>> 0;
      v1 = (v1 + (((v0 << 4) + key[2]) ^ (v0 + sum) ^ ((v0 >>> 5) + key[3]))) >>> 0;
    }
    v[2 * i] = v0;
    v[2 * i + 1] = v1;
  },
});

add({
  name: 'rc4 ksa small',
  kind: 'sum',
  n: 50,
  make: () => ({}),
  body: (i) => {
    const S = new Uint8Array(256);
    for (let k = 0; k < 256; k++) S[k] = k;
    let j = 0;
    for (let k = 0; k < 256; k++) {
      j = (j + S[k] + ((i >> (8 * (k & 3))) & 255)) & 255;
      const t = S[k];
      S[k] = S[j];
      S[j] = t;
    }
    return S[0] * 256 + S[1];
  },
});

add({
  name: 'byte counts two letters',
  kind: 'count',
  n: 20000,
  make: () => ({ t: bytes('the quick brown fox '.repeat(1000)) }),
  body: (i, { t }) => t[i] === 0x65 || t[i] === 0x6f,
});

add({
  name: 'line starts findIndex-like',
  kind: 'sum',
  n: 5000,
  make: () => ({ t: bytes('abc,def\nxy,z\n'.repeat(400)) }),
  body: (i, { t }) => (i === 0 || t[i - 1] === 10 ? 1 : 0),
});

add({
  name: 'lz match length',
  kind: 'map',
  n: 1000,
  make: () => ({ out: u16(1000), t: random(Uint8Array, 1300, 5, 97, 99), window: 64 }),
  body: (pos, { t, window }) => {
    let best = 0;
    for (let off = 1; off <= window && off <= pos; off++) {
      let len = 0;
      while (len < 32 && pos + len < t.length && t[pos + len] === t[pos - off + len]) len++;
      if (len > best) {
        best = len;
        if (len === 32) break;
      }
    }
    return best;
  },
});

add({
  name: 'dna kmers encode',
  kind: 'map',
  n: 5000,
  make: () => ({
    out: i32(5000),
    s: filled(Uint8Array, 5008, (k) => [65, 67, 71, 84][((k * 2654435761) >>> 13) & 3]),
    K: 8,
  }),
  body: (i, { s, K }) => {
    let code = 0;
    for (let j = 0; j < K; j++) {
      let b;
      switch (s[i + j]) {
        case 65:
          b = 0;
          break;
        case 67:
          b = 1;
          break;
        case 71:
          b = 2;
          break;
        case 84:
          b = 3;
          break;
        default:
          return -1;
      }
      code = code * 4 + b;
    }
    return code;
  },
});

add({
  name: 'reverse complement table',
  kind: 'map',
  n: 5000,
  make: () => {
    const comp = new Uint8Array(128);
    'ACGT'.split('').forEach((c, k) => {
      comp[c.charCodeAt(0)] = 'TGCA'.charCodeAt(k);
    });
    return {
      out: u8(5000),
      s: filled(Uint8Array, 5000, (k) => [65, 67, 71, 84][(k * 7) & 3]),
      comp,
      n: 5000,
    };
  },
  body: (i, { s, comp, n }) => comp[s[n - 1 - i]],
});

add({
  name: 'hamming by popcount xor',
  kind: 'sum',
  n: 3000,
  make: () => ({
    a: random(Uint32Array, 3000, 1, 0, 4294967296),
    b: random(Uint32Array, 3000, 2, 0, 4294967296),
  }),
  body: (i, { a, b }) => {
    let x = a[i] ^ b[i],
      c = 0;
    while (x) {
      x &= x - 1;
      c++;
    }
    return c;
  },
});

add({
  name: 'smith waterman row',
  kind: 'max',
  n: 60,
  make: () => ({ q: random(Uint8Array, 24, 1, 0, 4), db: random(Uint8Array, 60 * 24, 2, 0, 4) }),
  body: (s, { q, db }) => {
    const H = new Int16Array(25);
    let best = 0;
    for (let i = 0; i < 24; i++) {
      let diag = 0;
      for (let j = 1; j <= 24; j++) {
        const up = H[j],
          score = diag + (q[j - 1] === db[s * 24 + i] ? 2 : -1);
        const v = Math.max(0, score, up - 1, H[j - 1] - 1);
        diag = up;
        H[j] = v;
        if (v > best) best = v;
      }
    }
    return best;
  },
});

add({
  name: 'utf8 validity count',
  kind: 'count',
  n: 3000,
  make: () => ({ b: bytes('aé€😀 x'.repeat(400)) }),
  body: (i, { b }) => (b[i] & 0xc0) !== 0x80,
});

add({
  name: 'base64 decode table',
  kind: 'for',
  n: 1000,
  make: () => {
    const rev = new Int8Array(256).fill(-1);
    for (let k = 0; k < 64; k++)
      rev['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.charCodeAt(k)] = k;
    return {
      rev,
      src: bytes(Buffer.from(random(Uint8Array, 3000, 5, 0, 256)).toString('base64')),
      out: u8(3000),
    };
  },
  body: (i, { src, rev, out }) => {
    const n =
      (rev[src[4 * i]] << 18) |
      (rev[src[4 * i + 1]] << 12) |
      (rev[src[4 * i + 2]] << 6) |
      rev[src[4 * i + 3]];
    out[3 * i] = n >> 16;
    out[3 * i + 1] = (n >> 8) & 255;
    out[3 * i + 2] = n & 255;
  },
});

module.exports = bodies;
