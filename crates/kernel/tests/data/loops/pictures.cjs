'use strict';

// Pictures: colours, filters, sampling, borders.

const { filled, picture, random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const u8c = (n) => shared(Uint8ClampedArray, n);
const f32 = (n) => shared(Float32Array, n);

add({
  name: 'sepia',
  kind: 'for',
  n: 900,
  make: () => ({ pixels: picture(30, 30), out: u8c(3600) }),
  body: function (i, data) {
    var p = data.pixels, o = data.out, k = i * 4;
    var r = p[k], g = p[k + 1], b = p[k + 2];
    o[k] = 0.393 * r + 0.769 * g + 0.189 * b;
    o[k + 1] = 0.349 * r + 0.686 * g + 0.168 * b;
    o[k + 2] = 0.272 * r + 0.534 * g + 0.131 * b;
    o[k + 3] = p[k + 3];
  },
});

add({
  name: 'contrast and brightness, in place',
  kind: 'for',
  n: 900,
  outputs: ['px'],
  make: () => ({ px: picture(30, 30), contrast: 40, brightness: -12 }),
  body(i, { px, contrast, brightness }) {
    const factor = (259 * (contrast + 255)) / (255 * (259 - contrast));
    for (let c = 0; c < 3; c++) px[i * 4 + c] = factor * (px[i * 4 + c] + brightness - 128) + 128;
  },
});

add({
  name: 'threshold and invert, nested options',
  kind: 'map',
  n: 900,
  make: () => ({ out: u8c(900), image: { data: picture(30, 30), width: 30 }, options: { level: 128, invert: true, weights: [0.2126, 0.7152, 0.0722] } }),
  body: (i, { image, options }) => {
    const { data } = image;
    const { level, invert, weights: [wr, wg, wb] } = options;
    const luma = wr * data[i * 4] + wg * data[i * 4 + 1] + wb * data[i * 4 + 2];
    const on = luma >= level;
    return on !== invert ? 255 : 0;
  },
});

function hsvToRgb(h, s, v) {
  const i = Math.floor(h * 6);
  const f = h * 6 - i;
  const p = v * (1 - s);
  const q = v * (1 - f * s);
  const t = v * (1 - (1 - f) * s);
  let r, g, b;
  switch (i % 6) {
    case 0: r = v, g = t, b = p; break;
    case 1: r = q, g = v, b = p; break;
    case 2: r = p, g = v, b = t; break;
    case 3: r = p, g = q, b = v; break;
    case 4: r = t, g = p, b = v; break;
    case 5: r = v, g = p, b = q; break;
  }
  return { r: Math.round(r * 255), g: Math.round(g * 255), b: Math.round(b * 255) };
}
add({
  name: 'hsv to rgb, an object returned',
  kind: 'for',
  n: 720,
  captures: { hsvToRgb },
  make: () => ({ out: u8c(720 * 3) }),
  body: (i, { out }) => {
    const { r, g, b } = hsvToRgb(i / 720, 0.3 + (i % 7) / 10, 0.9);
    out[i * 3] = r;
    out[i * 3 + 1] = g;
    out[i * 3 + 2] = b;
  },
});

const hue = (p, q, t) => {
  if (t < 0) t += 1;
  if (t > 1) t -= 1;
  if (t < 1 / 6) return p + (q - p) * 6 * t;
  if (t < 1 / 2) return q;
  if (t < 2 / 3) return p + (q - p) * (2 / 3 - t) * 6;
  return p;
};
add({
  name: 'hsl to packed rgb',
  kind: 'map',
  n: 720,
  captures: { hue },
  make: () => ({ out: shared(Uint32Array, 720), s: 0.7 }),
  body: (i, { s }) => {
    const h = i / 720, l = (i % 100) / 100;
    let r, g, b;
    if (s === 0) r = g = b = l;
    else {
      const q = l < 0.5 ? l * (1 + s) : l + s - l * s;
      const p = 2 * l - q;
      r = hue(p, q, h + 1 / 3);
      g = hue(p, q, h);
      b = hue(p, q, h - 1 / 3);
    }
    return ((255 << 24) | ((b * 255) << 16) | ((g * 255) << 8) | (r * 255)) >>> 0;
  },
});

const BAYER = [
  [0, 8, 2, 10],
  [12, 4, 14, 6],
  [3, 11, 1, 9],
  [15, 7, 13, 5],
];
add({
  name: 'ordered dithering',
  kind: 'map',
  n: 1200,
  captures: { BAYER },
  make: () => ({ out: shared(Uint8Array, 1200), gray: random(Uint8Array, 1200, 21, 0, 256), w: 40 }),
  body: (i, { gray, w }) => {
    const x = i % w, y = (i / w) | 0;
    return gray[i] + (BAYER[y % 4][x & 3] - 7.5) * 16 > 127 ? 255 : 0;
  },
});

add({
  name: 'convolution 3 x 3, the kernel a matrix',
  kind: 'map',
  n: 40 * 30,
  make: () => ({ out: u8c(1200), src: random(Uint8Array, 1200, 22, 0, 256), width: 40, height: 30, kernel: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]] }),
  body: (idx, { src, width, height, kernel }) => {
    const x = idx % width;
    const y = Math.floor(idx / width);
    let acc = 0;
    for (let ky = -1; ky <= 1; ky++) {
      for (let kx = -1; kx <= 1; kx++) {
        const sx = Math.min(width - 1, Math.max(0, x + kx));
        const sy = Math.min(height - 1, Math.max(0, y + ky));
        acc += src[sy * width + sx] * kernel[ky + 1][kx + 1];
      }
    }
    return acc;
  },
});

