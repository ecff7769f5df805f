'use strict';

// Geometry, machine learning, sound, games.

const { random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const f64 = (n) => shared(Float64Array, n);
const f32 = (n) => shared(Float32Array, n);
const u8 = (n) => shared(Uint8Array, n);
const u16 = (n) => shared(Uint16Array, n);

add({
  name: 'nearest neighbor brute',
  kind: 'map',
  n: 400,
  make: () => ({ out: u16(400), x: random(Float32Array, 400, 3), y: random(Float32Array, 400, 4) }),
  body: (i, { x, y }) => {
    let best = -1,
      d = Number.MAX_VALUE;
    for (let j = 0; j < x.length; j++) {
      if (j == i) continue;
      const q = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2;
      if (q < d) {
        d = q;
        best = j;
      }
    }
    return best;
  },
});

add({
  name: 'moller trumbore',
  kind: 'map',
  n: 64 * 64,
  make: () => ({ out: f32(4096), tris: random(Float32Array, 9 * 12, 5, -1, 1) }),
  body: (i, { tris }) => {
    const ox = (i & 63) / 32 - 1,
      oy = (i >> 6) / 32 - 1,
      oz = -3,
      dx = 0,
      dy = 0,
      dz = 1;
    let tmin = Infinity;
    for (let t = 0; t < tris.length; t += 9) {
      const e1x = tris[t + 3] - tris[t],
        e1y = tris[t + 4] - tris[t + 1],
        e1z = tris[t + 5] - tris[t + 2],
        e2x = tris[t + 6] - tris[t],
        e2y = tris[t + 7] - tris[t + 1],
        e2z = tris[t + 8] - tris[t + 2];
      const hx = dy * e2z - dz * e2y,
        hy = dz * e2x - dx * e2z,
        hz = dx * e2y - dy * e2x,
        a = e1x * hx + e1y * hy + e1z * hz;
      if (a > -Number.EPSILON && a < Number.EPSILON) continue;
      const f = 1 / a,
        sx = ox - tris[t],
        sy = oy - tris[t + 1],
        sz = oz - tris[t + 2],
        u = f * (sx * hx + sy * hy + sz * hz);
      if (u < 0 || u > 1) continue;
      const qx = sy * e1z - sz * e1y,
        qy = sz * e1x - sx * e1z,
        qz = sx * e1y - sy * e1x,
        v = f * (dx * qx + dy * qy + dz * qz);
      if (v < 0 || u + v > 1) continue;
      const tt = f * (e2x * qx + e2y * qy + e2z * qz);
      if (tt > Number.EPSILON && tt < tmin) tmin = tt;
    }
    return tmin === Infinity ? -1 : tmin;
  },
});

const box = (p, b) => {
  const q = [Math.abs(p[0]) - b, Math.abs(p[1]) - b, Math.abs(p[2]) - b];
  return (
    Math.hypot(Math.max(q[0], 0), Math.max(q[1], 0), Math.max(q[2], 0)) +
    Math.min(Math.max(q[0], q[1], q[2]), 0)
  );
};

const scene = (p) => Math.min(box(p, 0.5), p[1] + 1);

const normal = (p, e = 1e-4) => {
  const d = scene(p);
  const n = [
    scene([p[0] + e, p[1], p[2]]) - d,
    scene([p[0], p[1] + e, p[2]]) - d,
    scene([p[0], p[1], p[2] + e]) - d,
  ];
  const l = Math.hypot(...n);
  return [n[0] / l, n[1] / l, n[2] / l];
};

add({
  name: 'sdf scene arrays as vectors',
  kind: 'map',
  n: 32 * 24,
  captures: { box, scene, normal },
  make: () => ({ out: f32(768), w: 32, h: 24 }),
  body: (i, { w, h }) => {
    const ro = [0, 0.5, -3],
      rd = [(i % w) / w - 0.5, 0.5 - Math.floor(i / w) / h, 1];
    const len = Math.hypot(...rd);
    for (let k = 0; k < 3; k++) rd[k] /= len;
    let t = 0;
    for (let s = 0; s < 48; s++) {
      const p = [ro[0] + rd[0] * t, ro[1] + rd[1] * t, ro[2] + rd[2] * t];
      const d = scene(p);
      if (d < 1e-3) {
        const n = normal(p);
        return Math.max(0, n[0] * 0.3 + n[1] * 0.8 - n[2] * 0.5);
      }
      t += d;
      if (t > 20) break;
    }
    return 0;
  },
});

add({
  name: 'circle overlaps',
  kind: 'sum',
  n: 300,
  make: () => ({ c: random(Float32Array, 900, 8) }),
  body: (i, { c }) => {
    let n = 0;
    for (let j = i + 1; j < c.length / 3; j++) {
      const dx = c[3 * i] - c[3 * j],
        dy = c[3 * i + 1] - c[3 * j + 1],
        r = (c[3 * i + 2] + c[3 * j + 2]) * 0.1;
      if (dx * dx + dy * dy < r * r) n++;
    }
    return n;
  },
});

add({
  name: 'transform vertices mat4',
  kind: 'for',
  n: 2000,
  outputs: ['out'],
  make: () => ({
    v: random(Float32Array, 6000, 9),
    out: f32(6000),
    m: new Float32Array([1, 0, 0, 0, 0, 0.8, 0.6, 0, 0, -0.6, 0.8, 0, 3, 2, 1, 1]),
  }),
  body(i, { v, out, m: e }) {
    const x = v[i * 3],
      y = v[i * 3 + 1],
      z = v[i * 3 + 2],
      w = 1 / (e[3] * x + e[7] * y + e[11] * z + e[15]);
    out[i * 3] = (e[0] * x + e[4] * y + e[8] * z + e[12]) * w;
    out[i * 3 + 1] = (e[1] * x + e[5] * y + e[9] * z + e[13]) * w;
    out[i * 3 + 2] = (e[2] * x + e[6] * y + e[10] * z + e[14]) * w;
  },
});

add({
  name: 'normals of triangles indexed',
  kind: 'for',
  n: 1000,
  outputs: ['nrm'],
  make: () => ({
    pos: random(Float32Array, 900, 10),
    idx: random(Uint16Array, 3000, 11, 0, 300),
    nrm: f32(3000),
  }),
  body: (f, { pos, idx, nrm }) => {
    const a = idx[3 * f] * 3,
      b = idx[3 * f + 1] * 3,
      c = idx[3 * f + 2] * 3;
    const ux = pos[b] - pos[a],
      uy = pos[b + 1] - pos[a + 1],
      uz = pos[b + 2] - pos[a + 2],
      vx = pos[c] - pos[a],
      vy = pos[c + 1] - pos[a + 1],
      vz = pos[c + 2] - pos[a + 2];
    let nx = uy * vz - uz * vy,
      ny = uz * vx - ux * vz,
      nz = ux * vy - uy * vx;
    const l = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (l > 0) {
      nx /= l;
      ny /= l;
      nz /= l;
    }
    nrm[3 * f] = nx;
    nrm[3 * f + 1] = ny;
    nrm[3 * f + 2] = nz;
  },
});

add({
  name: 'kmeans assignment',
  kind: 'map',
  n: 3000,
  make: () => ({
    out: u8(3000),
    X: random(Float64Array, 3000 * 4, 1),
    C: random(Float64Array, 8 * 4, 2),
    k: 8,
    d: 4,
  }),
  body: (i, { X, C, k, d }) => {
    let best = 0,
      min = Infinity;
    for (let c = 0; c < k; c++) {
      let dist = 0;
      for (let j = 0; j < d; j++) {
        const diff = X[i * d + j] - C[c * d + j];
        dist += diff * diff;
      }
      if (dist < min) {
        min = dist;
        best = c;
      }
    }
    return best;
  },
});

add({
  name: 'logistic regression gradient per feature',
  kind: 'map',
  n: 8,
  make: () => ({
    out: f64(8),
    X: random(Float64Array, 8 * 500, 1, -1, 1),
    y: random(Uint8Array, 500, 2, 0, 2),
    w: random(Float64Array, 8, 3, -1, 1),
    m: 500,
  }),
  body: (j, { X, y, w, m }) => {
    let g = 0;
    for (let i = 0; i < m; i++) {
      let z = 0;
      for (let k = 0; k < w.length; k++) z += w[k] * X[i * w.length + k];
      const p = 1 / (1 + Math.exp(-z));
      g += (p - y[i]) * X[i * w.length + j];
    }
    return g / m;
  },
});

add({
  name: 'cross entropy of rows',
  kind: 'sum',
  n: 500,
  make: () => ({ z: random(Float32Array, 5000, 1, -5, 5), label: random(Uint8Array, 500, 2, 0, 10) }),
  body: (i, { z, label }) => {
    let m = z[i * 10];
    for (let c = 1; c < 10; c++) m = z[i * 10 + c] > m ? z[i * 10 + c] : m;
    let s = 0;
    for (let c = 0; c < 10; c++) s += Math.exp(z[i * 10 + c] - m);
    return Math.log(s) + m - z[i * 10 + label[i]];
  },
});

add({
  name: 'matmul blocked tile rows',
  kind: 'for',
  n: 16,
  outputs: ['C'],
  make: () => ({ A: random(Float32Array, 64 * 64, 1), B: random(Float32Array, 64 * 64, 2), C: f32(64 * 64) }),
  body: (t, { A, B, C }) => {
    const N = 64,
      BS = 16,
      bi = (t >> 2) * BS,
      bj = (t & 3) * BS;
    for (let bk = 0; bk < N; bk += BS)
      for (let i = bi; i < bi + BS; i++)
        for (let k = bk; k < bk + BS; k++) {
          const a = A[i * N + k];
          for (let j = bj; j < bj + BS; j++) C[i * N + j] += a * B[k * N + j];
        }
  },
});

add({
  name: 'maxpool 2x2',
  kind: 'map',
  n: 8 * 8,
  make: () => ({ out: f32(64), x: random(Float32Array, 256, 1) }),
  body: (i, { x }) => {
    const r = (i >> 3) << 1,
      c = (i & 7) << 1;
    let m = -Infinity;
    for (let a = 0; a < 2; a++) for (let b = 0; b < 2; b++) m = Math.max(m, x[(r + a) * 16 + c + b]);
    return m;
  },
});

add({
  name: 'attention row',
  kind: 'for',
  n: 32,
  outputs: ['o'],
  make: () => ({
    q: random(Float32Array, 32 * 16, 1, -1, 1),
    k: random(Float32Array, 32 * 16, 2, -1, 1),
    v: random(Float32Array, 32 * 16, 3, -1, 1),
    o: f32(32 * 16),
    d: 16,
    T: 32,
  }),
  body: (t, { q, k, v, o, d, T }) => {
    const att = new Float32Array(32);
    let max = -Infinity;
    for (let s = 0; s <= t; s++) {
      let dot = 0;
      for (let j = 0; j < d; j++) dot += q[t * d + j] * k[s * d + j];
      att[s] = dot / Math.sqrt(d);
      if (att[s] > max) max = att[s];
    }
    let sum = 0;
    for (let s = 0; s <= t; s++) {
      att[s] = Math.exp(att[s] - max);
      sum += att[s];
    }
    for (let j = 0; j < d; j++) {
      let acc = 0;
      for (let s = 0; s <= t; s++) acc += (att[s] / sum) * v[s * d + j];
      o[t * d + j] = acc;
    }
  },
});

add({
  name: 'adam step',
  kind: 'for',
  n: 5000,
  outputs: ['w', 'm', 'v'],
  make: () => ({
    w: random(Float32Array, 5000, 1),
    g: random(Float32Array, 5000, 2, -1, 1),
    m: f32(5000),
    v: f32(5000),
    t: 3,
    lr: 1e-3,
    beta: [0.9, 0.999],
  }),
  body: (i, { w, g, m, v, t, lr, beta: [b1, b2], eps = 1e-8 }) => {
    m[i] = b1 * m[i] + (1 - b1) * g[i];
    v[i] = b2 * v[i] + (1 - b2) * g[i] ** 2;
    const mh = m[i] / (1 - b1 ** t),
      vh = v[i] / (1 - b2 ** t);
    w[i] -= (lr * mh) / (Math.sqrt(vh) + eps);
  },
});

add({
  name: 'batchnorm stats channel',
  kind: 'for',
  n: 16,
  outputs: ['mean', 'istd'],
  make: () => ({ x: random(Float32Array, 16 * 200, 1), mean: f32(16), istd: f32(16), hw: 50, C: 16, N: 4 }),
  body: (c, { x, mean, istd, hw, C, N }) => {
    let s = 0,
      s2 = 0;
    for (let n = 0; n < N; n++)
      for (let p = 0, o = (n * C + c) * hw; p < hw; p++, o++) {
        s += x[o];
        s2 += x[o] * x[o];
      }
    const mu = s / (N * hw);
    mean[c] = mu;
    istd[c] = 1 / Math.sqrt(s2 / (N * hw) - mu * mu + 1e-5);
  },
});

add({
  name: 'tsne q denominators',
  kind: 'sum',
  n: 150,
  make: () => ({ Y: random(Float64Array, 300, 1, -1, 1) }),
  body: (i, { Y }) => {
    let s = 0;
    for (let j = 0; j < Y.length / 2; ++j)
      if (i !== j) s += 1 / (1 + (Y[2 * i] - Y[2 * j]) ** 2 + (Y[2 * i + 1] - Y[2 * j + 1]) ** 2);
    return s;
  },
});

add({
  name: 'dft per bin',
  kind: 'for',
  n: 64,
  outputs: ['re', 'im'],
  make: () => ({ x: random(Float64Array, 128, 1, -1, 1), re: f64(64), im: f64(64) }),
  body: (k, { x, re, im }) => {
    let a = 0,
      b = 0;
    const N = x.length;
    for (let n = 0; n < N; n++) {
      const th = (-2 * Math.PI * k * n) / N;
      a += x[n] * Math.cos(th);
      b += x[n] * Math.sin(th);
    }
    re[k] = a;
    im[k] = b;
  },
});

add({
  name: 'fir filter',
  kind: 'map',
  n: 5000,
  make: () => ({
    out: f32(5000),
    x: random(Float32Array, 5000, 1, -1, 1),
    h: Float32Array.from({ length: 31 }, (_, k) => Math.exp(-((k - 15) ** 2) / 50)),
  }),
  body: (n, { x, h }) => {
    let y = 0;
    for (let k = 0; k < h.length; k++) {
      if (n - k >= 0) y += h[k] * x[n - k];
    }
    return y;
  },
});

add({
  name: 'windows hann blackman kaiser',
  kind: 'map',
  n: 1024,
  make: () => ({ out: f64(1024), type: 2, N: 1024, beta: 8.6 }),
  body: (n, { type, N, beta }) => {
    const i0 = (x) => {
      let s = 1,
        t = 1,
        k = 1;
      const y = (x * x) / 4;
      do {
        t *= y / (k * k);
        s += t;
        k++;
      } while (t > 1e-12 * s);
      return s;
    };
    switch (type) {
      case 0:
        return 0.5 * (1 - Math.cos((2 * Math.PI * n) / (N - 1)));
      case 1:
        return (
          0.42 - 0.5 * Math.cos((2 * Math.PI * n) / (N - 1)) + 0.08 * Math.cos((4 * Math.PI * n) / (N - 1))
        );
      case 2: {
        const r = (2 * n) / (N - 1) - 1;
        return i0(beta * Math.sqrt(1 - r * r)) / i0(beta);
      }
      default:
        return 1;
    }
  },
});

add({
  name: 'stft magnitude frame',
  kind: 'map',
  n: 20 * 33,
  make: () => ({ out: f32(660), x: random(Float32Array, 1000, 1, -1, 1), hop: 32, size: 64 }),
  body: (i, { x, hop, size }) => {
    const frame = Math.floor(i / 33),
      bin = i % 33;
    let re = 0,
      im = 0;
    for (let n = 0; n < size; n++) {
      const w = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (size - 1)),
        s = w * x[frame * hop + n],
        a = (2 * Math.PI * bin * n) / size;
      re += s * Math.cos(a);
      im -= s * Math.sin(a);
    }
    return Math.sqrt(re ** 2 + im ** 2);
  },
});

