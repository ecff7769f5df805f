'use strict';

// Simulation: rays, particles, grids, noise, orbits, chance.

const { filled, noise, random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });
const f64 = (n) => shared(Float64Array, n);
const f32 = (n) => shared(Float32Array, n);

add({
  name: 'monte carlo pi, xorshift',
  kind: 'sum',
  n: 50,
  make: () => ({ samples: 100 }),
  body: (i, { samples }) => {
    let s = (i + 1) * 2654435761 >>> 0, hits = 0;
    const rand = () => {
      s ^= s << 13;
      s ^= s >>> 17;
      s ^= s << 5;
      return (s >>> 0) / 0x100000000;
    };
    for (let k = 0; k < samples; k++) {
      const x = rand(), y = rand();
      if (x * x + y * y <= 1) hits++;
    }
    return (4 * hits) / samples;
  },
});

const dot3 = (a, b) => a.x * b.x + a.y * b.y + a.z * b.z;
const sub3 = (a, b) => ({ x: a.x - b.x, y: a.y - b.y, z: a.z - b.z });
const scale3 = (a, k) => ({ x: a.x * k, y: a.y * k, z: a.z * k });
const add3 = (a, b) => ({ x: a.x + b.x, y: a.y + b.y, z: a.z + b.z });
const unit3 = (a) => scale3(a, 1 / Math.sqrt(dot3(a, a)));
add({
  name: 'spheres by rays, vectors as objects',
  kind: 'map',
  n: 32 * 24,
  captures: { dot3, sub3, scale3, add3, unit3 },
  make: () => ({ out: f32(768), w: 32, h: 24, spheres: [[0, 0, 5, 1], [1.2, 0.4, 4, 0.5], [-1.5, -0.3, 6, 1.2]], light: { x: -3, y: 5, z: -2 } }),
  body: (i, { w, h, spheres, light }) => {
    const origin = { x: 0, y: 0, z: 0 };
    const dir = unit3({ x: ((i % w) - w / 2) / h, y: (h / 2 - Math.floor(i / w)) / h, z: 1 });
    let nearest = Infinity, hit = -1;
    for (let k = 0; k < spheres.length; k++) {
      const [x, y, z, r] = spheres[k];
      const oc = sub3(origin, { x, y, z });
      const b = dot3(oc, dir), c = dot3(oc, oc) - r * r, disc = b * b - c;
      if (disc < 0) continue;
      const t = -b - Math.sqrt(disc);
      if (t > 1e-4 && t < nearest) {
        nearest = t;
        hit = k;
      }
    }
    if (hit < 0) return 0;
    const p = add3(origin, scale3(dir, nearest));
    const center = { x: spheres[hit][0], y: spheres[hit][1], z: spheres[hit][2] };
    const normal = unit3(sub3(p, center));
    return Math.max(0, dot3(normal, unit3(sub3(light, p))));
  },
});

add({
  name: 'path tracing in a box, bounces with a generator',
  kind: 'map',
  n: 200,
  make: () => ({ out: f64(200) }),
  body: (i) => {
    let seed = i * 9301 + 49297;
    function random() {
      seed = (seed * 9301 + 49297) % 233280;
      return seed / 233280;
    }
    let x = 0, y = 0, z = 0, light = 0, weight = 1;
    for (let bounce = 0; bounce < 6; bounce++) {
      const phi = 2 * Math.PI * random(), cos = 1 - 2 * random(), sin = Math.sqrt(1 - cos * cos);
      const dx = sin * Math.cos(phi), dy = sin * Math.sin(phi), dz = cos;
      const tx = ((dx > 0 ? 1 : -1) - x) / dx, ty = ((dy > 0 ? 1 : -1) - y) / dy, tz = ((dz > 0 ? 1 : -1) - z) / dz;
      const t = Math.min(tx, ty, tz);
      x += t * dx; y += t * dy; z += t * dz;
      weight *= 0.7;
      if (t === ty && dy > 0) {
        light += weight;
        break;
      }
    }
    return light;
  },
});

