// What a user's test file looks like. It runs in every runner and environment of cases.js, so it uses their globals: `test`,
// `expect`, and the AbortController, TypeError and RangeError of the environment.

import { transferableAbortController } from 'node:util';
import { sum, sumIntoSharedBuffer, sumRange, threads } from 'allcores';

/** `AbortController` is the environment's: Node's own, happy-dom's or jsdom's. */
const CONTROLLERS = {
  "the environment's": () => new AbortController(),
  "Node's own": () => transferableAbortController(),
};
const doubles = (length) => new Float64Array(new SharedArrayBuffer(8 * length)).fill(0.5);

describe('calls', () => {
  test('return what they promise', async () => {
    const slots = new BigInt64Array(new SharedArrayBuffer(8 * 5));
    expect(threads).toBeGreaterThan(0);
    expect(await sumRange(10_000)).toBe(49_995_000);
    expect(await sum(doubles(1000))).toBe(500);
    expect(await sumIntoSharedBuffer(slots, 100)).toBe(4950n);
    expect(slots[0] + slots[1] + slots[2] + slots[3]).toBe(4950n);
  });

  test('take options', async () => {
    expect(await sumRange(10n, { threads: 1 })).toBe(45n);
    expect(await sum(doubles(10), {})).toBe(5);
  });
});

describe('errors', () => {
  test('of a type', async () => {
    await expect(sum([1, 2, 3])).rejects.toThrow(TypeError);
    await expect(sumRange('10')).rejects.toThrow(TypeError);
  });

  test('memory that is not shared', async () => {
    await expect(sum(new Float64Array(8))).rejects.toThrow(TypeError);
    await expect(sum(new Float64Array(8))).rejects.toMatchObject({ code: 'ERR_NOT_SHARED' });
  });

  test('of a range', async () => {
    const slots = new SharedArrayBuffer(64);
    await expect(sumRange(-1)).rejects.toThrow(RangeError);
    await expect(sumIntoSharedBuffer(slots, 2 ** 40)).rejects.toThrow(RangeError);
  });

  test('are instances of Error here', async () => {
    const error = await sum(new Float64Array(8)).catch((reason) => reason);
    expect(error instanceof Error).toBe(true);
    expect(error).toBeInstanceOf(TypeError);
  });
});

for (const [whose, controllerOf] of Object.entries(CONTROLLERS)) {
  describe(`${whose} signals`, () => {
    test('that are not aborted', async () => {
      const { signal } = controllerOf();
      expect(await sumRange(10, { signal })).toBe(45);
      expect(await sum(doubles(10), { signal })).toBe(5);
    });

    test('that are aborted already', async () => {
      const controller = controllerOf();
      controller.abort();
      const { signal } = controller;
      await expect(sumRange(10, { signal })).rejects.toMatchObject({
        name: 'AbortError',
        code: 'ABORT_ERR',
      });
    });

    test('that are aborted during a call', async () => {
      const controller = controllerOf();
      const call = sum(doubles(4_000_000), { signal: controller.signal });
      controller.abort('enough');
      await expect(call).rejects.toMatchObject({
        name: 'AbortError',
        code: 'ABORT_ERR',
        cause: 'enough',
      });
    });

    test('shared by calls, of which the abort reaches those in flight', async () => {
      const controller = controllerOf();
      const { signal } = controller;
      expect(await sumRange(10, { signal })).toBe(45);
      const calls = Array.from({ length: 10 }, () => sum(doubles(1_000_000), { signal }));
      controller.abort();
      const codes = (await Promise.allSettled(calls)).map(({ reason }) => reason?.code);
      expect(codes).toEqual(new Array(10).fill('ABORT_ERR'));
    });
  });
}
