// Workers and clients as processes, which a test stops, kills and counts. None outlives its test.

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');

const PROGRAMS = path.join(__dirname, '..', 'programs');

class Processes {
  #all = new Set();

  constructor() {
    // Of a test that did not come to its end.
    process.once('exit', () => {
      for (const child of this.#all) child.kill('SIGKILL');
    });
  }

  /** Forks a program with a configuration. Resolves when it says that it is ready: `{ child, ready }`. */
  async start(program, configuration) {
    const child = fork(path.join(PROGRAMS, program), [JSON.stringify(configuration)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, ALLCORES_THREADS: '1' },
    });
    this.#all.add(child);
    child.once('exit', () => this.#all.delete(child));
    const [ready] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code, signal]) => {
        throw new Error(`${program} ended before it was ready: ${code ?? signal}`);
      }),
    ]);
    return { child, ready };
  }

  /** Resolves with exit code or signal. */
  async end(child, signal) {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
    const exit = once(child, 'exit');
    if (signal !== undefined) child.kill(signal);
    const [code, by] = await exit;
    return code ?? by;
  }

  /** How many are there. */
  get count() {
    return this.#all.size;
  }

  async killAll() {
    await Promise.all([...this.#all].map((child) => this.end(child, 'SIGKILL')));
  }
}

module.exports = { Processes };
