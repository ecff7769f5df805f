'use strict';

// Wrong arguments: for each parameter of the public calls, what must be refused, with which code, and what the message shows of
// it. One entry serves every call that has the parameter (`having` in calls.js).

const { VIEWS } = require('./views.js');

const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
})();

/** An object that throws when it is looked at, printed or converted. */
const touchy = {
  toString() {
    throw new Error('toString was called');
  },
  get [Symbol.toStringTag]() {
    throw new Error('toStringTag was read');
  },
  valueOf() {
    throw new Error('valueOf was called');
  },
  [Symbol.toPrimitive]() {
    throw new Error('toPrimitive was called');
  },
};

const sharedBytes = (bytes = 64) => new SharedArrayBuffer(bytes);
const wasm = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });

/** [what it is, the value, a pattern that the message matches] */
const PRIMITIVES = [
  ['null', null, /null/],
  ['a string', '10', /string|'10'|"10"/],
  ['an empty string', '', /string|''|""/],
  ['true', true, /boolean|true/],
  ['false', false, /boolean|false/],
  ['a symbol', Symbol('seven'), /symbol/i],
];

const OBJECTS = [
  ['an array', [5], /array/i],
  ['a function', () => 5, /function/i],
  ['a class', class Five {}, /function|class|Five/],
  ['a Date', new Date(), /Date|object/],
  ['a Number object', Object(5), /Number|object/],
];

/** What has no plain place anywhere. */
const STRANGE = [
  ['an object without a prototype', Object.create(null), /object/i],
  ['an object that throws when it is shown', touchy, /./],
  ['a revoked proxy', revoked, /./],
];

/** What is no options object, whatever an options object may be. */
const NOT_OPTIONS = [
  ...PRIMITIVES,
  ['a number', 5, /number|5/],
  ['a BigInt', 5n, /bigint|5n/],
  ['an array', [5], /array/i],
  ['a function', () => 5, /function/i],
  ['a class', class Five {}, /function|class|Five/],
];

const imitation = { aborted: false, reason: undefined, addEventListener() {}, removeEventListener() {} };

const OUT_OF_RANGE = [
  ['-1', -1, /-1/],
  ['-5e-324', -Number.MIN_VALUE, /-5e-324/],
  ['1.5', 1.5, /1\.5/],
  ['NaN', Number.NaN, /NaN/],
  ['Infinity', Number.POSITIVE_INFINITY, /Infinity/],
  ['-Infinity', Number.NEGATIVE_INFINITY, /-Infinity/],
  ['2^53', 2 ** 53, /9007199254740992|9_007_199_254_740_992/],
  ['1e300', 1e300, /1e\+?300/],
  ['-1n', -1n, /-1/],
  ['2^64', 2n ** 64n, /18_?446_?744_?073_?709_?551_?616/],
];

const withCode = (code, entries) => entries.map(([what, value, shown]) => ({ what, value, code, shown }));

