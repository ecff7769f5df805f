'use strict';

// Random loops that indices leave at different turns: by comparisons of a counter, which is the same for all of them, with numbers of
// their own, by remainders, from inner loops, and out of several at once.

const { Dice } = require('./dice.js');

const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '5',
  '12',
  '30',
  '0.5',
  '-1',
  '100',
  '4503599627370497',
  'NaN',
  'Infinity',
];
const OWN = [
  'x',
  'x + 1',
  'x * 2',
  'x % 13',
  'Math.floor(x / 3)',
  'x * x',
  '-x',
  'x | 0',
  'x * 1048577',
  'x * 3000000019',
];
const INPUTS = ['n', 'm', 'x'];
const CAPS = [5, 17, 40, 90];

class Leaving {
  constructor(seed) {
    this.dice = new Dice(seed);
    this.depth = 0;
    this.counters = 0;
  }

  /** What a counter is compared as. */
  counted(name) {
    return this.dice.pick([
      name,
      name,
      `${name} * ${name}`,
      `${name} * 2 + 1`,
      `100 - ${name}`,
      `${name} - 50`,
    ]);
  }

  leave() {
    return this.dice.pick([
      'break',
      'break',
      'continue',
      'break out',
      'return s',
      `return ${this.dice.pick(NUMBERS)}`,
    ]);
  }

  /** A statement of a loop with this counter. */
  statement(name) {
    const { dice } = this;
    const order = () => dice.pick(['<', '<=', '>', '>=', '!==', '===']);
    const input = () => dice.pick(INPUTS);
    const divisor = () => dice.pick([name, name, `(${name} + 1)`, `(2 * ${name} + 1)`]);
    const kinds = [
      [5, () => `if (${input()} % ${divisor()} ${dice.pick(['===', '===', '!=='])} 0) ${this.leave()};`],
      [1, () => `if (!(${input()} % ${divisor()})) ${this.leave()};`],
      [4, () => `if (${this.counted(name)} ${order()} ${input()}) ${this.leave()};`],
      [
        2,
        () =>
          `if (${input()} ${order()} ${this.counted(name)}) { s += ${dice.pick(NUMBERS)}; ${this.leave()}; }`,
      ],
      [2, () => `if (${dice.pick(OWN)} ${order()} ${dice.pick(NUMBERS)}) s += ${name};`],
      [2, () => `m = m ${dice.pick(['+', '-', '*'])} ${dice.pick(['1', '0.5', name])};`],
      [this.depth < 2 ? 3 : 0, () => this.loop()],
    ];
    return dice.weigh(kinds)();
  }

  loop() {
    const { dice } = this;
    this.depth++;
    const name = `k${this.counters++}`;
    const cap = `${name} < ${dice.pick(CAPS)}`;
    const own = `${this.counted(name)} ${dice.pick(['<', '<='])} ${dice.pick(INPUTS)}`;
    const condition = dice.pick([cap, `${cap} && ${own}`, `${own} && ${cap}`]);
    const statements = Array.from({ length: dice.few(1, 3) }, () => this.statement(name)).join(' ');
    this.depth--;
    const step = dice.pick([1, 1, 2, 3]);
    return `for (let ${name} = ${dice.below(4)}; ${condition}; ${name} += ${step}) { ${statements} s += ${dice.pick([name, '1', 'x'])}; }`;
  }

  /** Statements that give `s` and `m` their values, with `x`; a `return` is among them, perhaps. */
  statements() {
    const { dice } = this;
    const loops = dice.once(3) ? [this.loop(), this.loop()] : [this.loop()];
    return `let s = 0, m = ${dice.pick(OWN)}; const n = ${dice.pick(OWN)}; out: do { ${loops.join(' ')} } while (false);`;
  }
}

/** The source of a body of `x`. */
function leavingBody(seed) {
  return `(x) => { ${new Leaving(seed).statements()} return s + m; }`;
}

module.exports = { leavingBody };
