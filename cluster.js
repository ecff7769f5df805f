'use strict';

// allcores/cluster: the calls of allcores over many machines, which take their work from a queue in Redis.

const { connect } = require('./lib/cluster/client');
const { startWorker } = require('./lib/cluster/worker');

module.exports = { connect, startWorker };
