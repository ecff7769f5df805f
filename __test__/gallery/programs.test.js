'use strict';

// The programs of the examples print and draw what they compute, and that is right.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { describe, test } = require('node:test');
const { drawn, fileOf, folder, runProgram, runSmall, small } = require('../helpers/gallery.js');

describe('the programs print and draw it', () => {
  for (const name of ['mandelbrot', 'julia']) {
    test(`${name}, and progress to its end`, async () => {
      assert.equal(await runProgram(name), `${name}.png: 60 x 40\n`);
      const reports = [];
      const { rgba } = await runSmall(name, require(fileOf(name)), {
        onProgress: (report) => reports.push(report),
      });
      assert.deepEqual(drawn(`${name}.png`), { width: 60, height: 40, rgba });
      assert.deepEqual(reports.at(-1), { done: 2400, total: 2400 });
      // Neither one color, nor noise.
      const colors = new Set(Array.from({ length: 2400 }, (_, i) => `${rgba.subarray(4 * i, 4 * i + 3)}`));
      assert.ok(colors.size > 50, `${colors.size} colors`);
    });
  }

  test('mandelbrot and julia: which points stay', () => {
    const { turnsAt } = require('../../examples/mandelbrot/escape.js');
    for (const [x, y] of [
      [0, 0],
      [-1, 0],
      [-2, 0],
      [0, 1],
      [0.25, 0],
    ])
      assert.equal(turnsAt(x, y, 500), 500, `${x}, ${y}`);
    for (const [x, y] of [
      [0.3, 0],
      [-2.1, 0],
      [0, 1.1],
      [1, 1],
    ])
      assert.ok(turnsAt(x, y, 500) < 100, `${x}, ${y}`);
    const { turns } = require('../../examples/julia/pixel.js');
    // Squares of what is inside of the circle stay there.
    assert.equal(turns(0.6, 0.79, 0, 0, 500), 500);
    assert.ok(turns(0.6, 0.81, 0, 0, 500) < 20);
  });

  test('on a terminal there is a bar, which comes to its end', { skip: noTerminal() }, async () => {
    const command = `"${process.execPath}" "${fileOf('julia')}" --width=60 --height=40`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 60_000,
    });
    let screen = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      screen += text;
    });
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.match(screen, /Julia \[░+\] 0 %/);
    assert.match(screen, /Julia \[█+\] 100 %[^\n]*\r?\n[\s\S]*julia\.png: 60 x 40/);
  });

  test('primes', async () => {
    assert.equal(await runProgram('primes'), 'primes below 20000: 2262\nthe largest of them: 19997\n');
    assert.equal(
      await runProgram('primes', { num: 2 }),
      'primes below 2: 0\nthe largest of them: there is none\n',
    );
  });

  test('pi, the same each time, and as far off as it says', async () => {
    const { pi, error } = await small('pi');
    const off = Math.abs(pi - Math.PI);
    const line = `pi is ${pi} ± ${error.toPrecision(2)} (off by ${off.toPrecision(2)})\n`;
    assert.equal(await runProgram('pi'), line);
    assert.ok(off < 4 * error, line);
    assert.notEqual(await runProgram('pi', { seed: 2 }), line);
  });

  test('option: near the price by Black and Scholes', async () => {
    const { european, asian } = await small('option');
    const out = await runProgram('option');
    const [, formula] = /\(Black-Scholes: ([\d.]+)\)$/m.exec(out);
    assert.ok(Math.abs(european.price - formula) < 4 * european.error, out);
    const show = ({ price, error }) => `${price.toFixed(4)} ± ${error.toFixed(4)}`;
    assert.equal(
      out,
      `European call: ${show(european)} (Black-Scholes: ${formula})\nAsian call:    ${show(asian)}\n`,
    );
    // A mean varies less than the price on the last day.
    assert.ok(asian.price > 0 && asian.price < european.price, out);
  });

  test('option: the formula', () => {
    const { blackScholes } = require('../../examples/option/market.js');
    // Hull, Options, Futures and Other Derivatives: 4.76.
    const market = { price: 42, strike: 40, rate: 0.1, volatility: 0.2, years: 0.5 };
    assert.ok(Math.abs(blackScholes(market) - 4.759422392871532) < 1e-12);
  });

  test('heat: none is lost, and the picture shows it', async () => {
    const { plate } = await small('heat');
    const out = await runProgram('heat');
    assert.match(out, /^heat after 25 steps: [\d.]+\nheat\.png: 40 x 30\n$/);
    const first = await runProgram('heat', { steps: 0, out: 'cold.png' });
    assert.equal(first, 'heat after 0 steps: 165.000000\ncold.png: 40 x 30\n');
    // In so few steps none has come to the border, which keeps its temperature.
    const second = await runProgram('heat', { steps: 2, out: 'warm.png' });
    assert.equal(second, 'heat after 2 steps: 165.000000\nwarm.png: 40 x 30\n');
    const { rgba } = drawn('heat.png');
    plate.forEach((t, i) => {
      const red = 255 * 3 * Math.sqrt(t);
      assert.equal(rgba[4 * i], Math.min(255, Math.round(red)), `cell ${i}`);
    });
    assert.notDeepEqual(drawn('warm.png').rgba, drawn('cold.png').rgba);
  });

  test('life', async () => {
    const { cells } = await small('life');
    const living = cells.reduce((a, b) => a + b);
    assert.equal(
      await runProgram('life'),
      `cells that live in generation 25: ${living}\nlife.png: 50 x 40\n`,
    );
    const { rgba } = drawn('life.png');
    assert.ok(cells.every((cell, i) => (rgba[4 * i] === 255) === (cell === 1)));
  });

  test('life: a glider goes one cell down and right in four generations', () => {
    const { cell } = require('../../examples/life/rules.js');
    const at = (...places) => {
      const cells = new Uint8Array(64);
      for (const [y, x] of places) cells[8 * y + x] = 1;
      return cells;
    };
    const glider = (d) =>
      [
        [0, 1],
        [1, 2],
        [2, 0],
        [2, 1],
        [2, 2],
      ].map(([y, x]) => [(y + d) % 8, (x + d) % 8]);
    let from = at(...glider(0));
    for (let generation = 1; generation <= 32; generation++) {
      const to = new Uint8Array(64);
      for (let i = 0; i < 64; i++) {
        cell(i >> 3, i & 7, { from, to, trail: new Uint8Array(64), width: 8, height: 8 });
      }
      from = to;
      if (generation % 4 === 0) assert.deepEqual(from, at(...glider(generation / 4)));
    }
  });

  test('image: of its own, and of a file', async () => {
    const { blurred, edges } = await small('image');
    assert.equal(await runProgram('image'), 'blurred.png: 60 x 40\nedges.png: 60 x 40\n');
    assert.deepEqual(drawn('blurred.png'), { ...blurred });
    assert.deepEqual(drawn('edges.png'), { ...edges });
    await runProgram('image', { in: 'blurred.png', blurred: 'twice.png', edges: 'few.png' });
    const total = (file) => drawn(file).rgba.reduce((a, b) => a + b);
    assert.ok(total('few.png') < total('edges.png'));
  });

  test('image: a blur spreads a point, and keeps its light', () => {
    const { blur, gaussian } = require('../../examples/image/filters.js');
    const [width, height, radius] = [9, 9, 3];
    const [from, half, to] = [0, 1, 2].map(() => new Float64Array(4 * width * height));
    from[4 * 40] = 200;
    const pass = (data) => {
      for (let i = 0; i < 81; i++) {
        blur(Math.floor(i / 9), i % 9, { width, height, weights: gaussian(radius), ...data });
      }
    };
    pass({ from, to: half, dx: 1, dy: 0 });
    pass({ from: half, to, dx: 0, dy: 1 });
    const red = to.filter((_, i) => i % 4 === 0);
    assert.ok(Math.abs(red.reduce((a, b) => a + b) - 200) < 1e-9);
    assert.equal(Math.max(...red), red[40]);
    assert.ok(red[40] < 50 && Math.abs(red[39] - red[41]) < 1e-12 && Math.abs(red[31] - red[39]) < 1e-12);
  });

  test('image: edges are where brightness changes, as steeply as it does', () => {
    const { luma, sobel } = require('../../examples/image/filters.js');
    const [width, height] = [6, 5];
    // Gray, 50 on the left and 80 on the right.
    const from = Float64Array.from({ length: 4 * width * height }, (_, i) =>
      (i >> 2) % width < 3 ? 50 : 80,
    );
    const to = new Float64Array(from.length);
    for (let i = 0; i < width * height; i++)
      sobel(Math.floor(i / width), i % width, { from, to, width, height, luma });
    for (let i = 0; i < width * height; i++) {
      const expected = i % width === 2 || i % width === 3 ? 4 * 30 : 0;
      for (let k = 0; k < 3; k++)
        assert.ok(Math.abs(to[4 * i + k] - expected) < 1e-9, `pixel ${i}: ${to[4 * i + k]}`);
    }
  });

  test('n-body: two stars draw each other along the line between them', () => {
    const { drift, kick } = require('../../examples/n-body/stars.js');
    const [x, y, z, vx, vy, vz] = [
      [0, 1],
      [0, 2],
      [0, 2],
      [0, 0],
      [0, 0],
      [0, 0],
    ];
    const data = { x, y, z, vx, vy, vz, num: 2, dt: 0.5, soft: 7 };
    for (const star of [0, 1]) kick(star, data);
    // Of mass 1 / 2, at the distance 3, which counts as 4.
    const expected = [1, 2, 2].map((d) => (0.5 * d) / (2 * 4 ** 3));
    const isNear = (a, b) => Math.abs(a - b) < 1e-15;
    for (const [k, v] of [vx, vy, vz].entries())
      assert.ok(isNear(v[0], expected[k]) && isNear(v[1], -expected[k]), `${v}`);
    for (const star of [0, 1]) drift(star, data);
    for (const [k, v] of [x, y, z].entries()) assert.ok(isNear(v[0], expected[k] / 2), `${v}`);
  });

  test('n-body: the energy is kept', async () => {
    const { before, after } = await small('n-body');
    const out = await runProgram('n-body', { size: 50 });
    const [, first, last, percent] =
      /^energy: (-[\d.]+), and (-[\d.]+) after 10 steps\nit has changed by ([\d.]+) %\nn-body\.png: 50 x 50\n$/.exec(
        out,
      );
    assert.deepEqual([first, last], [before.toFixed(6), after.toFixed(6)]);
    assert.ok(Number(percent) < 0.5, out);
    assert.ok(drawn('n-body.png').rgba.some((value, i) => i % 4 === 0 && value > 0));
  });

  test('histogram: all are counted', async () => {
    const { counts } = await small('histogram');
    const lines = (await runProgram('histogram')).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => Number(line.split(/\s+/)[1])),
      [...counts],
    );
    assert.equal(
      counts.reduce((a, b) => a + b),
      50_000,
    );
    assert.match(
      lines.reduce((a, b) => (a.length > b.length ? a : b)),
      /^0\.[45]00 +\d+ #{60}$/,
    );
  });
});

/** `script` of util-linux gives a program a terminal. */
function noTerminal() {
  if (process.versions.deno) return 'it would ask for permissions there';
  const isThere = process.platform === 'linux' && fs.existsSync('/usr/bin/script');
  return isThere ? false : 'there is no script of util-linux';
}
