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
  const isSingle = dice.once(4);
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
  const style = dice.pick(['destructured', 'destructured', 'read', 'captured']);
  const generator = new Loops(seed + 0.5, {
    indices,
    sizes: [undefined, 4, 3].slice(0, dimensions),
    isSingle,
    hasOwn: !isSingle,
    style,
    parameter: 'data',
  });
  const helpers = makeHelpers(generator);
  generator.helpers = helpers;
  const trees = makeBody(generator, kind);
  const element = dice.pick(Object.keys(CATALOGUE).filter((name) => name.startsWith('s')));
  const program = { seed, kind, isSingle, indices, dimensions, style, element, trees, helpers };
  program.used = generator.used;
  if (kind === 'element') program.used.add(element);
  program.shape = dice.pick(['arrow', 'arrow', 'function', 'method', 'expression']);
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
    const { parameters, cost } = made;
    const isArrow = made.isExpression || dice.once(2);
    const body = place(made.body, made.isExpression ? LEVEL.assignment : 0);
    const root = isArrow
      ? statement`${made.arrowHead} => ${body}`
      : statement`function ${name}(${place(made.head, 0)}) ${body}`;
    helpers.push({ name, parameters, cost, root });
  }
  generator.inHelper = false;
  return helpers;
}

function makeBody(generator, kind) {
  const { dice } = generator;
  generator.enter(true);
  generator.budget = Math.max(generator.budget, 25);
  if (kind === 'element') generator.declare('x', { type: 'num', isConst: false });
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

/** The text of the body, as a program would have it. */
function sourceOf(program) {
  const { trees, indices, kind, style, shape, helpers, used } = program;
  const parameters = kind === 'element' ? ['x', ...indices] : [...indices];
  const names = [...used, ...helpers.map(({ name }) => name)];
  if (style === 'read') parameters.push('data');
  if (style === 'destructured' && names.length > 0) parameters.push(`{ ${names.join(', ')} }`);
  const text = print(trees.body);
  const block = trees.isExpression ? `{ return ${text}; }` : text;
  const head = parameters.join(', ');
  if (shape === 'function') return `function (${head}) ${block}`;
  if (shape === 'method') return `body(${head}) ${block}`;
  if (shape === 'expression' && parameters.length === 1 && parameters[0] === 'i') return `i => ${block}`;
  return `(${head}) => ${trees.isExpression ? text : block}`;
}

/** A function of JavaScript's made from the program, and the data that it works on. */
function instantiate(program, count) {
  const data = makeData(program.used, program.seed, count);
  const names = Object.keys(data);
  const helpers = program.helpers.map(({ name, root }) => `const ${name} = ${print(root)};`).join('\n');
  const source = program.text ?? sourceOf(program);
  const wrapped = /^body\(/.test(source) ? `({ ${source} }).body` : `(${source})`;
  const result = `{ body: ${wrapped}, helpers: { ${program.helpers.map(({ name }) => name).join(', ')} } }`;
  const make = new Function(...names, `${helpers}\nreturn ${result};`);
  const { body, helpers: functions } = make(...Object.values(data));
  return { body, data: { ...data, ...functions } };
}

module.exports = { makeProgram, sourceOf, instantiate };
