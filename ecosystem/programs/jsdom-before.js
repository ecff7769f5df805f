// The window of jsdom is in the place of Node's globals when allcores is loaded.

const { transferableAbortController } = require('node:util');
const { JSDOM } = require('jsdom');
const check = require('./check.js');

const { window } = new JSDOM();
const { AbortController, AbortSignal, Event, EventTarget } = window;
Object.assign(globalThis, { window, AbortController, AbortSignal, Event, EventTarget });
check(require('allcores'), () => new AbortController(), transferableAbortController);