const cdf = (x) => {
  const a1 = 0.31938153, a2 = -0.356563782, a3 = 1.781477937, a4 = -1.821255978, a5 = 1.330274429;
  const L = Math.abs(x), K = 1 / (1 + 0.2316419 * L);
  const w = 1 - (1 / Math.sqrt(2 * Math.PI)) * Math.exp((-L * L) / 2) * (a1 * K + a2 * K * K + a3 * Math.pow(K, 3) + a4 * Math.pow(K, 4) + a5 * Math.pow(K, 5));
  return x < 0 ? 1 - w : w;
};
add({
  name: 'black-scholes, call and put',
  kind: 'for',
  n: 500,
  captures: { cdf },
  outputs: ['call', 'put'],
  make: () => ({ s: random(Float64Array, 500, 41, 20, 120), k: random(Float64Array, 500, 42, 20, 120), t: random(Float64Array, 500, 43, 0.1, 2), r: 0.03, v: 0.3, call: f64(500), put: f64(500) }),
  body: (i, { s, k, t, r, v, call, put }) => {
    const root = v * Math.sqrt(t[i]);
    const d1 = (Math.log(s[i] / k[i]) + (r + (v * v) / 2) * t[i]) / root, d2 = d1 - root;
    const discounted = k[i] * Math.exp(-r * t[i]);
    call[i] = s[i] * cdf(d1) - discounted * cdf(d2);
    put[i] = discounted * cdf(-d2) - s[i] * cdf(-d1);
  },
});

add({
  name: 'halton points',
  kind: 'sum',
  n: 2000,
  body: (i) => {
    function halton(index, base) {
      var result = 0, f = 1 / base;
      while (index > 0) {
        result += f * (index % base);
        index = Math.floor(index / base);
        f /= base;
      }
      return result;
    }
    var x = halton(i + 1, 2) - 0.5, y = halton(i + 1, 3) - 0.5;
    return x * x + y * y < 0.25 ? 1 : 0;
  },
});

add({
  name: 'van der corput by reversed bits',
  kind: 'map',
  n: 1000,
  make: () => ({ out: f64(1000) }),
  body: (n) => {
    let b = n;
    b = ((b << 16) | (b >>> 16)) >>> 0;
    b = (((b & 0x55555555) << 1) | ((b & 0xaaaaaaaa) >>> 1)) >>> 0;
    b = (((b & 0x33333333) << 2) | ((b & 0xcccccccc) >>> 2)) >>> 0;
    b = (((b & 0x0f0f0f0f) << 4) | ((b & 0xf0f0f0f0) >>> 4)) >>> 0;
    b = (((b & 0x00ff00ff) << 8) | ((b & 0xff00ff00) >>> 8)) >>> 0;
    return b * 2.3283064365386963e-10;
  },
});

add({
  name: 'logistic map, period',
  kind: 'sum',
  n: 100,
  body: (i) => {
    const r = 2.5 + (1.5 * i) / 100;
    let x = 0.5;
    for (let k = 0; k < 200; k++) x = r * x * (1 - x);
    const start = x;
    let period = 0;
    do {
      x = r * x * (1 - x);
      period++;
    } while (Math.abs(x - start) > 1e-6 && period < 64);
    return period;
  },
});

add({
  name: 'lorenz by runge-kutta, arrays returned',
  kind: 'map',
  n: 60,
  make: () => ({ out: f64(60), sigma: 10, rho: 28, beta: 8 / 3, dt: 0.01 }),
  body: (i, { sigma, rho, beta, dt }) => {
    const f = ([x, y, z]) => [sigma * (y - x), x * (rho - z) - y, x * y - beta * z];
    const step = (a, k, h) => [a[0] + h * k[0], a[1] + h * k[1], a[2] + h * k[2]];
    let s = [1 + i * 1e-3, 1, 1];
    for (let n = 0; n < 40; n++) {
      const k1 = f(s), k2 = f(step(s, k1, dt / 2)), k3 = f(step(s, k2, dt / 2)), k4 = f(step(s, k3, dt));
      s = [s[0] + (dt / 6) * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0]), s[1] + (dt / 6) * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1]), s[2] + (dt / 6) * (k1[2] + 2 * k2[2] + 2 * k3[2] + k4[2])];
    }
    return s[0] + s[1] + s[2];
  },
});

