'use strict';

// Arrays without a prototype, where a program could put setters for their indices.

const { ObjectSetPrototypeOf } = require('../intrinsics');

const list = () => ObjectSetPrototypeOf([], null);

module.exports = { list };
