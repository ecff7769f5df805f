// Without the types of Node, and without those of browsers: what allcores declares must stand by itself.
import allcores, {
  type AllcoresErrorCode,
  type Options,
  sum,
  sumIntoSharedBuffer,
  sumRange,
  threads,
} from 'allcores';

const options: Options = { threads };
const range: Promise<number> = sumRange(1, options);
const large: Promise<bigint> = allcores.sumRange(1n);
const slots: Promise<bigint> = sumIntoSharedBuffer(new BigInt64Array(new SharedArrayBuffer(16)), 1);
const elements: Promise<number> = sum(new Float64Array(new SharedArrayBuffer(16)));
const code: AllcoresErrorCode = 'ERR_NOT_SHARED';
// @ts-expect-error: no such option
const wrong: Options = { thread: 1 };

export { code, elements, large, range, slots, wrong };