add({
  name: 'convolution 5 x 5, weights that are summed up',
  kind: 'for',
  n: 24 * 20,
  make: () => ({ out: u8c(24 * 20 * 4), px: picture(24, 20), w: 24, h: 20, weights: filled(Float32Array, 25, (k) => 1 / (1 + (k % 5) + ((k / 5) | 0))) }),
  body: (i, { px, out, w, h, weights }) => {
    var sw = w, sh = h, side = Math.round(Math.sqrt(weights.length)), halfSide = Math.floor(side / 2);
    var sy = (i / sw) | 0, sx = i - sy * sw, dstOff = i * 4, r = 0, g = 0, b = 0, total = 0;
    for (var cy = 0; cy < side; cy++) {
      for (var cx = 0; cx < side; cx++) {
        var scy = sy + cy - halfSide, scx = sx + cx - halfSide;
        if (scy >= 0 && scy < sh && scx >= 0 && scx < sw) {
          var srcOff = (scy * sw + scx) * 4, wt = weights[cy * side + cx];
          r += px[srcOff] * wt;
          g += px[srcOff + 1] * wt;
          b += px[srcOff + 2] * wt;
          total += wt;
        }
      }
    }
    out[dstOff] = r / total;
    out[dstOff + 1] = g / total;
    out[dstOff + 2] = b / total;
    out[dstOff + 3] = 255;
  },
});

add({
  name: 'box blur of a row, running total',
  kind: 'for',
  n: 24,
  make: () => ({ src: random(Float32Array, 24 * 50, 23), out: f32(24 * 50), w: 50, r: 3 }),
  body: (y, { src, out, w, r }) => {
    const iarr = 1 / (r + r + 1);
    let ti = y * w, li = ti, ri = ti + r;
    const fv = src[ti], lv = src[ti + w - 1];
    let val = (r + 1) * fv;
    for (let j = 0; j < r; j++) val += src[ti + j];
    for (let j = 0; j <= r; j++) { val += src[ri++] - fv; out[ti++] = val * iarr; }
    for (let j = r + 1; j < w - r; j++) { val += src[ri++] - src[li++]; out[ti++] = val * iarr; }
    for (let j = w - r; j < w; j++) { val += lv - src[li++]; out[ti++] = val * iarr; }
  },
});

add({
  name: 'bilateral filter',
  kind: 'map',
  n: 20 * 16,
  make: () => ({ out: f32(320), src: random(Float32Array, 320, 24), w: 20, h: 16, sigmaS: 1.5, sigmaR: 0.2 }),
  body: (i, { src, w, h, sigmaS, sigmaR }) => {
    const gauss = (x, sigma) => Math.exp(-(x * x) / (2 * sigma * sigma)) / (2 * Math.PI * sigma ** 2);
    const x = i % w, y = ~~(i / w), radius = 2;
    let sum = 0, norm = 0;
    for (let yy = Math.max(0, y - radius); yy <= Math.min(h - 1, y + radius); yy++) {
      for (let xx = Math.max(0, x - radius); xx <= Math.min(w - 1, x + radius); xx++) {
        const v = src[yy * w + xx];
        const weight = gauss(Math.hypot(x - xx, y - yy), sigmaS) * gauss(v - src[i], sigmaR);
        sum += weight * v;
        norm += weight;
      }
    }
    return sum / norm;
  },
});

