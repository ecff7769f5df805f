'use strict';

// Who takes part. A contender has a name, a title, and why it is there, `isExact` if it rounds once, `isHidden` if only the targets show
// it, and
//
//   open({ threads })                  undefined, or why it cannot take part
//   load({ element, view, tile, bytes })   the memory to be reduced: `view`, or as many copies of the tile of its own
//   supports(workload)                 whether it has such a reduction
//   run(workload, untimed, calls)      { seconds, value }; undefined for a value that is another one
//   close()

const { allcores, allcoresInFlight, allcoresOne, allcoresSum } = require('./allcores');
const { loop } = require('./loop');
const { numpy, polars } = require('./python');
const { roofline } = require('./roofline');

module.exports = {
  contenders: [allcores, allcoresOne, allcoresInFlight, allcoresSum, roofline, loop, numpy, polars],
};
