// What Bun and Deno are known to fail, test by test, and why. They run these tests all the same: an entry that passes, or
// that no test has the name of, fails the run. `test` may be the name of a suite, some tests of which fail; without it,
// nothing runs in the file. `sometimes` is for what depends on the moment.

const { binaries } = require('../__test__/helpers/binaries.js');

const ASYNC_HOOKS = 'it has no promise hooks and no async ids: async_hooks knows AsyncLocalStorage only';
const NO_CODE = 'it prints an uncaught error without its code';
const SILENT_ABORT = 'process.abort() prints nothing; the signal is the right one';

const both = [
  {
    file: 'hostile/reentrancy',
    test: 'the warning about too many listeners may call us',
    why: 'it does not warn about the listeners of a signal',
  },
  ...binaries.flatMap(({ name: build }) =>
    ['by workers only', 'by main first', 'by main afterwards'].flatMap((who) =>
      ['idle', 'with a call in flight'].map((state) => ({
        file: 'teardown/unload',
        test: `${build} > loaded ${who}, throw end, ${state}`,
        why: 'the exit code of a worker that throws may be 0 (Bun), or its error is printed though it is handled (Deno)',
        sometimes: true,
      })),
    ),
  ),
  {
    file: 'api/threads',
    test: 'the threads > none starts at load; the first call starts the pool, and no later call adds to it',
    why: 'it starts threads of its own at any time, and the test counts all that there are',
    sometimes: true,
  },
  {
    file: 'math/host',
    test: 'every function has a library with the bits of this engine',
    why: 'cbrt (Bun) and all but pow and tanh (Deno) are of libraries that are linked statically, without symbols',
  },
  { file: 'sum/huge', why: 'it makes no SharedArrayBuffer of more than 4 GiB' },
  {
    file: 'sum/property',
    test: 'the oracle > agrees with Math.sumPrecise',
    why: 'its Math.sumPrecise is not exact: of [-8264] it gives -8264.000000000002',
  },
  {
    file: 'concurrency',
    test: 'the context of the caller > reactions run in ticks of their own, with an async id',
    why: ASYNC_HOOKS,
  },
  {
    file: 'realms',
    test: 'async hooks are told whether calls are in flight',
    why: ASYNC_HOOKS,
  },
  {
    file: 'hostile/settling',
    test: 'promise hooks that throw cost no call its answer',
    why: 'it has no promise hooks (Bun), or what they throw ends the process without an uncaughtException event (Deno)',
  },
  {
    file: 'hostile/settling',
    test: 'small sums in the middle of a batch do not get into the other answers',
    why: ASYNC_HOOKS,
  },
  {
    file: 'hostile/signals',
    test: 'async hooks that call us while promises are being settled do not mix up the calls',
    why: ASYNC_HOOKS,
  },
  {
    file: 'hostile/signals',
    test: 'async hooks that abort calls about to be settled do not abort the new ones',
    why: ASYNC_HOOKS,
  },
  {
    file: 'signals',
    test: 'signals of every make > a signal received from another thread',
    why: 'its signals cannot be sent to another thread',
  },
  ...binaries.flatMap(({ name: build }) => [
    { file: 'teardown/main', test: `${build} > abort, with calls in flight`, why: SILENT_ABORT },
    {
      file: 'teardown/worker',
      test: `${build} > a worker that exits in the middle of the settling of its calls`,
      why: ASYNC_HOOKS,
    },
  ]),
  {
    file: 'threads-refused',
    test: 'when the system refuses threads',
    why: 'it starts threads of its own at any time, and dies where the system refuses them',
    sometimes: true,
  },
];

/** Node's own options, and what comes of them. */
const FLAGS = "it takes Node's option and does nothing, or has none of that name";

const bun = [
  ...both,
  {
    file: 'hostile/foreign-signals',
    test: 'hostile signals are ERR_INVALID_ARG_TYPE',
    why: 'a signal without a prototype still is one to its getters, and works',
  },
  ...[
    ['bodies/cache', 'what cannot be loaded is ERR_INTERNAL, and says why'],
    ['hostile/late-files', 'errors, the first of which comes > when no module can be loaded any more'],
  ].map(([file, test]) => ({ file, test, why: 'its require() does not ask Module._load' })),
  { file: 'api/flags', test: 'work with > --frozen-intrinsics', why: FLAGS },
  {
    file: 'api/no-binary',
    test: 'the package for this platform is not installed > uncaught, it is read at first sight; imported, it is the same error',
    why: 'it prints the lines of source around each error',
  },
  {
    file: 'hostile/globals',
    test: 'broken after we are loaded: nothing changes > String',
    why: 'its require() calls String.prototype.startsWith of the program, so that the test cannot require us again',
  },
  {
    file: 'os-signals',
    test: 'a flood of signals during calls disturbs no sum > SIGUSR1, which starts the inspector',
    why: 'it has no inspector that a signal starts: SIGUSR1 ends it',
  },
  { file: 'os-signals', test: 'a profiler disturbs no sum > --prof', why: FLAGS },
  {
    file: 'bodies/check-calls',
    test: 'a function that does not end > with a debugger attached it is stopped too, but that is no difference',
    why: FLAGS,
  },
  {
    file: 'soak',
    test: 'some seconds of everything at once',
    why: 'it starts threads of its own at any time, which look as if they had been left behind',
    sometimes: true,
  },
];

