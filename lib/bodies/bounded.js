'use strict';

// Runs functions of the program that may never end. Only the engine can stop JavaScript, and only node:vm can tell it to.

const { ObjectDefineProperty, ReflectDeleteProperty } = require('../intrinsics');

/** What is stopped takes a few milliseconds at most, but a busy machine may hold it up. */
const MILLISECONDS = 2000;

/** How the script finds what it runs: a property of the global object, which is gone before that begins. */
const NAME = '__allcores_run';

/** The script and its global object; null where there is no such thing. */
let stage;

function theStage() {
  if (stage === undefined) {
    try {
      const { Script } = require('node:vm');
      // Not ours, in a context that a program has made.
      const global = new Script('this').runInThisContext();
      stage = { __proto__: null, global, script: new Script(`${NAME}()`) };
    } catch {
      stage = null;
    }
  }
  return stage;
}

/** Runs `run`, which throws nothing. False if it was stopped before its end, or could not be begun. */
function runBounded(run) {
  const on = theStage();
  if (on === null) return false;
  const { global, script } = on;
  let isOver = false;
  const value = () => {
    ReflectDeleteProperty(global, NAME);
    run();
    isOver = true;
  };
  try {
    ObjectDefineProperty(global, NAME, { __proto__: null, value, configurable: true });
    script.runInThisContext({ __proto__: null, timeout: MILLISECONDS });
  } catch {
    // It was stopped, or the global object takes no more properties.
    ReflectDeleteProperty(global, NAME);
  }
  return isOver;
}

/** Whether a debugger is attached, which may hold anything up. */
function isDebugged() {
  try {
    return require('node:inspector').url() !== undefined;
  } catch {
    return false;
  }
}

module.exports = { isDebugged, runBounded };
