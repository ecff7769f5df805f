'use strict';

// Runs functions of the program that may never end. Only the engine can stop JavaScript, and only node:vm can tell it to.

const { ObjectDefineProperty, ReflectApply, ReflectDeleteProperty, process } = require('../intrinsics');
const { isStackOverflow } = require('./difference');

/** What is stopped takes a few milliseconds at most, but a busy machine may hold it up. */
const MILLISECONDS = 1000;

/** What has run for less of it was held up: the machine was suspended, or gave its processors to others. */
const BUSY_MILLISECONDS = 50;

/** How a run has ended. */
const OVER = 'over';
const STOPPED = 'stopped';
const UNKNOWN = 'unknown';

/** Of this thread; of all threads where that is not known. */
const cpuUsage = process.threadCpuUsage ?? process.cpuUsage;

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

/**
 * Runs `run`, which throws nothing. `OVER` if it came to its end; `STOPPED` if it was stopped before that, and has run all the time;
 * `UNKNOWN` if it could not be begun, or was held up. Throws if the stack is used up.
 */
function runBounded(run) {
  const on = theStage();
  if (on === null) return UNKNOWN;
  const { global, script } = on;
  let isOver = false;
  const value = () => {
    ReflectDeleteProperty(global, NAME);
    run();
    isOver = true;
  };
  const before = cpuMilliseconds();
  try {
    ObjectDefineProperty(global, NAME, { __proto__: null, value, configurable: true });
    script.runInThisContext({ __proto__: null, timeout: MILLISECONDS });
  } catch (error) {
    // It was stopped, or the global object takes no more properties.
    ReflectDeleteProperty(global, NAME);
    if (isStackOverflow(error)) throw error;
  }
  if (isOver) return OVER;
  return isDebugged() || cpuMilliseconds() - before < BUSY_MILLISECONDS ? UNKNOWN : STOPPED;
}

/** Whether a debugger is attached, which may hold anything up. */
function isDebugged() {
  try {
    return require('node:inspector').url() !== undefined;
  } catch {
    return false;
  }
}

/** NaN where nobody knows. */
function cpuMilliseconds() {
  if (cpuUsage === undefined) return Number.NaN;
  const { user, system } = ReflectApply(cpuUsage, process, []);
  return (user + system) / 1000;
}

module.exports = { OVER, STOPPED, runBounded };