add({
  name: 'mu law encode',
  kind: 'map',
  n: 5000,
  make: () => ({ out: u8(5000), x: random(Int16Array, 5000, 1, -32768, 32768) }),
  body: (i, { x }) => {
    const BIAS = 0x84,
      CLIP = 32635;
    let s = x[i];
    const sign = (s >> 8) & 0x80;
    if (sign) s = -s;
    if (s > CLIP) s = CLIP;
    s += BIAS;
    let e = 7;
    for (let m = 0x4000; (s & m) === 0 && e > 0; e--, m >>= 1);
    return ~(sign | (e << 4) | ((s >> (e + 3)) & 0x0f)) & 255;
  },
});

add({
  name: 'resample linear',
  kind: 'map',
  n: 4000,
  make: () => ({ out: f32(4000), x: random(Float32Array, 3000, 1, -1, 1), ratio: 44100 / 48000 }),
  body: (i, { x, ratio }) => {
    const pos = i * ratio,
      k = Math.floor(pos),
      f = pos - k;
    return x[k] + f * ((x[k + 1] ?? x[k]) - x[k]);
  },
});

add({
  name: 'peak picking',
  kind: 'count',
  n: 5000,
  make: () => ({ x: random(Float32Array, 5000, 1) }),
  body: (i, { x }) =>
    i > 1 && i < x.length - 2 && x[i] > x[i - 1] && x[i] > x[i + 1] && x[i] > x[i - 2] && x[i] >= x[i + 2],
});

