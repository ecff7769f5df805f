'use strict';

// A worker as a process, until its parent closes the channel.

const { startWorker } = require('allcores/cluster');

const options = JSON.parse(process.argv[2]);

main();

async function main() {
  const worker = await startWorker(options);
  process.once('disconnect', () => worker.close());
  process.send('ready');
}
