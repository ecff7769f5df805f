'use strict';

// What a value is, in the words of an error message. No code of the program runs to find out, and however large the value
// is, the words are few and quickly found.

const {
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  StringIncludes,
  StringSlice,
  SymbolDescription,
  SymbolToStringTag,
  inspect,
  types,
} = require('../intrinsics');
const { internalClassName, isObjectPrototype } = require('../internal-class');

/** What is shown of a text. */
const EXCERPT = 40;

/** The longest text that is looked at: V8 must copy one that was put together from parts. */
const LONGEST_TEXT = 4096;

/** BigInts of up to 40 digits are shown; to write out a longer one takes more than linear time. */
const LARGEST_BIGINT = 10n ** 40n;

/** The deepest prototype chain that is followed. */
const DEEPEST = 64;

/** The words for a value: "a Promise", "type string ('ten')", "undefined". */
function describe(value) {
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : describeClass(className(value));
    default:
      return `type ${typeof value} (${show(value)})`;
  }
}

const describeClass = (name) => (name === undefined ? 'a plain object' : `${article(name)} ${name}`);

const article = (name) => (StringIncludes('AEIOaeio', name[0]) ? 'an' : 'a');

/** A primitive value as it is written in a program, or an excerpt of it. */
function show(value) {
  switch (typeof value) {
    case 'string':
      return excerpt(value);
    case 'symbol':
      return showSymbol(SymbolDescription(value));
    case 'bigint':
      return showBigInt(value);
    default:
      return `${value}`;
  }
}

function excerpt(text) {
  if (text.length > LONGEST_TEXT) return `${text.length} characters`;
  return text.length > EXCERPT ? `${inspect(StringSlice(text, 0, EXCERPT))}...` : inspect(text);
}

const showSymbol = (description) =>
  description === undefined ? 'Symbol()' : `Symbol(${excerpt(description)})`;

function showBigInt(value) {
  if (value >= LARGEST_BIGINT) return 'a BigInt of more than 40 digits';
  if (value <= -LARGEST_BIGINT) return 'a negative BigInt of more than 40 digits';
  return `${value}n`;
}

/** The name of the class of an object; undefined for a plain object. */
function className(object) {
  if (types.isProxy(object)) return 'Proxy';
  return internalClassName(object) ?? constructorName(object);
}

/** The name of the nearest class that an object inherits from; undefined if there is none but Object, of any realm. */
function constructorName(object) {
  let at = object;
  for (let depth = 0; depth < DEEPEST; depth++) {
    at = ObjectGetPrototypeOf(at);
    if (at === null) return undefined;
    if (types.isProxy(at)) break;
    const constructor = ObjectGetOwnPropertyDescriptor(at, 'constructor');
    if (constructor === undefined) {
      // Iterators have a tag instead, and no class of that name.
      const tag = usable(ObjectGetOwnPropertyDescriptor(at, SymbolToStringTag)?.value);
      if (tag !== undefined) return tag;
      continue;
    }
    return isObjectPrototype(at) ? undefined : nameOf(constructor.value);
  }
  return 'object of an unknown class';
}

function nameOf(constructor) {
  const name =
    typeof constructor === 'function' && !types.isProxy(constructor)
      ? ObjectGetOwnPropertyDescriptor(constructor, 'name')?.value
      : undefined;
  return usable(name) ?? 'object of an unnamed class';
}

/** A name that can stand in a message: short, and without line ends or escape sequences. */
const usable = (name) =>
  typeof name === 'string' && name !== '' && name.length <= EXCERPT && inspect(name) === `'${name}'`
    ? name
    : undefined;

/** Whether an object is of no class but Object, of any realm. Of proxies their targets' prototypes count; that runs their traps. */
function isOfNoClass(object) {
  try {
    return internalClassName(object) === undefined && constructorName(object) === undefined;
  } catch {
    // A revoked proxy, or a trap that throws.
    return false;
  }
}

module.exports = { className, describe, excerpt, isOfNoClass, show, usable };
