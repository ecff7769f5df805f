'use strict';

// Which chunks a run over several machines issues: every position once, whatever is cut, dropped or taken over.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const fc = require('fast-check');
const { Sizes } = require('../../lib/cluster/sizes.js');
const { Stragglers } = require('../../lib/cluster/stragglers.js');
const { Window } = require('../../lib/cluster/window.js');

describe('the window', () => {
  /** Runs a window to its end by random decisions; `kill` hands it to another process now and then. Returns how often each position was merged. */
  function play(start, end, decisions) {
    let window = new Window(start, end);
    const merged = new Array(end).fill(0);
    let issued = [];
    let saved = JSON.parse(JSON.stringify(window));
    let savedCounts = [...merged];
    const open = [];
    for (let turn = 0; !window.isDone; turn++) {
      const decision = decisions[turn % decisions.length];
      if (window.remaining > 0 && (open.length === 0 || decision % 3 === 0)) {
        const { chunk, isNew } = window.issue((remaining) => Math.min(remaining, 1 + (decision % 7)));
        if (isNew) issued.push([chunk.start, chunk.end]);
        open.push(chunk);
      } else if (decision % 11 === 5 && open[0].count > 1) {
        window.split(open.shift(), 3);
      } else if (decision % 13 === 7) {
        // Another process takes over: what was merged since the checkpoint is merged again.
        window = new Window(start, end);
        window.restore(saved, issued);
        for (let k = 0; k < end; k++) merged[k] = savedCounts[k];
        open.length = 0;
      } else if (decision % 5 === 1) {
        saved = JSON.parse(JSON.stringify(window));
        savedCounts = [...merged];
        issued = [];
      } else {
        const [chunk] = open.splice(decision % open.length, 1);
        assert.equal(window.find(chunk), chunk);
        for (let k = chunk.start; k < chunk.end; k++) merged[k]++;
        window.close(chunk);
        assert.equal(window.find(chunk), undefined);
      }
      assert.ok(turn < 100_000);
      decisions[turn % decisions.length] = (decision * 7 + turn) % 1001;
    }
    assert.equal(window.merged, end - start);
    return merged.slice(start);
  }

  test('every position is merged once', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.nat(400),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 50 }),
        (start, count, decisions) => {
          assert.deepEqual(play(start, start + count, decisions), new Array(count).fill(1));
        },
      ),
    );
  });

  test('ranges that somebody else has written are taken as far as they follow on', () => {
    const state = { frontier: 10, merged: 5, open: [[5, 10]] };
    for (const [issued, frontier] of [
      [
        [
          [10, 20],
          [20, 30],
        ],
        30,
      ],
      [
        [
          [10, 20],
          [25, 30],
        ],
        20,
      ],
      [[[9, 20]], 10],
      [[[10, 10]], 10],
      [[[10, 1000]], 10],
      [[[10, Number.NaN]], 10],
      [[[10]], 10],
      [[[]], 10],
    ]) {
      const window = new Window(0, 100);
      window.restore(state, issued);
      assert.equal(window.toJSON().frontier, frontier, JSON.stringify(issued));
      assert.equal(window.remaining, 95);
    }
  });

  test('nothing above a position that was found is issued, what is below is', () => {
    const window = new Window(0, 1e9);
    const size = () => 10;
    const chunks = [0, 1, 2, 3].map(() => window.issue(size).chunk);
    window.close(chunks[2]);
    assert.deepEqual(window.cut(25), [chunks[3]]);
    assert.equal(window.remaining, 0);
    window.close(chunks[0]);
    assert.equal(window.isDone, false);
    window.close(chunks[1]);
    assert.equal(window.isDone, true);
  });

  test('pieces of a chunk have the tries that it has had', () => {
    const window = new Window(0, 100);
    const { chunk } = window.issue(() => 100);
    chunk.tries = 2;
    window.split(chunk, 8);
    const { chunk: piece, isNew } = window.issue(() => assert.fail());
    assert.deepEqual([piece.start, piece.end, piece.tries, isNew], [0, 13, 2, false]);
    assert.equal(window.remaining, 87);
  });

  test('pieces of a chunk follow on and end with it', () => {
    for (let count = 1; count <= 20; count++) {
      for (let pieces = 1; pieces <= 8; pieces++) {
        const window = new Window(0, count);
        window.split(window.issue(() => count).chunk, pieces);
        let position = 0;
        while (window.remaining > 0) {
          const { chunk } = window.issue(() => assert.fail());
          assert.equal(chunk.start, position);
          position = chunk.end;
        }
        assert.equal(position, count);
      }
    }
  });
});

describe('the sizes of chunks', () => {
  const timing = { chunk: 5000, shortest: 100 };
  const E = 1e15;

  test('grow from small to what takes five seconds', () => {
    const sizes = new Sizes(timing);
    const seen = [];
    for (let k = 0; k < 8; k++) {
      const size = sizes.next(E, 2);
      seen.push(size);
      // A million a millisecond, and a millisecond to begin.
      sizes.measured(size, size / 1e6 + 1);
    }
    assert.ok(
      seen.every((size, k) => k === 0 || size <= 64 * Math.max(...seen.slice(0, k))),
      `${seen}`,
    );
    assert.ok(seen.at(-1) > 4.9e9 && seen.at(-1) <= 5e9, `${seen}`);
  });

  test('are one, where one takes longer', () => {
    const sizes = new Sizes(timing);
    sizes.measured(1, 60_000);
    assert.equal(sizes.next(100, 2), 1);
  });

  test('are halved at the end, but not below a tenth of a second', () => {
    const sizes = new Sizes(timing);
    sizes.measured(1e9, 1000);
    assert.equal(sizes.next(1e12, 4), 5e9);
    assert.equal(sizes.next(16e9, 4), 2e9);
    assert.equal(sizes.next(8e9, 4), 1e9);
    assert.equal(sizes.next(1e8, 4), 1e8);
    assert.equal(sizes.next(5e8, 4), 1e8);
    assert.equal(sizes.next(1, 4), 1);
  });

  test('are known to another process, if they are numbers', () => {
    const sizes = new Sizes(timing);
    sizes.measured(1e9, 1000);
    const other = new Sizes(timing);
    other.restore(JSON.parse(JSON.stringify(sizes)));
    assert.equal(other.next(1e12, 4), 5e9);
    other.restore([Number.NaN, 1]);
    assert.equal(other.next(1e12, 4), 5e9);
  });
});

test('stragglers: one copy, out for more than twice the median and the least time', () => {
  const stragglers = new Stragglers(1000);
  for (let k = 0; k < 100; k++) stragglers.measured(k < 90 ? 2000 : 1e6);
  const chunk = (started, copies = 1) => ({
    copies: new Map(Array.from({ length: copies }, (_, k) => [k, { added: 0, started }])),
  });
  const [old, young, twice, none, waiting] = [
    chunk(1000),
    chunk(2000),
    chunk(0, 2),
    chunk(0, 0),
    chunk(undefined),
  ];
  const all = [old, young, twice, none, waiting];
  assert.deepEqual(stragglers.among(all, 5500), [old, waiting]);
  assert.deepEqual(new Stragglers(1000).among([old], 2100), [old]);
  assert.deepEqual(new Stragglers(1000).among([old], 1900), []);
});