add({
  name: 'zero crossings',
  kind: 'sum',
  n: 5000,
  make: () => ({ x: random(Float32Array, 5000, 1, -1, 1) }),
  body: (i, { x }) => +(i > 0 && x[i] < 0 !== x[i - 1] < 0),
});

add({
  name: 'nim grundy',
  kind: 'sum',
  n: 60,
  make: () => ({ moves: [1, 3, 4] }),
  body: (n, { moves }) => {
    const g = new Int32Array(64);
    for (let k = 1; k <= n; k++) {
      let seen = 0;
      for (const m of moves) if (k >= m) seen |= 1 << g[k - m];
      let mex = 0;
      while (seen & (1 << mex)) mex++;
      g[k] = mex;
    }
    return g[n];
  },
});

add({
  name: 'tic tac toe boards won',
  kind: 'count',
  n: 19683,
  make: () => ({
    lines: [
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
      [0, 3, 6],
      [1, 4, 7],
      [2, 5, 8],
      [0, 4, 8],
      [2, 4, 6],
    ],
  }),
  body: (code, { lines }) => {
    const b = new Uint8Array(9);
    for (let k = 0, c = code; k < 9; k++) {
      b[k] = c % 3;
      c = (c / 3) | 0;
    }
    for (const [p, q, r] of lines) if (b[p] && b[p] === b[q] && b[q] === b[r]) return true;
    return false;
  },
});

