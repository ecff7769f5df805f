'use strict';

// Where every thread of a soak keeps count, in shared memory: what a thread has counted stays when it is terminated, and
// the watchdog sees what is pending while everybody else is stuck.

const CODES = [
  'ERR_INVALID_ARG_TYPE',
  'ERR_OUT_OF_RANGE',
  'ERR_NOT_SHARED',
  'ERR_BUFFER_BUSY',
  'ERR_UNSUPPORTED',
  'ERR_DIFFERS',
];
const OUTCOMES = ['calls', 'resolved', 'aborted', ...CODES, 'wrong'];

/** Latencies are counted in buckets whose limits grow by a tenth: 1 us to beyond a minute. */
const BUCKETS = 200;
const GROWTH = 1.1;

const SEATS = 6;
const LANES = 6;

const ROW = OUTCOMES.length + BUCKETS;

class Board {
  /** `names` are those of the operations; `cells` another thread's. */
  constructor(names, cells) {
    this.names = names;
    this.pendingAt = 1 + names.length * ROW;
    this.cells = cells ?? new Int32Array(new SharedArrayBuffer(4 * (this.pendingAt + 2 * SEATS * LANES)));
  }

  /** A call begins in that lane of that seat. */
  begin(seat, lane, operation) {
    Atomics.add(this.cells, this.#row(operation), 1);
    const at = this.pendingAt + 2 * (seat * LANES + lane);
    Atomics.add(this.cells, at + 1, 1);
    Atomics.store(this.cells, at, operation + 1);
  }

  /** It is settled, `outcome` is one of OUTCOMES. */
  end(seat, lane, operation, outcome, milliseconds) {
    Atomics.store(this.cells, this.pendingAt + 2 * (seat * LANES + lane), 0);
    const bucket = Math.floor(Math.log(Math.max(milliseconds * 1000, 1)) / Math.log(GROWTH));
    Atomics.add(this.cells, this.#row(operation) + OUTCOMES.length + Math.min(bucket, BUCKETS - 1), 1);
    this.count(operation, outcome);
    Atomics.add(this.cells, 0, 1);
  }

  count(operation, outcome) {
    Atomics.add(this.cells, this.#row(operation) + OUTCOMES.indexOf(outcome), 1);
  }

  /** Whoever sat there is gone. Gives back how many of its calls were pending. */
  vacate(seat) {
    const pending = this.pending().filter((entry) => entry.seat === seat);
    for (const { at } of pending) Atomics.store(this.cells, at, 0);
    return pending.length;
  }

  /** How many calls have been settled. */
  progress() {
    return Atomics.load(this.cells, 0);
  }

  /** The calls that are pending, `turn` tells one call of a lane from the next. */
  pending() {
    const list = [];
    for (let i = 0; i < SEATS * LANES; i++) {
      const at = this.pendingAt + 2 * i;
      const operation = Atomics.load(this.cells, at) - 1;
      if (operation < 0) continue;
      const turn = Atomics.load(this.cells, at + 1);
      list.push({ at, seat: Math.floor(i / LANES), lane: i % LANES, turn, name: this.names[operation] });
    }
    return list;
  }

  /** One row per operation: its name, every outcome, and the latency in milliseconds of the given shares of its calls. */
  rows(shares) {
    return this.names.map((name, operation) => {
      const at = this.#row(operation);
      const outcomes = OUTCOMES.map((outcome, i) => [outcome, Atomics.load(this.cells, at + i)]);
      const buckets = this.cells.subarray(at + OUTCOMES.length, at + ROW);
      return {
        name,
        ...Object.fromEntries(outcomes),
        latencies: shares.map((share) => quantile(buckets, share)),
      };
    });
  }

  #row(operation) {
    return 1 + operation * ROW;
  }
}

/** The upper limit of the bucket in which that share of all latencies is reached. */
function quantile(buckets, share) {
  const wanted = share * buckets.reduce((total, count) => total + count, 0);
  let reached = 0;
  for (const [bucket, count] of buckets.entries()) {
    reached += count;
    if (count > 0 && reached >= wanted) return GROWTH ** (bucket + 1) / 1000;
  }
  return Number.NaN;
}

module.exports = { Board, CODES, LANES, SEATS };
