// The window of happy-dom is in the place of Node's globals when allcores is loaded.

const { transferableAbortController } = require('node:util');
const check = require('./check.js');

import('@happy-dom/global-registrator').then(async ({ GlobalRegistrator }) => {
  GlobalRegistrator.register();
  await check(require('allcores'), () => new AbortController(), transferableAbortController);
  await GlobalRegistrator.unregister();
});
