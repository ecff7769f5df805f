'use strict';

// A process that starts no thread: what the processes of all contenders have in common.

const nothing = {
  name: 'nothing',
  title: 'no pool',
  why: 'a process that loads nothing and starts nothing, where that is the floor',

  start: () => ({ call: () => 45, all: () => {}, long: undefined, width: 1 }),
};

module.exports = { nothing };
