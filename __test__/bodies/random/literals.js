'use strict';

// Random bodies about arrays and objects of their own: who holds which, who stores to it, what changes places, grows, is handed to
// helpers and comes back. Every array has three elements, so that none is stored to beyond its end; numbers stay small or overflow,
// and a program that throws or is not finite compares nothing.

const { Dice } = require('./dice.js');

/** What a program may call, and its text. */
const HELPERS = {
  sumA: 'const sumA = (v) => { let t = 0; for (let k = 0; k < v.length; k++) t += v[k]; return t; };',
  bump: 'const bump = (v, k) => { v[k] += 1; return v[k]; };',
  bumpO: 'const bumpO = (q) => { q.x += 1; return q.x; };',
  norm: 'const norm = ({ x, y }) => x * x + y;',
  rev: 'const rev = ([p, q, r]) => [r, q, p];',
  same: 'const same = (v) => { if (i > 3) return v; return v; };',
  sameO: 'const sameO = (v) => v;',
  swapO: 'const swapO = (q) => { const { x, y } = q; return { x: y, y: x }; };',
  mk: 'const mk = (v) => { const w = [v, v + 1, v + 2]; if (v > 2) return [1, 2, v]; return w; };',
  mkO: 'const mkO = (v) => { const w = { x: v, y: 1 }; w.y += v; return w; };',
};

class Program {
  #names = 0;
  #loops = 0;
  #depth = 0;
  #scopes = [[]];

