'use strict';

// A plugin of rollup: puts the functions that almost every program runs before all others, each in parentheses. V8 takes what is in
// parentheses for about to be called, and compiles it with the file; any other function it reads over to find its end, and reads again when
// it is called. Where Node.js keeps compiled code (NODE_COMPILE_CACHE), it is that of these functions.
//
// The install test runs programs that sum, and says which functions are missing here, or too many.

const IN_INDEX = [
  // Loading.
  'callNative',
  'capture',
  'captureGlobal',
  'find',
  'findBinary',
  'getter',
  'inCheckout',
  'inSiblingPackage',
  'isAsked',
  'isOurVersion',
  'listenerMethod',
  'load',
  'loadDirect',
  'variable',
  'wantedThreads',
  // The first calls.
  'checkNum',
  'checkView',
  'idAt',
  'isFirstHeard',
  'isHeard',
  'isLiteral',
  'isOptions',
  'kindAt',
  'lengthOf',
  'makeChannels',
  'nameOf',
  'readOptions',
  'readOptionsWithoutBody',
  'settle',
  'slotsOf',
  'start',
  'sum',
  'sumIntoSharedBuffer',
  'sumRange',
  'takeCalls',
  'unwatch',
  'valueAt',
];

const IN_BODIES = [
  'addText',
  'addValue',
  'advance',
  'check',
  'checkBody',
  'checkInto',
  'checkView',
  'choosePoints',
  'chosen',
  'compile',
  'countsOf',
  'firstUnknown',
  'forEachLeaf',
  'forRange',
  'includes',
  'indicesOf',
  'infoOf',
  'integer',
  'isPortable',
  'isWellFormed',
  'keep',
  'known',
  'leafAt',
  'map',
  'numberOf',
  'product',
  'publicNameOf',
  'rangeJob',
  'readArrayOrObject',
  'readData',
  'readObject',
  'readOptions',
  'readText',
  'readValue',
  'release',
  'run',
  'setRandom',
  'sourceOf',
  'sumRange',
  'textsOf',
  'toNumber',
  'viewJob',
  'whyUnchecked',
];

/** Two modules may have functions of one name, of which rollup renames one. */
const nameOf = ({ id }) => id.name.replace(/\$\d+$/, '');

function eager(names) {
  function renderChunk(code) {
    const statements = scopeOf(this.parse(code));
    const isDirective = statements[0].directive !== undefined;
    const start = isDirective ? statements[0].end : statements[0].start;
    const missing = new Set(names);
    let [first, rest, end] = ['', '', start];
    for (const statement of statements.slice(isDirective ? 1 : 0)) {
      // With the comment before it.
      const before = code.slice(end, statement.start);
      const text = code.slice(statement.start, statement.end);
      if (statement.type === 'FunctionDeclaration' && names.includes(nameOf(statement))) {
        missing.delete(nameOf(statement));
        first += `${before}var ${statement.id.name} = (${text});`;
      } else {
        rest += before + text;
      }
      end = statement.end;
    }
    if (missing.size > 0) throw new Error(`there is no function ${Array.from(missing).join(', ')}`);
    return { code: code.slice(0, start) + first + rest + code.slice(end), map: null };
  }
  return { name: 'eager', renderChunk };
}

/** The statements of a file, or of the innermost function around all that is in it. */
function scopeOf({ body }) {
  while (true) {
    const wrapper = body.map(wrapperIn).find((expression) => expression?.type === 'FunctionExpression');
    if (wrapper === undefined) return body;
    ({ body } = wrapper.body);
  }
}

/** `module.exports = (function () {})` and `var name = (function () {})()`. */
const wrapperIn = ({ expression, declarations }) => expression?.right ?? declarations?.[0].init?.callee;

module.exports = { IN_BODIES, IN_INDEX, eager };
