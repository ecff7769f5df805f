'use strict';

// ERR_DIFFERS: what a program is told when a function and its compiled form are not the same.

const { ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf, StringStartsWith, types } =
  require('../intrinsics');
const { describe, rare, show } = require('../errors');
const { differs } = require('./errors');
const { indicesOf } = require('./points');

/** The longest message of an error of the program's that is repeated. */
const LONGEST = 200;

/**
 * `difference` has the `turn`, what the function does as `expected`, or `hasThrown` and what it has thrown, or `isEndless`;
 * and what the compiled body does as `actual`. `standIn` and `element` say that it is about a store.
 */
function differenceError(call, difference) {
  const { actual, expected, thrown, turn } = difference;
  const index = indexOf(call, turn);
  const at = `at index ${showIndex(index)}`;
  if (difference.isEndless) {
    return differs(`The function does not end ${at}, and its compiled form does. ${hint(call)}`, index);
  }
  if (difference.hasThrown) {
    const message = `The function throws ${describeThrown(thrown)} ${at}, and its compiled form does not. ${hint(call)}`;
    return differs(message, index, undefined, actual, { __proto__: null, cause: thrown });
  }
  const what = 'standIn' in difference ? `stores to ${nameOf(difference)}` : 'returns';
  const message = `The function ${what} ${showValue(expected)} ${at}, and its compiled form ${showValue(actual)}. ${hint(call)}`;
  return differs(message, index, expected, actual);
}

function hint({ compiled: { captured, math } }) {
  if (captured.length > 0) {
    let names = captured[0];
    for (let i = 1; i < captured.length; i++) names += `, ${captured[i]}`;
    return (
      `It takes ${names} from its surroundings: what is there must be the same as in options.data. ` +
      'What it takes from its last parameter always is.'
    );
  }
  const functions = math.length > 0 ? `Math.${math[0]}` : 'a global object such as Math';
  return `Has the program replaced ${functions}? If not, please report it with the function and its data.`;
}

/** The index, or the indices, of a turn. */
function indexOf(call, turn) {
  const indices = [0, 0, 0];
  indicesOf(turn, call, indices, 0);
  switch (call.counts.length) {
    case 1:
      return indices[0];
    case 2:
      return [indices[0], indices[1]];
    default:
      return indices;
  }
}

function showIndex(index) {
  if (typeof index === 'number') return `${index}`;
  return index.length === 2 ? `[${index[0]}, ${index[1]}]` : `[${index[0]}, ${index[1]}, ${index[2]}]`;
}

const nameOf = ({ standIn, element }) => `${standIn.name}[${element}]`;

/** A number with its sign, or what it is instead. */
function showValue(value) {
  if (typeof value !== 'number') return describe(value);
  return value === 0 && 1 / value < 0 ? '-0' : show(value);
}

function describeThrown(thrown) {
  if (!types.isNativeError(thrown)) return describe(thrown);
  const message = ownText(thrown, 'message');
  const name = rare().usable(ownText(ObjectGetPrototypeOf(thrown), 'name')) ?? 'an Error';
  return message === undefined || message.length > LONGEST ? name : `${name}: ${message}`;
}

/**
 * Whether an error says that the program has used up its stack; JavaScriptCore may call that a lack of memory. Then nothing can be said
 * about a function that threw it.
 */
function isStackOverflow(error) {
  if (!types.isNativeError(error)) return false;
  const message = ownText(error, 'message') ?? '';
  return StringStartsWith(message, 'Maximum call stack size') || message === 'Out of memory';
}

/** A property that is a text, without running code of the program. */
function ownText(object, name) {
  if (object === null || types.isProxy(object)) return undefined;
  const text = ObjectGetOwnPropertyDescriptor(object, name)?.value;
  return typeof text === 'string' ? text : undefined;
}

module.exports = { differenceError, isStackOverflow };
