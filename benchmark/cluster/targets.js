'use strict';

// What the project set itself for what chunks cost, and what came out.

const MOST = new Map([
  [1, 2],
  [10, 0.5],
]);

function targets({ overhead }) {
  return overhead
    .filter(({ chunk }) => MOST.has(chunk))
    .map(({ workers, chunk, ratio }) => {
      const measured = 100 * (ratio - 1);
      return {
        work: `${workers} workers, chunks of ${chunk} s`,
        what: 'the time above that of one process, at most',
        target: MOST.get(chunk),
        measured,
        unit: ' %',
        reached: measured <= MOST.get(chunk),
      };
    });
}

module.exports = { targets };
