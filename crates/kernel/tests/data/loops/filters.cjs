'use strict';

// Pictures once more: blurs, edges, resampling, color spaces, bit fields.

const { filled, noise, picture, random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const f64 = (n) => shared(Float64Array, n);
const f32 = (n) => shared(Float32Array, n);
const u8 = (n) => shared(Uint8Array, n);
const u8c = (n) => shared(Uint8ClampedArray, n);
const u32 = (n) => shared(Uint32Array, n);
const u16 = (n) => shared(Uint16Array, n);

add({
  name: 'box blur horizontal sliding per row',
  kind: 'for',
  n: 200,
  make: () => ({ src: random(Uint8Array, 200 * 300, 1, 0, 256), out: u8(200 * 300), w: 300, r: 4 }),
  body: (y, { src, out, w, r }) => {
    const iarr = 1 / (r + r + 1);
    let ti = y * w,
      li = ti,
      ri = ti + r;
    const fv = src[ti],
      lv = src[ti + w - 1];
    let val = (r + 1) * fv;
    for (let j = 0; j < r; j++) val += src[ti + j];
    for (let j = 0; j <= r; j++) {
      val += src[ri++] - fv;
      out[ti++] = Math.round(val * iarr);
    }
    for (let j = r + 1; j < w - r; j++) {
      val += src[ri++] - src[li++];
      out[ti++] = Math.round(val * iarr);
    }
    for (let j = w - r; j < w; j++) {
      val += lv - src[li++];
      out[ti++] = Math.round(val * iarr);
    }
  },
});

add({
  name: 'box blur per pixel',
  kind: 'map',
  n: 200 * 150,
  make: () => ({
    out: u8(200 * 150),
    src: random(Uint8Array, 200 * 150, 1, 0, 256),
    width: 200,
    height: 150,
    radius: 2,
  }),
  body: function (idx, { src, width, height, radius }) {
    const x = idx % width;
    const y = (idx / width) | 0;
    let sum = 0,
      count = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      const ny = y + dy;
      if (ny < 0 || ny >= height) continue;
      for (let dx = -radius; dx <= radius; dx++) {
        const nx = x + dx;
        if (nx >= 0 && nx < width) {
          sum += src[ny * width + nx];
          count++;
        }
      }
    }
    return sum / count;
  },
});

add({
  name: 'median 3x3 insertion sort',
  kind: 'map',
  n: 120 * 90,
  make: () => ({ out: u8(120 * 90), src: random(Uint8Array, 120 * 90, 2, 0, 256), w: 120, h: 90 }),
  body: (i, { src, w, h }) => {
    const x = i % w,
      y = Math.floor(i / w);
    if (x === 0 || y === 0 || x === w - 1 || y === h - 1) return src[i];
    const win = new Uint8Array(9);
    let k = 0;
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) win[k++] = src[(y + dy) * w + x + dx];
    for (let a = 1; a < 9; a++) {
      const v = win[a];
      let b = a - 1;
      while (b >= 0 && win[b] > v) {
        win[b + 1] = win[b];
        b--;
      }
      win[b + 1] = v;
    }
    return win[4];
  },
});

add({
  name: 'median by histogram window',
  kind: 'map',
  n: 60 * 40,
  make: () => ({ out: u8(60 * 40), src: random(Uint8Array, 60 * 40, 2, 0, 64), w: 60, h: 40, r: 3 }),
  body: (i, { src, w, h, r }) => {
    const x = i % w,
      y = (i - x) / w;
    const hist = new Uint16Array(64);
    let n = 0;
    for (let yy = Math.max(0, y - r), ye = Math.min(h - 1, y + r); yy <= ye; yy++)
      for (let xx = Math.max(0, x - r), xe = Math.min(w - 1, x + r); xx <= xe; xx++) {
        hist[src[yy * w + xx]]++;
        n++;
      }
    const half = n >> 1;
    let acc = 0,
      m = 0;
    while ((acc += hist[m]) <= half) m++;
    return m;
  },
});

