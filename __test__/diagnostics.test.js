'use strict';

// Who wants to know hears of each call: subscribers of node:diagnostics_channel, and stderr where NODE_DEBUG names allcores.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { channel } = require('node:diagnostics_channel');
const { describe, test } = require('node:test');
const allcores = require('..');
const { CALLS, resolves, start } = require('./helpers/calls.js');
const { runChild } = require('./helpers/child.js');

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

/** What subscribers hear while `run` runs. */
async function heard(run, onStart = () => {}) {
  const events = [];
  const listeners = EVENTS.map((event) => {
    const on = (message) => {
      events.push({ event, message });
      if (event === 'start') onStart(message);
    };
    channel(`tracing:allcores:call:${event}`).subscribe(on);
    return [event, on];
  });
  try {
    await run();
  } finally {
    for (const [event, on] of listeners) channel(`tracing:allcores:call:${event}`).unsubscribe(on);
  }
  return events;
}

const names = (events) => events.map(({ event }) => event);

describe('subscribers of the tracing channel', () => {
  for (const row of CALLS) {
    test(`${row.name}: hear of its start and of its result, once`, async () => {
      for (const size of row.sizes.filter((size) => size === 'inline' || size === 'small')) {
        const made = row.make(size);
        const events = await heard(() => resolves(row, made, start(allcores, row, made)));
        assert.deepEqual(names(events), ['start', 'end', 'asyncStart', 'asyncEnd']);
        const { message } = events[0];
        assert.ok(
          events.every((event) => event.message === message),
          'one message for all of a call',
        );
        assert.equal(message.name, row.fn);
        assert.equal(message.pool.size, allcores.threads);
        assert.ok(message.pool.running <= message.pool.size && message.threads <= message.pool.running);
        assert.equal(message.inFlight, 1);
        assert.equal(message.error, undefined);
        assert.match(message.isa, /^(avx2|avx512|neon|portable)$/);
        const takesBody = row.params.some((name) => name === 'body' || name === 'predicate');
        if (takesBody) assert.match(message.engine, /^(machine code for \S+|block interpreter)$/);
        else assert.equal(message.engine, undefined);
        if ('expected' in made && typeof made.expected !== 'object') {
          assert.ok(Object.is(message.result, made.expected), `${message.result}`);
        }
      }
    });
  }

  test('are told what the document lists', async () => {
    const document = fs.readFileSync(path.join(__dirname, '..', 'docs', 'troubleshooting.md'), 'utf8');
    const [, table] = /\n\| property \| \|\n\|---\|---\|\n(.*?)\n\n/s.exec(document);
    const rows = table.split('\n').map((row) => row.split('|').slice(1, 3));
    const listed = rows.flatMap(([names]) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    const [{ message }] = await heard(() => allcores.sumRange(1e5, (i) => i * 0.5));
    assert.deepEqual(listed.sort(), Object.keys(message).sort());
    const [, pool] = rows.find(([names]) => names.includes('`pool`'));
    assert.deepEqual(Object.keys(message.pool), pool.match(/`\{ (.*?) \}`/)[1].split(', '));
    for (const event of EVENTS) assert.ok(document.includes(`\`${event}\``), event);
    const lines = document.match(/^ALLCORES \d+: .*$/gm);
    const running =
      '(\\w+) on (this thread|\\d+ threads?( of \\d+, where there should be \\d+)?)(, machine code for \\S+)?';
    const known = [`${running}, \\d+ in flight`, '\\w+ (done|rejected \\(\\w+\\))( after \\d+\\.\\d{3} ms)?'];
    const pattern = new RegExp(`^ALLCORES \\d+: (${known.join('|')})$`);
    assert.ok(lines.length >= 7);
    for (const line of lines) assert.match(line, pattern);
  });

  test('hear of an abort as an error', async () => {
    const controller = new AbortController();
    let error;
    const events = await heard(async () => {
      const call = allcores.sumRange(1e15, (i) => Math.sqrt(i), { signal: controller.signal });
      controller.abort();
      error = await call.catch((reason) => reason);
    });
    assert.deepEqual(names(events), ['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    assert.equal(error.code, 'ABORT_ERR');
    assert.equal(events[4].message.error, error);
  });

  test('hear of calls in flight together', async () => {
    const counts = [];
    const three = () => Promise.all([1, 2, 3].map((n) => allcores.sumRange(n)));
    await heard(three, (message) => counts.push(message.inFlight));
    assert.deepEqual(counts, [1, 2, 3]);
    await heard(three, (message) => counts.push(message.inFlight));
    assert.deepEqual(counts.slice(3), [1, 2, 3]);
  });

  test('may make calls, which hear nothing of each other', async () => {
    const { sum } = allcores;
    const [one, other] = [1, 2].map((value) => allcores.shared(Float64Array, [value, value]));
    const inner = [];
    let depth = 0;
    await heard(
      async () => assert.equal(await sum(one), 2),
      () => {
        if (depth++ < 3) inner.push(sum(other));
      },
    );
    assert.deepEqual(await Promise.all(inner), [4, 4, 4]);
  });

  test('that throw change no result: it is an uncaught exception of theirs', async () => {
    const program = async (root) => {
      const { sumRange } = require(root);
      process.once('uncaughtException', (error) => console.log(error.message));
      require('node:diagnostics_channel').subscribe('tracing:allcores:call:start', () => {
        throw new Error('of the subscriber');
      });
      console.log(await sumRange(10));
    };
    await runChild(program, {}, { stdout: /^(45\nof the subscriber|of the subscriber\n45)\n$/ });
  });

  for (const event of ['start', 'end', 'asyncStart', 'asyncEnd']) {
    test(`of ${event} alone hear of the first call, of the second, and of all from where they begin`, async () => {
      const program = async (root, event) => {
        const { subscribe } = require('node:diagnostics_channel');
        const { sumRange } = require(root);
        const name = `tracing:allcores:call:${event}`;
        const hear = (number) => (message) => console.log(number, message.name);
        for (const number of [1, 2, 3]) {
          subscribe(name, hear(number));
          await sumRange(number);
        }
      };
      const early = '1 sumRange\n1 sumRange\n2 sumRange\n1 sumRange\n2 sumRange\n3 sumRange';
      await runChild(program, { args: [event] }, { stdout: early });
    });
  }

  test('may come at any time: to the second call, or later', async () => {
    const program = async (root) => {
      const { subscribe } = require('node:diagnostics_channel');
      const { sumRange } = require(root);
      for (const number of [1, 2, 3, 4]) {
        if (number > 1) subscribe('tracing:allcores:call:end', () => console.log(number));
        await sumRange(number);
      }
    };
    await runChild(program, {}, { stdout: '2\n2\n3\n2\n3\n4' });
  });

  test('that cannot be had lose no call', async () => {
    const program = async (root) => {
      const diagnostics = require('node:diagnostics_channel');
      const { sumRange } = require(root);
      console.log('calls');
      diagnostics.channel = () => {
        throw new Error('no channel');
      };
      console.log(await sumRange(10), await sumRange(10), await sumRange(10));
    };
    await runChild(program, {}, { stdout: 'calls\n45 45 45' });
  });

  test('hear nothing of what is refused for its arguments', async () => {
    const events = await heard(() =>
      assert.rejects(allcores.sumRange('10'), { code: 'ERR_INVALID_ARG_TYPE' }),
    );
    assert.deepEqual(events, []);
  });
});

describe('NODE_DEBUG', () => {
  const program = async (root) => {
    const { share, sum, sumRange } = require(root);
    await sumRange(10);
    await sumRange(1e5, (i) => i * 0.5);
    await sum(share([1, 2]));
    await sumRange(10, (i) => i, { signal: AbortSignal.abort() }).catch(() => {});
  };

  test('allcores: a line for each call and for its end', async () => {
    const { stderr } = await runChild(
      program,
      { env: { NODE_DEBUG: 'allcores', ALLCORES_THREADS: '2' } },
      { stderr: /./ },
    );
    const lines = stderr.trimEnd().split('\n');
    const line = (text) => new RegExp(`^ALLCORES \\d+: ${text}$`);
    const expected = [
      line('sumRange on 2 threads, 1 in flight'),
      line('sumRange done after [\\d.]+ ms'),
      line('sumRange on (this thread|2 threads), (machine code for \\S+|block interpreter), 1 in flight'),
      line('sumRange done( after [\\d.]+ ms)?'),
      line('sum on this thread, 1 in flight'),
      line('sum done'),
    ];
    assert.equal(lines.length, expected.length, stderr);
    for (const [k, text] of lines.entries()) assert.match(text, expected[k]);
  });

  test('something else: none', () => runChild(program, { env: { NODE_DEBUG: 'net' } }, { stderr: '' }));
});
