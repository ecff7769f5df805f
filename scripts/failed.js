'use strict';

// A reporter for node:test: the path of each file in which a test has failed, a line for each failure.

module.exports = async function* failed(events) {
  for await (const { type, data } of events) {
    // A file that ends badly is a test of that name; Node 20.9 says no more of it.
    if (type === 'test:fail') yield `${data.file ?? data.name}\n`;
  }
};