add({
  name: 'bilinear resize rgba',
  kind: 'for',
  n: 160 * 120,
  make: () => ({ src: picture(97, 71), out: u8c(160 * 120 * 4), sw: 97, sh: 71, dw: 160, dh: 120 }),
  body: (i, { src, out, sw, sh, dw, dh }) => {
    const x = i % dw,
      y = Math.floor(i / dw);
    const gx = (x / dw) * (sw - 1),
      gy = (y / dh) * (sh - 1);
    const gxi = Math.floor(gx),
      gyi = Math.floor(gy);
    const fx = gx - gxi,
      fy = gy - gyi;
    for (let c = 0; c < 4; c++) {
      const c00 = src[(gyi * sw + gxi) * 4 + c],
        c10 = src[(gyi * sw + gxi + 1) * 4 + c];
      const c01 = src[((gyi + 1) * sw + gxi) * 4 + c],
        c11 = src[((gyi + 1) * sw + gxi + 1) * 4 + c];
      const a = c00 * (1 - fx) + c10 * fx,
        b = c01 * (1 - fx) + c11 * fx;
      out[4 * i + c] = a * (1 - fy) + b * fy;
    }
  },
});

add({
  name: 'bilinear resize gray map',
  kind: 'map',
  n: 160 * 120,
  make: () => ({
    src: random(Uint8Array, 97 * 71, 3, 0, 256),
    out: u8c(160 * 120),
    sw: 97,
    sh: 71,
    dw: 160,
    dh: 120,
  }),
  body: (i, { src, sw, sh, dw, dh }) => {
    const x = i % dw,
      y = (i / dw) | 0;
    const sx = ((x + 0.5) * sw) / dw - 0.5,
      sy = ((y + 0.5) * sh) / dh - 0.5;
    const x0 = Math.max(0, Math.floor(sx)),
      y0 = Math.max(0, Math.floor(sy));
    const x1 = Math.min(sw - 1, x0 + 1),
      y1 = Math.min(sh - 1, y0 + 1);
    const tx = Math.max(0, sx - x0),
      ty = Math.max(0, sy - y0);
    const p = src[y0 * sw + x0],
      q = src[y0 * sw + x1],
      r = src[y1 * sw + x0],
      s = src[y1 * sw + x1];
    return Math.round((p + (q - p) * tx) * (1 - ty) + (r + (s - r) * tx) * ty);
  },
});

add({
  name: 'nearest resize u32',
  kind: 'map',
  n: 300 * 200,
  make: () => ({
    out: u32(60000),
    px: random(Uint32Array, 640 * 480, 5, 0, 4294967296),
    sw: 640,
    sh: 480,
    dw: 300,
    dh: 200,
  }),
  body: (i, { px, sw, sh, dw, dh }) =>
    px[(((((i / dw) | 0) * sh) / dh) | 0) * sw + ((((i % dw) * sw) / dw) | 0)],
});

add({
  name: 'bicubic helper',
  kind: 'map',
  n: 80 * 60,
  captures: {},
  make: () => ({ out: f32(4800), src: random(Float32Array, 40 * 30, 6), sw: 40, sh: 30, dw: 80, dh: 60 }),
  body: (i, { src, sw, sh, dw, dh }) => {
    function cubic(p0, p1, p2, p3, t) {
      return (
        p1 + 0.5 * t * (p2 - p0 + t * (2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3 + t * (3.0 * (p1 - p2) + p3 - p0)))
      );
    }
    const px = (x, y) => src[Math.min(Math.max(y, 0), sh - 1) * sw + Math.min(Math.max(x, 0), sw - 1)];
    const u = ((i % dw) * sw) / dw,
      v = (Math.floor(i / dw) * sh) / dh;
    const x = Math.floor(u),
      y = Math.floor(v),
      fx = u - x,
      fy = v - y;
    const rows = [0, 0, 0, 0];
    for (let k = 0; k < 4; k++)
      rows[k] = cubic(px(x - 1, y + k - 1), px(x, y + k - 1), px(x + 1, y + k - 1), px(x + 2, y + k - 1), fx);
    return cubic(rows[0], rows[1], rows[2], rows[3], fy);
  },
});

