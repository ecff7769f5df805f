'use strict';

// Signals, statistics, linear algebra, layers of networks, geometry.

const { filled, random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const f64 = (n) => shared(Float64Array, n);
const f32 = (n) => shared(Float32Array, n);

add({
  name: 'k-means, the nearest centre',
  kind: 'map',
  n: 300,
  make: () => ({ out: shared(Uint8Array, 300), points: random(Float64Array, 900, 81), centroids: [[0.2, 0.2, 0.1], [0.8, 0.3, 0.7], [0.5, 0.9, 0.4], [0.1, 0.6, 0.9]], dim: 3 }),
  body: (i, { points, centroids, dim }) => {
    let best = -1;
    let min = Number.MAX_VALUE;
    for (const [c, centre] of [[0, 0], [1, 1], [2, 2], [3, 3]]) {
      let d = 0;
      for (let k = 0; k < dim; k++) d += (points[i * dim + k] - centroids[centre][k]) ** 2;
      if (d < min) {
        min = d;
        best = c;
      }
    }
    return best;
  },
});

add({
  name: 'k-means, rows by for-of',
  kind: 'sum',
  n: 300,
  make: () => ({ points: random(Float64Array, 900, 81), centroids: [[0.2, 0.2, 0.1], [0.8, 0.3, 0.7], [0.5, 0.9, 0.4]] }),
  body: (i, { points, centroids }) => {
    let min = Infinity;
    for (const centroid of centroids) {
      let d = 0;
      for (let k = 0; k < centroid.length; k++) {
        const diff = points[i * 3 + k] - centroid[k];
        d += diff * diff;
      }
      min = Math.min(min, d);
    }
    return min;
  },
});

add({
  name: 'nearest neighbours, the three least kept sorted',
  kind: 'map',
  n: 100,
  make: () => ({ out: f64(100), x: random(Float32Array, 100, 82), y: random(Float32Array, 100, 83), label: random(Uint8Array, 100, 84, 0, 3) }),
  body: (i, { x, y, label }) => {
    const K = 3, dist = new Float64Array(3).fill(Infinity), who = new Int32Array(3).fill(-1);
    for (let j = 0; j < x.length; j++) {
      if (j === i) continue;
      const d = Math.hypot(x[j] - x[i], y[j] - y[i]);
      if (d >= dist[K - 1]) continue;
      let p = K - 1;
      while (p > 0 && dist[p - 1] > d) {
        dist[p] = dist[p - 1];
        who[p] = who[p - 1];
        p--;
      }
      dist[p] = d;
      who[p] = j;
    }
    const votes = [0, 0, 0];
    for (const j of who) votes[label[j]]++;
    let best = 0;
    for (let c = 1; c < votes.length; c++) if (votes[c] > votes[best]) best = c;
    return best + dist[0];
  },
});

add({
  name: 'dft, power of a bin',
  kind: 'map',
  n: 64,
  make: () => ({ out: f64(64), x: random(Float64Array, 64, 85, -1, 1) }),
  body: (k, { x }) => {
    const N = x.length;
    let re = 0, im = 0;
    for (let n = 0; n < N; n++) {
      const phi = (2 * Math.PI * k * n) / N;
      re += x[n] * Math.cos(phi);
      im -= x[n] * Math.sin(phi);
    }
    return (re * re + im * im) / N;
  },
});

add({
  name: 'goertzel',
  kind: 'map',
  n: 40,
  make: () => ({ out: f64(40), samples: random(Float32Array, 200, 86, -1, 1), rate: 8000 }),
  body: (i, { samples, rate }) => {
    var f = 300 + i * 50, w = (2 * Math.PI * f) / rate, coeff = 2 * Math.cos(w), s0, s1 = 0, s2 = 0;
    for (var n = 0; n < samples.length; n++) s0 = samples[n] + coeff * s1 - s2, s2 = s1, s1 = s0;
    return s2 * s2 + s1 * s1 - coeff * s1 * s2;
  },
});

add({
  name: 'fft, one pass of butterflies',
  kind: 'for',
  n: 128,
  outputs: ['re', 'im'],
  make: () => ({ re: random(Float64Array, 256, 87), im: random(Float64Array, 256, 88), half: 16, cos: filled(Float64Array, 128, (k) => Math.cos((-2 * Math.PI * k) / 256)), sin: filled(Float64Array, 128, (k) => Math.sin((-2 * Math.PI * k) / 256)) }),
  body: (b, { re, im, half, cos, sin }) => {
    const size = half << 1, step = re.length / size;
    const group = Math.floor(b / half), j = b % half;
    const even = group * size + j, odd = even + half, k = j * step;
    const tre = re[odd] * cos[k] - im[odd] * sin[k], tim = re[odd] * sin[k] + im[odd] * cos[k];
    re[odd] = re[even] - tre;
    im[odd] = im[even] - tim;
    re[even] += tre;
    im[even] += tim;
  },
});

add({
  name: 'moving average and its deviation',
  kind: 'for',
  n: 200,
  outputs: ['sma', 'upper'],
  make: () => ({ price: random(Float64Array, 200, 89, 90, 110), sma: f64(200), upper: f64(200), period: 20 }),
  body: (i, { price, sma, upper, period }) => {
    if (i < period - 1) {
      sma[i] = upper[i] = NaN;
      return;
    }
    let sum = 0;
    for (let k = i - period + 1; k <= i; k++) sum += price[k];
    const avg = sum / period;
    let v = 0;
    for (let k = i; k > i - period; --k) v += Math.pow(price[k] - avg, 2);
    sma[i] = avg;
    upper[i] = avg + 2 * Math.sqrt(v / period);
  },
});

add({
  name: 'ema and rsi of a series each',
  kind: 'for',
  n: 30,
  outputs: ['ema', 'rsi'],
  make: () => ({ p: random(Float64Array, 30 * 50, 90, 50, 60), ema: f64(1500), rsi: f64(30), n: 50 }),
  body: (s, { p, ema, rsi, n }) => {
    const k = 2 / (12 + 1), at = s * n;
    let e, gain = 0, loss = 0;
    for (let t = 0; t < n; t++) {
      e = t === 0 ? p[at] : p[at + t] * k + e * (1 - k);
      ema[at + t] = e;
      if (!t) continue;
      const change = p[at + t] - p[at + t - 1];
      change > 0 ? (gain += change) : (loss -= change);
    }
    rsi[s] = loss === 0 ? 100 : 100 - 100 / (1 + gain / loss);
  },
});

add({
  name: 'biquad filter of a channel',
  kind: 'for',
  n: 8,
  make: () => ({ out: f32(8 * 100), input: random(Float32Array, 800, 91, -1, 1), frames: 100, coeffs: { b0: 0.2, b1: 0.4, b2: 0.2, a1: -0.3, a2: 0.1 } }),
  body: (ch, { out, input, frames, coeffs }) => {
    const { b0, b1, b2, a1, a2 } = coeffs;
    let x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    for (let n = 0; n < frames; n++) {
      const x = input[ch * frames + n];
      const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
      x2 = x1; x1 = x;
      y2 = y1; y1 = y;
      out[ch * frames + n] = y;
    }
  },
});

add({
  name: 'autocorrelation',
  kind: 'map',
  n: 60,
  make: () => ({ out: f64(60), x: random(Float32Array, 200, 92, -1, 1) }),
  body: (lag, { x }) => {
    let sum = 0;
    for (let n = 0; n + lag < x.length; n++) sum += x[n] * x[n + lag];
    return sum / (x.length - lag);
  },
});

add({
  name: 'mixdown with a soft limiter',
  kind: 'map',
  n: 300,
  make: () => ({ out: shared(Int16Array, 300), tracks: random(Float32Array, 1200, 93, -1, 1), gains: [0.8, 0.6, 1.2, 0.4], mute: [0, 0, 1, 0], frames: 300 }),
  body: (n, { tracks, gains, mute, frames }) => {
    let s = 0;
    for (let t = 0; t < gains.length; t++) if (!mute[t]) s += gains[t] * tracks[t * frames + n];
    s = Math.tanh(s);
    return s < 0 ? s * 0x8000 : s * 0x7fff;
  },
});

add({
  name: 'echo with taps before the start',
  kind: 'map',
  n: 300,
  make: () => ({ out: f32(300), dry: random(Float32Array, 300, 94, -1, 1), taps: [[20, 0.5], [47, 0.25], [110, 0.1]] }),
  body: (n, { dry, taps }) => {
    let wet = dry[n];
    for (const [delay, gain] of taps) wet += (dry[n - delay] || 0) * gain;
    return Math.max(-1, Math.min(1, wet));
  },
});

add({
  name: 'matrix-vector, rows of an array',
  kind: 'map',
  n: 6,
  make: () => ({ out: f64(6), A: Array.from({ length: 6 }, (_, r) => Array.from({ length: 6 }, (_, c) => 1 / (r + c + 1))), x: [1, 2, 3, 4, 5, 6] }),
  body: (i, { A, x }) => {
    const row = A[i];
    let s = 0;
    for (let j = 0; j < row.length; j++) s += row[j] * x[j];
    return s;
  },
});

add({
  name: 'elimination below a pivot, a row each',
  kind: 'for',
  n: 10,
  outputs: ['a'],
  make: () => ({ a: random(Float64Array, 121, 95, 1, 2), n: 11, k: 0 }),
  body: (r, { a, n, k }) => {
    const row = (k + 1 + r) * n, pivot = k * n;
    const f = (a[row + k] /= a[pivot + k]);
    for (let c = k + 1; c < n; c++) a[row + c] -= f * a[pivot + c];
  },
});

add({
  name: 'cholesky of small matrices',
  kind: 'map',
  n: 40,
  make: () => ({ out: f64(40), v: random(Float64Array, 40 * 4, 96) }),
  body: (m, { v }) => {
    const N = 4, L = new Float64Array(16);
    const A = (r, c) => v[4 * m + r] * v[4 * m + c] + (r === c ? 1 : 0);
    for (let i = 0; i < N; i++) {
      for (let j = 0; j <= i; j++) {
        let s = A(i, j);
        for (let k = 0; k < j; k++) s -= L[i * N + k] * L[j * N + k];
        L[i * N + j] = i === j ? Math.sqrt(s) : s / L[j * N + j];
      }
    }
    let det = 1;
    for (let i = 0; i < N; i++) det *= L[i * 5];
    return det * det;
  },
});

add({
  name: 'gram matrix, the upper half',
  kind: 'for',
  n: 12,
  make: () => ({ out: f64(144), X: random(Float32Array, 12 * 20, 97), n: 12, d: 20 }),
  body: (i, { out, X, n, d }) => {
    for (let j = i; j < n; j++) {
      let s = 0, p = i * d, q = j * d;
      const end = p + d;
      while (p < end) s += X[p++] * X[q++];
      out[i * n + j] = out[j * n + i] = s;
    }
  },
});

add({
  name: 'softmax of a row',
  kind: 'for',
  n: 20,
  make: () => ({ out: f32(200), logits: random(Float32Array, 200, 98, -4, 4), cols: 10 }),
  body: (r, { out, logits, cols }) => {
    let max = -Infinity;
    for (let c = 0; c < cols; c++) if (logits[r * cols + c] > max) max = logits[r * cols + c];
    let sum = 0;
    for (let c = 0; c < cols; c++) sum += out[r * cols + c] = Math.exp(logits[r * cols + c] - max);
    for (let c = 0; c < cols; c++) out[r * cols + c] /= sum;
  },
});

add({
  name: 'layer norm and gelu',
  kind: 'for',
  n: 20,
  make: () => ({ out: f32(320), x: random(Float32Array, 320, 99, -2, 2), gamma: new Float32Array(16).fill(1.1), beta: new Float32Array(16).fill(0.1), eps: 1e-5 }),
  body: (r, { out, x, gamma, beta, eps }) => {
    const d = gamma.length, o = r * d;
    const mean = (() => { let s = 0; for (let k = 0; k < d; k++) s += x[o + k]; return s / d; })();
    let v = 0;
    for (let k = 0; k < d; k++) v += (x[o + k] - mean) * (x[o + k] - mean);
    const inv = 1 / Math.sqrt(v / d + eps);
    const gelu = (t) => 0.5 * t * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (t + 0.044715 * t ** 3)));
    for (let k = 0; k < d; k++) out[o + k] = gelu((x[o + k] - mean) * inv * gamma[k] + beta[k]);
  },
});

