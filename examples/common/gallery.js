'use strict';

// The examples that are there in two forms, with allcores (main.js) and with worker threads (before.js). Both export
// `run(settings, { input })`, and `prepare(settings)` where there is an input.
//
//   small   settings for a quick run: tests, and compare.js --quick
//   near    by how much numbers may differ, relatively: sums of worker threads are rounded at each addition, and Math.random has other
//           numbers in each run. Without it both must have the same bits.

const GALLERY = {
  mandelbrot: { title: 'Mandelbrot set', small: { width: 60, height: 40, max: 200 } },
  julia: { title: 'Julia set', small: { width: 60, height: 40, max: 200 } },
  primes: { title: 'primes below n', small: { num: 20_000 } },
  pi: { title: 'Monte Carlo pi', small: { num: 40_000 }, near: 0.1 },
  option: { title: 'option price', small: { paths: 3000, days: 8 }, near: 0.3 },
  heat: { title: 'heat equation', small: { width: 40, height: 30, steps: 25 } },
  life: { title: 'game of life', small: { width: 50, height: 40, generations: 25 } },
  image: { title: 'blur and edges', small: { width: 60, height: 40, radius: 3 } },
  'n-body': { title: 'n-body', small: { num: 100, steps: 10 }, near: 1e-9 },
  histogram: { title: 'histogram', small: { num: 50_000, bins: 10 } },
  server: { title: 'web server', small: { clients: 3, requests: 2, num: 30_000 }, near: 1e-9 },
};

module.exports = { GALLERY };
