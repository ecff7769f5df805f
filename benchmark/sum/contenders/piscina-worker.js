'use strict';

// A task of the pool: the sum of a slice.

const { workerData } = require('piscina');
const { ELEMENTS, IDS, plainLoop } = require('../../common/elements');

const views = Object.fromEntries(IDS.map((id) => [id, new ELEMENTS[id].Array(workerData.memory)]));

module.exports = ({ id, from, to }) => plainLoop(id)(views[id], from, to);