const relu = (x) => Math.max(0, x), sigmoid = (x) => 1 / (1 + Math.exp(-x));
add({
  name: 'dense layer, an activation chosen',
  kind: 'map',
  n: 50,
  captures: { relu, sigmoid },
  make: () => ({ out: f32(50), input: random(Float32Array, 20, 100), layer: { weights: random(Float32Array, 1000, 101, -1, 1), bias: random(Float32Array, 50, 102), activation: 1 } }),
  body: (neuron, { input, layer: { weights, bias, activation } }) => {
    let sum = bias[neuron];
    for (let k = 0; k < input.length; k++) sum += weights[neuron * input.length + k] * input[k];
    const activate = activation === 1 ? relu : sigmoid;
    return activate(sum);
  },
  refused: /one of several functions.*c \? f\(x\) : g\(x\)/,
});

add({
  name: 'quantize to eight bits',
  kind: 'map',
  n: 400,
  make: () => ({ out: shared(Int8Array, 400), x: random(Float32Array, 400, 103, -3, 3), scale: 0.02, zero: 3 }),
  body: (i, { x, scale, zero }) => Math.min(127, Math.max(-128, Math.round(x[i] / scale) + zero)),
});

add({
  name: 'dot of eight-bit rows, attention score',
  kind: 'map',
  n: 64,
  make: () => ({ out: f32(64), q: random(Int8Array, 8 * 16, 104, -128, 128), k: random(Int8Array, 8 * 16, 105, -128, 128), d: 16 }),
  body: (i, { q, k, d }) => {
    const r = i >> 3, c = i & 7;
    if (c > r) return -Infinity;
    let acc = 0;
    for (let j = 0; j < d; j++) acc = (acc + q[r * d + j] * k[c * d + j]) | 0;
    return acc * (1 / Math.sqrt(d));
  },
});

