'use strict';

// Receives { num }, adds up 0, 1, ... num - 1 on every core, and sends the total back.

const { sumRange } = require('../..'); // in your own program: require('allcores')

process.once('message', async ({ num }) => {
  // A bigint in, the exact bigint out: the total for num = 2 ** 53 - 1 has 32 digits. As text it survives the channel.
  const total = await sumRange(BigInt(num));
  process.send(String(total));
  // The listener is gone and nothing is pending, so the process ends here by itself.
});
