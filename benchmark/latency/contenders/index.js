'use strict';

// All that take part. A contender is { name, title, why, warm, start }; `warm` names the measures of a warm pool that it
// takes part in, all if undefined. `start({ threads })` sees to it that threads are on their way, and resolves with a pool:
//
//   call()                  resolves with the sum of the integers below 10, worked out on another thread
//   all()                   resolves when all threads are up
//   long(memory)            one call: resolves with the sum of the doubles in shared memory
//   spread(memory, signal)  the same sum on all threads at once; rejects once the signal is aborted
//   width                   how many calls of long() keep all threads at work
//   progress                shared memory in which every thread that sums says so, or undefined
//   stop()                  ends the threads; undefined where nothing has to be ended
//
// Loading this file loads none of the packages.

const { allcores } = require('./allcores');
const { atomics, atomicsAsync } = require('./atomics');
const { piscina } = require('./piscina');
const { tinypool } = require('./tinypool');
const { workerpool } = require('./workerpool');
const { workers } = require('./workers');

/** In the order of the tables. */
const contenders = [allcores, workers, atomics, atomicsAsync, piscina, tinypool, workerpool];

module.exports = { contenders };