const toRad = (deg) => (deg * Math.PI) / 180;
add({
  name: 'haversine, the nearest of the cities',
  kind: 'map',
  n: 100,
  captures: { toRad },
  make: () => ({ out: f64(100), lat: random(Float64Array, 100, 106, -60, 60), lon: random(Float64Array, 100, 107, -180, 180), cities: [[52.52, 13.4], [40.71, -74], [-33.87, 151.2]] }),
  body: (i, { lat, lon, cities, R = 6371 }) => {
    const distance = (lat1, lon1, lat2, lon2) => {
      const dLat = toRad(lat2 - lat1), dLon = toRad(lon2 - lon1);
      const a = Math.sin(dLat / 2) ** 2 + Math.cos(toRad(lat1)) * Math.cos(toRad(lat2)) * Math.sin(dLon / 2) ** 2;
      return 2 * R * Math.atan2(Math.sqrt(a), Math.sqrt(1 - a));
    };
    let best = Number.POSITIVE_INFINITY;
    for (const city of cities) best = Math.min(best, distance(lat[i], lon[i], city[0], city[1]));
    return best;
  },
});

add({
  name: 'mercator tile and quadkey',
  kind: 'map',
  n: 200,
  make: () => ({ out: f64(200), lat: random(Float64Array, 200, 108, -85, 85), lon: random(Float64Array, 200, 109, -180, 180), zoom: 9 }),
  body: (i, { lat, lon, zoom }) => {
    const n = 2 ** zoom, rad = lat[i] * Math.PI / 180;
    let x = Math.floor((lon[i] + 180) / 360 * n), y = Math.floor((1 - Math.log(Math.tan(rad) + 1 / Math.cos(rad)) / Math.PI) / 2 * n);
    let key = 0;
    for (let z = zoom; z > 0; z--) {
      let digit = 0;
      const mask = 1 << (z - 1);
      if ((x & mask) !== 0) digit++;
      if ((y & mask) !== 0) digit += 2;
      key = key * 4 + digit;
    }
    return key;
  },
});

