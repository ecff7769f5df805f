// The engines that a cluster runs on: Redis, and Postgres where there is one. A test that is `onBoth` has the same promises on each.

const { after, test } = require('node:test');
const { PostgresServer, endPostgres, postgresMissing } = require('./postgres.js');
const { RedisServer } = require('./redis.js');

const ENGINES = [
  { name: 'Redis', Server: RedisServer, skip: false },
  { name: 'Postgres', Server: PostgresServer, skip: postgresMissing() ?? false },
];

/** `run(t, engine)` is for TestCluster.start(t, { engine }). */
function onBoth(title, run) {
  for (const engine of ENGINES) on(engine, `${title} (${engine.name})`, run);
}

/** On Postgres alone. */
const onPostgres = (title, run) => on(POSTGRES, title, run);

/** In the long run alone. */
function onPostgresIfLong(title, run) {
  if (process.env.ALLCORES_LONG) onPostgres(title, run);
}

let isEnding = false;

function on(engine, title, run) {
  if (!isEnding) after(endPostgres);
  isEnding = true;
  test(title, { skip: engine.skip }, (t) => run(t, engine));
}

/** On Postgres only in the long run: nothing in it depends on where the queue is but the time that it takes. */
function onBothIfLong(title, run) {
  if (process.env.ALLCORES_LONG) onBoth(title, run);
  else test(title, (t) => run(t, ENGINES[0]));
}

const [REDIS, POSTGRES] = ENGINES;

module.exports = { POSTGRES, REDIS, onBoth, onBothIfLong, onPostgres, onPostgresIfLong };
