'use strict';

// What is known of the functions of the program that were bodies or helpers: each one's source and a number of its own, and
// for each source what it was compiled to. Closures that are made anew for each call have the same source.
//
// A function is known for as long as the program has it. Of sources only some are kept; a hand goes round and drops the
// first that was not used since it last came by.

const { FunctionToString, Map, MapDelete, MapGet, MapSet, WeakMap, WeakMapGet, WeakMapSet } =
  require('../intrinsics');
const { invalidArgType } = require('../errors');
const { list } = require('./lists');
const { Source: Text } = require('./source');

const MAX_SOURCES = 256;
/** UTF-16 units of all that are kept. */
const MAX_LENGTH = 2 ** 22;
/** For one source: another one is for data of another shape. */
const MAX_COMPILED = 8;

/** function -> Known */
const functions = new WeakMap();
let lastNumber = 0;

/** A function, or a text in the place of one. */
class Known {
  text;
  isFunction;
  number = ++lastNumber;
  /** Set by `sourceOf`. */
  source = undefined;
  /** With which data it was compared with its compiled form: see passes.js. */
  passes = undefined;

  constructor(text, isFunction) {
    this.text = text;
    this.isFunction = isFunction;
  }
}

/** Throws for a function that has no source. */
function known(func) {
  let entry = WeakMapGet(functions, func);
  if (entry === undefined) {
    entry = new Known(readText(func), typeof func === 'function');
    WeakMapSet(functions, func, entry);
  }
  return entry;
}

function readText(func) {
  if (typeof func !== 'function') return Text.textOf(func);
  try {
    return FunctionToString(func);
  } catch {
    throw invalidArgType('body', 'a function with a source', func);
  }
}

/** All functions with one text. */
class Source {
  text;
  isKept = true;
  isUsed = true;
  /** What it was compiled to, and which of them is replaced next. */
  compiled = list();
  next = 0;
  /** The last that was used. */
  latest = undefined;

  constructor(text) {
    this.text = text;
  }

  add(compiled) {
    this.compiled[this.next] = compiled;
    this.next = (this.next + 1) % MAX_COMPILED;
  }

  drop() {
    this.isKept = false;
    this.compiled = list();
    this.next = 0;
    this.latest = undefined;
  }
}

/** text -> Source */
const sources = new Map();
/** The same in a circle, with the hand at one of them. */
const circle = list();
for (let i = 0; i < MAX_SOURCES; i++) circle[i] = undefined;
let hand = 0;
let count = 0;
let length = 0;

/** The source of a body. */
function sourceOf(entry) {
  let { source } = entry;
  if (source === undefined || !source.isKept) {
    source = MapGet(sources, entry.text) ?? keep(new Source(entry.text));
    entry.source = source;
  }
  source.isUsed = true;
  return source;
}

function keep(source) {
  while (count === MAX_SOURCES || (count > 0 && length + source.text.length > MAX_LENGTH)) dropOne();
  while (circle[hand] !== undefined) advance();
  circle[hand] = source;
  count++;
  length += source.text.length;
  MapSet(sources, source.text, source);
  return source;
}

function dropOne() {
  for (; ; advance()) {
    const source = circle[hand];
    if (source === undefined) continue;
    if (!source.isUsed) {
      circle[hand] = undefined;
      count--;
      length -= source.text.length;
      MapDelete(sources, source.text);
      source.drop();
      return;
    }
    source.isUsed = false;
  }
}

function advance() {
  hand = (hand + 1) % MAX_SOURCES;
}

module.exports = { known, sourceOf };