add({
  name: 'sudoku 4x4 count by stack',
  kind: 'sum',
  n: 20,
  make: () => ({}),
  body: (first) => {
    const g = new Int8Array(16);
    g[0] = 1 + (first & 3);
    g[5] = 1 + ((first >> 2) % 4);
    const fixed0 = g[0],
      fixed5 = g[5];
    let pos = 0,
      count = 0,
      forward = true;
    const ok = (p, v) => {
      const r = p >> 2,
        c = p & 3;
      for (let k = 0; k < 4; k++) {
        if (k !== c && g[r * 4 + k] === v) return false;
        if (k !== r && g[k * 4 + c] === v) return false;
      }
      const br = r & ~1,
        bc = c & ~1;
      for (let a = 0; a < 2; a++)
        for (let b = 0; b < 2; b++) {
          const q = (br + a) * 4 + bc + b;
          if (q !== p && g[q] === v) return false;
        }
      return true;
    };
    while (pos >= 0) {
      if (pos === 16) {
        count++;
        pos--;
        forward = false;
        continue;
      }
      if (pos === 0 || pos === 5) {
        const v = pos === 0 ? fixed0 : fixed5;
        if (forward && !ok(pos, v)) {
          pos--;
          forward = false;
          continue;
        }
        pos += forward ? 1 : -1;
        continue;
      }
      let v = g[pos] + 1;
      g[pos] = 0;
      while (v <= 4 && !ok(pos, v)) v++;
      if (v <= 4) {
        g[pos] = v;
        pos++;
        forward = true;
      } else {
        pos--;
        forward = false;
      }
    }
    return count;
  },
});