add({
  name: 'gamma lut rgba',
  kind: 'for',
  n: 40000,
  outputs: ['px'],
  make: () => ({
    px: picture(200, 200),
    lut: Uint8Array.from({ length: 256 }, (_, k) => 255 * (k / 255) ** (1 / 2.2)),
  }),
  body: (i, { px, lut }) => {
    const o = i * 4;
    px[o] = lut[px[o]];
    px[o + 1] = lut[px[o + 1]];
    px[o + 2] = lut[px[o + 2]];
  },
});

add({
  name: 'srgb to linear luminance',
  kind: 'map',
  n: 20000,
  make: () => ({ out: f32(20000), px: picture(200, 100) }),
  body: (i, { px }) => {
    const lin = (c) => {
      c /= 255;
      return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * lin(px[i * 4]) + 0.7152 * lin(px[i * 4 + 1]) + 0.0722 * lin(px[i * 4 + 2]);
  },
});

add({
  name: 'rgb to lab',
  kind: 'for',
  n: 10000,
  make: () => ({ out: f32(30000), px: picture(100, 100), white: [95.047, 100, 108.883] }),
  body: (i, { px, out, white }) => {
    let r = px[4 * i] / 255,
      g = px[4 * i + 1] / 255,
      b = px[4 * i + 2] / 255;
    r = r > 0.04045 ? Math.pow((r + 0.055) / 1.055, 2.4) : r / 12.92;
    g = g > 0.04045 ? Math.pow((g + 0.055) / 1.055, 2.4) : g / 12.92;
    b = b > 0.04045 ? Math.pow((b + 0.055) / 1.055, 2.4) : b / 12.92;
    let xyz = [
      ((r * 0.4124 + g * 0.3576 + b * 0.1805) * 100) / white[0],
      ((r * 0.2126 + g * 0.7152 + b * 0.0722) * 100) / white[1],
      ((r * 0.0193 + g * 0.1192 + b * 0.9505) * 100) / white[2],
    ];
    for (let k = 0; k < 3; k++) xyz[k] = xyz[k] > 0.008856 ? Math.cbrt(xyz[k]) : 7.787 * xyz[k] + 16 / 116;
    out[3 * i] = 116 * xyz[1] - 16;
    out[3 * i + 1] = 500 * (xyz[0] - xyz[1]);
    out[3 * i + 2] = 200 * (xyz[1] - xyz[2]);
  },
});

add({
  name: 'rgb565 pack',
  kind: 'map',
  n: 40000,
  make: () => ({ out: u16(40000), px: picture(200, 200) }),
  body: (i, { px }) =>
    ((px[i << 2] & 0xf8) << 8) | ((px[(i << 2) + 1] & 0xfc) << 3) | (px[(i << 2) + 2] >> 3),
});

add({
  name: 'swap rb in u32',
  kind: 'map',
  n: 40000,
  make: () => ({ out: u32(40000), px: random(Uint32Array, 40000, 6, 0, 4294967296) }),
  body: (i, { px }) => {
    const p = px[i];
    return ((p & 0xff00ff00) | ((p & 0xff) << 16) | ((p >>> 16) & 0xff)) >>> 0;
  },
});

add({
  name: 'alpha blend over',
  kind: 'for',
  n: 20000,
  outputs: ['dst'],
  make: () => ({
    dst: picture(200, 100),
    src: picture(200, 100, 9),
    mask: random(Uint8Array, 20000, 4, 0, 256),
  }),
  body: (i, { dst, src, mask }) => {
    const a = mask[i] / 255,
      j = i * 4;
    for (let c = 0; c < 3; ++c) dst[j + c] = src[j + c] * a + dst[j + c] * (1 - a);
    dst[j + 3] = 255;
  },
});

add({
  name: 'premultiply integer div255',
  kind: 'for',
  n: 20000,
  outputs: ['px'],
  make: () => ({ px: random(Uint8Array, 80000, 4, 0, 256) }),
  body(i, { px }) {
    const o = i << 2,
      a = px[o + 3];
    for (let c = 0; c < 3; c++) {
      const t = px[o + c] * a + 128;
      px[o + c] = (t + (t >> 8)) >> 8;
    }
  },
});

add({
  name: 'emboss convolution with divisor offset',
  kind: 'for',
  n: 98 * 73,
  make: () => ({
    src: picture(100, 75),
    out: u8c(100 * 75 * 4),
    w: 100,
    kernel: [-2, -1, 0, -1, 1, 1, 0, 1, 2],
    divisor: 1,
    offset: 10,
  }),
  body: (i, { src, out, w, kernel, divisor, offset }) => {
    const x = 1 + (i % 98),
      y = 1 + ((i / 98) | 0);
    const o = (y * w + x) << 2;
    for (let c = 0; c < 3; c++) {
      let s = 0,
        k = 0;
      for (let j = -1; j <= 1; j++)
        for (let l = -1; l <= 1; l++) s += src[((y + j) * w + x + l) * 4 + c] * kernel[k++];
      out[o + c] = s / divisor + offset;
    }
    out[o + 3] = src[o + 3];
  },
});

add({
  name: 'bilateral filter of a gray picture',
  kind: 'map',
  n: 60 * 40,
  make: () => ({ out: f32(2400), src: random(Float32Array, 2400, 7), w: 60, h: 40, ss: 2, sr: 0.1 }),
  body: (i, { src, w, h, ss, sr }) => {
    const cx = i % w,
      cy = Math.floor(i / w),
      c = src[i];
    let num = 0,
      den = 0;
    for (let y = cy - 2; y <= cy + 2; y++) {
      if (y < 0 || y >= h) continue;
      for (let x = cx - 2; x <= cx + 2; x++) {
        if (x < 0 || x >= w) continue;
        const v = src[y * w + x];
        const g = Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * ss * ss) - (v - c) ** 2 / (2 * sr * sr));
        num += g * v;
        den += g;
      }
    }
    return num / den;
  },
});

