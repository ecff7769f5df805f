'use strict';

// For a process of its own: what makes the loader take the system for another one.

const fs = require('node:fs');

const { readFileSync } = fs;

/** `libc` is glibc or musl. What is left out stays what it is. */
function pretend({ platform, arch, libc = 'glibc' }) {
  if (platform) Object.defineProperty(process, 'platform', { value: platform });
  if (arch) Object.defineProperty(process, 'arch', { value: arch });
  fs.readFileSync = (file, ...rest) => (file === '/usr/bin/ldd' ? libc : readFileSync(file, ...rest));
}

module.exports = { pretend };