add({
  name: 'three-body energy, verlet on flat arrays',
  kind: 'map',
  n: 20,
  make: () => ({ out: f64(20) }),
  body: (trial) => {
    const pos = [0.97, -0.24, -0.97, 0.24, 0, 0], vel = [0.466, 0.4324, 0.466, 0.4324, -0.932, -0.8647], acc = new Float64Array(6);
    pos[0] += trial * 1e-4;
    const forces = () => {
      acc.fill(0);
      for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) {
        if (a === b) continue;
        const dx = pos[2 * b] - pos[2 * a], dy = pos[2 * b + 1] - pos[2 * a + 1], d = Math.sqrt(dx * dx + dy * dy), d3 = d * d * d;
        acc[2 * a] += dx / d3;
        acc[2 * a + 1] += dy / d3;
      }
    };
    const dt = 0.01;
    forces();
    for (let n = 0; n < 20; n++) {
      for (let k = 0; k < 6; k++) { vel[k] += acc[k] * dt / 2; pos[k] += vel[k] * dt; }
      forces();
      for (let k = 0; k < 6; k++) vel[k] += acc[k] * dt / 2;
    }
    let e = 0;
    for (const v of vel) e += v * v / 2;
    return e;
  },
});

add({
  name: 'wave equation, one step',
  kind: 'map',
  n: 600,
  make: () => ({ out: f64(600), u: random(Float64Array, 600, 44), before: random(Float64Array, 600, 45), w: 30, h: 20, c2: 0.2 }),
  body: (i, { u, before, w, h, c2 }) => {
    const x = i % w, y = (i - x) / w;
    if (x == 0 || y == 0 || x == w - 1 || y == h - 1) return 0;
    const lap = u[i - 1] + u[i + 1] + u[i - w] + u[i + w] - 4 * u[i];
    return 2 * u[i] - before[i] + c2 * lap;
  },
});

add({
  name: 'jacobi, change of a cell',
  kind: 'max',
  n: 600,
  make: () => ({ u: random(Float64Array, 600, 46), next: f64(600), w: 30 }),
  body: (i, data) => {
    const { u, next, w } = data;
    const fixed = i < w || i >= u.length - w || i % w === 0 || i % w === w - 1;
    next[i] = fixed ? u[i] : (u[i - 1] + u[i + 1] + u[i - w] + u[i + w]) * 0.25;
    return Math.abs(next[i] - u[i]);
  },
});

add({
  name: 'sph density with a cutoff',
  kind: 'map',
  n: 120,
  make: () => ({ out: f32(120), particles: { x: random(Float32Array, 120, 47), y: random(Float32Array, 120, 48) }, H: 0.2, MASS: 0.65 }),
  body: (i, { particles, H, MASS }) => {
    const HSQ = H * H, POLY6 = 4 / (Math.PI * Math.pow(H, 8));
    let rho = 0;
    for (let j = 0; j < particles.x.length; j++) {
      const rx = particles.x[j] - particles.x[i], ry = particles.y[j] - particles.y[i];
      const r2 = rx * rx + ry * ry;
      if (r2 < HSQ) rho += MASS * POLY6 * Math.pow(HSQ - r2, 3);
    }
    return rho;
  },
});

add({
  name: 'boids, three rules',
  kind: 'for',
  n: 80,
  outputs: ['vx2', 'vy2'],
  make: () => ({ x: random(Float64Array, 80, 51), y: random(Float64Array, 80, 52), vx: random(Float64Array, 80, 53, -1, 1), vy: random(Float64Array, 80, 54, -1, 1), vx2: f64(80), vy2: f64(80), rule: { near: 0.1, far: 0.3, max: 0.8 } }),
  body: (i, { x, y, vx, vy, vx2, vy2, rule }) => {
    let cx = 0, cy = 0, ax = 0, ay = 0, sx = 0, sy = 0, count = 0;
    for (let j = 0; j < x.length; j++) {
      if (j === i) continue;
      const dx = x[j] - x[i], dy = y[j] - y[i], d = Math.sqrt(dx ** 2 + dy ** 2);
      if (d > rule.far) continue;
      count++;
      cx += x[j]; cy += y[j];
      ax += vx[j]; ay += vy[j];
      if (d < rule.near) { sx -= dx; sy -= dy; }
    }
    let nx = vx[i] + sx * 0.05, ny = vy[i] + sy * 0.05;
    if (count) {
      nx += (cx / count - x[i]) * 0.005 + (ax / count - vx[i]) * 0.05;
      ny += (cy / count - y[i]) * 0.005 + (ay / count - vy[i]) * 0.05;
    }
    const speed = Math.hypot(nx, ny);
    if (speed > rule.max) {
      nx = (nx / speed) * rule.max;
      ny = (ny / speed) * rule.max;
    }
    [vx2[i], vy2[i]] = [nx, ny];
  },
});

