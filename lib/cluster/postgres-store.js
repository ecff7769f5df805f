'use strict';

// What is in Postgres besides the queue: what RedisStore keeps in Redis, in three tables of the schema that the queue has, too. Every row
// says until when it counts. Some member deletes those that do not count any more, and what is left of queues that nobody is at.
//
//   allcores_member    who is there: { id, kind, queue, ... }, as a text
//   allcores_kept      by their keys: blob:<sha256>, a block; run:<name>, a checkpoint; stop:<run>
//   allcores_issued    what was issued since a checkpoint
//
// Each statement may be carried out twice.

const { KEPT } = require('./settings');

const TABLES = `
create table if not exists allcores_member (member text primary key, queue text not null, until timestamptz not null);
create table if not exists allcores_kept (key text primary key, value bytea not null, until timestamptz not null);
create table if not exists allcores_issued (
  position bigint generated always as identity, run text not null, range text not null, until timestamptz not null,
  primary key (run, range)
);`;

/** Postgres's own clock: those of machines differ. */
const after = (seconds) => `clock_timestamp() + ${seconds} * interval '1 second'`;
const COUNTS = 'until > clock_timestamp()';

const ENTER = `insert into allcores_member values ($1, $2, ${after('$3')})
on conflict (member) do update set until = excluded.until`;

const PUT = `insert into allcores_kept values ($1, $2, ${after('$3')})
on conflict (key) do update set value = excluded.value, until = excluded.until`;

const SAVE = `with issued as (delete from allcores_issued where run = $4) ${PUT}`;

const NOTE = `insert into allcores_issued (run, range, until) values ($1, $2, ${after('$3')}) on conflict do nothing`;

const DROP = `with issued as (delete from allcores_issued where run = $2) delete from allcores_kept where key = $1`;

/** Of queues in `idle`, all that is left. */
const CLEAR = `events as (delete from event where queue in (select queue from idle)),
jobs as (delete from job where queue in (select queue from idle))
delete from meta where queue in (select queue from idle)`;

const NOBODY = `not exists (select from allcores_member where allcores_member.queue = named.queue and ${COUNTS})`;

/** What a queue leaves behind, if it is empty and nobody is there. */
const SWEEP_OUT = `with named as (select $1::text as queue),
idle as (select queue from named where ${NOBODY} and not exists (select from job where job.queue = named.queue)),
${CLEAR}`;

/** What is left of all queues of ours that nobody is at, and that nothing has happened in for so many seconds. */
const SWEEP = `with named as (select distinct queue from meta where queue like 'allcores-%'),
idle as (
  select queue from named where ${NOBODY} and not exists (
    select from event where event.queue = named.queue
    and created_at_ms > (extract(epoch from clock_timestamp()) - $1::bigint) * 1000
  )
),
${CLEAR}`;

const TIMED = ['allcores_member', 'allcores_kept', 'allcores_issued'];

/** So often each member looks for what does not count any more. */
const SWEEP_MS = (KEPT.queue / 4) * 1000;

class PostgresStore {
  #line;
  #swept = Number.NEGATIVE_INFINITY;

  constructor(line) {
    this.#line = line;
  }

  // --- members ---

  /** Says that a member of a queue, a text, is there, for so many milliseconds. */
  async enter(member, queue, milliseconds) {
    await this.#line.query(ENTER, [member, queue, milliseconds / 1000]);
    if (performance.now() < this.#swept + SWEEP_MS) return;
    this.#swept = performance.now();
    await this.#expire();
    await this.#line.query(SWEEP, [KEPT.queue]);
  }

  async #expire() {
    for (const table of TIMED)
      await this.#line.query(`delete from ${table} where until <= clock_timestamp()`);
  }

  async leave(member) {
    await this.#line.query('delete from allcores_member where member = $1', [member]);
  }

  async members() {
    const { rows } = await this.#line.query(`select member from allcores_member where ${COUNTS}`);
    return rows.map(({ member }) => member);
  }

  /** Removes what the queue itself leaves behind, if nobody uses it any more. */
  async sweepOut(queue) {
    await this.#expire();
    await this.#line.query(SWEEP_OUT, [queue]);
  }

  // --- blocks ---

  /** Puts a block there, or has one that is there stay. */
  async putBlock(digest, bytes) {
    if (await this.keepBlock(digest)) return;
    await this.#line.query(PUT, [`blob:${digest}`, bytes, KEPT.blob]);
  }

  /** Whether it was there. */
  async keepBlock(digest) {
    const keep = `update allcores_kept set until = ${after('$2')} where key = $1 and ${COUNTS}`;
    return (await this.#line.query(keep, [`blob:${digest}`, KEPT.blob])).rowCount === 1;
  }

  /** How many bytes it has; 0 if it is not there. */
  async sizeOfBlock(digest) {
    return (await this.#find('octet_length(value) as found', `blob:${digest}`)) ?? 0;
  }

  /** The bytes, or null. */
  async getBlock(digest) {
    return await this.#find('value as found', `blob:${digest}`);
  }

  async #find(what, key) {
    const find = `select ${what} from allcores_kept where key = $1 and ${COUNTS}`;
    return (await this.#line.query(find, [key])).rows[0]?.found ?? null;
  }

  async dropBlocks(digests) {
    await this.#drop(Array.from(digests, (digest) => `blob:${digest}`));
  }

  async #drop(keys) {
    await this.#line.query('delete from allcores_kept where key = any($1)', [keys]);
  }

  // --- runs ---

  /** `{ checkpoint, issued }`: a text or null, and the texts of what was issued since. */
  async loadRun(name) {
    const issued = `select range from allcores_issued where run = $1 and ${COUNTS} order by position`;
    const [checkpoint, { rows }] = await Promise.all([
      this.#find('value as found', `run:${name}`),
      this.#line.query(issued, [name]),
    ]);
    return { checkpoint: checkpoint?.toString('utf8') ?? null, issued: rows.map(({ range }) => range) };
  }

  /** Everything issued before is in the checkpoint. */
  async saveRun(name, checkpoint) {
    await this.#line.query(SAVE, [`run:${name}`, Buffer.from(checkpoint), KEPT.checkpoint, name]);
  }

  async noteIssued(name, text) {
    await this.#line.query(NOTE, [name, text, KEPT.checkpoint]);
  }

  async dropRun(name) {
    await this.#line.query(DROP, [`run:${name}`, name]);
  }

  async stop(run) {
    await this.#line.query(PUT, [`stop:${run}`, Buffer.of(1), KEPT.stop]);
  }

  async unstop(run) {
    await this.#drop([`stop:${run}`]);
  }

  async isStopped(run) {
    return (await this.#find('true as found', `stop:${run}`)) === true;
  }
}

module.exports = { PostgresStore, TABLES };