const deno = [
  ...both,
  ...[
    ['same', 'with allcores: the same bits as plain loops'],
    ['same', 'with worker threads: the same, or near it'],
    ['same', 'before.js is a program too, and prints and draws the same'],
    ['programs', 'the programs print and draw it'],
    ['documents', 'the documents'],
  ].map(([file, test]) => ({
    file: `gallery/${file}`,
    test,
    why: 'the bodies of three of them call functions of Math whose libraries have no symbols there',
  })),
  {
    file: 'command/explain',
    test: 'allcores explain > explain waits.mjs#f: exit code 2',
    why: 'it ends a process itself whose module waits for what never comes, with exit code 1',
  },
  ...['is always true', 'throws'].map((what) => ({
    file: 'hostile/signals',
    test: `own properties of a signal > aborted ${what}: calls resolve, and an abort rejects them`,
    why: 'its abort() asks the property, and then aborts nothing',
  })),
  {
    file: 'api/load',
    test: 'modules > import by name, each export on its own',
    why: 'it imports a package by name only where a package.json lists it; require does not ask for that',
  },
  {
    file: 'api/load',
    test: 'loaded twice in one process > by a second path to the same file',
    why: 'it has no --preserve-symlinks, so that both paths are one module',
  },
  {
    file: 'api/threads',
    test: 'ALLCORES_THREADS > a bad value fails an import too',
    why: 'it has no --input-type=module for -e',
  },
  { file: 'api/flags', test: 'work with > --frozen-intrinsics', why: FLAGS },
  {
    file: 'api/flags',
    test: 'say at load why not, with > --no-addons',
    why: FLAGS,
  },
  {
    file: 'api/no-binary',
    test: 'the package for this platform is not installed > uncaught, it is read at first sight; imported, it is the same error',
    why: 'it has no import() in -e',
  },
  ...['the reason is in the message', 'a C library that is too old: which one it takes'].map((test) => ({
    file: 'api/no-binary',
    test: `a binary that does not load > ${test}`,
    why: 'it looks into the file before the system does, and says so in its own words',
  })),
  ...['--cpu-prof', '--heap-prof'].map((option) => ({
    file: 'os-signals',
    test: `a profiler disturbs no sum > ${option}`,
    why: FLAGS,
  })),
  {
    file: 'os-signals',
    test: 'a flood of signals during calls disturbs no sum',
    why: 'a signal that comes soon after process.on() may still end the process, whether it loads us or not',
    sometimes: true,
  },
  ...['run', 'finish'].map((point) => ({
    file: 'faults',
    test: `a panic > in '${point}' that nobody handles ends the process as any rejection does`,
    why: NO_CODE,
  })),
  ...['Array.prototype[Symbol.iterator]', 'Function.prototype.call'].map((what) => ({
    file: 'hostile/globals',
    test: `broken after we are loaded: nothing changes > ${what}`,
    why: 'its require() uses that of the program, so that what bodies need cannot be loaded',
  })),
  {
    file: 'hostile/globals',
    test: 'broken after we are loaded: nothing changes > Object.prototype.signal',
    why: 'its addEventListener takes the signal of Object.prototype for an option',
  },
  {
    file: 'hostile/globals',
    test: 'broken after we are loaded: nothing changes > the getters of AbortSignal',
    why: "its AbortController.abort() calls the program's getters",
  },
  {
    file: 'hostile/settling',
    test: 'setters on Object.prototype for every name that a call has',
    why: 'its setInterval, which runs while calls are in flight, calls setters of Object.prototype',
    sometimes: true,
  },
  {
    file: 'leaks',
    test: 'threads, files and memory do not add up as workers come and go',
    why: 'it keeps a few threads and files of ended workers for a while, whether they load us or not',
    sometimes: true,
  },
  {
    file: 'signals',
    test: 'other listeners > that stop the event first do not keep it from us',
    why: 'it calls listeners in the order in which they were added, and has no exception to stopImmediatePropagation',
  },
  {
    file: 'signals',
    test: 'signals of every make > AbortSignal.timeout()',
    why: 'a timeout that is due may come after a completion: its event loop has another order',
    sometimes: true,
  },
  {
    file: 'soak',
    test: 'some seconds of everything at once',
    why: 'it keeps threads, files and listeners of ended workers for a while, which look as if they had been left behind',
    sometimes: true,
  },
  {
    file: 'teardown/late',
    test: '20 workers at once (terminate), all of whose calls end after them',
    why: 'terminate() resolves before the cleanup hooks of the worker have run: the calls end a little later',
    sometimes: true,
  },
  {
    file: 'teardown/others',
    test: 'the target of a terminated worker > has -1 in its last slot, is written no more, and is free',
    why: 'terminate() resolves before the cleanup hooks of the worker have run: the flag becomes -1 a little later',
    sometimes: true,
  },
  {
    file: 'teardown/others',
    test: 'the target of a terminated worker > never keeps its request when the worker was blocked after its call',
    why: 'terminate() resolves before the cleanup hooks of the worker have run: the memory is free a little later',
    sometimes: true,
  },
  {
    file: 'teardown/others',
    test: 'on one memory, the calls of three threads are exact while a fourth aborts its own, or is terminated',
    why: 'terminate() resolves before the cleanup hooks of the worker have run: the memory is free a little later',
    sometimes: true,
  },
  ...binaries.flatMap(({ name: build }) => [
    { file: 'teardown/main', test: `${build} > reject, with calls in flight`, why: NO_CODE },
    {
      file: 'teardown/worker',
      test: `${build} > workers that throw with calls in flight`,
      why: 'it prints the error of a worker even if the program listens for it',
    },
  ]),
];

module.exports = { bun, deno };
