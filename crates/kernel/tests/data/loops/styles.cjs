'use strict';

// What people carry over from the rest of their programs: generators that functions make, flags, and null where nothing was found.

const { noise, random, shared } = require('./make.cjs');

const bodies = [];
const add = (entry) => bodies.push({ make: () => ({}), ...entry });

function mulberry32(a) {
  return function () {
    a |= 0;
    a = (a + 0x6d2b79f5) | 0;
    var t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
add({
  name: 'dice, a generator made by a function',
  kind: 'sum',
  n: 200,
  captures: { mulberry32 },
  make: () => ({ throws: 20 }),
  body: (i, { throws }) => {
    const rand = mulberry32(i);
    let sixes = 0;
    for (let k = 0; k < throws; k++) if (Math.floor(rand() * 6) === 5) sixes++;
    return sixes;
  },
});

function sfc32(a, b, c, d) {
  return () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4294967296;
  };
}
add({
  name: 'normal numbers, a generator handed to another',
  kind: 'map',
  n: 100,
  captures: { sfc32 },
  body: (i) => {
    const gaussian = (rand) => () => {
      let u, v, s;
      do {
        u = 2 * rand() - 1;
        v = 2 * rand() - 1;
        s = u * u + v * v;
      } while (s >= 1 || s === 0);
      return u * Math.sqrt((-2 * Math.log(s)) / s);
    };
    const next = gaussian(sfc32(i, 0x9e3779b9, 0x243f6a88, 0xb7e15162));
    next();
    return next() + next();
  },
});

add({
  name: 'a stream of numbers as an object with methods',
  kind: 'sum',
  n: 100,
  body: (i) => {
    const stream = (seed) => {
      const state = { s: seed, calls: 0 };
      return {
        next() {
          state.calls++;
          state.s = (state.s * 16807) % 2147483647;
          return state.s / 2147483647;
        },
        calls: () => state.calls,
      };
    };
    const a = stream(i + 1), b = stream(i + 7);
    let total = 0;
    while (total < 3) total += a.next() + (a.calls() % 3 === 0 ? b.next() : 0);
    return total + b.calls();
  },
});

add({
  name: 'sieve of flags in a local array',
  kind: 'count',
  n: 60,
  body: (i) => {
    const composite = new Array(128).fill(false);
    for (let p = 2; p * p < 128; p++) {
      if (composite[p]) continue;
      for (let q = p * p; q < 128; q += p) composite[q] = true;
    }
    return composite[2 * i + 1] === false;
  },
});

add({
  name: 'birthdays, a flag for each day',
  kind: 'count',
  n: 150,
  captures: { mulberry32 },
  body: (i) => {
    const seen = new Array(365).fill(false), rand = mulberry32(i);
    for (let person = 0; person < 23; person++) {
      const day = (rand() * 365) | 0;
      if (seen[day]) return true;
      seen[day] = true;
    }
    return false;
  },
});

add({
  name: 'lights that are switched, a row of booleans',
  kind: 'sum',
  n: 40,
  body: (i) => {
    let row = [true, false, i % 2 === 0, i % 3 === 0, false, true];
    for (let turn = 0; turn < i; turn++) {
      const next = [false, false, false, false, false, false];
      for (let k = 0; k < 6; k++) next[k] = row[(k + 5) % 6] !== (row[k] || row[(k + 1) % 6]);
      for (let k = 0; k < 6; k++) row[k] = next[k];
    }
    return row[0] + 2 * row[1] + 4 * row[2] + 8 * row[3] + 16 * row[4] + 32 * row[5];
  },
});

const spheres = () => {
  const r = noise(71);
  return Array.from({ length: 6 }, () => ({ center: { x: 4 * r() - 2, y: 4 * r() - 2, z: 4 + 3 * r() }, radius: 0.3 + r(), shade: r() }));
};
add({
  name: 'the sphere that a ray hits, or null',
  kind: 'map',
  n: 24 * 24,
  make: () => ({ spheres: spheres(), w: 24 }),
  body: (i, { spheres, w }) => {
    const intersect = (sphere, dx, dy) => {
      const { center: c, radius } = sphere;
      const b = c.x * dx + c.y * dy + c.z;
      const disc = b * b - (dx * dx + dy * dy + 1) * (c.x * c.x + c.y * c.y + c.z * c.z - radius * radius);
      if (disc < 0) return null;
      return { t: (b - Math.sqrt(disc)) / (dx * dx + dy * dy + 1), sphere };
    };
    const dx = (i % w) / w - 0.5, dy = Math.floor(i / w) / w - 0.5;
    let nearest = null;
    for (const sphere of spheres) {
      const hit = intersect(sphere, dx, dy);
      if (hit && (!nearest || hit.t < nearest.t)) nearest = hit;
    }
    return nearest === null ? 0 : nearest.sphere.shade / nearest.t;
  },
});

add({
  name: 'the nearest shop, remembered as an object',
  kind: 'sum',
  n: 200,
  make: () => ({ xs: random(Float64Array, 200, 5), shops: [{ x: 0.1, open: true, price: 3 }, { x: 0.4, open: false, price: 2 }, { x: 0.8, open: true, price: 5 }] }),
  body: (i, { xs, shops }) => {
    let best;
    for (let k = 0; k < shops.length; k++) {
      if (!shops[k].open) continue;
      if (best === undefined || Math.abs(shops[k].x - xs[i]) < Math.abs(best.x - xs[i])) best = shops[k];
    }
    return best ? best.price : 0;
  },
});

add({
  name: 'roots of a quadratic, or null',
  kind: 'sum',
  n: 200,
  body: (i) => {
    function roots(a, b, c) {
      const d = b * b - 4 * a * c;
      if (d < 0) return null;
      const q = Math.sqrt(d);
      return [(-b - q) / (2 * a), (-b + q) / (2 * a)];
    }
    const found = roots(1, (i % 9) - 4, (i % 5) - 1);
    if (!found) return -1;
    const [low, high] = found;
    return high - low;
  },
});

add({
  name: 'least and greatest, null at first',
  kind: 'map',
  n: 60,
  make: () => ({ x: random(Float32Array, 600, 9, -5, 5), out: shared(Float64Array, 60) }),
  body: (row, { x }) => {
    let least = null, greatest = null;
    for (let k = 10 * row; k < 10 * row + 10; k++) {
      if (x[k] < 0) continue;
      if (least === null || x[k] < least) least = x[k];
      if (greatest === null || x[k] > greatest) greatest = x[k];
    }
    return least === null ? -1 : greatest - least;
  },
});

module.exports = bodies;
