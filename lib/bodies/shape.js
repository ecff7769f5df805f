'use strict';

// The shape of data (data.js), parsed: a tree whose leaves know the places of their values. Only a body that is compiled
// needs it.

const { StringCharCodeAt } = require('../intrinsics');
const { outOfRange } = require('../errors');
const { list } = require('./lists');

class Node {
  /** The letter of the shape. */
  kind;
  /** The place of its value; of an object, undefined. */
  place = undefined;
  /** Of a plain array, and of what is in an array of objects: the product of all dimensions. */
  size = 0;
  /** Of a plain array. */
  dimensions = list();
  /** Whether it is in an array of objects. */
  isColumn;
  /** Of an object, or an array of such: its properties in order, and by name. */
  names = list();
  properties = { __proto__: null };

  constructor(kind, isColumn) {
    this.kind = kind;
    this.isColumn = isColumn;
  }
}

class Parser {
  shape;
  texts;
  at = 0;
  places = 0;

  constructor(shape, texts) {
    this.shape = shape;
    this.texts = texts;
  }

  /** `objects` is how many there are in the array of objects that it is in; 0 if it is in none. */
  node(objects = 0) {
    const node = new Node(this.shape[this.at++], objects > 0);
    node.size = objects;
    if (node.kind === 't' || node.kind === 'l') this.dimensions(node);
    if (node.kind === 'o' || node.kind === 'l') {
      this.at++;
      while (this.shape[this.at] !== ')') {
        const name = this.texts[this.integer()];
        // The native side knows no such names.
        if (!isWellFormed(name)) {
          throw outOfRange('options.data', 'an object with names that have no lone surrogates', name);
        }
        node.names[node.names.length] = name;
        node.properties[name] = this.node(node.size);
      }
      this.at++;
      return node;
    }
    node.place = this.places++;
    if (node.kind === 'a' || node.kind === 't' || node.kind === 'f' || node.kind === 'x') {
      while (this.shape[this.at++] !== ';');
    }
    return node;
  }

  dimensions(node) {
    node.size ||= 1;
    do {
      node.dimensions[node.dimensions.length] = this.integer();
      node.size *= node.dimensions[node.dimensions.length - 1];
    } while (this.shape[this.at] === ',' && ++this.at);
  }

  integer() {
    let integer = 0;
    for (; this.shape[this.at] >= '0' && this.shape[this.at] <= '9'; this.at++) {
      integer = 10 * integer + (this.shape[this.at] | 0);
    }
    return integer;
  }
}

/** Whether a text is one of Unicode: its surrogates come in pairs. */
function isWellFormed(text) {
  for (let i = 0; i < text.length; i++) {
    const kind = StringCharCodeAt(text, i) & 0xfc00;
    if (kind !== 0xd800 && kind !== 0xdc00) continue;
    if (kind === 0xdc00 || i + 1 === text.length) return false;
    if ((StringCharCodeAt(text, ++i) & 0xfc00) !== 0xdc00) return false;
  }
  return true;
}

const parseShape = (shape, texts) => new Parser(shape, texts).node();

/** The leaf at a path, a list of names. */
function leafAt(node, path) {
  let at = node;
  for (let i = 0; i < path.length; i++) at = at.properties[path[i]];
  return at;
}

/** Calls `visit(leaf)` for each leaf, in the order of places. */
function forEachLeaf(node, visit) {
  if (node.place !== undefined) {
    visit(node);
    return;
  }
  for (let i = 0; i < node.names.length; i++) forEachLeaf(node.properties[node.names[i]], visit);
}

module.exports = { forEachLeaf, leafAt, parseShape };
