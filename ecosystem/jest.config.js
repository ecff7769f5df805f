module.exports = {
  testMatch: ['<rootDir>/tests/*.test.js'],
  transform: { '\\.js$': '<rootDir>/transform.js' },
};