  constructor(seed) {
    this.dice = new Dice(seed);
    const list = Array.from({ length: 4 + this.dice.below(6) }, () => this.statement());
    const values = this.#scopes[0].map(({ kind, name }) => {
      if (kind === 'number') return name;
      if (kind === 'array') return `${name}[0] + 3 * ${name}[1] + 5 * ${name}[2]`;
      return kind === 'object' ? `7 * ${name}.x - ${name}.y` : `${name}.length + 2 * (${name}[0] ?? 1)`;
    });
    const text = list.join('\n  ');
    const helpers = Object.entries(HELPERS).filter(([name]) => text.includes(`${name}(`));
    const lines = [...helpers.map(([, helper]) => helper), text, `return ${values.join(' + ') || 0};`];
    this.source = `(i) => {\n  ${lines.join('\n  ')}\n}`;
  }

  all(kind) {
    return this.#scopes.flat().filter((variable) => variable.kind === kind);
  }

  /** The name of a variable of a kind, in an alternative that is there only if there is one. */
  with(kind, make, times = 1) {
    return this.all(kind).length === 0
      ? []
      : Array(times).fill(() => make(this.dice.pick(this.all(kind)).name));
  }

  choose(alternatives) {
    return this.dice.pick(alternatives.flat(2))();
  }

  number(depth = 0) {
    const inner = () => this.number(depth + 1);
    const small = [
      () => String(this.dice.below(5)),
      () => 'i',
      this.with('number', (n) => n, 2),
      this.with('index', (k) => k),
    ];
    if (depth > 2) return this.choose(small);
    return this.choose([
      small,
      this.with('array', (v) => `${v}[${this.dice.below(3)}]`),
      this.with('array', (v) => `${v}[${this.index(depth + 1)}]`),
      this.with('array', (v) => `sumA(${v})`),
      this.with('array', (v) => `bump(${v}, ${this.dice.below(3)})`),
      this.with('object', (o) => `${o}.${this.dice.pick('xy')}`),
      this.with('object', (o) => `bumpO(${o})`),
      this.with('stack', (s) => `${s}.length`),
      this.with('stack', (s) => `(${s}[${this.index(depth + 1)}] ?? 7)`),
      this.with('stack', (s) => `(${s}.pop() ?? 3)`),
      () => `(${inner()} ${this.dice.pick(['+', '-', '*'])} ${inner()})`,
      () => `(${this.condition(depth + 1)} ? ${inner()} : ${inner()})`,
      () => `norm(${this.object(depth)})`,
    ]);
  }

  index(depth) {
    return `(((${this.number(depth)} % 3) + 3) % 3 | 0)`;
  }

  condition(depth = 0) {
    return `${this.number(depth + 1)} ${this.dice.pick(['<', '>', '===', '!=='])} ${this.number(depth + 1)}`;
  }

  array(depth = 0) {
    const literal = () => `[${this.number(2)}, ${this.number(2)}, ${this.number(2)}]`;
    const inner = () => this.array(depth + 1);
    return this.choose([
      [literal, literal],
      this.with('array', (v) => v, 2),
      this.with('array', (v) => `[...${v}]`),
      this.with('array', (v) => `${this.dice.pick(['rev', 'same'])}(${v})`),
      depth > 1 ? [] : () => `(${this.condition(2)} ? ${inner()} : ${inner()})`,
      depth > 1 ? [] : () => `mk(${this.number(2)})`,
    ]);
  }

  object(depth = 0) {
    const literal = () => `{ x: ${this.number(2)}, y: ${this.number(2)} }`;
    const inner = () => this.object(depth + 1);
    return this.choose([
      [literal, literal],
      this.with('object', (o) => o),
      this.with('object', (o) => `{ ...${o}, y: ${this.number(2)} }`),
      this.with('object', (o) => `${this.dice.pick(['swapO', 'sameO'])}(${o})`),
      depth > 1 ? [] : () => `(${this.condition(2)} ? ${inner()} : ${inner()})`,
      depth > 1 ? [] : () => `mkO(${this.number(2)})`,
    ]);
  }

  declare(kind, text) {
    const name = `${kind[0]}${this.#names++}`;
    this.#scopes.at(-1).push({ kind, name });
    return `${kind === 'stack' ? 'const' : 'let'} ${name} = ${text};`;
  }

  statement() {
    const declarations = [
      () => this.declare('number', this.number()),
      () => this.declare('array', this.array()),
      () => this.declare('object', this.object()),
      () => this.declare('stack', this.dice.once(2) ? '[]' : `[${this.number(2)}]`),
    ];
    if (this.dice.once(3)) return this.choose(declarations);
    const other = (name) => this.dice.pick(this.all('array').filter((v) => v.name !== name) ?? [])?.name;
    const op = () => this.dice.pick(['=', '+=']);
    return this.choose([
      declarations[0],
      this.with('array', (v) => `${v} = ${this.array()};`),
      this.with('array', (v) => (other(v) ? `[${v}, ${other(v)}] = [${other(v)}, ${v}];` : ';')),
      this.with(
        'array',
        (v) => `${v}[${this.dice.once(2) ? this.dice.below(3) : this.index(2)}] ${op()} ${this.number(1)};`,
      ),
      this.with('object', (o) => `${o} = ${this.object()};`),
      this.with('object', (o) => `${o}.${this.dice.pick('xy')} ${op()} ${this.number(1)};`),
      this.with('number', (n) => `${n} = ${this.number()};`),
      this.with('stack', (s) => `${s}.push(${this.number(1)});`),
      this.with('stack', (s) => `${s}.push(${this.number(1)}, ${this.number(1)});`),
      this.#depth > 1 ? [] : () => `if (${this.condition()}) ${this.block()} else ${this.block()}`,
      this.#depth > 1 || this.#loops > 2 ? [] : [() => this.loop(), () => this.loop()],
    ]);
  }

  loop() {
    this.#loops++;
    const name = `k${this.#names++}`;
    const arrays = this.all('array');
    const head =
      arrays.length > 0 && this.dice.once(2)
        ? `const ${name} of ${this.dice.pick(arrays).name}`
        : `let ${name} = 0; ${name} < ${2 + this.dice.below(2)}; ${name}++`;
    return `for (${head}) ${this.block([{ kind: 'index', name }])}`;
  }

  block(variables = []) {
    const isLoop = variables.length > 0;
    this.#depth++;
    this.#scopes.push(variables);
    const list = Array.from({ length: 1 + this.dice.below(3) }, () => this.statement());
    if (isLoop && this.dice.once(5)) {
      list.push(`if (${this.condition()}) ${this.dice.pick(['break', 'continue'])};`);
    }
    this.#scopes.pop();
    this.#depth--;
    return `{ ${list.join(' ')} }`;
  }
}

module.exports = { literalsOf: (seed) => new Program(seed).source };
