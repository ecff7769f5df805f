'use strict';

// Asserts that a function which makes no promise refuses as the others do: an error of the right class, a stable code, and a message.

const assert = require('node:assert/strict');

/** Every pattern of `says` must match the message. */
function throws(call, code, ...says) {
  assert.throws(call, (error) => {
    assert.equal(error.code, code, error.message);
    assert.ok(error instanceof (code === 'ERR_INVALID_ARG_TYPE' ? TypeError : RangeError));
    for (const pattern of says) assert.match(error.message, pattern);
    return true;
  });
}

module.exports = { throws };
