'use strict';

// Asserts that a call is refused the way every refusal must look: a native promise, never a synchronous throw,
// rejected with an Error of the right class, a stable code, and a message that says what was expected and what came.

const assert = require('node:assert/strict');
const { inspect, types } = require('node:util');

const CLASSES = {
  ERR_INVALID_ARG_TYPE: TypeError,
  ERR_OUT_OF_RANGE: RangeError,
  ERR_NOT_SHARED: TypeError,
  ERR_BUFFER_BUSY: Error,
  ERR_UNSUPPORTED: SyntaxError,
  ERR_DIFFERS: Error,
  ERR_THREADS: Error,
  ERR_INTERNAL: Error,
  ABORT_ERR: Error,
};

/**
 * `call` returns the promise under test. `code` is the expected code (or several that are right). Every pattern of
 * `says` must match the message. Resolves with the error, for further questions.
 */
async function rejects(call, code, ...says) {
  let promise;
  try {
    promise = call();
  } catch (error) {
    assert.fail(`threw synchronously: ${inspect(error)}`);
  }
  assert.ok(types.isPromise(promise), `returned ${inspect(promise)}, not a promise`);
  const error = await promise.then(
    (value) => assert.fail(`expected ${code}, but it resolved with ${inspect(value)}`),
    (reason) => reason,
  );
  const codes = [code].flat();
  assert.ok(types.isNativeError(error), `rejected with ${inspect(error)}, which is not an Error`);
  assert.ok(codes.includes(error.code), `expected ${codes.join(' or ')}, got ${inspect(error)}`);
  const Class = CLASSES[error.code];
  assert.ok(error instanceof Class, `${error.code} must be a ${Class.name}: ${inspect(error)}`);
  const name = error.code === 'ABORT_ERR' ? 'AbortError' : Class.name;
  assert.equal(error.name, name);
  if (name !== 'AbortError') assert.equal(Object.getPrototypeOf(error).constructor.name, name);
  assert.ok(error.message.length > 10, `the message says too little: ${error.message}`);
  for (const pattern of says) assert.match(error.message, pattern);
  return error;
}

module.exports = { rejects };
