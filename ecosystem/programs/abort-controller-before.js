// The polyfill abort-controller is in the place of Node's own classes when allcores is loaded.

const { transferableAbortController } = require('node:util');
const { AbortController, AbortSignal } = require('abort-controller');
const check = require('./check.js');

Object.assign(globalThis, { AbortController, AbortSignal });
check(require('allcores'), () => new AbortController(), transferableAbortController);
