// What is known to fail: { case, test, why }.

const LOAD = 'the package does not load where AbortSignal is not like that of Node';
const JSDOM = "it calls the environment's addEventListener on every signal";
const POLYFILL = "it takes Node's own signals only";

const each = (cases, tests, why) => cases.flatMap((name) => tests.map((test) => ({ case: name, test, why })));
const files = ['calls.test.js', 'load.test.js'];
const signals = (whose) =>
  [
    'that are not aborted',
    'that are aborted during a call',
    'shared by calls, of which the abort reaches those in flight',
  ].map((test) => `${whose} signals > ${test}`);

module.exports = [
  ...each(
    ['vitest threads happy-dom', 'vitest forks happy-dom', 'vitest vmThreads happy-dom', 'jest happy-dom'],
    files,
    LOAD,
  ),
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
  ...each(['happy-dom before', 'abort-controller before'], ['the run'], LOAD),
  ...each(
    ['jsdom before', 'jsdom after', 'happy-dom after', 'abort-controller after'],
    ['the run'],
    POLYFILL,
  ),
];