add({
  name: 'points in a polygon',
  kind: 'count',
  n: 500,
  make: () => ({ xs: random(Float64Array, 500, 110, 0, 10), ys: random(Float64Array, 500, 111, 0, 10), polygon: [[1, 1], [9, 2], [7, 8], [4, 5], [2, 9]] }),
  body: (n, { xs, ys, polygon: vs }) => {
    var x = xs[n], y = ys[n];
    var inside = false;
    for (var i = 0, j = vs.length - 1; i < vs.length; j = i++) {
      var xi = vs[i][0], yi = vs[i][1];
      var xj = vs[j][0], yj = vs[j][1];
      var intersect = yi > y != yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi;
      if (intersect) inside = !inside;
    }
    return inside;
  },
});

add({
  name: 'area and centre of polygons',
  kind: 'for',
  n: 20,
  outputs: ['area', 'cx', 'cy'],
  make: () => ({ p: random(Float32Array, 20 * 12, 112), area: f64(20), cx: f64(20), cy: f64(20) }),
  body: (i, { p, area, cx, cy }) => {
    const at = (k) => ({ x: p[i * 12 + (k % 6) * 2], y: p[i * 12 + (k % 6) * 2 + 1] });
    let twice = 0, x = 0, y = 0;
    for (let k = 0; k < 6; k++) {
      const a = at(k), b = at(k + 1);
      const f = a.x * b.y - b.x * a.y;
      twice += f;
      x += (a.x + b.x) * f;
      y += (a.y + b.y) * f;
    }
    area[i] = Math.abs(twice) / 2;
    cx[i] = x / (3 * twice);
    cy[i] = y / (3 * twice);
  },
});