add({
  name: 'game of life, 32 cells in a word',
  kind: 'map',
  n: 64,
  make: () => ({ out: shared(Uint32Array, 64), rows: random(Uint32Array, 64, 55, 0, 2 ** 32) }),
  body: (y, { rows }) => {
    const n = rows.length;
    const up = rows[(y + n - 1) % n], mid = rows[y], down = rows[(y + 1) % n];
    const rotl = (v) => (v << 1) | (v >>> 31), rotr = (v) => (v >>> 1) | (v << 31);
    const add = (a, b, c) => [a ^ b ^ c, (a & b) | (a & c) | (b & c)];
    const [s0, c0] = add(rotl(up), up, rotr(up)), [s2, c2] = add(rotl(down), down, rotr(down));
    const s1 = rotl(mid) ^ rotr(mid), c1 = rotl(mid) & rotr(mid);
    const [ones, carry] = add(s0, s1, s2);
    const [t, u] = add(c0, c1, c2), twos = t ^ carry, fours = u | (t & carry);
    return (twos & ~fours & (ones | mid)) >>> 0;
  },
});

add({
  name: 'wa-tor, where a fish swims',
  kind: 'map',
  n: 400,
  make: () => ({ out: shared(Int16Array, 400), sea: random(Uint8Array, 400, 56, 0, 3), w: 20 }),
  body: (i, { sea, w }) => {
    if (sea[i] !== 1) return -1;
    const free = [];
    const x = i % w, y = (i / w) | 0;
    for (const [dx, dy] of [[0, -1], [1, 0], [0, 1], [-1, 0]]) {
      const k = ((y + dy + w) % w) * w + ((x + dx + w) % w);
      if (sea[k] === 0) free.push(k);
    }
    return free.length ? free[(i * 7919) % free.length] : i;
  },
});

const F2 = 0.5 * (Math.sqrt(3) - 1), G2 = (3 - Math.sqrt(3)) / 6;
const GRAD = [[1, 1], [-1, 1], [1, -1], [-1, -1], [1, 0], [-1, 0], [0, 1], [0, -1]];
add({
  name: 'simplex noise, octaves',
  kind: 'map',
  n: 400,
  captures: { F2, G2, GRAD },
  make: () => ({ out: f64(400), perm: random(Uint8Array, 512, 57, 0, 256), w: 20 }),
  body: (i, { perm, w }) => {
    const corner = (x, y, g) => {
      let t = 0.5 - x * x - y * y;
      if (t < 0) return 0;
      t *= t;
      return t * t * (GRAD[g & 7][0] * x + GRAD[g & 7][1] * y);
    };
    const simplex = (xin, yin) => {
      const s = (xin + yin) * F2, a = Math.floor(xin + s), b = Math.floor(yin + s), t = (a + b) * G2;
      const x0 = xin - (a - t), y0 = yin - (b - t);
      const [i1, j1] = x0 > y0 ? [1, 0] : [0, 1];
      const ii = a & 255, jj = b & 255;
      return 70 * (corner(x0, y0, perm[ii + perm[jj]]) + corner(x0 - i1 + G2, y0 - j1 + G2, perm[ii + i1 + perm[jj + j1]]) + corner(x0 - 1 + 2 * G2, y0 - 1 + 2 * G2, perm[ii + 1 + perm[jj + 1]]));
    };
    let total = 0, amplitude = 1, frequency = 0.07, max = 0;
    for (let o = 0; o < 4; o++, amplitude *= 0.5, frequency *= 2) {
      total += amplitude * simplex((i % w) * frequency, ((i / w) | 0) * frequency);
      max += amplitude;
    }
    return total / max;
  },
});

