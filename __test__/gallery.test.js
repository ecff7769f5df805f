'use strict';

// The examples that are there in two forms, with allcores and with worker threads: both compute what plain loops compute, and the programs
// print and draw it.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { difference } = require('../examples/common/alike.js');
const { GALLERY } = require('../examples/common/gallery.js');
const { readPicture } = require('../examples/common/picture.js');
const { README, filled } = require('../examples/common/table.js');
const { assertEnd, startNode } = require('./helpers/child.js');
const { plain } = require('./helpers/plain.js');
const allcores = require('..');

const examples = path.join(__dirname, '..', 'examples');
const fileOf = (name, form = 'main.js') => path.join(examples, name, form);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-gallery-'));
after(() => fs.rmSync(folder, { recursive: true }));

/** What a program exports, if the package's functions are plain loops. */
function withPlainLoops(file) {
  const requireThere = createRequire(file);
  const module = { exports: {} };
  const scope = {
    require: (id) => (id === '../..' ? plain(allcores) : requireThere(id)),
    module,
    __filename: file,
    __dirname: path.dirname(file),
  };
  new Function(...Object.keys(scope), fs.readFileSync(file, 'utf8'))(...Object.values(scope));
  return module.exports;
}

/** What `run` makes of the small settings. */
function runSmall(name, { DEFAULTS, prepare, run }, extras) {
  const settings = { ...DEFAULTS, ...GALLERY[name].small };
  return run(settings, { input: prepare?.(settings), ...extras });
}

const small = (name) => runSmall(name, require(fileOf(name)));

/** Runs the program of an example in a folder of its own, with the small settings and others; resolves with what it printed. */
async function runProgram(name, others = {}, form = 'main.js') {
  const wanted = { ...GALLERY[name].small, ...others };
  const args = Object.entries(wanted).map(([option, value]) => `--${option}=${value}`);
  const result = await startNode([fileOf(name, form), ...args], { cwd: folder }).done;
  assertEnd(result, { stdout: /./ });
  return result.stdout;
}

/** `script` of util-linux gives a program a terminal. */
function noTerminal() {
  const isThere = process.platform === 'linux' && fs.existsSync('/usr/bin/script');
  return isThere ? false : 'there is no script of util-linux';
}

const drawn = (file) => readPicture(path.join(folder, file));

test('each folder with both forms is in the gallery', () => {
  const both = fs
    .readdirSync(examples)
    .filter((name) => fs.existsSync(fileOf(name)) && fs.existsSync(fileOf(name, 'before.js')));
  assert.deepEqual(both.sort(), Object.keys(GALLERY).sort());
});

describe('with allcores: the same bits as plain loops', () => {
  for (const name of Object.keys(GALLERY)) {
    test(name, async () => {
      const expected = await runSmall(name, withPlainLoops(fileOf(name)));
      assert.equal(difference(expected, await small(name)), undefined);
    });
  }
});

describe('with worker threads: the same, or near it', () => {
  for (const [name, { near }] of Object.entries(GALLERY)) {
    test(name, async () => {
      const { DEFAULTS } = require(fileOf(name));
      const before = { DEFAULTS, ...require(fileOf(name, 'before.js')) };
      assert.equal(difference(await small(name), await runSmall(name, before), near), undefined);
    });
  }
});

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

  test('on a terminal there is a bar, which comes to its end', { skip: noTerminal() }, async () => {
    const command = `"${process.execPath}" "${fileOf('julia')}" --width=60 --height=40`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
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
    const { blackScholes } = require('../examples/option/market.js');
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
    const { cell } = require('../examples/life/rules.js');
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
    const { blur, gaussian } = require('../examples/image/filters.js');
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

describe('before.js is a program too, and prints and draws the same', () => {
  for (const name of Object.keys(GALLERY)) {
    if (name === 'server') continue;
    test(name, async () => {
      const after = await runProgram(name);
      const before = await runProgram(name, {}, 'before.js');
      // Math.random has other numbers in each run.
      const lines = (text) => (GALLERY[name].near > 1e-3 ? text.replace(/\d\S*/g, '') : text);
      assert.equal(lines(before), lines(after));
    });
  }
});

for (const form of ['main.js', 'before.js']) {
  test(`server, ${form}: answers, refuses, and stops what nobody waits for`, async () => {
    const child = spawn(process.execPath, [fileOf('server', form), '--port', '0']);
    try {
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        printed += text;
      });
      const printing = async (pattern) => {
        while (!pattern.test(printed)) await once(child.stdout, 'data');
        return pattern.exec(printed);
      };
      const [, url] = await printing(/^listening on (http:\S+)\n/);
      const get = async (place, options) => {
        const response = await fetch(`${url}${place}`, options);
        return [response.status, await response.json()];
      };
      const num = 1000;
      const sum = Array.from({ length: num }, (_, i) => 1 / (i + 1) ** 2).reduceRight((a, b) => a + b);
      const [status, answer] = await get(`/sum?num=${num}`);
      assert.deepEqual([status, answer.num], [200, num]);
      assert.ok(Math.abs(answer.sum - sum) < 1e-14);
      for (const wrong of ['', '?num=', '?num=0', '?num=-1', '?num=x', '?num=1e3', `?num=${2 ** 53}`]) {
        assert.equal((await get(`/sum${wrong}`))[0], 400, wrong);
      }
      assert.equal((await get('/'))[0], 404);

      // Hours of work, until the client goes; meanwhile others are answered.
      const leaving = new AbortController();
      const long = get(`/sum?num=${2 ** 53 - 1}`, { signal: leaving.signal });
      assert.deepEqual(await get('/health'), [200, { status: 'ok' }]);
      assert.equal((await get('/sum?num=1000'))[1].sum, answer.sum);
      leaving.abort();
      await assert.rejects(long, { name: 'AbortError' });
      await printing(/^stopped: num=9007199254740991, the client has gone\n/m);
      assert.equal((await get('/sum?num=1000'))[1].sum, answer.sum);
    } finally {
      child.kill();
    }
  });
}