add({
  name: 'rotate image nearest',
  kind: 'map',
  n: 150 * 150,
  make: () => ({
    out: u32(22500),
    src: random(Uint32Array, 22500, 8, 0, 4294967296),
    w: 150,
    h: 150,
    angle: 0.5,
  }),
  body: (i, { src, w, h, angle }) => {
    const cos = Math.cos(angle),
      sin = Math.sin(angle);
    const x = (i % w) - w / 2,
      y = Math.floor(i / w) - h / 2;
    const sx = Math.round(cos * x + sin * y + w / 2),
      sy = Math.round(-sin * x + cos * y + h / 2);
    if (sx < 0 || sy < 0 || sx >= w || sy >= h) return 0xff000000;
    return src[sy * w + sx];
  },
});

add({
  name: 'sobel with direction bins',
  kind: 'for',
  n: 120 * 80,
  outputs: ['mag', 'dir'],
  make: () => ({ g: random(Uint8Array, 9600, 9, 0, 256), mag: u16(9600), dir: u8(9600), w: 120, h: 80 }),
  body: (i, { g, mag, dir, w, h }) => {
    var x = i % w,
      y = ~~(i / w);
    if (x < 1 || x > w - 2 || y < 1 || y > h - 2) {
      mag[i] = 0;
      dir[i] = 255;
      return;
    }
    var gx = 0,
      gy = 0,
      p = i - w - 1;
    gx -= g[p];
    gy -= g[p++];
    gy -= 2 * g[p++];
    gx += g[p];
    gy -= g[p];
    p += w - 2;
    gx -= 2 * g[p];
    p += 2;
    gx += 2 * g[p];
    p += w - 2;
    gx -= g[p];
    gy += g[p++];
    gy += 2 * g[p++];
    gx += g[p];
    gy += g[p];
    mag[i] = Math.abs(gx) + Math.abs(gy);
    var a = (Math.atan2(gy, gx) * 180) / Math.PI;
    if (a < 0) a += 180;
    dir[i] = a < 22.5 || a >= 157.5 ? 0 : a < 67.5 ? 45 : a < 112.5 ? 90 : 135;
  },
});

