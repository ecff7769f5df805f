'use strict';

// A plugin of rollup: puts the functions that every program runs before all others, each in parentheses. V8 takes what is in parentheses for
// about to be called, and compiles it with the file; any other function it reads over to find its end, and reads again when it is called.
//
// The install test runs a program that sums, and says which functions are missing here, or too many.

const NAMES = [
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

/** Two modules may have functions of one name, of which rollup renames one. */
const isListed = ({ type, id }) =>
  type === 'FunctionDeclaration' && NAMES.includes(id.name.replace(/\$\d+$/, ''));

function eager() {
  function renderChunk(code) {
    const { body } = this.parse(code);
    const [first] = body;
    const found = new Set();
    let [moved, rest, end] = ['', code.slice(0, first.end), first.end];
    for (const statement of body.slice(1)) {
      // With the comment before it.
      const before = code.slice(end, statement.start);
      const text = code.slice(statement.start, statement.end);
      if (isListed(statement)) {
        found.add(statement.id.name.replace(/\$\d+$/, ''));
        moved += `${before}var ${statement.id.name} = (${text});`;
      } else {
        rest += before + text;
      }
      end = statement.end;
    }
    const missing = NAMES.filter((name) => !found.has(name));
    if (missing.length > 0) throw new Error(`no function ${missing.join(', no function ')}`);
    return { code: code.slice(0, first.end) + moved + rest.slice(first.end) + code.slice(end), map: null };
  }
  return { name: 'eager', renderChunk };
}

module.exports = { eager };
