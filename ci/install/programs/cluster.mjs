import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { connect, startWorker } from 'allcores/cluster';

const require = createRequire(import.meta.url);
assert.deepEqual({ ...require('allcores/cluster') }, { connect, startWorker });
const options = { connection: { url: 'redis://localhost' }, secret: 'a secret of sixteen bytes or more' };
for (const start of [connect, startWorker]) {
  await assert.rejects(start(options), {
    code: 'ERR_CLUSTER_PEERS',
    message: /npm install bullmq@6 ioredis/,
  });
}
// Its errors are those of the package.
await assert.rejects(connect(), {
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_TYPE',
  message: /Received undefined$/,
});
console.log('cluster: ok');