add({
  name: 'knight moves bitboard',
  kind: 'sum',
  n: 64,
  make: () => ({
    d: [
      [1, 2],
      [2, 1],
      [-1, 2],
      [-2, 1],
      [1, -2],
      [2, -1],
      [-1, -2],
      [-2, -1],
    ],
  }),
  body: (sq, { d }) => {
    let lo = 0,
      hi = 0;
    const x = sq & 7,
      y = sq >> 3;
    for (const [dx, dy] of d) {
      const nx = x + dx,
        ny = y + dy;
      if (nx >= 0 && nx < 8 && ny >= 0 && ny < 8) {
        const t = ny * 8 + nx;
        if (t < 32) lo |= 1 << t;
        else hi |= 1 << (t - 32);
      }
    }
    return (hi >>> 0) * 2 ** 32 + (lo >>> 0);
  },
});

add({
  name: 'maze solve bfs queue',
  kind: 'sum',
  n: 60,
  make: () => ({ wall: random(Uint8Array, 64 * 60, 4, 0, 4) }),
  body: (m, { wall }) => {
    const dist = new Int16Array(64).fill(-1),
      q = new Uint8Array(64);
    let head = 0,
      tail = 0;
    dist[0] = 0;
    q[tail++] = 0;
    while (head < tail) {
      const c = q[head++],
        x = c & 7,
        y = c >> 3;
      if (c === 63) return dist[c];
      for (let k = 0; k < 4; k++) {
        const nx = x + (k === 0 ? 1 : k === 1 ? -1 : 0),
          ny = y + (k === 2 ? 1 : k === 3 ? -1 : 0);
        if (nx < 0 || ny < 0 || nx > 7 || ny > 7) continue;
        const n = ny * 8 + nx;
        if ((wall[m * 64 + n] === 0 && n !== 63) || dist[n] >= 0) continue;
        dist[n] = dist[c] + 1;
        q[tail++] = n;
      }
    }
    return -1;
  },
});

module.exports = bodies;
