'use strict';

// How fast the functions of Math are in bodies, next to V8's own, and how exact both are, since they have the same bits.

const { say } = require('../common/benchmark');
const { names, size } = require('../common/options');
const { speedRatio, summary } = require('../common/statistics');
const { functions } = require('./functions');
const { plot } = require('./plot');
const { details, method, sections, tables } = require('./report');

const NAMES = functions.map(({ name }) => name);

const options = {
  functions: { type: 'string', argument: '<list>', help: `only these, of ${NAMES.join(',')}` },
};

function read({ quick, repetitions, functions: chosen }) {
  return {
    functions: names('--functions', chosen, NAMES) ?? NAMES,
    repetitions: size('--repetitions', repetitions ?? (quick ? '3' : '41'), 1, 10_000),
    /** Arguments: so many that what a call costs by itself is a part of a hundred or so. */
    count: quick ? 2 ** 12 : 2 ** 17,
    /** Of so many, the error is measured. */
    exact: quick ? 20 : 20_000,
    /** The least time of the calls that are timed together. */
    sampleSeconds: quick ? 0.001 : 0.01,
  };
}

async function measure(results, settings) {
  const { measureFunctions } = require('./measure');
  const { targets } = require('./targets');
  const list = functions.filter(({ name }) => settings.functions.includes(name));
  results.contenders = [
    {
      name: 'allcores',
      title: 'allcores, 1 thread',
      why: '`await sum(view, (x) => Math.sin(x), { threads: 1 })`',
    },
    { name: 'loop', title: 'JavaScript loop', why: 'the plain loop over the view, on the main thread' },
  ];
  results.count = settings.count;
  results.exact = settings.exact;
  const measured = await measureFunctions(list, settings, say);
  results.functions = measured.map(({ name, title, target, error, seconds }) => {
    const of = (times) => summary(times.map((time) => (time / settings.count) * 1e9));
    return {
      name,
      title,
      target,
      error,
      allcores: of(seconds.allcores),
      loop: of(seconds.loop),
      ratio: speedRatio(seconds.allcores, seconds.loop),
    };
  });
  results.targets = targets(results);
}

module.exports = {
  title: 'Time for each call of a function of Math',
  summary: "How fast the functions of Math are in bodies, next to V8's own.",
  packages: [],
  options,
  read,
  measure,
  everySet: true,
  details,
  method,
  sections,
  tables,
  plot,
};
