'use strict';

// What is signed with the secret of a cluster, by HMAC-SHA-256. Each purpose has a key of its own, so that nothing that was
// signed for one stands for another, and what is signed is a list of strings and numbers as JSON: no two lists are one text.

const { createHmac, hkdfSync, timingSafeEqual } = require('node:crypto');
const { invalidArgType, outOfRange } = require('../errors');

const SHORTEST = 16;

class Secret {
  #keys = new Map();
  #secret;

  /** `secret` is a string of at least 16 characters, or as many bytes. */
  constructor(secret) {
    const isBytes = secret instanceof Uint8Array;
    if (typeof secret !== 'string' && !isBytes) {
      throw invalidArgType('options.secret', 'a string or a Uint8Array', secret, remedy(secret));
    }
    const bytes = isBytes ? Buffer.from(secret) : Buffer.from(secret, 'utf8');
    // Never the secret itself.
    if (bytes.length < SHORTEST) {
      throw outOfRange('options.secret', `at least ${SHORTEST} bytes long`, bytes.length, 'bytes');
    }
    this.#secret = bytes;
  }

  /** The signature of a list of strings and numbers. */
  sign(purpose, list) {
    return createHmac('sha256', this.#key(purpose)).update(JSON.stringify(list)).digest('base64url');
  }

  /** Whether that is its signature; anything may stand in its place. */
  verify(purpose, list, signature) {
    if (typeof signature !== 'string') return false;
    const expected = Buffer.from(this.sign(purpose, list));
    const actual = Buffer.from(signature);
    return expected.length === actual.length && timingSafeEqual(expected, actual);
  }

  #key(purpose) {
    let key = this.#keys.get(purpose);
    if (key === undefined) {
      key = Buffer.from(hkdfSync('sha256', this.#secret, 'allcores-cluster', purpose, 32));
      this.#keys.set(purpose, key);
    }
    return key;
  }
}

function remedy(secret) {
  if (secret !== undefined) return undefined;
  return (
    'client and workers sign what they put into the queue with it. ' +
    `Make one: node -p "require('node:crypto').randomBytes(32).toString('base64')"`
  );
}

module.exports = { Secret };
