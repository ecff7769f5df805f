'use strict';

// 64 bits as 16 hexadecimal digits: how sums come from other processes.

function encode(number) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function decode(digits, float) {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${digits}`));
  return float ? view.getFloat64(0) : view.getBigInt64(0);
}

module.exports = { decode, encode };
