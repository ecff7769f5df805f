// Signals of the polyfill abort-controller, beside Node's own.

const allcores = require('allcores');
const polyfill = require('abort-controller');
const check = require('./check.js');

check(
  allcores,
  () => new polyfill.AbortController(),
  () => new AbortController(),
);