const notShared = [
  ['an ArrayBuffer', new ArrayBuffer(64), /new SharedArrayBuffer\(/],
  ['an empty ArrayBuffer', new ArrayBuffer(0), /new SharedArrayBuffer\(/],
  ['an Int32Array on an ArrayBuffer', new Int32Array(16), /new SharedArrayBuffer\(/],
  ['a BigInt64Array on an ArrayBuffer', new BigInt64Array(16), /new SharedArrayBuffer\(/],
];

const slotsView = (View, length) => [
  `a ${View.name} of ${length} slots`,
  new View(sharedBytes(), 64 - length * View.BYTES_PER_ELEMENT, length),
  new RegExp(`\\b${length}\\b`),
];

/** parameter -> { says: what every message says, entries: [{ what, value, code, shown }] } */
const WRONG = {
  num: {
    says: [/\bnum\b/],
    entries: [
      ...withCode('ERR_INVALID_ARG_TYPE', [...PRIMITIVES, ...OBJECTS, ...STRANGE]),
      ...withCode('ERR_OUT_OF_RANGE', OUT_OF_RANGE),
    ],
  },
  target: {
    says: [/\btarget\b/],
    entries: [
      ...withCode('ERR_INVALID_ARG_TYPE', [
        ...PRIMITIVES,
        ...OBJECTS,
        ...STRANGE,
        ['undefined', undefined, /undefined/],
        ['a number', 5, /number|5/],
        ['an object', {}, /object/i],
        ['an array-like object', { length: 4, buffer: sharedBytes(), byteOffset: 0 }, /object/i],
        ['an object that inherits from Int32Array.prototype', Object.create(Int32Array.prototype), /./],
        ['SharedArrayBuffer.prototype', SharedArrayBuffer.prototype, /./],
        ['a DataView', new DataView(sharedBytes()), /DataView|object/],
        ['a Buffer', Buffer.from(sharedBytes()), /Buffer|Uint8Array/],
        ['a WebAssembly.Memory', wasm(), /Memory|object/],
        ['a proxy of a view', new Proxy(new Int32Array(sharedBytes()), {}), /./],
        ['a proxy of a buffer', new Proxy(sharedBytes(), {}), /./],
        ...VIEWS.filter((View) => View !== Int32Array && View !== BigInt64Array).map((View) => [
          `a ${View.name}`,
          new View(sharedBytes()),
          new RegExp(View.name),
        ]),
      ]).map((entry) => ({ ...entry, says: [/SharedArrayBuffer/, /Int32Array/, /BigInt64Array/] })),
      ...withCode('ERR_NOT_SHARED', notShared),
      ...withCode('ERR_OUT_OF_RANGE', [
        ...[0, 1, 3, 4, 7, 9, 10, 15, 17].map((bytes) => [
          `a SharedArrayBuffer of ${bytes} bytes`,
          sharedBytes(bytes),
          new RegExp(`\\b${bytes}\\b`),
        ]),
        ...[Int32Array, BigInt64Array].flatMap((View) => [slotsView(View, 0), slotsView(View, 1)]),
      ]),
    ],
  },
  view: {
    says: [/"view"/],
    entries: [
      ...withCode('ERR_INVALID_ARG_TYPE', [
        ...PRIMITIVES,
        ...OBJECTS,
        ...STRANGE,
        ['undefined', undefined, /undefined/],
        ['a number', 5, /number|5/],
        ['NaN', Number.NaN, /NaN/],
        ['a BigInt', 5n, /bigint|5n/],
        ['an empty array', [], /array/],
        ['an object', {}, /object/],
        ['an array-like object', { length: 4, buffer: sharedBytes(), byteOffset: 0, 0: 1 }, /object/],
        ['a Set', new Set([1, 2]), /Set|object/],
        ['an iterator', [1, 2][Symbol.iterator](), /./],
        ['a SharedArrayBuffer', sharedBytes(), /SharedArrayBuffer|object/],
        ['an ArrayBuffer', new ArrayBuffer(64), /ArrayBuffer/],
        ['a DataView', new DataView(sharedBytes()), /DataView|object/],
        ['a DataView on an ArrayBuffer', new DataView(new ArrayBuffer(8)), /DataView|object/],
        ['a WebAssembly.Memory', wasm(), /Memory|object/],
        ['an object that inherits from Float64Array.prototype', Object.create(Float64Array.prototype), /./],
        ['an object that inherits from a view', Object.create(new Float64Array(sharedBytes())), /./],
        ['Float64Array.prototype', Float64Array.prototype, /./],
        ['%TypedArray%.prototype', Object.getPrototypeOf(Float64Array.prototype), /./],
        ['a proxy of a view', new Proxy(new Float64Array(sharedBytes()), {}), /Proxy/],
        ['a promise of a view', Promise.resolve(new Float64Array(sharedBytes())), /Promise|object/],
      ]).map((entry) => ({ ...entry, says: [/typed array/, /SharedArrayBuffer/] })),
      ...withCode('ERR_NOT_SHARED', [
        ...VIEWS.flatMap((View) => [
          [
            `a ${View.name} on an ArrayBuffer`,
            new View(8),
            new RegExp(`\\b${View.name}\\b.*share\\(\\w+\\)`),
          ],
          [`an empty ${View.name} on an ArrayBuffer`, new View(0), new RegExp(`\\b${View.name}\\b`)],
        ]),
        ['a Buffer', Buffer.alloc(8), /Uint8Array.*share\(\w+\)/],
        ['a Buffer of the pool', Buffer.from('text'), /Uint8Array/],
        ['an empty Buffer', Buffer.alloc(0), /Uint8Array/],
      ]),
    ],
  },
  options: {
    says: [/\boptions\b/],
    entries: withCode('ERR_INVALID_ARG_TYPE', NOT_OPTIONS),
  },
  'options.signal': {
    says: [/\boptions\.signal\b/, /AbortSignal/],
    entries: withCode('ERR_INVALID_ARG_TYPE', [
      ...NOT_OPTIONS,
      ...STRANGE,
      ['an object', {}, /object/i],
      ['an object with the members of a signal', imitation, /object/i],
      ['an EventTarget', new EventTarget(), /EventTarget|object/],
      ['an AbortController', new AbortController(), /AbortController|object/],
      ['a proxy of a signal', new Proxy(new AbortController().signal, {}), /Proxy/],
      ['an object that inherits from AbortSignal.prototype', Object.create(AbortSignal.prototype), /./],
    ]),
  },
  'options.threads': {
    says: [/\boptions\.threads\b/],
    entries: [
      ...withCode('ERR_INVALID_ARG_TYPE', [
        ...NOT_OPTIONS.filter(([what]) => what !== 'a number'),
        ...STRANGE,
        ['a Number object', Object(1), /Number|object/],
      ]),
      // And one more than there are, which errors.test.js knows.
      ...withCode('ERR_OUT_OF_RANGE', [
        ['0', 0, /\b0\b/],
        ['-0', -0, /\b0\b/],
        ...OUT_OF_RANGE.filter(([, value]) => typeof value === 'number'),
        ['2^32 + 1', 2 ** 32 + 1, /4294967297|4_294_967_297/],
      ]),
    ],
  },
};

const promise = Promise.resolve(5);
const view = () => new Float64Array(sharedBytes());

/** What is no function, and no plain object either. */
const NO_BODY = [
  ...PRIMITIVES,
  ['a number', 5, /number|5/],
  ['a BigInt', 5n, /bigint|5n/],
  ['the source of a function', 'i => i', /'i => i'.*pass the function itself/],
  ['an array', [5], /array/i],
  ['a Promise', promise, /a Promise: await it\?/],
  ['a Date', new Date(), /Date/],
  ['a view', view(), /Float64Array/],
  ['an AbortSignal', new AbortController().signal, /AbortSignal: pass \{ signal \}/],
  ['a revoked proxy', revoked, /./],
];

/** The same for the parameters of calls with a body. */
Object.assign(WRONG, {
  body: {
    says: [/"body" argument must be of type function/],
    entries: withCode('ERR_INVALID_ARG_TYPE', NO_BODY),
  },
  predicate: {
    says: [/"predicate" argument must be of type function/],
    entries: withCode('ERR_INVALID_ARG_TYPE', [...NO_BODY, ['nothing', undefined, /undefined/]]),
  },
  // What is neither a view nor a range.
  source: {
    says: [/"source"/],
    entries: WRONG.view.entries.filter(
      ({ what }) => !/^(a number|NaN|a BigInt|an array|an empty array)$/.test(what),
    ),
  },
  a: { says: [/"a"/], entries: WRONG.view.entries },
  b: { says: [/"b"/], entries: WRONG.view.entries },
  'options.ddof': {
    says: [/\boptions\.ddof\b/],
    entries: [
      ...withCode('ERR_INVALID_ARG_TYPE', [...PRIMITIVES, ...OBJECTS, ['a BigInt', 5n, /bigint|5n/]]),
      ...withCode(
        'ERR_OUT_OF_RANGE',
        OUT_OF_RANGE.filter(([, value]) => typeof value === 'number'),
      ),
    ],
  },
  'options.data': {
    says: [/\boptions\.data\b/],
    entries: withCode('ERR_INVALID_ARG_TYPE', [
      ...NOT_OPTIONS,
      ['a Promise', promise, /a Promise: await it\?/],
      ['a Map', new Map(), /Map: pass Object\.fromEntries/],
      ['a view', view(), /Float64Array/],
      ['a Date', new Date(), /Date/],
      ['an object of a class', new (class Settings {})(), /a Settings/],
      ['a revoked proxy', revoked, /./],
    ]),
  },
  'options.from': {
    says: [/\boptions\.from\b/],
    entries: [
      ...withCode('ERR_INVALID_ARG_TYPE', [...PRIMITIVES, ...OBJECTS, ['a revoked proxy', revoked, /./]]),
      ...withCode('ERR_OUT_OF_RANGE', OUT_OF_RANGE),
    ],
  },
  'options.math': {
    says: [/\boptions\.math\b/, /'portable'/],
    entries: [
      ...withCode('ERR_INVALID_ARG_TYPE', [
        ['null', null, /null/],
        ['true', true, /true/],
        ['a number', 5, /5/],
        ['an array', ['portable'], /array/],
        ['a String object', Object('portable'), /String/],
      ]),
      ...withCode('ERR_OUT_OF_RANGE', [
        ['an empty string', '', /''/],
        ['another string', 'fast', /'fast'/],
        ['capitals', 'Portable', /'Portable'/],
      ]),
    ],
  },
  'options.onProgress': {
    says: [/\boptions\.onProgress\b/, /function/],
    entries: withCode('ERR_INVALID_ARG_TYPE', [
      ...PRIMITIVES,
      ['a number', 5, /5/],
      ['an object', {}, /object/],
      ['a Promise', promise, /Promise/],
    ]),
  },
  'options.into': {
    says: [/\boptions\.into\b/],
    entries: [
      ...withCode('ERR_INVALID_ARG_TYPE', [
        ...PRIMITIVES,
        ['a number', 5, /5/],
        ['an array', [1], /array/],
        ['an object', {}, /object/],
        ['a buffer', sharedBytes(), /SharedArrayBuffer: pass a view/],
        ['a DataView', new DataView(sharedBytes()), /DataView/],
        ['a BigInt64Array', new BigInt64Array(sharedBytes()), /BigInt64Array: a body computes with numbers/],
        ['a proxy of a view', new Proxy(view(), {}), /Proxy/],
      ]),
      ...withCode('ERR_NOT_SHARED', [
        ['a view on an ArrayBuffer', new Float64Array(8), /shared\(Float64Array, length\)/],
      ]),
      ...withCode('ERR_OUT_OF_RANGE', [
        ['one of another length', view(), /10000.*\b8\b/],
        ['an empty one', view().subarray(8), /10000.*\b0\b/],
      ]),
    ],
  },
});

module.exports = { WRONG, touchy };
