'use strict';

// Straight bodies: some arithmetic for each index, and no branch worth the name.

const pi = {
  name: 'pi',
  title: '4 / (1 + x²)',
  call: 'sumRange',
  counts: [2 ** 24],
  data: (_, count) => ({ step: 1 / count }),
  body: (i, { step }) => {
    const x = (i + 0.5) * step;
    return 4 / (1 + x * x);
  },
  loop(from, to, { step }) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const x = (i + 0.5) * step;
      sum += 4 / (1 + x * x);
    }
    return sum;
  },
};

const leibniz = {
  name: 'leibniz',
  title: '±1 / (2i + 1)',
  call: 'sumRange',
  counts: [2 ** 24],
  data: () => ({}),
  body: (i) => (i % 2 === 0 ? 1 : -1) / (2 * i + 1),
  loop(from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += (i % 2 === 0 ? 1 : -1) / (2 * i + 1);
    return sum;
  },
};

/** The first terms of exp(x). */
const polynomial = {
  name: 'polynomial',
  title: 'polynomial of degree 7',
  call: 'sumRange',
  counts: [2 ** 24],
  data: (_, count) => ({ step: 1 / count }),
  body: (i, { step }) => {
    const x = i * step;
    return (
      1 + x * (1 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040)))))))
    );
  },
  loop(from, to, { step }) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const x = i * step;
      sum +=
        1 +
        x * (1 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040)))))));
    }
    return sum;
  },
};

const circle = {
  name: 'circle',
  title: '√(1 - x²)',
  call: 'sumRange',
  counts: [2 ** 24],
  data: (_, count) => ({ step: 1 / count }),
  body: (i, { step }) => {
    const x = (i + 0.5) * step;
    return Math.sqrt(1 - x * x);
  },
  loop(from, to, { step }) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const x = (i + 0.5) * step;
      sum += Math.sqrt(1 - x * x);
    }
    return sum;
  },
};

const damped = {
  name: 'damped',
  title: 'sin(x) · exp(-x / 1000)',
  call: 'sumRange',
  counts: [2 ** 21],
  data: () => ({}),
  body: (i) => {
    const x = i * 0.001;
    return Math.sin(x) * Math.exp(-0.001 * x);
  },
  loop(from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const x = i * 0.001;
      sum += Math.sin(x) * Math.exp(-0.001 * x);
    }
    return sum;
  },
};

const logarithm = {
  name: 'logarithm',
  title: 'log(1 + i)',
  call: 'sumRange',
  counts: [2 ** 22],
  data: () => ({}),
  body: (i) => Math.log(1 + i),
  loop(from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += Math.log(1 + i);
    return sum;
  },
};

module.exports = { pi, leibniz, polynomial, circle, damped, logarithm };
