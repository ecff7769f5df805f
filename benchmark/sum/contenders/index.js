'use strict';

// All that take part. A contender is { name, title, why, open, load, supports, run, close }:
//
//   open({ threads })                   starts what stays; returns why it cannot take part, or undefined
//   load({ element, memory, tile, bytes })   new data: in `memory`, which is shared, or from `tile.file`
//   supports(workload)                  whether it can sum it, in a sensible time
//   run(length, untimed, calls)         sums the first elements, again and again; { seconds, value } of the timed calls

const { allcores, allcoresInFlight } = require('./allcores');
const { loop } = require('./loop');
const { piscina } = require('./piscina');
const { roofline } = require('./roofline');
const { sumPrecise } = require('./sum-precise');
const { workers } = require('./workers');

/** In the order of the tables. */
const contenders = [allcores, roofline, loop, workers, piscina, sumPrecise, allcoresInFlight];

module.exports = { contenders };
