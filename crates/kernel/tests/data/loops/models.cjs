'use strict';

// Finance, statistics, physics.

const { random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const f64 = (n) => shared(Float64Array, n);
const f32 = (n) => shared(Float32Array, n);
const i32 = (n) => shared(Int32Array, n);
const u32 = (n) => shared(Uint32Array, n);

add({
  name: 'asian option lcg',
  kind: 'sum',
  n: 2000,
  make: () => ({ s0: 100, k: 100, r: 0.05, sigma: 0.2, m: 12 }),
  body: (i, { s0, k, r, sigma, m }) => {
    let seed = (i + 1) >>> 0;
    const rnd = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed + 1) / 0x80000001;
    };
    const dt = 1 / m,
      nudt = (r - 0.5 * sigma * sigma) * dt,
      sidt = sigma * Math.sqrt(dt);
    let s = s0,
      avg = 0;
    for (let j = 0; j < m; j++) {
      let g = 0;
      for (let q = 0; q < 12; q++) g += rnd();
      s = s * Math.exp(nudt + sidt * (g - 6));
      avg += s;
    }
    return Math.exp(-r) * Math.max(avg / m - k, 0);
  },
});

add({
  name: 'binomial tree american put',
  kind: 'map',
  n: 200,
  make: () => ({ out: f64(200), K: 100, r: 0.05, sigma: 0.3, T: 1 }),
  body: (i, { K, r, sigma, T }) => {
    const N = 50,
      S = 50 + i / 2,
      dt = T / N,
      u = Math.exp(sigma * Math.sqrt(dt)),
      d = 1 / u,
      disc = Math.exp(-r * dt),
      p = (Math.exp(r * dt) - d) / (u - d);
    const v = new Float64Array(51);
    for (let j = 0; j <= N; j++) v[j] = Math.max(0, K - S * Math.pow(u, j) * Math.pow(d, N - j));
    for (let n = N - 1; n >= 0; n--)
      for (let j = 0; j <= n; j++)
        v[j] = Math.max(disc * (p * v[j + 1] + (1 - p) * v[j]), K - S * u ** j * d ** (n - j));
    return v[0];
  },
});

add({
  name: 'bond yield newton',
  kind: 'map',
  n: 2000,
  make: () => ({
    out: f64(2000),
    price: random(Float64Array, 2000, 3, 80, 120),
    coupon: random(Float64Array, 2000, 4, 1, 8),
    years: 10,
  }),
  body: (i, { price, coupon, years, face = 100 }) => {
    let y = 0.05;
    for (let it = 0; it < 50; it++) {
      let f = -price[i],
        df = 0;
      for (let t = 1; t <= years; t++) {
        const c = t === years ? coupon[i] + face : coupon[i];
        const disc = (1 + y) ** t;
        f += c / disc;
        df -= (t * c) / (disc * (1 + y));
      }
      const dy = f / df;
      y -= dy;
      if (Math.abs(dy) < 1e-12) break;
    }
    return y;
  },
});

add({
  name: 'implied vol bisection',
  kind: 'map',
  n: 1000,
  captures: {},
  make: () => ({ out: f64(1000), price: random(Float64Array, 1000, 5, 3, 20) }),
  body: function impliedVol(i, { price }) {
    function erf(x) {
      const s = x < 0 ? -1 : 1;
      x = Math.abs(x);
      const t = 1 / (1 + 0.3275911 * x);
      return (
        s *
        (1 -
          ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
            t *
            Math.exp(-x * x))
      );
    }
    const N = (x) => 0.5 * (1 + erf(x / Math.SQRT2));
    const bs = (S, K, r, T, v) => {
      const d1 = (Math.log(S / K) + (r + (v * v) / 2) * T) / (v * Math.sqrt(T));
      return S * N(d1) - K * Math.exp(-r * T) * N(d1 - v * Math.sqrt(T));
    };
    let lo = 0.001,
      hi = 3;
    while (hi - lo > 1e-8) {
      const mid = (lo + hi) / 2;
      if (bs(100, 105, 0.02, 0.5, mid) > price[i]) hi = mid;
      else lo = mid;
    }
    return (lo + hi) / 2;
  },
});

