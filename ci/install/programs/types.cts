import allcores = require('allcores');

const range: Promise<number> = allcores.sumRange(1);
const imported: Promise<number> = import('allcores').then(({ sumRange }) => sumRange(1));

export = { imported, range };