add({
  name: 'worley noise',
  kind: 'map',
  n: 400,
  make: () => ({ out: f32(400) }),
  body: (i) => {
    const hash = (x, y) => {
      let h = x * 374761393 + y * 668265263;
      h = (h ^ (h >> 13)) * 1274126177;
      return ((h ^ (h >> 16)) >>> 0) / 4294967295;
    };
    const px = (i % 20) / 4, py = Math.floor(i / 20) / 4, cx = Math.floor(px), cy = Math.floor(py);
    let first = 9, second = 9;
    for (let y = cy - 1; y <= cy + 1; y++)
      for (let x = cx - 1; x <= cx + 1; x++) {
        const dx = x + hash(x, y) - px, dy = y + hash(y, x) - py, d = dx * dx + dy * dy;
        if (d < first) [first, second] = [d, first];
        else if (d < second) second = d;
      }
    return Math.sqrt(second) - Math.sqrt(first);
  },
});

add({
  name: 'marching squares, case and crossing',
  kind: 'for',
  n: 19 * 14,
  outputs: ['index', 'at'],
  make: () => ({ field: random(Float32Array, 300, 58), index: shared(Uint8Array, 266), at: f32(266), w: 20, iso: 0.5 }),
  body: (i, { field, index, at, w, iso }) => {
    const x = i % (w - 1), y = Math.floor(i / (w - 1)), k = y * w + x;
    const corners = [field[k], field[k + 1], field[k + w + 1], field[k + w]];
    let cell = 0;
    corners.forEach((v, b) => { if (v > iso) cell |= 1 << b; });
    index[i] = cell;
    at[i] = cell === 0 || cell === 15 ? -1 : (iso - corners[0]) / (corners[1] - corners[0] || 1);
  },
  refused: /`forEach` of arrays; write a loop/,
});

add({
  name: 'marching squares, counted',
  kind: 'map',
  n: 19 * 14,
  make: () => ({ field: random(Float32Array, 300, 58), out: shared(Uint8Array, 266), w: 20, iso: 0.5 }),
  body: (i, { field, w, iso }) => {
    const x = i % (w - 1), y = Math.floor(i / (w - 1)), k = y * w + x;
    let cell = 0;
    if (field[k] > iso) cell |= 1;
    if (field[k + 1] > iso) cell |= 2;
    if (field[k + w + 1] > iso) cell |= 4;
    if (field[k + w] > iso) cell |= 8;
    return cell;
  },
});

add({
  name: 'random walk until it leaves, seeds apart',
  kind: 'max',
  n: 60,
  make: () => ({ limit: 8 }),
  body: (i, { limit }) => {
    let a = 0x9e3779b9 ^ i, x = 0, y = 0, steps = 0;
    for (;;) {
      a |= 0; a = (a + 0x6d2b79f5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      switch ((t ^ (t >>> 14)) & 3) {
        case 0: x++; break;
        case 1: x--; break;
        case 2: y++; break;
        default: y--;
      }
      if (++steps > 2000 || Math.abs(x) + Math.abs(y) >= limit) return steps;
    }
  },
});

add({
  name: 'elementary automaton in a word',
  kind: 'sum',
  n: 256,
  body: (rule) => {
    let row = 1 << 15, total = 0;
    for (let t = 0; t < 16; t++) {
      let next = 0;
      for (let b = 0; b < 32; b++) {
        const left = (row >>> ((b + 1) & 31)) & 1, mid = (row >>> b) & 1, right = (row >>> ((b + 31) & 31)) & 1;
        if ((rule >> ((left << 2) | (mid << 1) | right)) & 1) next |= 1 << b;
      }
      row = next;
      total += row >>> 0;
    }
    return total;
  },
});

add({
  name: 'newton fractal, the root by complex helpers',
  kind: 'map',
  n: 600,
  make: () => ({ out: shared(Uint8Array, 600) }),
  body: (i) => {
    const cmul = (a, b) => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
    const cdiv = (a, b) => {
      const d = b.re * b.re + b.im * b.im;
      return { re: (a.re * b.re + a.im * b.im) / d, im: (a.im * b.re - a.re * b.im) / d };
    };
    let z = { re: (i % 30) / 10 - 1.45, im: Math.floor(i / 30) / 10 - 0.95 };
    let n = 0;
    for (; n < 30; n++) {
      const z2 = cmul(z, z), z3 = cmul(z2, z);
      if (Math.abs(z3.re - 1) + Math.abs(z3.im) < 1e-6) break;
      const q = cdiv({ re: z3.re - 1, im: z3.im }, { re: 3 * z2.re, im: 3 * z2.im });
      z = { re: z.re - q.re, im: z.im - q.im };
    }
    return n;
  },
});

module.exports = bodies;