add({
  name: 'vignette',
  kind: 'map',
  n: 200 * 150,
  make: () => ({ out: u8c(30000), g: random(Uint8Array, 30000, 9, 0, 256), w: 200, h: 150, strength: 0.8 }),
  body: (i, { g, w, h, strength }) => {
    const dx = (i % w) / w - 0.5,
      dy = Math.floor(i / w) / h - 0.5;
    return g[i] * (1 - strength * Math.min(1, Math.hypot(dx, dy) * Math.SQRT2));
  },
});

add({
  name: 'plasma demo',
  kind: 'map',
  n: 160 * 100,
  make: () => ({ out: u8(16000), w: 160, t: 1.7 }),
  body: (i, { w, t }) => {
    const x = i % w,
      y = (i / w) | 0;
    return (
      (128 +
        (128 *
          (Math.sin(x / 16 + t) +
            Math.sin(y / 8 - t) +
            Math.sin((x + y) / 16) +
            Math.sin(Math.sqrt(x * x + y * y) / 8))) /
          4) |
      0
    );
  },
});

add({
  name: 'hsv hue wheel switch',
  kind: 'for',
  n: 20000,
  make: () => ({ out: u8c(80000), w: 200 }),
  body: (i, { out, w }) => {
    const h = ((i % w) / w) * 6,
      s = 1,
      v = 1 - Math.floor(i / w) / 100;
    const c = v * s,
      x = c * (1 - Math.abs((h % 2) - 1)),
      m = v - c;
    let r = 0,
      g = 0,
      b = 0;
    if (h < 1) {
      r = c;
      g = x;
    } else if (h < 2) {
      r = x;
      g = c;
    } else if (h < 3) {
      g = c;
      b = x;
    } else if (h < 4) {
      g = x;
      b = c;
    } else if (h < 5) {
      r = x;
      b = c;
    } else {
      r = c;
      b = x;
    }
    const o = i * 4;
    out[o] = (r + m) * 255;
    out[o + 1] = (g + m) * 255;
    out[o + 2] = (b + m) * 255;
    out[o + 3] = 255;
  },
});

add({
  name: 'yuv420 to rgb',
  kind: 'for',
  n: 160 * 120,
  make: () => ({
    Y: random(Uint8Array, 19200, 1, 16, 236),
    U: random(Uint8Array, 4800, 2, 16, 240),
    V: random(Uint8Array, 4800, 3, 16, 240),
    out: u8c(19200 * 4),
    w: 160,
  }),
  body: (i, { Y, U, V, out, w }) => {
    const x = i % w,
      y = (i / w) | 0,
      c = (y >> 1) * (w >> 1) + (x >> 1);
    const C = 298 * (Y[i] - 16),
      D = U[c] - 128,
      E = V[c] - 128,
      p = i << 2;
    out[p] = (C + 409 * E + 128) >> 8;
    out[p + 1] = (C - 100 * D - 208 * E + 128) >> 8;
    out[p + 2] = (C + 516 * D + 128) >> 8;
    out[p + 3] = 255;
  },
});

