// What real tools make of a function: name → (source of an expression) → source of the function after the tool.

const babel = require('@babel/core');
const swc = require('@swc/core');
const esbuild = require('esbuild');
const istanbul = require('istanbul-lib-instrument');
const { minify } = require('terser');
const ts = require('typescript');

/** A module in which the function can be found again: what stands behind `globalThis.body = `. */
const wrap = (source) => {
  const method = !/^(async\b|function\b|\(|[\w$]+\s*=>)/.test(source);
  return method ? `globalThis.body = ({ ${source} });` : `globalThis.body = ${source};`;
};

/** Runs the tool's output and asks the engine for the text of the function. */
function textOf(code) {
  const scope = {};
  new Function('globalThis', code)(scope);
  const body = typeof scope.body === 'function' ? scope.body : Object.values(scope.body)[0];
  return Function.prototype.toString.call(body);
}

const esbuildWith = (options) => (source) => textOf(esbuild.transformSync(wrap(source), options).code);
const typescript = (target) => (source) =>
  textOf(
    ts.transpileModule(wrap(source), {
      compilerOptions: { target, module: ts.ModuleKind.CommonJS, downlevelIteration: true },
    }).outputText,
  );

module.exports = {
  plain: (source) => textOf(wrap(source)),
  'esbuild minify': esbuildWith({ minify: true }),
  'esbuild keepNames': esbuildWith({ keepNames: true, minifyWhitespace: true }),
  'esbuild es2015': esbuildWith({ target: 'es2015' }),
  terser: async (source) =>
    textOf((await minify(wrap(source), { compress: { passes: 2 }, mangle: true })).code),
  swc: (source) =>
    textOf(
      swc.transformSync(wrap(source), {
        jsc: { minify: { compress: true, mangle: true }, target: 'es2022' },
        minify: true,
      }).code,
    ),
  'babel ie11': (source) =>
    textOf(
      babel.transformSync(wrap(source), {
        babelrc: false,
        configFile: false,
        sourceType: 'script',
        presets: [[require.resolve('@babel/preset-env'), { targets: { ie: '11' } }]],
      }).code,
    ),
  'tsc es5': typescript(ts.ScriptTarget.ES5),
  istanbul: (source) =>
    textOf(istanbul.createInstrumenter({ esModules: false }).instrumentSync(wrap(source), 'body.js')),
};