add({
  name: 'median 3 x 3, insertion sort in a local array',
  kind: 'map',
  n: 30 * 20,
  make: () => ({ out: shared(Uint8Array, 600), src: random(Uint8Array, 600, 25, 0, 256), w: 30, h: 20 }),
  body: (i, { src, w, h }) => {
    const x = i % w, y = (i - x) / w;
    if (x === 0 || y === 0 || x === w - 1 || y === h - 1) return src[i];
    const v = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    let n = 0;
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) v[n++] = src[i + dy * w + dx];
    for (let a = 1; a < 9; a++) {
      const key = v[a];
      let b = a - 1;
      while (b >= 0 && v[b] > key) {
        v[b + 1] = v[b];
        b--;
      }
      v[b + 1] = key;
    }
    return v[4];
  },
});

add({
  name: 'bilinear resize, clamped by a default parameter',
  kind: 'map',
  n: 37 * 23,
  make: () => ({ out: f32(37 * 23), src: random(Float32Array, 20 * 12, 26), sw: 20, sh: 12, dw: 37, dh: 23 }),
  body: (i, { src, sw, sh, dw, dh }) => {
    const clampTo = (v, hi, lo = 0) => (v < lo ? lo : v > hi ? hi : v);
    const at = (x, y) => src[clampTo(y, sh - 1) * sw + clampTo(x, sw - 1)];
    const gx = ((i % dw) / dw) * (sw - 1), gy = (Math.floor(i / dw) / dh) * (sh - 1);
    const x0 = Math.floor(gx), y0 = Math.floor(gy), fx = gx - x0, fy = gy - y0;
    const top = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
    const bottom = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
    return top * (1 - fy) + bottom * fy;
  },
});

function cubic(p0, p1, p2, p3, x) {
  return p1 + 0.5 * x * (p2 - p0 + x * (2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3 + x * (3.0 * (p1 - p2) + p3 - p0)));
}
add({
  name: 'bicubic sampling, rows in a local array',
  kind: 'map',
  n: 25 * 15,
  captures: { cubic },
  make: () => ({ out: u8c(375), src: random(Uint8Array, 16 * 10, 27, 0, 256), sw: 16, sh: 10, dw: 25, dh: 15 }),
  body: (i, { src, sw, sh, dw, dh }) => {
    const u = ((i % dw) + 0.5) * (sw / dw) - 0.5, v = (Math.floor(i / dw) + 0.5) * (sh / dh) - 0.5;
    const ix = Math.floor(u), iy = Math.floor(v);
    const rows = new Float64Array(4);
    for (let m = -1; m < 3; m++) {
      const y = Math.min(sh - 1, Math.max(0, iy + m)) * sw;
      const p = (k) => src[y + Math.min(sw - 1, Math.max(0, ix + k))];
      rows[m + 1] = cubic(p(-1), p(0), p(1), p(2), u - ix);
    }
    return cubic(...rows, v - iy);
  },
});

add({
  name: 'rotate a picture',
  kind: 'for',
  n: 900,
  make: () => ({ out: u8c(3600), px: picture(30, 30), size: { w: 30, h: 30 }, angle: 0.4 }),
  body: (i, { out, px, size: { w, h }, angle }) => {
    const cos = Math.cos(angle), sin = Math.sin(angle);
    const x = (i % w) - w / 2, y = Math.trunc(i / w) - h / 2;
    const sx = Math.round(x * cos + y * sin + w / 2), sy = Math.round(-x * sin + y * cos + h / 2);
    const inside = sx >= 0 && sx < w && sy >= 0 && sy < h;
    const s = (sy * w + sx) * 4;
    for (let c = 0; c < 4; c++) out[4 * i + c] = inside ? px[s + c] : 0;
  },
});

add({
  name: 'seam energy and the least of three',
  kind: 'map',
  n: 600,
  make: () => ({ out: f32(600), px: picture(30, 20), cost: random(Float32Array, 630, 28, 0, 900), w: 30, h: 20 }),
  body: (i, { px, cost, w, h }) => {
    const x = i % w, y = (i / w) >> 0;
    const left = x > 0 ? i - 1 : i, right = x < w - 1 ? i + 1 : i;
    const up = y > 0 ? i - w : i, down = y < h - 1 ? i + w : i;
    let e = 0;
    for (let c = 0; c < 3; c++) e += (px[4 * left + c] - px[4 * right + c]) ** 2 + (px[4 * up + c] - px[4 * down + c]) ** 2;
    return Math.sqrt(e) + Math.min(...[cost[left], cost[i], cost[right]]);
  },
});

