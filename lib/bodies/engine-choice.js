'use strict';

// Which engine runs bodies: machine code where there is some, unless ALLCORES_ENGINE asks for the interpreter. ALLCORES_PERF has
// `perf` told of the code. The first environment of the process that asks for either decides for all.

const { variable } = require('../environment');
const { outOfRange } = require('../errors');
const native = require('../binding');

/** Whether the variable has the first of these values; not, if it has the second or none. */
function chosen(name, yes, no) {
  const value = variable(name);
  if (value === yes) return true;
  if (value === undefined || value === '' || value === no) return false;
  throw outOfRange(name, `'${no}' or '${yes}'`, value);
}

const usesInterpreter = chosen('ALLCORES_ENGINE', 'interpreter', 'code');
const isAnnounced = chosen('ALLCORES_PERF', '1', '0');
if (usesInterpreter) native.useInterpreter();
if (isAnnounced) native.announceCode();
