'use strict';

// The text of a function in the place of one, for programs that have no function: another machine has sent them what its own was
// written as. It is compiled as the text of a function is, and nothing ever evaluates it, so that there is nothing to compare it with.
//
// Only what is inside of the package can make one.

const { invalidArgType } = require('../errors');

class Source {
  #text;

  constructor(text) {
    if (typeof text !== 'string') throw invalidArgType('text', 'of type string', text);
    this.#text = text;
  }

  /** The text of a source; undefined for any other object. Runs no code of the program. */
  static textOf(object) {
    return #text in object ? object.#text : undefined;
  }
}

module.exports = { Source };
