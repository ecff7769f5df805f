'use strict';

// A progress bar on a terminal, drawn by cli-progress and fed by `onProgress`. It draws nothing where stderr is no terminal.

const { Presets, SingleBar } = require('cli-progress');

/** `onProgress` is the option of a call; `end` leaves the bar as it is, and the cursor below it. */
function progressBar(name) {
  const bar = new SingleBar(
    { format: `${name} [{bar}] {percentage} %, {eta_formatted} left` },
    Presets.shades_classic,
  );
  bar.start(1, 0);
  return {
    onProgress({ done, total }) {
      bar.setTotal(total);
      bar.update(done);
    },
    end: () => bar.stop(),
  };
}

module.exports = { progressBar };
