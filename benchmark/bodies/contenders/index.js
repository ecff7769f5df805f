'use strict';

// All that take part. A contender is { name, title, why, exact, quick, oneThread, open, supports, run, output, close }:
//
//   exact                  whether all bits of its results must be right
//   precision              of those that compute with less than doubles
//   quick                  whether it takes part in a smoke run: it needs nothing but Node.js
//   oneThread              whether it has no more than one thread
//   open({ threads, memory, list, quick })   starts what stays; returns why it cannot take part, or undefined. `list` has the workloads
//   supports(workload)     whether it can compute it
//   run(workload, threads, untimed, calls)   computes it, again and again; { seconds, value } of the timed calls
//   output()               what a kernel has written, a Float64Array

const { allcores } = require('./allcores');
const { loop } = require('./loop');
const { numba } = require('./numba');
const { openmp } = require('./openmp');
const { piscina } = require('./piscina');
const { workers } = require('./workers');

/** In the order of the tables. */
const contenders = [allcores, loop, workers, piscina, numba, openmp];

module.exports = { contenders };
