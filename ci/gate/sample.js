'use strict';

// Which mutants a run has time for: some of each kind, others after each commit, and those of what has just changed.

const { spawnSync } = require('node:child_process');

/** What a sample of a checkout depends on: a number that each commit draws, and the files that the last commit or nobody yet has changed. */
function situationOf(root) {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout ?? '';
  return {
    turn: Number.parseInt(git('rev-parse', 'HEAD').trim().slice(-4), 16) || 0,
    changed: git('diff', '--name-only', 'HEAD~1').trim().split('\n'),
  };
}

/**
 * One of so many neighbors by name, which are of one kind, or one of all; and half as many more, at most, whose sources or patches have
 * changed.
 */
function sample(mutants, share, { turn, changed }) {
  const each = Math.max(1, Math.min(share, mutants.length));
  const due = mutants.filter((_, index) => (index + turn) % each === 0);
  const touched = mutants.filter(
    (mutant) => !due.includes(mutant) && mutant.files.some((file) => changed.includes(file)),
  );
  const chosen = [...due, ...touched.slice(0, Math.ceil(due.length / 2))];
  return mutants.filter((mutant) => chosen.includes(mutant));
}

module.exports = { sample, situationOf };
