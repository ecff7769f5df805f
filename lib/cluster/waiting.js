'use strict';

// Waiting for connections: not for ever, and not too often.

const LONGEST_PAUSE = 2_000;

/** How long to wait before a connection is tried for the nth time again, in milliseconds. */
const pauseBefore = (times) => Math.min(100 * 2 ** Math.min(times, 10), LONGEST_PAUSE);

/** Waits for a promise, but no longer than that; whether it has been fulfilled. */
function within(milliseconds, promise) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    Promise.resolve(promise)
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(() => clearTimeout(timer));
  });
}

/** `{ away, back }`: calls `onLost(cause)` when it was told so long ago that a connection is away, and not that it is back. */
function outageWatch(milliseconds, onLost) {
  let timer;
  let last;
  const back = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const away = (error) => {
    last = error ?? last;
    timer ??= setTimeout(() => {
      timer = undefined;
      onLost(last);
    }, milliseconds);
  };
  return { away, back };
}

module.exports = { outageWatch, pauseBefore, within };
