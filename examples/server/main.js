'use strict';

// A web server that computes on every core and stays responsive.
//
//   node examples/server/main.js [--port 8080]
//
//   curl 'http://127.0.0.1:8080/sum?num=1000000000'     Σ 1 / (i + 1)² for 0 <= i < num
//   curl http://127.0.0.1:8080/health                   answers at once, meanwhile too
//
// A client that disconnects aborts its sum, by `signal`. Many at once share the threads fairly: nobody waits for a long sum to end.

const { sumRange } = require('../..'); // in your own program: require('allcores')
const { settings } = require('../common/settings.js');
const { exercise, listen, serve } = require('./http.js');

/** `clients`, `requests` and `num` are those of `run`, with which the two programs are compared. */
const DEFAULTS = { port: 8080, clients: 8, requests: 4, num: 20_000_000 };

const term = (i) => 1 / ((i + 1) * (i + 1));

const compute = (num, signal) => sumRange(num, term, { signal });

const run = (settings) => exercise(serve(compute), settings);

/** `compute` is that of the same program with worker threads, in before.js. */
async function main(answer = compute) {
  const { port } = settings({ port: DEFAULTS.port }, { port: [0, 65_535] });
  console.log(`listening on ${await listen(serve(answer), port)}`);
}

module.exports = { DEFAULTS, main, run };
if (require.main === module) main();
