'use strict';

// Programs by the public functions of the package: `map` for what they return, `forRange` for what they write.

const { Job, difference } = require('./job.js');

/** The form in which a program shows its value for each index. */
function formOf({ kind, isSingle, indices }) {
  if (kind === 'nothing' || kind === 'element') return 'plain';
  return isSingle || indices.length > 1 ? 'stored' : 'element';
}

/**
 * Runs a program in both ways: { difference }, or { points } compared. Rejects as the functions do.
 * `options` are those of Job.
 */
async function compare({ forRange, map, random }, program, count, options) {
  const job = new Job(program, count, { form: formOf(program), random, ...options });
  const { body, data, view } = job;
  if (view) {
    const expected = job.expected();
    job.restore();
    // In an array of the type of the view they would lose bits.
    const into = new Float64Array(new SharedArrayBuffer(8 * job.length));
    const results = await map(view, body, { data, into });
    return found(job, expected, { results, arrays: job.contents() });
  }
  if (!job.isSingle) {
    const expected = job.expected();
    job.restore();
    await forRange(sizesOf(job), body, { data });
    return found(job, expected, { results: [], arrays: job.contents() });
  }
  for (let at = 0; at < job.length; at++) {
    const expected = job.expected(at);
    job.restore();
    const [from] = job.points[0].slice(at);
    await forRange(from + 1, body, { data, from });
    const answer = found(job, expected, { results: [], arrays: job.contents() });
    if (answer.difference) return answer;
  }
  return { points: job.length };
}

function found(job, expected, actual) {
  const text = difference(expected, actual);
  return text === undefined ? { points: job.length } : { difference: text };
}

/** What forRange takes: one number or a list. */
function sizesOf({ points }) {
  const sizes = points.map((list) => list.at(-1) + 1);
  return sizes.length === 1 ? sizes[0] : sizes;
}

module.exports = { compare };
