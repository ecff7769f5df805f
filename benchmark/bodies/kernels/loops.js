'use strict';

// Bodies with loops of their own, which run longer for some indices than for others. Their sums are integers.

const primes = {
  name: 'primes',
  title: 'is i a prime?',
  call: 'sumRange',
  whole: true,
  counts: [2_000_000],
  data: () => ({}),
  body: (i) => {
    if (i < 2) return false;
    for (let d = 2; d * d <= i; d++) {
      if (i % d === 0) return false;
    }
    return true;
  },
  loop(from, to) {
    let count = 0;
    for (let i = from; i < to; i++) {
      let prime = i >= 2;
      for (let d = 2; d * d <= i; d++) {
        if (i % d === 0) {
          prime = false;
          break;
        }
      }
      if (prime) count++;
    }
    return count;
  },
};

const mandelbrot = {
  name: 'mandelbrot',
  title: 'Mandelbrot set',
  call: 'sumRange',
  whole: true,
  counts: [[512, 1024]],
  data: (_, [rows, columns]) => ({ rows, columns, limit: 256 }),
  body: (row, column, { rows, columns, limit }) => {
    const a = -2 + (2.5 * column) / columns;
    const b = -1.25 + (2.5 * row) / rows;
    let x = 0;
    let y = 0;
    let steps = 0;
    while (steps < limit && x * x + y * y <= 4) {
      const next = x * x - y * y + a;
      y = 2 * x * y + b;
      x = next;
      steps++;
    }
    return steps;
  },
  loop(from, to, { rows, columns, limit }) {
    let sum = 0;
    for (let row = from; row < to; row++) {
      const b = -1.25 + (2.5 * row) / rows;
      for (let column = 0; column < columns; column++) {
        const a = -2 + (2.5 * column) / columns;
        let x = 0;
        let y = 0;
        let steps = 0;
        while (steps < limit && x * x + y * y <= 4) {
          const next = x * x - y * y + a;
          y = 2 * x * y + b;
          x = next;
          steps++;
        }
        sum += steps;
      }
    }
    return sum;
  },
};

/** As most write it. From i = 113 382 on there are numbers above 2 ** 31, and `%` is one of doubles. */
const collatz = {
  name: 'collatz',
  title: 'Collatz, n % 2',
  call: 'sumRange',
  whole: true,
  counts: [2 ** 17],
  data: () => ({}),
  body: (i) => {
    let n = i + 1;
    let steps = 0;
    while (n !== 1) {
      n = n % 2 === 0 ? n / 2 : 3 * n + 1;
      steps++;
    }
    return steps;
  },
  loop(from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      let n = i + 1;
      while (n !== 1) {
        n = n % 2 === 0 ? n / 2 : 3 * n + 1;
        sum++;
      }
    }
    return sum;
  },
};

/** As those write it who have measured. */
const parity = {
  name: 'parity',
  title: 'Collatz, n & 1',
  call: 'sumRange',
  whole: true,
  counts: [2 ** 17],
  data: () => ({}),
  body: (i) => {
    let n = i + 1;
    let steps = 0;
    while (n !== 1) {
      n = n & 1 ? 3 * n + 1 : n / 2;
      steps++;
    }
    return steps;
  },
  loop(from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      let n = i + 1;
      while (n !== 1) {
        n = n & 1 ? 3 * n + 1 : n / 2;
        sum++;
      }
    }
    return sum;
  },
};

module.exports = { primes, mandelbrot, collatz, parity };
