// A client as a process: runs the sum of the tests under a name, tells of its progress, and says the result. On SIGTERM it closes
// the cluster.

const { connect } = require('allcores/cluster');
const { COUNT, DATA, body } = require('../helpers/cluster.js');

const { resume, ...options } = JSON.parse(process.argv[2]);

main();

async function main() {
  const cluster = await connect(options);
  process.once('SIGTERM', () => cluster.close());
  process.send({ queue: cluster.queue });
  const onProgress = (progress) => process.send({ progress });
  try {
    const sum = await cluster.sumRange(COUNT, body, { data: DATA, resume, onProgress });
    process.send({ sum });
  } catch ({ code, message }) {
    process.send({ code, message });
  }
  await cluster.close();
  process.disconnect();
}
