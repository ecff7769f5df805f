// Loads the package, and makes no call.

import * as allcores from 'allcores';

test('its exports', () => {
  const names = ['sum', 'sumIntoSharedBuffer', 'sumRange', 'threads'];
  expect(Object.keys(allcores)).toEqual(expect.arrayContaining(names));
});
