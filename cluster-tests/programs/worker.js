// A worker as a process, which ends in good order on SIGTERM, and tells of errors of the queue. With a `fault` it is a bad one:
//
//   wrong-bits          computes another body
//   dies-at             is killed by the chunk that has position `at` in it

const { startWorker } = require('allcores/cluster');
const { partials } = require('../helpers/partials.js');

const { fault, at, ...options } = JSON.parse(process.argv[2]);

if (fault === 'wrong-bits') {
  const all = partials();
  const { partial, Source } = all;
  all.partial = (method, range, body, options, start, end) =>
    partial(
      method,
      range,
      start === 0 && range !== 1000 ? new Source('(i) => i') : body,
      options,
      start,
      end,
    );
}
if (fault === 'dies-at') {
  const all = partials();
  const { partial } = all;
  all.partial = async (method, range, body, options, start, end) => {
    if (start <= at && at < end && range !== 1000) process.kill(process.pid, 'SIGKILL');
    return await partial(method, range, body, options, start, end);
  };
}

main();

async function main() {
  // Errors that it lives on after.
  const onError = ({ message }) => process.connected && process.send({ error: message });
  const worker = await startWorker({ ...options, onError });
  process.once('SIGTERM', async () => {
    await worker.close();
    process.disconnect();
  });
  process.send({ id: worker.id, queue: worker.queue });
}
