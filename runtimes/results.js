// Reports of test runners, as one list: { name, status, why }. `name` has the names of the suites before it, with ' > '
// in between; `status` is 'passed', 'failed' or 'skipped'; `why` is the reason of a skip, where the runner knows it.

/** What reporter.js writes. */
function nodeResults(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/**
 * JUnit's XML. Bun has a testsuite for a file, and one in it for each suite; Deno writes the names of suites into those
 * of the tests, and has a testcase for the suite as well.
 */
function junitResults(text) {
  const { parser } = require('sax');
  const xml = parser(true);
  const suites = [];
  const results = [];
  let current;
  xml.onopentag = ({ name, attributes }) => {
    if (name === 'testsuite') suites.push(attributes.name);
    if (name === 'testcase') {
      current = { name: [...suites.slice(1), attributes.name].join(' > '), status: 'passed' };
      results.push(current);
    }
    if (name === 'failure' || name === 'error') {
      current.status = 'failed';
      current.bySteps = /^\d+ test steps? failed$/.test(attributes.message);
    }
    if (name === 'skipped') current.status = 'skipped';
  };
  xml.onclosetag = (name) => {
    if (name === 'testsuite') suites.pop();
  };
  xml.onerror = (error) => {
    throw error;
  };
  xml.write(text).close();
  const isSuite = ({ name }) => results.some((other) => other.name.startsWith(`${name} > `));
  return results
    .filter((result) => !isSuite(result) || (result.status === 'failed' && !result.bySteps))
    .map(({ name, status }) => ({ name, status }));
}

module.exports = { junitResults, nodeResults };
