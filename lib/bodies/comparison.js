'use strict';

// A function and its compiled form, turn by turn. It ends in a few milliseconds: turns in which the compiled body takes too long are
// left out, and the later ones if the first take long. A function that may not end where the compiled body does is stopped (bounded.js).

const { Float64Array, MathMin, hrtime } = require('../intrinsics');
const { callNative } = require('../engine');
const native = require('../binding');
const { Answers } = require('./answers');
const { runBounded } = require('./bounded');
const { list } = require('./lists');
const { indicesOf } = require('./points');
const { same, standInFor } = require('./stand-ins');

/** How many turns are compared at first, and the time after which no more are. */
const CAUTIOUS = 8;
const MILLISECONDS = 2;
/** Turns of the loops within the body, in all turns that are compared at once: when they are used up, what remains is left out. */
const MAX_INNER_TURNS = 10_000;
/** How often a difference is looked at again that another thread may have made, by writing to the arrays in between. */
const ATTEMPTS = 3;

const NO_STAND_INS = list();

class Comparison {
  call;
  /** By the number of an array, and by its place in the data. */
  standIns = NO_STAND_INS;
  standInsByPlace = NO_STAND_INS;
  /** What the function gets for `data`. */
  data;
  /** The turn in which the function runs. */
  turn = undefined;
  /** What it has returned or thrown. */
  value = undefined;
  hasThrown = false;
  /** What has ended `compare`: a refusal of the native side, or a difference. */
  failure = undefined;
  difference = undefined;

  constructor(call) {
    this.call = call;
    const { arrayPlaces, tree, written } = call.compiled;
    for (let i = 0; i < arrayPlaces.length; i++) {
      if (written[i]) this.standIn(i, arrayPlaces[i]);
    }
    this.data = this.build(tree);
  }

  standIn(array, place) {
    if (this.standIns === NO_STAND_INS) {
      this.standIns = list();
      this.standInsByPlace = list();
    }
    this.standIns[array] = standInFor(this.call.data.values[place]);
    this.standInsByPlace[place] = this.standIns[array];
  }

  /** The data as the program has passed them, with the stand-ins. */
  build(node) {
    const { names, place, properties } = node;
    if (place !== undefined) return this.standInsByPlace[place]?.array ?? this.call.data.values[place];
    const object = { __proto__: null };
    for (let i = 0; i < names.length; i++) object[names[i]] = this.build(properties[names[i]]);
    return object;
  }

  /** False if nothing can be said. Otherwise `difference` is that of the first turn that has one, if any. */
  run(turns) {
    if (!this.mayBeEndless()) {
      this.compare(turns);
    } else if (!runBounded(() => this.compare(turns))) {
      if (this.turn === undefined) return false;
      this.difference = { __proto__: null, turn: this.turn, isEndless: true };
    }
    if (this.failure !== undefined) throw this.failure.error;
    return true;
  }

  /** Whether the function may loop where the compiled body does not. */
  mayBeEndless() {
    const { captured, isProved, loops, tree } = this.call.compiled;
    if (loops && (captured.length > 0 || !isProved)) return true;
    for (let i = 0; i < captured.length; i++) if (tree.properties[captured[i]]?.kind === 'f') return true;
    return false;
  }

  /** Throws nothing. */
  compare(turns) {
    try {
      const some = MathMin(CAUTIOUS, turns.length);
      const began = turns.length > some ? hrtime() : undefined;
      this.compareBatch(turns, 0, some);
      if (began === undefined || this.difference !== undefined) return;
      const now = hrtime();
      if ((now[0] - began[0]) * 1e3 + (now[1] - began[1]) / 1e6 > MILLISECONDS) return;
      this.compareBatch(turns, some, turns.length);
    } catch (error) {
      this.failure = { __proto__: null, error };
    }
  }

