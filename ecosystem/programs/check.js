// What each program does once it has set up its globals: calls with the signals of the given controllers.

const assert = require('node:assert/strict');

/** `controllers` are functions that return a new AbortController of some make. */
module.exports = async function check({ sum, sumRange }, ...controllers) {
  const view = new Float64Array(new SharedArrayBuffer(8 * 4_000_000)).fill(0.5);
  const aborted = { name: 'AbortError', code: 'ABORT_ERR' };
  for (const controllerOf of controllers) {
    const controller = controllerOf();
    const { signal } = controller;
    assert.equal(await sumRange(10, { signal }), 45);
    const call = sum(view, { signal });
    controller.abort();
    await assert.rejects(call, aborted);
    await assert.rejects(sumRange(10, { signal }), aborted);
  }
};