add({
  name: 'historical VaR pnl',
  kind: 'map',
  n: 1000,
  make: () => ({
    out: f64(1000),
    returns: random(Float64Array, 8000, 6, -0.05, 0.05),
    weights: [0.1, 0.2, 0.05, 0.15, 0.1, 0.1, 0.2, 0.1],
  }),
  body: (d, { returns, weights }) => {
    let p = 0;
    for (let k = 0; k < weights.length; k++) p += weights[k] * returns[d * weights.length + k];
    return p * 1e6;
  },
});

add({
  name: 'npv irr cash flows',
  kind: 'sum',
  n: 500,
  make: () => ({ flows: random(Float32Array, 500 * 12, 7, -100, 300), rate: 0.1 }),
  body: (i, { flows, rate }) => {
    let npv = -1000;
    for (let t = 0; t < 12; ++t) npv += flows[i * 12 + t] / Math.pow(1 + rate, t + 1);
    return npv;
  },
});

add({
  name: 'loan amortization rounding cents',
  kind: 'sum',
  n: 1000,
  make: () => ({}),
  body: (i) => {
    let bal = 100000 + i * 10,
      r = 0.04 / 12,
      pay = Math.round(((bal * r) / (1 - Math.pow(1 + r, -36))) * 100) / 100,
      interest = 0;
    for (let m = 0; m < 36 && bal > 0; m++) {
      const int = Math.round(bal * r * 100) / 100;
      interest += int;
      bal = +(bal + int - pay);
    }
    return interest;
  },
});

add({
  name: 'histogram atomics floor',
  kind: 'for',
  n: 20000,
  outputs: ['h'],
  make: () => ({ x: random(Float64Array, 20000, 9), h: i32(64), bins: 64 }),
  body: (i, { x, h, bins }) => {
    Atomics.add(h, Math.min(bins - 1, Math.floor(x[i] * bins)), 1);
  },
});

add({
  name: 'histogram one bin each',
  kind: 'map',
  n: 32,
  make: () => ({ out: u32(32), x: random(Float32Array, 2000, 9) }),
  body: (b, { x }) => {
    let c = 0;
    for (const v of x) if (v >= b / 32 && v < (b + 1) / 32) c++;
    return c;
  },
});

add({
  name: 'correlation of columns',
  kind: 'map',
  n: 64,
  make: () => ({ out: f64(64), m: random(Float64Array, 8 * 300, 10), rows: 300, cols: 8 }),
  body: (ij, { m, rows, cols }) => {
    const a = ij % cols,
      b = (ij / cols) | 0;
    let sx = 0,
      sy = 0,
      sxy = 0,
      sxx = 0,
      syy = 0;
    for (let r = 0; r < rows; r++) {
      const x = m[r * cols + a],
        y = m[r * cols + b];
      sx += x;
      sy += y;
      sxy += x * y;
      sxx += x * x;
      syy += y * y;
    }
    return (rows * sxy - sx * sy) / Math.sqrt((rows * sxx - sx * sx) * (rows * syy - sy * sy));
  },
});

add({
  name: 'gamma function lanczos',
  kind: 'map',
  n: 5000,
  make: () => ({
    out: f64(5000),
    g: [
      0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
      12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ],
  }),
  body: (i, { g }) => {
    let z = 0.5 + i / 100;
    z -= 1;
    let x = g[0];
    for (let k = 1; k < 9; k++) x += g[k] / (z + k);
    const t = z + 7.5;
    return Math.sqrt(2 * Math.PI) * Math.pow(t, z + 0.5) * Math.exp(-t) * x;
  },
});

add({
  name: 'binomial pmf by logs',
  kind: 'sum',
  n: 200,
  make: () => ({ N: 200, p: 0.3 }),
  body: (k, { N, p }) => {
    let lc = 0;
    for (let j = 1; j <= k; j++) lc += Math.log(N - k + j) - Math.log(j);
    return Math.exp(lc + k * Math.log(p) + (N - k) * Math.log1p(-p));
  },
});