add({
  name: 'normal map from heights',
  kind: 'for',
  n: 600,
  make: () => ({ out: u8c(1800), z: random(Float32Array, 600, 29), w: 30, h: 20, strength: 2 }),
  body: (i, { out, z, w, h, strength }) => {
    const wrap = (v, m) => ((v % m) + m) % m;
    const x = i % w, y = Math.floor(i / w);
    const height = (dx, dy) => z[wrap(y + dy, h) * w + wrap(x + dx, w)];
    const n = [strength * (height(-1, 0) - height(1, 0)), strength * (height(0, -1) - height(0, 1)), 1];
    const len = Math.hypot(n[0], n[1], n[2]);
    n.forEach((v, c) => { out[3 * i + c] = ((v / len) * 0.5 + 0.5) * 255; });
  },
  refused: /`forEach` of arrays; write a loop/,
});

add({
  name: 'normal map, a vector helper on arrays',
  kind: 'for',
  n: 600,
  make: () => ({ out: u8c(1800), z: random(Float32Array, 600, 29), w: 30 }),
  body: (i, { out, z, w }) => {
    const normalize = (v) => {
      const len = Math.hypot(v[0], v[1], v[2]) || 1;
      return [v[0] / len, v[1] / len, v[2] / len];
    };
    const cross = ([ax, ay, az], [bx, by, bz]) => [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
    const here = z[i], dx = (z[i + 1] ?? here) - here, dy = (z[i + w] ?? here) - here;
    const [nx, ny, nz] = normalize(cross([1, 0, dx], [0, 1, dy]));
    let o = i * 3;
    out[o++] = (nx + 1) * 127.5;
    out[o++] = (ny + 1) * 127.5;
    out[o] = (nz + 1) * 127.5;
  },
});

add({
  name: 'distance transform of a row, parabolas',
  kind: 'for',
  n: 20,
  make: () => ({ out: shared(Float64Array, 20 * 32), f: filled(Float64Array, 20 * 32, (k) => (k % 11 === 3 ? 0 : 1e9)), n: 32 }),
  body: (row, { out, f, n }) => {
    const v = new Uint16Array(32), z = new Float64Array(33), at = row * n;
    let k = 0, s;
    v[0] = 0;
    z[0] = -1e20;
    z[1] = 1e20;
    for (let q = 1; q < n; q++) {
      do {
        const r = v[k];
        s = (f[at + q] - f[at + r] + q * q - r * r) / (q - r) / 2;
      } while (s <= z[k] && --k > -1);
      k++;
      v[k] = q;
      z[k] = s;
      z[k + 1] = 1e20;
    }
    for (let q = 0, j = 0; q < n; q++) {
      while (z[j + 1] < q) j++;
      const r = v[j], qr = q - r;
      out[at + q] = f[at + r] + qr * qr;
    }
  },
});

add({
  name: 'otsu, the histogram of a tile in a local array',
  kind: 'map',
  n: 30,
  make: () => ({ out: shared(Uint8Array, 30), gray: random(Uint8Array, 30 * 100, 30, 0, 256), size: 100 }),
  body: (tile, { gray, size }) => {
    const hist = new Array(256).fill(0);
    for (let k = 0; k < size; k++) hist[gray[tile * size + k]]++;
    let sum = 0;
    for (let t = 0; t < 256; t++) sum += t * hist[t];
    let sumB = 0, wB = 0, max = 0, threshold = 0;
    for (let t = 0; t < 256; t++) {
      wB += hist[t];
      if (wB === 0) continue;
      const wF = size - wB;
      if (wF === 0) break;
      sumB += t * hist[t];
      const mB = sumB / wB, mF = (sum - sumB) / wF, between = wB * wF * (mB - mF) * (mB - mF);
      if (between > max) {
        max = between;
        threshold = t;
      }
    }
    return threshold;
  },
});

add({
  name: 'histogram equalization through a table',
  kind: 'map',
  n: 800,
  make: () => {
    const gray = random(Uint8Array, 800, 31, 40, 200);
    const cdf = new Uint32Array(256);
    for (const v of gray) cdf[v]++;
    for (let k = 1; k < 256; k++) cdf[k] += cdf[k - 1];
    return { out: shared(Uint8Array, 800), gray, cdf };
  },
  body: (i, { gray, cdf }) => {
    let low = 0;
    while (cdf[low] === 0) low++;
    return Math.round(((cdf[gray[i]] - cdf[low]) / (gray.length - cdf[low])) * 255);
  },
});

module.exports = bodies;