add({
  name: 'quickselect on a copy of a window',
  kind: 'map',
  n: 100,
  make: () => ({ out: f64(100), x: random(Float64Array, 120, 113) }),
  body: (i, { x }) => {
    const a = new Float64Array(15);
    for (let k = 0; k < 15; k++) a[k] = x[i + k];
    let left = 0, right = 14;
    const k = 7;
    while (right > left) {
      const pivot = a[k];
      let l = left, r = right;
      while (l <= r) {
        while (a[l] < pivot) l++;
        while (pivot < a[r]) r--;
        if (l <= r) {
          const t = a[l];
          a[l++] = a[r];
          a[r--] = t;
        }
      }
      if (r < k) left = l;
      if (k < l) right = r;
    }
    return a[k];
  },
});

add({
  name: 'sort of five, by swaps',
  kind: 'map',
  n: 100,
  make: () => ({ out: f64(100), x: random(Float64Array, 500, 114) }),
  body: (i, { x }) => {
    let [a, b, c, d, e] = [x[5 * i], x[5 * i + 1], x[5 * i + 2], x[5 * i + 3], x[5 * i + 4]];
    if (a > b) [a, b] = [b, a];
    if (d > e) [d, e] = [e, d];
    if (c > e) [c, e] = [e, c];
    if (c > d) [c, d] = [d, c];
    if (a > d) [a, d] = [d, a];
    if (a > c) [a, c] = [c, a];
    if (b > e) [b, e] = [e, b];
    if (b > d) [b, d] = [d, b];
    if (b > c) [b, c] = [c, b];
    return c + (e - a) / 8;
  },
});

add({
  name: 'linear regression of a window, totals in an object',
  kind: 'map',
  n: 100,
  make: () => ({ out: f64(100), y: random(Float64Array, 120, 115), win: 20 }),
  body: (i, { y, win }) => {
    const t = { n: 0, sx: 0, sy: 0, sxy: 0, sxx: 0 };
    for (let k = 0; k < win; k++) {
      t.n++;
      t.sx += k;
      t.sy += y[i + k];
      t.sxy += k * y[i + k];
      t.sxx += k * k;
    }
    return (t.n * t.sxy - t.sx * t.sy) / (t.n * t.sxx - t.sx ** 2);
  },
});

add({
  name: 'simpson, a function handed over',
  kind: 'sum',
  n: 100,
  make: () => ({ a: 0, b: 3, steps: 100 }),
  body: (i, { a, b, steps }) => {
    const simpson = (f, lo, hi) => ((hi - lo) / 6) * (f(lo) + 4 * f((lo + hi) / 2) + f(hi));
    const h = (b - a) / steps;
    return simpson((x) => Math.sin(x) * Math.exp(-x), a + i * h, a + (i + 1) * h);
  },
});

add({
  name: 'newton root with checks of numbers',
  kind: 'map',
  n: 100,
  make: () => ({ out: f64(100) }),
  body: (i, { eps = 1e-12, most = 50 }) => {
    const value = i - 5;
    if (value < 0 || Number.isNaN(value)) return NaN;
    if (value === 0 || !Number.isFinite(value)) return value;
    let x = value, n = 0;
    for (; n < most; n++) {
      const next = 0.5 * (x + value / x);
      if (Math.abs(next - x) <= eps * next) break;
      x = next;
    }
    return Number.isInteger(x) ? -x : x;
  },
});

add({
  name: 'statistics of a row, several at once',
  kind: 'for',
  n: 30,
  make: () => ({ out: f64(120), x: random(Float32Array, 300, 116, -1, 1), cols: 10 }),
  body: (row, { out, x, cols }) => {
    let min = x[row * cols], max = min, sum = 0, sumSq = 0;
    for (let c = 0; c < cols; c++) {
      const v = x[row * cols + c];
      v < min && (min = v);
      v > max && (max = v);
      sum += v, sumSq += v * v;
    }
    const stats = [min, max, sum / cols, Math.sqrt(sumSq / cols - (sum / cols) ** 2)];
    for (let k = 0; k < stats.length; k++) out[row * 4 + k] = stats[k];
  },
});

module.exports = bodies;
