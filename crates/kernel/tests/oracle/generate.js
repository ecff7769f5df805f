// Random functions with all the syntax there is, and random damage to functions. The same seed makes the same ones.

/** A generator of integers below n (mulberry32). */
function random(seed) {
  let s = seed | 0;
  return (n) => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const NAMES = [
  'a',
  'b',
  'i',
  '$',
  '_x',
  'let',
  'of',
  'async',
  'get',
  'set',
  'static',
  'yield',
  'await',
  'α',
  'x\\u0061',
  '\\u{62}b',
  '名',
];
const NUMBERS = [
  '0',
  '1',
  '.5',
  '5.',
  '1e3',
  '0x1F',
  '0b11',
  '0o17',
  '1_000',
  '010',
  '09.5',
  '1n',
  '0xffffffffffffffffff',
  '9007199254740993',
];
const BINARY = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '<<',
  '>>',
  '>>>',
  '&',
  '|',
  '^',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '===',
  '!==',
  '&&',
  '||',
  '??',
  ' in ',
  ' instanceof ',
];
const ASSIGN = [
  '=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '**=',
  '<<=',
  '>>=',
  '>>>=',
  '&=',
  '|=',
  '^=',
  '&&=',
  '||=',
  '??=',
];

function generator(seed) {
  const next = random(seed);
  const pick = (list) => list[next(list.length)];
  const space = () => pick(['', '', '', ' ', ' ', '\n', '/* c */', '// c\n', '\r\n', '\u2028']);
  const list = (make, max, separator = ',') =>
    Array.from({ length: next(max + 1) }, make).join(separator + space());
  const name = () => (next(4) ? pick(NAMES.slice(0, 5)) : pick(NAMES));

  function expression(depth) {
    if (depth <= 0) return next(3) ? name() : pick(NUMBERS);
    const e = () => expression(depth - 1 - next(2));
    const make = pick(EXPRESSIONS);
    return make(e, depth);
  }

  const EXPRESSIONS = [
    () => name(),
    () => pick(NUMBERS),
    (e) => `${e()}${space()}${pick(BINARY)}${space()}${e()}`,
    (e) => `${e()} ${pick(BINARY)} ${e()}`,
    (e) => `(${e()})${pick(BINARY)}(${e()})`,
    (e) => `(${e()})`,
    (e) => `(${e()}, ${e()})`,
    (e) => `${pick(['-', '+', '!', '~', 'void ', 'typeof ', 'delete ', '- -', '!!'])}${e()}`,
    () => `${pick(['++', '--'])}${name()}`,
    (e) => `${name()}[${e()}]${pick(['++', '--'])}`,
    (e) => `${name()} ${pick(ASSIGN)} ${e()}`,
    (e) => `${name()}[${e()}] ${pick(ASSIGN)} ${e()}`,
    (e) => `${e()} ? ${e()} : ${e()}`,
    (e) => `${e()}?.5:${e()}`,
    (e) => `${name()}(${list(e, 3)})`,
    (e) => `${name()}.${name()}${space()}[${e()}]`,
    (e) => `Math.max(${list(e, 3)}).b`,
    (e) => `${name()}?.${pick(['a', '[a]', '(a)', 'if', '#p'])}${pick(['', '.b', '[c]', '(d)'])}${e() && ''}`,
    (e) => `[${list(() => pick([e, () => '', () => `...${e()}`])(), 3)}]`,
    (e, depth) => `[${list(() => target(depth - 1), 3)}] = ${e()}`,
    (e, depth) => `({${list(() => property(depth - 1, true), 3)}} = ${e()})`,
    (_e, depth) => `({${list(() => property(depth - 1, false), 3)}})`,
    (_e, depth) => arrow(depth - 1),
    (e, depth) => `(${arrow(depth - 1)})(${e()})`,
    (_e, depth) =>
      `${pick(['', 'async '])}function${pick(['', '*'])} ${pick(['', 'f'])}(${params(depth - 1)}) {${statements(depth - 1)}}`,
    (e) => `new ${name()}${pick(['', '.b', '[c]'])}${pick(['', `(${list(e, 2)})`])}${pick(['', '.d'])}`,
    (e) => `\`a${list(() => `\${${e()}}`, 2, '')}b\``,
    (e) => `${name()}\`x\${${e()}}\``,
    () =>
      pick([
        '/[/]+/g',
        '/a\\/b/.test(c)',
        "'str'",
        '"\\x41\\u0042\\u{1f600}\\ud83d\\ude00\\\n"',
        'this',
        'null',
        'true',
        'false',
        'new.target',
        'import.meta',
        'import("x")',
        'super.x',
      ]),
    (_e, depth) => `class ${pick(['', 'C '])}${pick(['', 'extends D '])}{${classMembers(depth - 1)}}`,
    (e) => `await ${e()}`,
    (e) => pick([`yield ${e()}`, `yield* ${e()}`, 'yield', `#p in ${e()}`, `a.#p`]),
    (e) => `(a, ${e()}) / b / c`,
    (e) => `a${space()}++${space()}+ ${e()}`,
  ];

  function arrow(depth) {
    const head = pick([
      () => name(),
      () => `(${params(depth)})`,
      () => `async (${params(depth)})`,
      () => 'async x',
      () => '()',
    ])();
    return `${head} => ${next(2) ? expression(depth) : `{${statements(depth)}}`}`;
  }

  const params = (depth) => list(() => target(depth), 3) + pick(['', '', '', ',', ', ...r']);

  function target(depth) {
    const withDefault = () => (next(4) ? '' : ` = ${expression(depth - 1)}`);
    if (depth <= 0 || next(3))
      return (
        pick([
          name,
          name,
          name,
          () => `(${name()})`,
          () => `${name()}[${expression(0)}]`,
          () => `${name()}.b`,
        ])() + withDefault()
      );
    if (next(2))
      return `[${list(() => pick([() => target(depth - 1), () => '', () => `...${target(depth - 1)}`])(), 3)}]${withDefault()}`;
    return `{${list(() => property(depth - 1, true), 3)}}${withDefault()}`;
  }

  function property(depth, inPattern) {
    const value = () => (inPattern ? target(depth) : expression(depth));
    const key = () => pick([name, name, () => "'k'", () => '1', () => `[${expression(0)}]`, () => 'if'])();
    return pick([
      name,
      () => `${name()} = ${expression(depth)}`,
      () => `${key()}: ${value()}`,
      () => `...${value()}`,
      () =>
        inPattern
          ? name()
          : `${pick(['', 'get ', 'set ', 'async ', '*', 'async *'])}${key()}(${params(0)}) {}`,
    ])();
  }

  const classMembers = (depth) =>
    list(
      () =>
        pick([
          () =>
            `${pick(['', 'static '])}${pick(['', 'get ', 'set ', 'async ', '*'])}${pick(['a', '#p', '[b]', "'c'", 'static', 'constructor'])}(${params(0)}) {${statements(depth - 1)}}`,
          () =>
            `${pick(['', 'static '])}${pick(['x', '#p', '[y]', 'get', 'async'])}${pick(['', ` = ${expression(depth - 1)}`])};`,
          () => `static {${statements(depth - 1)}}`,
          () => ';',
        ])(),
      3,
      '',
    );

  const statements = (depth) => list(() => statement(depth), 3, pick(['\n', ' ', ';', '\n']));

  function statement(depth) {
    if (depth <= 0) return `${expression(0)}${pick([';', '\n'])}`;
    const e = () => expression(depth - 1);
    const s = () => (next(3) ? statement(depth - 1) : `{${statements(depth - 1)}}`);
    const kind = () => pick(['let', 'const', 'var']);
    return pick([
      () => `${e()};`,
      () => `${e()}\n`,
      () => `${kind()} ${target(0)} = ${e()};`,
      () => `${kind()} ${target(depth - 1)} = ${e()}, ${name()} = ${e()}\n`,
      () => `var ${name()}, ${name()};`,
      () => `let ${name()}\n`,
      () => `if (${e()}) ${s()}`,
      () => `if (${e()}) ${s()}\nelse ${s()}`,
      () =>
        `for (${pick(['', 'let i = 0', 'var i = 0, j', e()])}; ${pick(['', e()])}; ${pick(['', e()])}) ${s()}`,
      () =>
        `for (${pick([`${kind()} ${target(1)}`, name(), `${name()}.b`, `[${name()}]`])} ${pick(['of', 'in'])} ${e()}) ${s()}`,
      () => `while (${e()}) ${s()}`,
      () => `do ${s()}\nwhile (${e()})${pick(['', ';', ' '])}`,
      () => pick(['break', 'continue', 'break l', 'continue l']) + pick([';', '\n', '']),
      () => `return${space()}${pick(['', e()])};`,
      () => `l: ${s()}`,
      () => `l: for (;;) { ${pick(['break l', 'continue l', 'break', 'continue'])} }`,
      () =>
        `switch (${e()}) {${list(() => `${pick([`case ${e()}`, `case ${e()}`, 'default'])}: ${statements(depth - 1)}`, 3, '\n')}}`,
      () =>
        `${pick(['', 'async '])}function${pick(['', '', '*'])} f(${params(0)}) {${statements(depth - 1)}}`,
      () => pick([';', 'debugger;', `throw ${e()};`, `with (${e()}) ${s()}`]),
      () =>
        `try {${statements(depth - 1)}} ${pick(['catch {}', 'catch (e) {}', 'finally {}', 'catch ({a}) {} finally {}'])}`,
      () => `class C {${classMembers(depth - 1)}}`,
      () => `${name()}\n${pick(['++', '--'])}${name()}\n`,
      () => `${name()}\n${pick(['(a)', '[b]', '/c/', '`d`', '+e'])}\n`,
      () => pick(["'use strict'\n", "'x'\n"]),
    ])();
  }

  return function source() {
    const depth = 1 + next(4);
    return pick([
      () => arrow(depth),
      () => arrow(depth),
      () => `(${params(1)}) => {${statements(depth)}}`,
      () =>
        `${pick(['', '', 'async '])}function${pick(['', '', '*'])} ${pick(['', 'f'])}(${params(1)}) {${pick(['', '"use strict";'])}${statements(depth)}}`,
      () =>
        `${pick(['', '', '', 'async ', '*', 'get ', 'set ', 'static ', 'async *'])}${pick(['m', 'get', 'async', 'static', '#p', "['c' + 1]", "'k'", '1'])}(${params(1)}) {${statements(depth)}}`,
    ])();
  };
}

const PIECES = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ';',
  '=',
  '=>',
  '+',
  '++',
  '-',
  '**',
  '??',
  '||',
  '&&',
  '?',
  ':',
  '?.',
  '...',
  '/',
  '`',
  '\n',
  ' ',
  'let ',
  'in ',
  'of ',
  'async ',
  'await ',
  'yield ',
  'function ',
  'return ',
  'a',
  '0',
  '1n',
  '<!--',
  '-->',
  '\\u0061',
  'this',
  '"s"',
  '/r/',
  'new ',
  'const ',
  'case 1:',
  'default:',
  'break ',
  'else ',
  'if (a) ',
];

/** The source with one to three pieces cut out, put in, doubled or swapped. */
function damage(source, next) {
  let text = source;
  for (let n = 1 + next(3); n > 0; n--) {
    const at = next(text.length + 1);
    const length = next(6);
    const rest = text.slice(at + length);
    text =
      text.slice(0, at) +
      [
        () => rest,
        () => PIECES[next(PIECES.length)] + text.slice(at),
        () => PIECES[next(PIECES.length)] + rest,
        () => text.slice(at, at + length) + text.slice(at),
      ][next(4)]();
  }
  return text;
}

module.exports = { generator, random, damage };
