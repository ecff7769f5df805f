// The cases: { name, command, read }. `command` is a script and its arguments; it writes a report in JSON where `REPORT` is.
// `read` turns the report into results: { name, failed, why }.

const path = require('node:path');

const REPORT = '{report}';
const tool = (...parts) => path.join(__dirname, 'node_modules', ...parts);

/** Pools of vitest, each with each environment. */
const vitest = ['threads', 'forks', 'vmThreads'].flatMap((pool) =>
  ['node', 'happy-dom', 'jsdom'].map((environment) => ({
    name: `vitest ${pool} ${environment}`,
    command: [
      tool('vitest', 'vitest.mjs'),
      'run',
      `--pool=${pool}`,
      `--environment=${environment}`,
      '--reporter=json',
      `--outputFile=${REPORT}`,
    ],
    read: jestResults,
  })),
);

const jestCase = (name, ...options) => ({
  name: `jest ${name}`,
  command: [tool('jest', 'bin', 'jest.js'), ...options, '--json', `--outputFile=${REPORT}`],
  read: jestResults,
});

const jest = [
  jestCase('node', '--env=node'),
  jestCase('jsdom', '--env=jsdom'),
  jestCase('happy-dom', '--env=@happy-dom/jest-environment'),
  jestCase('node --runInBand', '--env=node', '--runInBand'),
  jestCase('node --detectOpenHandles', '--env=node', '--detectOpenHandles'),
  jestCase('node --detectLeaks', '--env=node', '--detectLeaks', '--logHeapUsage'),
];

const mocha = {
  name: 'mocha',
  command: [
    tool('mocha', 'bin', 'mocha.js'),
    'tests/mocha.js',
    '--reporter=json',
    `--reporter-option=output=${REPORT}`,
  ],
  read: ({ tests }) =>
    tests.map(({ fullTitle, err }) => ({
      name: fullTitle,
      failed: err.message !== undefined,
      why: err.message,
    })),
};

/** Plain programs: what counts is the exit code. */
const programs = ['jsdom', 'happy-dom', 'abort-controller'].flatMap((what) =>
  ['before', 'after'].map((when) => ({
    name: `${what} ${when}`,
    command: [path.join('programs', `${what}-${when}.js`)],
  })),
);

/** The report of jest, which vitest writes as well. */
function jestResults({ testResults, openHandles = [] }) {
  const results = testResults.flatMap(({ name, message, status, assertionResults }) => {
    const tests = assertionResults.map((test) => ({
      name: [...test.ancestorTitles, test.title].join(' > '),
      failed: test.status !== 'passed',
      why: test.failureMessages.join('\n'),
    }));
    // It did not load, or it leaks.
    const failed = status !== 'passed' && !tests.some((test) => test.failed);
    return [...tests, { name: path.basename(name), failed, why: message }];
  });
  const handles = openHandles.length > 0;
  return [...results, { name: 'open handles', failed: handles, why: 'jest printed them' }];
}

module.exports = { CASES: [...vitest, ...jest, mocha, ...programs], REPORT };