add({
  name: 'dilate max 3x3',
  kind: 'map',
  n: 200 * 150,
  make: () => ({ out: u8(30000), src: random(Uint8Array, 30000, 11, 0, 256), w: 200, h: 150 }),
  body: (i, { src, w, h }) => {
    const x = i % w,
      y = (i / w) | 0;
    let m = 0;
    for (let j = Math.max(0, y - 1); j <= Math.min(h - 1, y + 1); j++)
      for (let k = Math.max(0, x - 1); k <= Math.min(w - 1, x + 1); k++) m = Math.max(m, src[j * w + k]);
    return m;
  },
});

add({
  name: 'erode early exit',
  kind: 'map',
  n: 200 * 150,
  make: () => ({
    out: u8(30000),
    src: filled(Uint8Array, 30000, (k) => ((k * 2654435761) >>> 24 > 20 ? 1 : 0)),
    w: 200,
    h: 150,
  }),
  body: (i, { src, w, h }) => {
    const x = i % w,
      y = (i / w) | 0;
    for (let j = y - 2; j <= y + 2; j++)
      for (let k = x - 2; k <= x + 2; k++) {
        if (j < 0 || k < 0 || j >= h || k >= w) continue;
        if (!src[j * w + k]) return 0;
      }
    return 1;
  },
});

add({
  name: 'integral image box query',
  kind: 'map',
  n: 200 * 100,
  make: () => {
    const S = f64(201 * 101);
    const r = noise(4);
    for (let y = 1; y <= 100; y++)
      for (let x = 1; x <= 200; x++)
        S[y * 201 + x] =
          Math.floor(r() * 256) + S[(y - 1) * 201 + x] + S[y * 201 + x - 1] - S[(y - 1) * 201 + x - 1];
    return { out: f32(20000), S, w: 200, h: 100, r: 5 };
  },
  body: (i, { S, w, h, r }) => {
    const x = i % w,
      y = (i - x) / w;
    const x0 = Math.max(x - r, 0),
      x1 = Math.min(x + r + 1, w),
      y0 = Math.max(y - r, 0),
      y1 = Math.min(y + r + 1, h),
      W = w + 1;
    return (S[y1 * W + x1] - S[y0 * W + x1] - S[y1 * W + x0] + S[y0 * W + x0]) / ((x1 - x0) * (y1 - y0));
  },
});

add({
  name: 'quantize palette nearest',
  kind: 'map',
  n: 8000,
  make: () => ({
    out: u8(8000),
    px: picture(100, 80),
    palette: [
      [0, 0, 0],
      [255, 255, 255],
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 0],
      [0, 255, 255],
      [255, 0, 255],
      [128, 128, 128],
      [64, 32, 96],
    ],
  }),
  body: (i, { px, palette }) => {
    let best = 0,
      bestD = Infinity;
    for (let p = 0; p < palette.length; p++) {
      const [r, g, b] = palette[p];
      const d = (px[4 * i] - r) ** 2 + (px[4 * i + 1] - g) ** 2 + (px[4 * i + 2] - b) ** 2;
      if (d < bestD) {
        bestD = d;
        best = p;
      }
    }
    return best;
  },
});

add({
  name: 'matrix color transform 4x5',
  kind: 'for',
  n: 20000,
  make: () => ({
    px: picture(200, 100),
    out: u8c(80000),
    m: [0.39, 0.77, 0.19, 0, 0, 0.35, 0.69, 0.17, 0, 0, 0.27, 0.53, 0.13, 0, 0, 0, 0, 0, 1, 0],
  }),
  body: (i, { px, out, m }) => {
    const o = i * 4,
      r = px[o],
      g = px[o + 1],
      b = px[o + 2],
      a = px[o + 3];
    for (let k = 0; k < 4; k++)
      out[o + k] = m[k * 5] * r + m[k * 5 + 1] * g + m[k * 5 + 2] * b + m[k * 5 + 3] * a + m[k * 5 + 4];
  },
});

module.exports = bodies;
