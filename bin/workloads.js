'use strict';

// What `allcores bench` runs: loops as people write them, and the same by the package. `loop` and `call` give what `isSame` compares, bit
// for bit; for sums `exact` gives the sum without errors of rounding, which a loop has.

const LENGTH = 2 ** 21;

function workloads({ count, forRange, map, min, shared, sum, sumRange }) {
  const numbers = shared(Float64Array, LENGTH);
  let state = 1;
  for (let i = 0; i < LENGTH; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    numbers[i] = state / 2 ** 32 - 0.25;
  }
  return [
    addition(numbers, sum),
    least(numbers, min),
    integral(sumRange),
    wave(numbers, map, shared),
    primes(count),
    mandelbrot(forRange, shared),
  ];
}

function addition(numbers, sum) {
  return {
    name: 'sum of 2 Mi doubles',
    loop() {
      let total = 0;
      for (let i = 0; i < numbers.length; i++) total += numbers[i];
      return total;
    },
    call: (options) => sum(numbers, options),
    exact: () => exactly(numbers.length, (i) => numbers[i]),
  };
}

function least(numbers, min) {
  return {
    name: 'min of 2 Mi doubles',
    loop() {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < numbers.length; i++) least = Math.min(least, numbers[i]);
      return least;
    },
    call: (options) => min(numbers, options),
  };
}

function integral(sumRange) {
  const num = 5_000_000;
  const step = 1 / num;
  const area = (i, { step }) => {
    const x = (i + 0.5) * step;
    return 4 / (1 + x * x);
  };
  return {
    name: 'sum of 4 / (1 + x²)',
    loop() {
      let total = 0;
      for (let i = 0; i < num; i++) {
        const x = (i + 0.5) * step;
        total += 4 / (1 + x * x);
      }
      return total;
    },
    call: (options) => sumRange(num, area, { data: { step }, ...options }),
    exact: () => exactly(num, (i) => area(i, { step })),
  };
}

function wave(numbers, map, shared) {
  const view = numbers.subarray(0, 2 ** 20);
  const [mine, into] = [shared(Float64Array, view.length), shared(Float64Array, view.length)];
  return {
    name: 'map by sin(x) · exp(-x)',
    portable: true,
    loop() {
      for (let i = 0; i < view.length; i++) mine[i] = Math.sin(20 * view[i]) * Math.exp(-view[i]);
      return mine;
    },
    call: (options) => map(view, (x) => Math.sin(20 * x) * Math.exp(-x), { into, ...options }),
  };
}

function isPrime(n) {
  if (n < 4) return n > 1;
  if (n % 2 === 0 || n % 3 === 0) return false;
  for (let k = 5; k * k <= n; k += 6) if (n % k === 0 || n % (k + 2) === 0) return false;
  return true;
}

function primes(count) {
  const num = 300_000;
  return {
    name: 'primes below 300 000',
    loop() {
      let primes = 0;
      for (let n = 0; n < num; n++) if (isPrime(n)) primes++;
      return primes;
    },
    call: (options) => count(num, isPrime, options),
  };
}

function turns(py, px, { width, height }) {
  const cx = (px / width) * 3 - 2.2;
  const cy = (py / height) * 2.4 - 1.2;
  let x = 0;
  let y = 0;
  let turn = 0;
  while (turn < 400 && x * x + y * y <= 4) {
    [x, y] = [x * x - y * y + cx, 2 * x * y + cy];
    turn++;
  }
  return turn;
}

function mandelbrot(forRange, shared) {
  const [width, height] = [360, 240];
  const [mine, out] = [shared(Uint16Array, width * height), shared(Uint16Array, width * height)];
  const data = { out, width, height, turns };
  return {
    name: 'Mandelbrot set',
    loop() {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) mine[y * width + x] = turns(y, x, data);
      }
      return mine;
    },
    async call(options) {
      await forRange(
        [height, width],
        (y, x, { out, turns, width, height }) => {
          out[y * width + x] = turns(y, x, { width, height });
        },
        { data, ...options },
      );
      return out;
    },
  };
}

/** The sum of the terms with twice the bits of a double (Knuth's two-sum), rounded at the end. */
function exactly(num, term) {
  let high = 0;
  let low = 0;
  for (let i = 0; i < num; i++) {
    const value = term(i);
    const sum = high + value;
    const part = sum - high;
    low += high - (sum - part) + (value - part);
    high = sum;
  }
  return high + low;
}

/** Whether both are the same, bit for bit: numbers, or arrays of numbers. */
function isSame(a, b) {
  if (typeof a === 'number') return Object.is(a, b);
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

module.exports = { isSame, workloads };
