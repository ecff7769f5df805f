'use strict';

// What is in Redis besides the queue: blocks of data, checkpoints, which workers are there, which runs have ended. Every key
// begins with the prefix, and has a time to live. So has what the queue keeps besides its jobs, as long as a member is there.
// PostgresStore has the same methods.
//
//   <prefix>:members            who is there, by the time until which to believe it: { id, kind, queue, ... }
//   <prefix>:blob:<sha256>      a block
//   <prefix>:run:<name>         a checkpoint, and in <prefix>:run:<name>:issued what was issued since
//   <prefix>:stop:<run>         this run has ended: drop its chunks

const { KEPT } = require('./settings');

/** Redis's own clock: those of machines differ. */
const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

const ENTER = `${NOW}
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
for i = 2, #KEYS do redis.call('EXPIRE', KEYS[i], ARGV[3]) end`;

const MEMBERS = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZRANGE', KEYS[1], 0, -1)`;

/** What a queue leaves behind, if it is empty and nobody is there. ARGV[1]: the words by which its members are known. */
const SWEEP_OUT = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.find(member, ARGV[1], 1, true) then return 0 end
end
local last = #KEYS - tonumber(ARGV[2])
for i = 2, last do if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end end
for i = last + 1, #KEYS do redis.call('DEL', KEYS[i]) end
return 1`;

/** Keys of a queue that live for ever, if nobody sees to it. Those that have a time to live have it for a reason. */
const FOR_EVER = ['events', 'id', 'meta'];

/** Keys of a queue that are there only if it has jobs, and those that outlive them. */
const OF_JOBS = [
  'wait',
  'active',
  'completed',
  'failed',
  'delayed',
  'paused',
  'prioritized',
  'waiting-children',
];
const OF_QUEUE = ['events', 'id', 'marker', 'meta', 'pc', 'stalled', 'stalled-check', 'limiter', 'repeat'];

class RedisStore {
  #redis;
  #prefix;

  constructor(redis, prefix) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  #key(...parts) {
    return [this.#prefix, ...parts].join(':');
  }

  // --- members ---

  #keysOf(queue, names) {
    return names.map((name) => this.#key(queue, name));
  }

  /** Says that a member of a queue, a text, is there, for so many milliseconds. */
  async enter(member, queue, milliseconds) {
    const keys = [this.#key('members'), ...this.#keysOf(queue, FOR_EVER)];
    await this.#redis.eval(ENTER, keys.length, ...keys, member, Math.ceil(milliseconds), KEPT.queue);
  }

  async leave(member) {
    await this.#redis.zrem(this.#key('members'), member);
  }

  async members() {
    return await this.#redis.eval(MEMBERS, 1, this.#key('members'));
  }

  /** Removes what the queue itself leaves behind, if nobody uses it any more. */
  async sweepOut(queue) {
    const all = [this.#key('members'), ...this.#keysOf(queue, OF_JOBS), ...this.#keysOf(queue, OF_QUEUE)];
    await this.#redis.eval(SWEEP_OUT, all.length, ...all, `"queue":"${queue}"`, OF_QUEUE.length);
  }

  // --- blocks ---

  /** Puts a block there, or has one that is there stay. */
  async putBlock(digest, bytes) {
    if (await this.keepBlock(digest)) return;
    await this.#redis.set(this.#key('blob', digest), bytes, 'EX', KEPT.blob);
  }

  /** Whether it was there. */
  async keepBlock(digest) {
    return (await this.#redis.expire(this.#key('blob', digest), KEPT.blob)) === 1;
  }

  /** How many bytes it has; 0 if it is not there. */
  async sizeOfBlock(digest) {
    return await this.#redis.strlen(this.#key('blob', digest));
  }

  /** The bytes, or null. */
  async getBlock(digest) {
    return await this.#redis.getBuffer(this.#key('blob', digest));
  }

  async dropBlocks(digests) {
    for (const digest of digests) await this.#redis.del(this.#key('blob', digest));
  }

  // --- runs ---

  /** `{ checkpoint, issued }`: a text or null, and the texts of what was issued since. */
  async loadRun(name) {
    const key = this.#key('run', name);
    const [checkpoint, issued] = await Promise.all([
      this.#redis.get(key),
      this.#redis.lrange(`${key}:issued`, 0, -1),
    ]);
    return { checkpoint, issued };
  }

  /** Everything issued before is in the checkpoint. The commands of one connection are carried out in order. */
  async saveRun(name, checkpoint) {
    const key = this.#key('run', name);
    await this.#redis.multi().set(key, checkpoint, 'EX', KEPT.checkpoint).del(`${key}:issued`).exec();
  }

  async noteIssued(name, text) {
    const key = `${this.#key('run', name)}:issued`;
    await this.#redis.multi().rpush(key, text).expire(key, KEPT.checkpoint).exec();
  }

  async dropRun(name) {
    const key = this.#key('run', name);
    await this.#redis.del(key, `${key}:issued`);
  }

  async stop(run) {
    await this.#redis.set(this.#key('stop', run), '1', 'EX', KEPT.stop);
  }

  async unstop(run) {
    await this.#redis.del(this.#key('stop', run));
  }

  async isStopped(run) {
    return (await this.#redis.exists(this.#key('stop', run))) === 1;
  }
}

module.exports = { RedisStore };