  compareBatch(turns, start, end) {
    const answers = this.ask(turns, start, end);
    let suspects;
    for (let i = start; i < end; i++, answers.next()) {
      if (!answers.hasRun) continue;
      this.callFunction(turns[i]);
      // What was stored is undone, so that each turn begins with the arrays as they are.
      if (this.differenceFrom(answers) === undefined) continue;
      suspects ??= list();
      suspects[suspects.length] = i;
    }
    // An element that the function has stored to, and the compiled body has not: in some turn.
    if (this.firstStray() !== undefined) {
      suspects = list();
      for (let i = start; i < end; i++) suspects[i - start] = i;
    }
    if (suspects === undefined) return;
    for (let k = 0; k < suspects.length && this.difference === undefined; k++)
      this.confirm(turns, suspects[k]);
  }

  /** Looks again whether there is a difference, and one that no other thread can have made. */
  confirm(turns, i) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      this.refresh();
      const before = this.ask(turns, i, i + 1);
      if (!before.hasRun) break;
      this.callFunction(turns[i]);
      const difference = this.differenceFrom(before) ?? this.firstStray();
      if (!before.isLike(this.ask(turns, i, i + 1))) continue;
      if (difference !== undefined) this.difference = { __proto__: null, turn: turns[i], ...difference };
      break;
    }
    this.refresh();
  }

  refresh() {
    for (let k = 0; k < this.standIns.length; k++) this.standIns[k]?.refresh();
  }

  /** What the compiled body does in some of the turns. */
  ask(turns, start, end) {
    const { arrays, compiled, counts, portable, scalars } = this.call;
    const indices = new Float64Array((end - start) * counts.length);
    for (let i = start; i < end; i++) indicesOf(turns[i], this.call, indices, (i - start) * counts.length);
    // Where the bits of the portable functions are not those of Math, the others are compared: see whyUnchecked.
    const isPortable = portable && compiled.math.length === 0;
    return new Answers(
      callNative(() =>
        native.checkBody(compiled.body, indices, scalars, arrays, isPortable, MAX_INNER_TURNS),
      ),
    );
  }

  /** Calls the function as the loop would. */
  callFunction(turn) {
    const { counts, func, view } = this.call;
    // A literal's elements are its own.
    const indices = [0, 0, 0];
    indicesOf(turn, this.call, indices, 0);
    this.turn = turn;
    this.hasThrown = false;
    try {
      if (view !== undefined) this.value = func(view[turn], turn, this.data);
      else if (counts.length === 1) this.value = func(indices[0], this.data);
      else if (counts.length === 2) this.value = func(indices[0], indices[1], this.data);
      else this.value = func(indices[0], indices[1], indices[2], this.data);
    } catch (error) {
      this.hasThrown = true;
      this.value = error;
    }
    this.turn = undefined;
  }

  /** How the function's last call differs from what the compiled body did; undefined if it does not. Undoes its stores. */
  differenceFrom(answer) {
    let difference;
    for (let k = 0; k < answer.storeCount; k++) {
      const array = answer.arrayOf(k);
      const element = answer.elementOf(k);
      const actual = answer.storedBy(k);
      const expected = this.standIns[array].at(element);
      if (!same(expected, actual)) difference ??= { __proto__: null, array, element, expected, actual };
      this.standIns[array].undo(element);
    }
    if (this.hasThrown) return { __proto__: null, thrown: this.value, actual: answer.value };
    if (this.call.compiled.returns && !same(toNumber(this.value), answer.value)) {
      return { __proto__: null, expected: this.value, actual: answer.value };
    }
    return difference;
  }

  /** An element that the function has stored to and that is not undone; undefined if there is none. */
  firstStray() {
    for (let array = 0; array < this.standIns.length; array++) {
      const standIn = this.standIns[array];
      const element = standIn?.firstStray();
      if (element === undefined) continue;
      return {
        __proto__: null,
        array,
        element,
        expected: standIn.at(element),
        actual: standIn.live[element],
      };
    }
    return undefined;
  }
}

/** A value as a sum takes it. Anything else is no value of a body. */
function toNumber(value) {
  switch (typeof value) {
    case 'number':
      return value;
    case 'boolean':
      return +value;
    case 'undefined':
      return Number.NaN;
    default:
      return undefined;
  }
}

module.exports = { Comparison };
