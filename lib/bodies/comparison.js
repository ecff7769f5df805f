'use strict';

// A function and its compiled form, turn by turn. It always ends, after some milliseconds for most bodies, and some tens for those whose
// loops call functions or fill arrays: turns in which the compiled body takes too long are left out, and a function that may not
// end where the compiled body does is stopped (bounded.js).

const { Float64Array, MathMax, MathMin } = require('../intrinsics');
const { callNative } = require('../engine');
const native = require('../binding');
const { Answers } = require('./answers');
const { OVER, STOPPED, runBounded } = require('./bounded');
const { isStackOverflow } = require('./difference');
const { copyOfTable, listOf } = require('./table');
const { list } = require('./lists');
const { indicesOf } = require('./points');
const { same, standInFor } = require('./stand-ins');

/**
 * The loops within the body may take so many turns of their own, in the first few turns of the loop that are compared, and
 * in all others together. What they have not come to then is left out. The first few of a new body get more, so that it is
 * compared at all.
 */
const FEW = 8;
const INNER_TURNS_AT_FIRST = 20_000;
const INNER_TURNS = 4_000;
/** A body that was found right with other data: programs may call it with new data each time, a thousand times a second. */
const INNER_TURNS_LATER = 256;
/** How often a difference must show again, each time the same: another thread may write to the arrays in between. */
const ATTEMPTS = 16;

const NO_STAND_INS = list();