describe('what is no setting', () => {
  for (const [args, message] of [
    [['--width', 'x'], '--width must be an integer from 1 on. Received "x"'],
    [['--width', '0'], '--width must be an integer from 1 on. Received "0"'],
    [['--width', '1.5'], '--width must be an integer from 1 on. Received "1.5"'],
    [['--real='], '--real must be a number. Received ""'],
    [['--color', 'red'], "Unknown option '--color'"],
    [['400'], "Unexpected argument '400'"],
  ]) {
    test(args.join(' '), async () => {
      const result = await startNode([fileOf('julia'), ...args], { cwd: folder }).done;
      assertEnd(result, {
        code: 1,
        stdout: '',
        stderr: /^Options, and what they are by default:\n {2}--width \(1920\)$/m,
      });
      assert.ok(result.stderr.startsWith(message), result.stderr);
    });
  }
});

describe('the documents', () => {
  const documents = ['README.md', ...Object.keys(GALLERY).map((name) => `${name}/README.md`)];
  const read = (document) => fs.readFileSync(path.join(examples, document), 'utf8');

  test('links lead somewhere', () => {
    let links = 0;
    for (const document of documents) {
      for (const [, target] of read(document).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)) {
        links++;
        assert.ok(
          fs.existsSync(path.join(examples, path.dirname(document), target)),
          `${document}: ${target}`,
        );
      }
    }
    assert.ok(links > 30, `${links} links`);
  });

  test('commands have options that there are', () => {
    for (const document of documents) {
      for (const [, name, options] of read(document).matchAll(/^node examples\/([\w-]+)\/main\.js(.*)$/gm)) {
        const { DEFAULTS } = require(fileOf(name));
        for (const [, option] of options.matchAll(/--([a-z]+)/g))
          assert.ok(option in DEFAULTS, `${name}: ${option}`);
      }
    }
  });

  for (const name of ['primes', 'pi', 'option', 'histogram']) {
    test(`${name}: the second command prints what stands there`, async () => {
      const [, options, expected] = /main\.js (--.*)\n```\n[\s\S]*?\n```\n([\s\S]*?)```/.exec(
        read(`${name}/README.md`),
      );
      const result = await startNode([fileOf(name), ...options.split(' ')], { cwd: folder }).done;
      assertEnd(result, { stdout: expected.trim() });
    });
  }

  test('no picture is larger than a page should load', () => {
    const pictures = fs.readdirSync(examples, { recursive: true }).filter((file) => file.endsWith('.png'));
    assert.ok(pictures.length >= 7);
    for (const file of pictures) assert.ok(fs.statSync(path.join(examples, file)).size < 100_000, file);
  });
});

describe('compare.js', () => {
  const compare = (...args) => startNode([path.join(examples, 'compare.js'), ...args]).done;

  test('times both forms, and compares their results', async () => {
    const { code, stdout, stderr } = await compare('primes', 'heat', '--quick');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\*\*A smoke run: these numbers mean nothing\.\*\*$/m);
    for (const title of ['primes below n', 'heat equation']) {
      assert.match(
        stdout,
        new RegExp(`^\\| ${title} +\\|( +[\\d.]+ (m|µ)?s \\| +[\\d.]+ (m|µ)?s \\| +[\\d.]+ × \\|){2}$`, 'm'),
      );
    }
  });

  test('refuses what it cannot compare, and records of a part', async () => {
    for (const [args, message] of [
      [['fork-and-sum'], /^There is no example "fork-and-sum"\. There are: mandelbrot, /],
      [['--rounds', '0'], /^--rounds must be an integer from 1 on$/m],
      [['--quick', '--record'], /^A record is of all examples, and not quick$/m],
      [['primes', '--record'], /^A record is of all examples, and not quick$/m],
    ]) {
      assertEnd(await compare(...args), { code: 1, stdout: '', stderr: message });
    }
  });

  test('the README has the table of the newest record', () => {
    const text = fs.readFileSync(README, 'utf8');
    assert.match(text, /<!-- times -->\n[\s\S]*<!-- \/times -->/);
    assert.equal(filled(text), text);
  });

  test('results that differ are found', () => {
    const result = () => ({ counts: Int32Array.of(1, 2), sum: 1 });
    assert.equal(difference(result(), result()), undefined);
    assert.equal(difference(result(), { ...result(), sum: 1.1 }, 0.2), undefined);
    assert.equal(difference(result(), { ...result(), sum: 1.1 }, 0.01), 'result.sum: 1 and 1.1');
    assert.equal(
      difference(result(), { ...result(), counts: Int32Array.of(1, 3) }),
      'result.counts.1: 2 and 3',
    );
    assert.equal(difference(0, -0), 'result: 0 and 0');
    assert.equal(difference({ a: 'x' }, { a: 'y' }), 'result.a: x and y');
    assert.equal(difference({ a: 1 }, { a: 1, b: 2 }), 'result: 1 and 2 elements');
  });
});
