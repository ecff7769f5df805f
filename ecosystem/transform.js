// Turns the ES modules of the tests into CommonJS for jest.

const { transformSync } = require('esbuild');

module.exports = {
  process: (text, sourcefile) => ({
    code: transformSync(text, { format: 'cjs', sourcefile, sourcemap: 'inline' }).code,
  }),
};
