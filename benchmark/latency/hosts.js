'use strict';

// The processes in which the contenders' pools stay warm, one for each, so that no heap, event loop or idle thread is in
// another's way.

const path = require('node:path');
const { Child } = require('../common/child');

const SCRIPT = path.join(__dirname, 'host.js');

class Host {
  #child;

  constructor(contender, threads) {
    this.contender = contender;
    this.#child = new Child(process.execPath, [SCRIPT, contender.name, String(threads)]);
  }

  takesPartIn(measure) {
    return this.contender.warm === undefined || this.contender.warm.includes(measure);
  }

  /** A turn of a measure; resolves with what it gives. */
  async turn(measure, options) {
    return JSON.parse(await this.#child.ask(`${measure} ${JSON.stringify(options)}`));
  }

  close() {
    this.#child.close();
  }
}

module.exports = { Host };
