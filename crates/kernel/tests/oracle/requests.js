// The bodies of ../data/bodies.cjs, or with `loops` those of ../data/loops, as requests: for the example `compile`.
//
//   node crates/kernel/tests/oracle/requests.js [bodies|loops]

const { entry } = require('./engine.js');

const FILES = { bodies: '../data/bodies.cjs', loops: '../data/loops/index.cjs' };

/** Data as they are, but for the elements of arrays. */
function shapeOf(data) {
  const short = ([name, value]) => [name, ArrayBuffer.isView(value) ? value.subarray(0, 1) : value];
  return entry(Object.fromEntries(Object.entries(data).map(short))).object;
}

for (const { name, body, captures = {}, kind, make } of require(FILES[process.argv[2] ?? 'bodies'])) {
  const object = { ...shapeOf(make()), ...shapeOf(captures) };
  const request = { name, source: body.toString(), data: { object }, returns: kind !== 'for' };
  console.log(JSON.stringify(request));
}
