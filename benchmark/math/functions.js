'use strict';

// What is measured: each function of Math at random arguments of ordinary size, and two programs that are made of them. An expression is of `x`
// and `y`, the elements of two arrays, and of `i`. `target` is how many times as fast as the loop it should be with AVX2.

const real = require('./real');

const between = (low, high) => (u) => low + u * (high - low);

const plain = (name, target, low, high) => ({
  name,
  title: `Math.${name}`,
  expression: `Math.${name}(x)`,
  x: between(low, high),
  exact: (x) => real[name](x),
  target,
});

const functions = [
  plain('sin', 2.2, -100, 100),
  plain('cos', 2.2, -100, 100),
  plain('tan', 1.7, -100, 100),
  plain('asin', 1.7, -1, 1),
  plain('acos', 1.7, -1, 1),
  plain('atan', undefined, -10, 10),
  {
    ...plain('atan2', 2, -10, 10),
    expression: 'Math.atan2(x, y)',
    y: between(-10, 10),
    exact: (x, y) => real.atan2(x, y),
  },
  plain('exp', 2, -20, 20),
  plain('expm1', 2, -20, 20),
  plain('log', 2.5, 0, 1000),
  plain('log1p', 2, -1, 1000),
  plain('log2', 2, 0, 1000),
  plain('log10', 2, 0, 1000),
  plain('sinh', 1.7, -20, 20),
  plain('cosh', 1.7, -20, 20),
  plain('tanh', 2, -5, 5),
  plain('asinh', undefined, -50, 50),
  plain('acosh', undefined, 1, 50),
  plain('atanh', undefined, -1, 1),
  plain('cbrt', 2, -1000, 1000),
  {
    ...plain('pow', undefined, 0, 100),
    expression: 'Math.pow(x, y)',
    y: between(-10, 10),
    exact: (x, y) => real.pow(x, y),
  },
  { name: 'random', title: 'random(seed, i)', expression: 'random(7, i)', x: between(0, 1) },
  {
    name: 'black-scholes',
    title: 'option by the formula of Black and Scholes',
    // The normal distribution by Abramowitz and Stegun, 26.2.17; prices and years.
    body: `
      const phi = (d) => {
        const t = 1 / (1 + 0.2316419 * Math.abs(d));
        const p = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        const tail = 0.3989422804014327 * Math.exp(-0.5 * d * d) * p;
        return d < 0 ? tail : 1 - tail;
      };
      const root = 0.3 * Math.sqrt(y);
      const d = (Math.log(x / 100) + 0.065 * y) / root;
      return x * phi(d) - 100 * Math.exp(-0.02 * y) * phi(d - root);`,
    x: between(50, 150),
    y: between(0.1, 2),
    target: 2,
  },
  {
    name: 'box-muller',
    title: 'option by simulation, Box and Muller',
    body: `
      const z = Math.sqrt(-2 * Math.log(x)) * Math.cos(2 * Math.PI * y);
      return Math.max(0, 100 * Math.exp(0.01 + 0.2 * z) - 105);`,
    x: between(1e-9, 1),
    y: between(0, 1),
    target: 2,
  },
];

module.exports = { functions };
