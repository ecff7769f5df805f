'use strict';

// What the machine can do: plain vector loops over as many bytes of private memory, in Rust, by as many threads. See ../../roofline.

const { Child } = require('../../common/child');
const { program } = require('../../common/prepare');
const { decode } = require('../../sum/decode');
const { arraysOf } = require('../workloads');

let state;

/** What the program computes for a reduction, and what comes of its sums. For all others it only reads the memory: the plain sum. */
const WORK = {
  mean: ['sum', ([sum], count) => sum / count],
  variance: ['moments', ([sum, squares], count) => (squares - (sum * sum) / count) / count],
  norm: ['squares', ([squares]) => Math.sqrt(squares)],
  dot: ['dot', ([sum]) => sum],
};

const roofline = {
  name: 'roofline',
  title: 'roofline',
  why:
    'plain, inexact loops over as many bytes of private memory in Rust, with the widest vectors and as many threads; for what is no sum of ' +
    'products the plain sum: reading takes that long',

  async open({ threads }) {
    const child = new Child(program('roofline'), []);
    await child.ask(`threads ${threads}`);
    this.why += ` (${await child.ask('about')})`;
    state = { child, view: undefined };
  },

  async load({ element, view, tile, bytes }) {
    state.view = view;
    await state.child.ask(`load ${element.id} ${bytes} ${tile.file}`);
  },

  supports: () => true,

  async run(workload, untimed, calls) {
    const [work, value] = WORK[workload.name] ?? ['sum'];
    const answer = await state.child.ask(`${work} ${workload.bytes} ${untimed} ${calls}`);
    const [nanoseconds, ...sums] = answer.split(' ');
    const [{ length }] = arraysOf(workload, state.view);
    const result = value?.(
      sums.map((digits) => decode(digits, true)),
      length,
    );
    return { seconds: Number(nanoseconds) / 1e9, value: result };
  },

  close() {
    state.child.close();
  },
};

module.exports = { roofline };
