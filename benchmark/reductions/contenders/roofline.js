'use strict';

// How fast the memory can be read: plain vector sums of as many bytes, in Rust, by as many threads. See ../../roofline.

const { Child } = require('../../common/child');
const { program } = require('../../common/prepare');

let state;

const roofline = {
  name: 'roofline',
  title: 'roofline',
  why: 'the plain sum of as many bytes of private memory in Rust, with the widest vectors and as many threads: reading takes that long',
  /** Its value is another one. */
  isOther: true,

  async open({ threads }) {
    const child = new Child(program('roofline'), []);
    await child.ask(`threads ${threads}`);
    state = { child };
  },

  async load({ element, tile, bytes }) {
    state.bytes = bytes;
    await state.child.ask(`load ${element.id} ${bytes} ${tile.file}`);
  },

  supports: () => true,

  async run(_workload, untimed, calls) {
    const [nanoseconds] = (await state.child.ask(`sum ${state.bytes} ${untimed} ${calls}`)).split(' ');
    return { seconds: Number(nanoseconds) / 1e9, value: undefined };
  },

  close() {
    state.child.close();
  },
};

module.exports = { roofline };
