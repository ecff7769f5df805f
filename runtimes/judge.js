// What the results of a file on a runtime amount to, given what that runtime is known to fail (known.js): what is
// neither a success, a skip nor known is a failure, and so is an entry of that list which is no longer right.

const KNOWN = require('./known.js');

/** Whether a test is `whole`, or in the suite of that name. */
const isPart = (name, whole) => `${name} > `.startsWith(`${whole} > `);

/**
 * `end` is the exit code or the signal of the run; `why` is where to read more about a failure. `expected`, if given, is the
 * set of tests that Node has run: Bun says nothing of the tests in a suite that is skipped. Returns
 * { passed, failed, skipped, known }: a number, and lists of { name, why }.
 */
function judge({ family, file, end, results, expected = new Set(), why }) {
  const entries = (KNOWN[family] ?? []).filter((entry) => `__test__/${entry.file}.test.js` === file);
  const failed = [];
  const known = [];
  const story = `ended with ${end}; ${why}`;
  if (results.length === 0 && entries.every(({ test }) => test !== undefined)) {
    return { passed: 0, failed: [{ name: 'no test has run', why: story }], skipped: [], known };
  }
  for (const { test, sometimes, why: reason } of entries) {
    if (test === undefined) {
      if (results.length > 0 || end !== 0)
        failed.push({ name: 'the whole file', why: 'is known not to run' });
      else known.push({ name: 'the whole file', why: reason });
      continue;
    }
    const same = results.filter(({ name }) => isPart(name, test));
    const failing = same.filter(({ status }) => status === 'failed');
    known.push(...failing.map(({ name }) => ({ name, why: reason })));
    if (same.length === 0) failed.push({ name: test, why: 'no such test: runtimes/known.js' });
    else if (failing.length === 0 && !sometimes)
      failed.push({ name: test, why: 'passes: remove it from runtimes/known.js' });
  }
  const isKnown = ({ name }) => entries.some(({ test }) => test !== undefined && isPart(name, test));
  const bad = results.filter((result) => result.status === 'failed' && !isKnown(result));
  failed.push(...bad.map(({ name }) => ({ name, why })));

  if (family !== 'node' && entries.every(({ test }) => test !== undefined)) {
    // Bun runs subtests as a part of their test; of a test that has some, junitResults drops the test itself.
    const isMentioned = (name) =>
      results.some((other) => isPart(name, other.name) || isPart(other.name, name));
    const unheard = [...expected].filter((name) => !isMentioned(name));
    failed.push(
      ...unheard.map((name) => ({ name, why: 'Node runs it, and this runtime does not mention it' })),
    );
  }

  const passed = results.filter(({ status }) => status === 'passed').length;
  const skipped = results.filter(({ status }) => status === 'skipped');
  // A runner that counts a failure ends with 1. Anything else is not about a test.
  const code = results.some(({ status }) => status === 'failed') ? 1 : 0;
  if (end !== code && failed.length === 0) failed.push({ name: 'the run', why: story });
  return { passed, failed, skipped, known };
}

/**
 * Runs a file, and once again if it fails: a machine that is busy may make a test fail, but hardly twice. `run` is given the
 * number of the attempt. Returns the judgement that counts, and as `first` what failed at first.
 */
async function twice(run) {
  const judgement = await run(1);
  if (judgement.failed.length === 0) return { ...judgement, first: [] };
  return { ...(await run(2)), first: judgement.failed };
}

module.exports = { judge, twice };
