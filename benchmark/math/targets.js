'use strict';

// What the project set itself, for one thread with AVX2, and what came out.

function targets({ functions }) {
  return functions
    .filter(({ target }) => target !== undefined)
    .map(({ title, target, ratio }) => ({
      work: title,
      what: 'the JavaScript loop, at least',
      target,
      measured: ratio,
      unit: '',
      reached: ratio >= target,
    }));
}

module.exports = { targets };
