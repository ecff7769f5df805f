'use strict';

/** A value. Bun writes constants into the source of the functions that use them; it does not know that this is one. */
const opaque = (value) => value;

module.exports = { opaque };
