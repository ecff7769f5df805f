'use strict';

// How far a run has come, signed, so that another process can go on with it: the sum of all merged chunks, and the ranges that
// are not in it. It says which program it is of, and goes on with no other.

const { coded } = require('../errors');
const { WIRE, parse } = require('./wire');

/** `state` is `{ run, program, method, window, sizes, leaving, partial }`. */
function packCheckpoint(secret, name, { run, program, method, window, sizes, leaving, partial }) {
  const text = JSON.stringify({
    v: WIRE,
    run,
    program,
    method,
    window,
    sizes,
    leaving,
    partial: Buffer.from(partial).toString('base64'),
  });
  return JSON.stringify([text, secret.sign('checkpoint', [name, text])]);
}

/** The state, for the program of this digest. Throws ERR_OUT_OF_RANGE for any other, and for what is not signed. */
function unpackCheckpoint(secret, name, checkpoint, program) {
  const list = parse(checkpoint);
  const [text, sig] = Array.isArray(list) ? list : [];
  if (typeof text !== 'string' || !secret.verify('checkpoint', [name, text], sig)) {
    throw mismatch(name, 'is not signed with this secret');
  }
  // From here on it is what we have written.
  const { v, partial, ...state } = JSON.parse(text);
  if (v !== WIRE) throw mismatch(name, 'is of another version of allcores');
  if (state.program !== program) {
    throw mismatch(name, 'is of another call: method, range, body and data must be the same');
  }
  return { ...state, partial: new Uint8Array(Buffer.from(partial, 'base64')) };
}

const mismatch = (name, problem) =>
  coded(
    new RangeError(
      `The value of "options.resume" is out of range. It must be the name of a run of this call, or a new name. ` +
        `Received '${name}', which ${problem}`,
    ),
    'ERR_OUT_OF_RANGE',
  );

module.exports = { packCheckpoint, unpackCheckpoint };
