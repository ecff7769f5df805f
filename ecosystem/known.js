// What is known to fail: { case, test, why }.

const LOAD = 'the package does not load where AbortSignal is not like that of Node';
const REALM = "errors of the native side are of the main realm's classes";
const JSDOM = "it calls the environment's addEventListener on every signal";
const POLYFILL = "it takes Node's own signals only";

const each = (cases, tests, why) => cases.flatMap((name) => tests.map((test) => ({ case: name, test, why })));
const files = ['calls.test.js', 'load.test.js'];
const realm = [
  'errors > memory that is not shared',
  'errors > of a range',
  'errors > are instances of Error here',
];
const signals = (whose) =>
  [
    'that are not aborted',
    'that are aborted during a call',
    'shared by calls, of which the abort reaches those in flight',
  ].map((test) => `${whose} signals > ${test}`);
const jest = ['jest node', 'jest jsdom', 'jest node --runInBand', 'jest node --detectOpenHandles'];

module.exports = [
  ...each(
    ['vitest threads happy-dom', 'vitest forks happy-dom', 'vitest vmThreads happy-dom', 'jest happy-dom'],
    files,
    LOAD,
  ),
  ...each(['vitest vmThreads node', 'vitest vmThreads jsdom', ...jest], realm, REALM),
  ...each(
    ['vitest threads jsdom', 'vitest forks jsdom', 'vitest vmThreads jsdom'],
    [...signals("the environment's"), ...signals("Node's own")],
    JSDOM,
  ),
  ...each(
    ['jest jsdom'],
    [...signals("Node's own"), "Node's own signals > that are aborted already"],
    POLYFILL,
  ),
  ...each(
    ['jest node --detectOpenHandles'],
    ['open handles'],
    'the wake-up of the event loop counts while it is idle',
  ),
  ...each(['jest node --detectLeaks'], files, 'a load keeps its realm'),
  ...each(['happy-dom before', 'abort-controller before'], ['the run'], LOAD),
  ...each(
    ['jsdom before', 'jsdom after', 'happy-dom after', 'abort-controller after'],
    ['the run'],
    POLYFILL,
  ),
];
