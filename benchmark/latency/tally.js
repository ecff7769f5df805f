'use strict';

// What was measured, and what follows from it for each contender: order statistics, and ratios of the same rounds.

const { median, quantile } = require('../common/statistics');

/**
 * Rows are { what, contender, unit, count, p50, p99, max, middle, rounds, p99s, ratio, ratioMiddle, p99Ratio }. p50, p99 and
 * max are of all samples; `rounds` and `p99s` are the medians and the p99s of each round, `middle` the quartiles of `rounds`.
 * `ratio` is how many times as much as allcores: the median of the ratios of each round, `ratioMiddle` their quartiles.
 */
class Tally {
  #cells = new Map();

  /** Samples of one turn; round 0 only warms up. */
  add({ what, contender, unit = 's' }, round, samples) {
    const key = `${what}\n${contender}`;
    if (!this.#cells.has(key)) this.#cells.set(key, { what, contender, unit, turns: [] });
    if (round > 0) this.#cells.get(key).turns.push({ round, samples });
  }

  rows() {
    const cells = [...this.#cells.values()].filter(({ turns }) => turns.length > 0);
    return cells.map((cell) => {
      const reference = cells.find(({ what, contender }) => what === cell.what && contender === 'allcores');
      return { ...row(cell), ...ratios(cell, reference) };
    });
  }
}

function row({ what, contender, unit, turns }) {
  const all = turns.flatMap(({ samples }) => samples);
  const rounds = turns.map(({ samples }) => median(samples));
  return {
    what,
    contender,
    unit,
    count: all.length,
    p50: digits(quantile(all, 0.5)),
    p99: digits(quantile(all, 0.99)),
    max: digits(all.reduce((a, b) => Math.max(a, b))),
    middle: [digits(quantile(rounds, 0.25)), digits(quantile(rounds, 0.75))],
    rounds: rounds.map(digits),
    p99s: turns.map(({ samples }) => digits(quantile(samples, 0.99))),
  };
}

function ratios(cell, reference) {
  // A contender that had no turn in some rounds is compared in the others.
  const pairs = cell.turns.flatMap(({ round, samples }) => {
    const other = reference?.turns.find((turn) => turn.round === round);
    return other ? [{ mine: samples, theirs: other.samples }] : [];
  });
  if (pairs.length === 0) return {};
  const of = (q) => pairs.map(({ mine, theirs }) => quantile(mine, q) / quantile(theirs, q));
  const all = of(0.5);
  return {
    ratio: digits(median(all)),
    ratioMiddle: [digits(quantile(all, 0.25)), digits(quantile(all, 0.75))],
    p99Ratio: digits(median(of(0.99))),
  };
}

function digits(value) {
  return Number(value.toPrecision(5));
}

module.exports = { Tally };