class Comparison {
  call;
  /** By the number of an array. Those that the compiled body does not use have numbers above. */
  standIns = NO_STAND_INS;
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
    this.data = this.build(call.compiled.tree);
  }

  /**
   * The data as the program has passed them, but for what the function might store to: a function that is not the one in the
   * data may store to anything that it can reach from there.
   */
  build(node, name = '') {
    const { kind, names, place, properties } = node;
    // Made anew: no getter of the program's runs twice.
    if (kind === 'l') return listOf(node, this.call.data.copies);
    if (place === undefined) {
      const object = { __proto__: null };
      for (let i = 0; i < names.length; i++) {
        object[names[i]] = this.build(properties[names[i]], name === '' ? names[i] : `${name}.${names[i]}`);
      }
      return object;
    }
    const { compiled, data } = this.call;
    if (kind === 't') return compiled.takesFunctions ? copyOfTable(data.values[place]) : data.values[place];
    if (kind !== 'a') return data.values[place];
    const array = numberOf(compiled, place);
    return compiled.takesFunctions || compiled.written[array]
      ? this.standIn(array, data.values[place], name)
      : data.values[place];
  }

  standIn(array, live, name) {
    if (this.standIns === NO_STAND_INS) this.standIns = list();
    const number = array ?? MathMax(this.standIns.length, this.call.compiled.arrayPlaces.length);
    this.standIns[number] = standInFor(live, name);
    return this.standIns[number].array;
  }

  /** False if nothing can be said. Otherwise `difference` is that of the first turn that has one, if any. */
  run(turns) {
    if (!this.mayBeEndless()) {
      this.compare(turns);
    } else {
      const end = runBounded(() => this.compare(turns));
      if (end !== OVER) {
        if (end !== STOPPED || !this.isEndlessByItself()) return false;
        this.difference = { __proto__: null, turn: this.turn, isEndless: true };
      }
    }
    if (this.failure !== undefined) throw this.failure.error;
    return true;
  }

  /** Whether the function may loop where the compiled body does not. To have it stopped takes a millisecond, the first time. */
  mayBeEndless() {
    const { captured, isProved, loops, takesFunctions } = this.call.compiled;
    return takesFunctions || (loops && (captured.length > 0 || !(isProved || this.isByItself())));
  }

  /** Whether the function has all that it works on to itself: what the compiled body has come to the end of, it does. */
  isByItself() {
    const { isClosed, written } = this.call.compiled;
    for (let i = 0; i < written.length; i++) if (!written[i]) return false;
    return isClosed;
  }

  /**
   * Whether a function that was stopped does not end for a reason of its own: in a stand-in, nobody gives a lock back, and in an array
   * of the program another thread may have.
   */
  isEndlessByItself() {
    const { isAtomic, polls } = this.call.compiled;
    return this.turn !== undefined && !isAtomic && !polls;
  }

  /** Throws nothing. */
  compare(turns) {
    try {
      const { isProved } = this.call.compiled;
      const few = MathMin(isProved ? 1 : FEW, turns.length);
      this.compareSome(turns, 0, few, isProved ? INNER_TURNS : INNER_TURNS_AT_FIRST);
      if (few < turns.length && this.difference === undefined) {
        this.compareSome(turns, few, turns.length, isProved ? INNER_TURNS_LATER : INNER_TURNS);
      }
    } catch (error) {
      this.failure = { __proto__: null, error };
    }
  }

  compareSome(turns, start, end, innerTurns) {
    const answers = this.ask(turns, start, end, innerTurns);
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
    for (let k = 0; k < suspects.length && this.difference === undefined; k++) {
      this.confirm(turns, suspects[k]);
    }
    this.refresh();
  }

  /**
   * Looks again, until it is no difference or one that no other thread can have made. Threads that touch the same memory may
   * fall into step, so that one of them sees the same state each time; so both must see the same, in either order.
   */
  confirm(turns, i) {
    let first;
    let difference;
    const attempts = this.call.compiled.arrayPlaces.length === 0 ? 1 : ATTEMPTS;
    for (let attempt = 0; attempt < attempts; attempt++) {
      this.refresh();
      const isFirst = attempt % 2 === 0;
      if (!isFirst) this.callFunction(turns[i]);
      const answers = this.ask(turns, i, i + 1, INNER_TURNS_AT_FIRST);
      if (isFirst) this.callFunction(turns[i]);
      if (!answers.hasRun || first?.isLike(answers) === false) return;
      const again = this.differenceFrom(answers) ?? this.firstStray();
      if (again === undefined || !isSameDifference(difference ?? again, again)) return;
      first ??= answers;
      difference = again;
    }
    this.difference = { __proto__: null, turn: turns[i], ...difference };
  }

  refresh() {
    for (let k = 0; k < this.standIns.length; k++) this.standIns[k]?.refresh();
  }

  /** What the compiled body does in some of the turns. */
  ask(turns, start, end, innerTurns) {
    const { arrays, compiled, counts, portable, scalars } = this.call;
    const indices = new Float64Array((end - start) * counts.length);
    for (let i = start; i < end; i++) indicesOf(turns[i], this.call, indices, (i - start) * counts.length);
    // Where the bits of the portable functions are not those of Math, the others are compared: see whyUnchecked.
    const isPortable = portable && compiled.math.length === 0;
    return new Answers(
      callNative(() => native.checkBody(compiled.body, indices, scalars, arrays, isPortable, innerTurns)),
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
      if (isStackOverflow(error)) throw error;
      this.hasThrown = true;
      this.value = error;
    }
    this.turn = undefined;
  }

  /** How the function's last call differs from what the compiled body did; undefined if it does not. Undoes its stores. */
  differenceFrom(answer) {
    let difference;
    for (let k = 0; k < answer.storeCount; k++) {
      const standIn = this.standIns[answer.arrayOf(k)];
      const element = answer.elementOf(k);
      const actual = answer.storedBy(k);
      const expected = standIn.at(element);
      if (!same(expected, actual)) difference ??= { __proto__: null, standIn, element, expected, actual };
      standIn.undo(element);
    }
    if (this.hasThrown) return { __proto__: null, hasThrown: true, thrown: this.value, actual: answer.value };
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
        standIn,
        element,
        expected: standIn.at(element),
        actual: standIn.live[element],
      };
    }
    return undefined;
  }
}

/** The number of the array at a place; undefined if the compiled body does not use it. */
function numberOf({ arrayPlaces }, place) {
  for (let i = 0; i < arrayPlaces.length; i++) if (arrayPlaces[i] === place) return i;
  return undefined;
}

/** Errors are made anew each time. */
const isSameDifference = (a, b) =>
  a.hasThrown === b.hasThrown &&
  a.standIn === b.standIn &&
  a.element === b.element &&
  same(a.expected, b.expected);

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
      return value === null ? 0 : undefined;
  }
}

module.exports = { Comparison };
