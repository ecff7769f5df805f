'use strict';

// A random program: the body of a loop, the data that it takes, and helper functions in that data.

const { Dice } = require('./dice.js');
const { CATALOGUE, makeData } = require('./data.js');
const { Loops } = require('./loops.js');
const { LEVEL, list, place, print, statement } = require('./tree.js');

/**
 * The program of a seed.
 *
 *   kind    'number': its value counts; 'nothing': only what it writes; 'element': called with an element
 *   single  it may write anywhere: to be run for one index at a time, each time with fresh arrays
 *
 * { roots, source(), helpers(), names, … }: the trees, and what they print as.
 */
function makeProgram(seed) {
  const dice = new Dice(seed);
  const kind = dice.weigh([
    [6, 'number'],
    [3, 'nothing'],
    [2, 'element'],
  ]);
  const dimensions =
    kind === 'element'
      ? 1
      : dice.weigh([
          [8, 1],
          [2, 2],
          [1, 3],
        ]);
  const indices = ['i', 'j', 'k'].slice(0, dimensions);
  const isSingle = kind !== 'element' && dimensions === 1 && dice.once(3);
  // The first dimension is as long as it takes.
  const sizes = [undefined, 4, 3].slice(0, dimensions);
  const style = dice.pick(['destructured', 'destructured', 'read', 'captured']);
  const generator = new Loops(seed + 0.5, {
    indices,
    sizes,
    isSingle,
    hasOwn: !isSingle,
    style,
    parameter: 'data',
  });
  const helpers = makeHelpers(generator);
  generator.helpers = helpers;
  const trees = makeBody(generator, kind);
  const element = dice.pick(Object.keys(CATALOGUE).filter((name) => name.startsWith('s')));
  const program = { seed, kind, isSingle, indices, sizes, style, element, trees, helpers };
  program.used = generator.used;
  if (kind === 'element') program.used.add(element);
  program.shape = dice.pick(['arrow', 'arrow', 'function', 'method', 'bare']);
  program.roots = [trees.body, ...helpers.map(({ root }) => root)];
  return program;
}

function makeHelpers(generator) {
  const { dice } = generator;
  const helpers = [];
  generator.inHelper = true;
  for (let left = dice.few(0, 2); left > 0; left--) {
    const name = `help${left}`;
    generator.enter(true);
    // Helpers call those that came before.
    for (const helper of helpers) generator.declare(helper.name, { ...helper, type: 'fn', isConst: true });
    const made = generator.makeFunction(name, 3);
    generator.leave();
    const { parameters, cost, isTuple } = made;
    const isArrow = made.isExpression || dice.once(2);
    const body = place(made.body, made.isExpression ? LEVEL.assignment : 0);
    const root = isArrow
      ? statement`${made.arrowHead} => ${body}`
      : statement`function ${name}(${place(made.head, 0)}) ${body}`;
    helpers.push({ name, parameters, cost, isTuple, root });
  }
  generator.inHelper = false;
  return helpers;
}

function makeBody(generator, kind) {
  const { dice } = generator;
  generator.enter(true);
  generator.budget = Math.max(generator.budget, 25);
  if (kind === 'element') generator.declare('x', { type: 'num', isConst: false });
  // Where an index has a place of its own, it stays what it is.
  if (generator.options.isSingle) generator.declare('i', { type: 'num', isConst: false });
  generator.returns = kind === 'nothing' ? 'none' : dice.once(6) ? 'bool' : 'num';
  const value = () => (generator.returns === 'bool' ? generator.bool(4) : generator.num(5));
  if (kind !== 'nothing' && dice.once(4)) {
    generator.budget = 40;
    return { body: statement`${place(value())}`, isExpression: true };
  }
  const statements = generator.statements(4, 7);
  generator.budget = Math.max(generator.budget, 12);
  const last = kind === 'nothing' ? generator.store(4) : statement`return ${place(value(), 0)};`;
  // What is at the end sees what came before.
  const all = list([...statements.parts.map(({ node }) => node), last]);
  generator.leave();
  return { body: statement`{\n${place(all, 0)}\n}`, isExpression: false };
}

/**
 * The text of the body. `form` says what is to become of its value:
 *
 *   plain     it is returned
 *   element   the same, after a first parameter that it does not use
 *   stored    it is stored to data.out, at the place of the index
 */
function sourceOf(program, form = 'plain') {
  const { trees, indices, kind, style, helpers, used } = program;
  const parameters = kind === 'element' || form === 'element' ? ['x', ...indices] : [...indices];
  const names = [...used, ...helpers.map(({ name }) => name)];
  if (style === 'read') parameters.push('data');
  if (style === 'destructured' && names.length > 0) parameters.push(`{ ${names.join(', ')} }`);
  const text = print(trees.body);
  const shape = form === 'stored' && program.shape === 'method' ? 'function' : program.shape;
  const source = functionText(shape, parameters, trees.isExpression ? text : undefined, text);
  if (form !== 'stored') return source;
  const all = [...indices, 'data'].join(', ');
  return `(${all}) => {\nconst inner = ${source};\ndata.out[${placeOf(program)}] = inner(${all});\n}`;
}

function functionText(shape, parameters, expression, body) {
  const block = expression === undefined ? body : `{ return ${expression}; }`;
  const head = parameters.join(', ');
  if (shape === 'function') return `function (${head}) ${block}`;
  if (shape === 'method') return `body(${head}) ${block}`;
  const list = shape === 'bare' && /^\w+$/.test(head) ? head : `(${head})`;
  return `${list} => ${expression ?? block}`;
}

/** The number of a point, from its indices. */
function placeOf({ indices, sizes }) {
  return indices.map((name, at) => [name, ...sizes.slice(at + 1)].join(' * ')).join(' + ');
}

/**
 * A function of JavaScript's made from the program, and the data that it works on. `change` may rewrite the text, and `random` is the
 * package's function.
 */
function instantiate(program, count, { form, random, change = (text) => text }) {
  const data = makeData(program.used, program.seed, count, random);
  if (form === 'stored') data.out = new Float64Array(new SharedArrayBuffer(8 * count));
  const helpers = program.helpers.map(({ name, root }) => `const ${name} = ${print(root)};`).join('\n');
  const source = change(sourceOf(program, form));
  const wrapped = /^body\(/.test(source) ? `({ ${source} }).body` : `(${source})`;
  const result = `{ body: ${wrapped}, helpers: { ${program.helpers.map(({ name }) => name).join(', ')} } }`;
  const make = new Function(...Object.keys(data), `${helpers}\nreturn ${result};`);
  const { body, helpers: functions } = make(...Object.values(data));
  return { body, data: { ...data, ...functions } };
}

module.exports = { makeProgram, sourceOf, instantiate };
