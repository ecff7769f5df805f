'use strict';

// The name that native.js gives the system it runs on: platform, processor and C library.

const fs = require('node:fs');

function platformName() {
  const { platform, arch } = process;
  const abi = { linux: runsOnMusl() ? 'musl' : 'gnu', win32: 'msvc' }[platform];
  return [platform, arch, abi].filter(Boolean).join('-');
}

/** The program header of the node binary names the loader it was linked for, within the first kilobytes. */
function runsOnMusl() {
  if (process.platform !== 'linux') return false;
  const head = Buffer.alloc(4096);
  const file = fs.openSync(process.execPath, 'r');
  try {
    fs.readSync(file, head, 0, head.length, 0);
  } finally {
    fs.closeSync(file);
  }
  return head.includes('ld-musl-');
}

module.exports = { platformName };
