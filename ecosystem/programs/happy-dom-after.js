// The window of happy-dom takes the place of Node's globals after allcores was loaded.

const { transferableAbortController } = require('node:util');
const allcores = require('allcores');
const check = require('./check.js');

import('@happy-dom/global-registrator').then(async ({ GlobalRegistrator }) => {
  GlobalRegistrator.register();
  await check(allcores, () => new AbortController(), transferableAbortController);
  await GlobalRegistrator.unregister();
});