add({
  name: 'normal quantile acklam',
  kind: 'map',
  n: 4999,
  make: () => ({ out: f64(4999) }),
  body: (i) => {
    const p = (i + 1) / 5000;
    const a = [
        -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
        -3.066479806614716e1, 2.506628277459239,
      ],
      b = [
        -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
        -1.328068155288572e1,
      ],
      c = [
        -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
        4.374664141464968, 2.938163982698783,
      ],
      d = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];
    if (p < 0.02425) {
      const q = Math.sqrt(-2 * Math.log(p));
      return (
        (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
        ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1)
      );
    }
    if (p > 1 - 0.02425) {
      const q = Math.sqrt(-2 * Math.log(1 - p));
      return (
        -(((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
        ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1)
      );
    }
    const q = p - 0.5,
      r = q * q;
    return (
      ((((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q) /
      (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1)
    );
  },
});

add({
  name: 'n-body aos forRange',
  kind: 'for',
  n: 200,
  outputs: ['acc'],
  make: () => ({
    pos: random(Float64Array, 600, 11, -1, 1),
    mass: random(Float64Array, 200, 12),
    acc: f64(600),
    n: 200,
    G: 6.674e-2,
  }),
  body: (i, { pos, mass, acc, n, G }) => {
    let ax = 0,
      ay = 0,
      az = 0;
    const xi = pos[i * 3],
      yi = pos[i * 3 + 1],
      zi = pos[i * 3 + 2];
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const dx = pos[j * 3] - xi,
        dy = pos[j * 3 + 1] - yi,
        dz = pos[j * 3 + 2] - zi;
      const distSq = dx * dx + dy * dy + dz * dz + 0.01,
        dist = Math.sqrt(distSq),
        f = (G * mass[j]) / (distSq * dist);
      ax += dx * f;
      ay += dy * f;
      az += dz * f;
    }
    acc[i * 3] = ax;
    acc[i * 3 + 1] = ay;
    acc[i * 3 + 2] = az;
  },
});

add({
  name: 'lennard-jones cutoff minimum image',
  kind: 'sum',
  n: 200,
  make: () => ({
    x: random(Float64Array, 200, 13, 0, 8),
    y: random(Float64Array, 200, 14, 0, 8),
    z: random(Float64Array, 200, 15, 0, 8),
    L: 8,
    rc2: 6.25,
  }),
  body: (i, { x, y, z, L, rc2 }) => {
    let e = 0;
    for (let j = i + 1; j < x.length; j++) {
      let dx = x[i] - x[j],
        dy = y[i] - y[j],
        dz = z[i] - z[j];
      dx -= L * Math.round(dx / L);
      dy -= L * Math.round(dy / L);
      dz -= L * Math.round(dz / L);
      const r2 = dx * dx + dy * dy + dz * dz;
      if (r2 < rc2) {
        const s = 1 / r2,
          s6 = s * s * s;
        e += 4 * s6 * (s6 - 1);
      }
    }
    return e;
  },
});

add({
  name: 'fdtd ez update',
  kind: 'for',
  n: 150 * 150,
  outputs: ['ez'],
  make: () => ({
    ez: random(Float32Array, 22500, 16),
    hx: random(Float32Array, 22500, 17),
    hy: random(Float32Array, 22500, 18),
    w: 150,
    c: 0.5,
  }),
  body: (k, { ez, hx, hy, w, c }) => {
    const x = k % w,
      y = (k - x) / w;
    if (x > 0 && y > 0) ez[k] += c * (hy[k] - hy[k - 1] - hx[k] + hx[k - w]);
  },
});

add({
  name: 'lattice boltzmann d2q9 collide',
  kind: 'for',
  n: 60 * 40,
  outputs: ['f'],
  make: () => ({
    f: random(Float64Array, 9 * 2400, 19, 0.05, 0.2),
    omega: 1.7,
    n: 2400,
    w: [4 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 36, 1 / 36, 1 / 36, 1 / 36],
    cx: [0, 1, 0, -1, 0, 1, -1, -1, 1],
    cy: [0, 0, 1, 0, -1, 1, 1, -1, -1],
  }),
  body: (i, { f, omega, n, w, cx, cy }) => {
    let rho = 0,
      ux = 0,
      uy = 0;
    for (let d = 0; d < 9; d++) {
      const v = f[d * n + i];
      rho += v;
      ux += v * cx[d];
      uy += v * cy[d];
    }
    ux /= rho;
    uy /= rho;
    const u2 = ux * ux + uy * uy;
    for (let d = 0; d < 9; d++) {
      const cu = cx[d] * ux + cy[d] * uy,
        eq = w[d] * rho * (1 + 3 * cu + 4.5 * cu * cu - 1.5 * u2);
      f[d * n + i] += omega * (eq - f[d * n + i]);
    }
  },
});

add({
  name: 'lattice boltzmann stream periodic',
  kind: 'for',
  n: 60 * 40,
  outputs: ['g'],
  make: () => ({
    f: random(Float64Array, 9 * 2400, 19),
    g: f64(9 * 2400),
    W: 60,
    H: 40,
    cx: [0, 1, 0, -1, 0, 1, -1, -1, 1],
    cy: [0, 0, 1, 0, -1, 1, 1, -1, -1],
  }),
  body: (i, { f, g, W, H, cx, cy }) => {
    const x = i % W,
      y = (i / W) | 0,
      N = W * H;
    for (let d = 0; d < 9; d++) g[d * N + i] = f[d * N + ((y - cy[d] + H) % H) * W + ((x - cx[d] + W) % W)];
  },
});

add({
  name: 'pendulum rk4 destructuring',
  kind: 'map',
  n: 500,
  make: () => ({ out: f64(500), g: 9.81, L: 1, dt: 0.01 }),
  body: (i, { g, L, dt }) => {
    const deriv = (th, w) => [w, (-g / L) * Math.sin(th)];
    let th = i * 0.006,
      w = 0;
    for (let k = 0; k < 50; k++) {
      const [a1, b1] = deriv(th, w),
        [a2, b2] = deriv(th + (dt / 2) * a1, w + (dt / 2) * b1),
        [a3, b3] = deriv(th + (dt / 2) * a2, w + (dt / 2) * b2),
        [a4, b4] = deriv(th + dt * a3, w + dt * b3);
      th += (dt / 6) * (a1 + 2 * a2 + 2 * a3 + a4);
      w += (dt / 6) * (b1 + 2 * b2 + 2 * b3 + b4);
    }
    return th;
  },
});

add({
  name: 'double pendulum flip time',
  kind: 'map',
  n: 300,
  make: () => ({ out: f32(300), g: 1 }),
  body: (p, { g }) => {
    let t1 = -3 + (6 * (p % 20)) / 20,
      t2 = -3 + (6 * Math.floor(p / 20)) / 15,
      w1 = 0,
      w2 = 0;
    const dt = 0.05;
    for (let n = 0; n < 200; n++) {
      const s = Math.sin(t1 - t2),
        c = Math.cos(t1 - t2),
        den = 3 - Math.cos(2 * t1 - 2 * t2);
      const a1 = (-g * 3 * Math.sin(t1) - g * Math.sin(t1 - 2 * t2) - 2 * s * (w2 * w2 + w1 * w1 * c)) / den,
        a2 = (2 * s * (w1 * w1 * 2 + g * 2 * Math.cos(t1) + w2 * w2 * c)) / den;
      w1 += a1 * dt;
      w2 += a2 * dt;
      t1 += w1 * dt;
      t2 += w2 * dt;
      if (Math.abs(t2) > Math.PI || Math.abs(t1) > Math.PI) return n * dt;
    }
    return NaN;
  },
});

add({
  name: 'verlet cloth springs',
  kind: 'for',
  n: 30 * 30,
  outputs: ['fx', 'fy'],
  make: () => ({
    x: random(Float32Array, 900, 20),
    y: random(Float32Array, 900, 21),
    fx: f32(900),
    fy: f32(900),
    cols: 30,
    rest: 0.03,
    k: 50,
  }),
  body: (i, { x, y, fx, fy, cols, rest, k }) => {
    const col = i % cols,
      row = (i / cols) | 0;
    let ax = 0,
      ay = 9.8;
    const pull = (j) => {
      const dx = x[j] - x[i],
        dy = y[j] - y[i],
        d = Math.sqrt(dx * dx + dy * dy) || 1e-6,
        f = (k * (d - rest)) / d;
      ax += dx * f;
      ay += dy * f;
    };
    if (col > 0) pull(i - 1);
    if (col < cols - 1) pull(i + 1);
    if (row > 0) pull(i - cols);
    if (row < cols - 1) pull(i + cols);
    fx[i] = ax;
    fy[i] = ay;
  },
});

module.exports = bodies;
