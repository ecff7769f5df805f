'use strict';

// What the machine can do: plain vector sums of private memory, in Rust, by as many threads. See ../../roofline.

const { Child } = require('../../common/child');
const { program } = require('../../common/prepare');
const { decode } = require('../decode');

let state;

const roofline = {
  name: 'roofline',
  title: 'roofline',
  why: 'plain, inexact sums of private memory in Rust, with the widest vectors and as many threads',

  async open({ threads }) {
    const child = new Child(program('roofline'), []);
    state = { child };
    await child.ask(`threads ${threads}`);
    this.why += ` (${await child.ask('about')})`;
  },

  async load({ element, tile, bytes }) {
    state.element = element;
    await state.child.ask(`load ${element.id} ${bytes} ${tile.file}`);
  },

  supports: () => true,

  async run(length, untimed, calls) {
    const { child, element } = state;
    const bytes = length * element.Array.BYTES_PER_ELEMENT;
    const [nanoseconds, bits] = (await child.ask(`sum ${bytes} ${untimed} ${calls}`)).split(' ');
    return { seconds: Number(nanoseconds) / 1e9, value: decode(bits, element.kind === 'float') };
  },

  close() {
    state.child.close();
  },
};

module.exports = { roofline };
