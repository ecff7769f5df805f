// The window of jsdom takes the place of Node's globals after allcores was loaded.

const { transferableAbortController } = require('node:util');
const allcores = require('allcores');
const { JSDOM } = require('jsdom');
const check = require('./check.js');

const { window } = new JSDOM();
const { AbortController, AbortSignal, Event, EventTarget } = window;
Object.assign(globalThis, { window, AbortController, AbortSignal, Event, EventTarget });
check(allcores, () => new AbortController(), transferableAbortController);
