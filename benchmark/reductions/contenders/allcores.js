'use strict';

// This package: on all threads, on one, with several calls in flight, and the sum of what a predicate returns.

const { timedAsync } = require('../../common/timed');
const { arraysOf } = require('../workloads');

let view;

const base = {
  isExact: true,
  load(given) {
    view = given.view;
  },
  close() {},
};

/** The arguments of a call, options left out. */
const argumentsOf = (workload) => [
  ...arraysOf(workload, view),
  ...(workload.predicate === undefined ? [] : [workload.predicate]),
];

function onThreads(name, title, why, options) {
  return {
    ...base,
    name,
    title,
    why,
    open: ({ threads }) => (options !== undefined && threads === 1 ? 'that is all there are' : undefined),
    supports: () => true,
    run(workload, untimed, calls) {
      const reduce = require('../../../index.js')[workload.name];
      const args = argumentsOf(workload);
      const call = options === undefined ? () => reduce(...args) : () => reduce(...args, options);
      return timedAsync(call, untimed, calls);
    },
  };
}

const allcores = onThreads(
  'allcores',
  'allcores',
  '`min(view)` and its like on all threads; `count` and `findIndex` with a predicate that is compiled',
);

const allcoresOne = onThreads('allcores-1', 'allcores, 1 thread', 'the same with `{ threads: 1 }`', {
  threads: 1,
});

/** The same calls without the turn of the event loop between them: what the threads can do when there is enough to do. */
const IN_FLIGHT = 8;

const allcoresInFlight = {
  ...base,
  name: 'allcores-in-flight',
  title: `allcores, ${IN_FLIGHT} calls in flight`,
  why: `${IN_FLIGHT} calls at a time; of what is rounded, in the caches only`,
  open: () => undefined,
  supports: ({ isCached, isRounded }) => isCached && isRounded,
  async run(workload, untimed, calls) {
    const reduce = require('../../../index.js')[workload.name];
    const args = argumentsOf(workload);
    const batch = async () => {
      const results = await Promise.all(Array.from({ length: IN_FLIGHT }, () => reduce(...args)));
      return results[0];
    };
    const batches = Math.max(1, Math.round(calls / IN_FLIGHT));
    const { seconds, value } = await timedAsync(batch, Math.ceil(untimed / IN_FLIGHT), batches);
    return { seconds: (seconds * calls) / (batches * IN_FLIGHT), value };
  },
};

/** Counting is summing what a predicate returns; only the targets show it. */
const allcoresSum = {
  ...base,
  name: 'allcores-sum',
  title: 'sum of the same body',
  why: '`sum(view, predicate)` in the place of `count`, to compare the two',
  isHidden: true,
  open: () => undefined,
  supports: ({ name }) => name === 'count',
  run(workload, untimed, calls) {
    const { sum } = require('../../../index.js');
    const args = argumentsOf(workload);
    return timedAsync(() => sum(...args), untimed, calls);
  },
};

module.exports = { allcores, allcoresInFlight, allcoresOne, allcoresSum };
