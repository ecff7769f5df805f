'use strict';

// Random expressions, each of a type: a number (which may be undefined where that becomes NaN), or a boolean.

const { Context } = require('./context.js');
const { CATALOGUE } = require('./data.js');
const { number, literal } = require('./numbers.js');
const { LEVEL, expression, leaf, place } = require('./tree.js');

const call = expression(LEVEL.call);
const assignment = expression(LEVEL.assignment);
const sequence = expression(LEVEL.sequence);

const OPERATORS = {
  '+': LEVEL.additive,
  '-': LEVEL.additive,
  '*': LEVEL.multiplicative,
  '/': LEVEL.multiplicative,
  '%': LEVEL.multiplicative,
  '&': LEVEL.bitAnd,
  '|': LEVEL.bitOr,
  '^': LEVEL.bitXor,
  '<<': LEVEL.shift,
  '>>': LEVEL.shift,
  '>>>': LEVEL.shift,
  '<': LEVEL.relational,
  '<=': LEVEL.relational,
  '>': LEVEL.relational,
  '>=': LEVEL.relational,
  '===': LEVEL.equality,
  '!==': LEVEL.equality,
  '==': LEVEL.equality,
  '!=': LEVEL.equality,
  '&&': LEVEL.and,
  '||': LEVEL.or,
};
const ARITHMETIC = ['+', '-', '*', '+', '-', '*', '/', '%', '%'];
const BITWISE = ['&', '|', '^', '<<', '>>', '>>>'];
const RELATIONAL = ['<', '<=', '>', '>='];
const EQUALITY = ['===', '!==', '===', '!==', '==', '!='];

const CONSTANTS = ['PI', 'E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'SQRT2', 'SQRT1_2'].map(
  (name) => `Math.${name}`,
);
CONSTANTS.push(
  ...['EPSILON', 'MAX_VALUE', 'MIN_VALUE', 'MAX_SAFE_INTEGER', 'MIN_SAFE_INTEGER'].map(
    (name) => `Number.${name}`,
  ),
);
/** Functions of one number whose bits every engine agrees on, and those that are approximations. */
const EXACT = ['abs', 'ceil', 'floor', 'fround', 'round', 'sign', 'sqrt', 'trunc', 'clz32'];
if (Math.f16round) EXACT.push('f16round');
const APPROXIMATE = [
  ...['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cbrt', 'cos', 'cosh'],
  ...['exp', 'expm1', 'log', 'log10', 'log1p', 'log2', 'sin', 'sinh', 'tan', 'tanh'],
];

function binary(op, a, b) {
  const level = OPERATORS[op];
  return { sort: 'e', level, parts: [place(a, level), ` ${op} `, place(b, level + 1)] };
}

class Expressions extends Context {
  /** A number. */
  num(depth) {
    if (!this.goesOn(depth)) return this.numberLeaf();
    const { dice } = this;
    const d = depth - 1;
    return dice.weigh([
      [10, () => this.numberLeaf()],
      [14, () => binary(dice.pick(ARITHMETIC), this.num(d), this.num(d))],
      [6, () => binary(dice.pick(BITWISE), this.num(d), this.num(d))],
      [1, () => this.power(d)],
      [4, () => this.unary(d)],
      [4, () => call`Math.${dice.pick(dice.once(3) ? APPROXIMATE : EXACT)}(${this.num(d)})`],
      [3, () => this.severalArguments(d)],
      [4, () => this.conditional(d, () => this.num(d))],
      [2, () => this.logical(d)],
      [7, () => this.element(d)],
      [2, () => this.assign(d)],
      [2, () => this.update()],
      [3, () => this.call(d)],
      [1, () => sequence`${place(this.num(d))}, ${place(this.num(d))}`],
      [1, () => call`Number(${this.any(d)})`],
      [1, () => binary(dice.pick(ARITHMETIC), this.num(d), this.bool(d))],
      [1, () => this.atomic(d)],
      [1, () => this.immediate(d)],
      [1, () => this.random(d)],
      [1, () => this.mixed(d)],
    ])();
  }

  numberLeaf() {
    const { dice } = this;
    return dice.weigh([
      [6, () => leaf(literal(dice, number(dice)))],
      [6, () => leaf(this.index() ?? '2')],
      [10, () => leaf(this.variable(({ type }) => type === 'num')?.name ?? this.index() ?? '3')],
      [2, () => this.data(this.entry(({ kind }) => kind === 'number'))],
      [1, () => leaf(dice.pick(CONSTANTS))],
      [1, () => this.property()],
      [1, () => this.length()],
    ])();
  }

  /** One of the body's indices. */
  index() {
    return this.inHelper ? undefined : this.dice.pick(this.options.indices);
  }

  property() {
    const object = this.data(this.dice.once(3) ? 'q' : 'p');
    const path = object.parts[0].endsWith('p') ? this.dice.pick(['x', 'y', '["x"]']) : 'r.z';
    return leaf(`${object.parts[0]}${path[0] === '[' ? path : `.${path}`}`);
  }

  length() {
    const local = this.variable(({ type }) => type === 'arr');
    if (local && this.dice.once(2)) return leaf(`${local.name}.length`);
    const name = this.entry(({ kind, use }) => kind === 'table' || use === 'read');
    return leaf(`${this.data(name).parts[0]}.length`);
  }

  power(d) {
    const exponent = this.dice.once(2) ? leaf(`${this.dice.below(5)}`) : this.num(d);
    if (this.dice.once(3)) return call`Math.pow(${this.num(d)}, ${exponent})`;
    const parts = [place(this.num(d), LEVEL.postfix), ' ** ', place(exponent, LEVEL.power)];
    return { sort: 'e', level: LEVEL.power, parts };
  }

  unary(d) {
    const op = this.dice.pick(['-', '-', '+', '~']);
    const operand = op === '~' && this.dice.once(4) ? this.bool(d) : this.num(d);
    return { sort: 'e', level: LEVEL.unary, parts: [op, place(operand, LEVEL.postfix)] };
  }

  severalArguments(d) {
    const name = this.dice.pick(['min', 'max', 'min', 'max', 'imul', 'atan2', 'hypot', 'pow', 'max', 'min']);
    const count = /min|max|hypot/.test(name) ? this.dice.below(4) : 2 - Number(this.dice.once(9));
    return call`Math.${name}(${Array.from({ length: count }, () => this.num(d))})`;
  }

  conditional(d, make) {
    const parts = [place(this.bool(d), LEVEL.coalesce), ' ? ', place(make()), ' : ', place(make())];
    return { sort: 'e', level: LEVEL.conditional, parts };
  }

  logical(d) {
    const op = this.dice.pick(['&&', '||']);
    if (!this.dice.once(3)) return binary(op, this.num(d), this.num(d));
    const parts = [place(this.element(d), LEVEL.bitOr), ' ?? ', place(this.num(d), LEVEL.bitOr)];
    return { sort: 'e', level: LEVEL.coalesce, parts };
  }

  /** An element of some array, or undefined beyond its ends. */
  element(d) {
    const { dice } = this;
    const local = this.variable(({ type }) => type === 'arr');
    if (local && dice.once(2)) return call`${local.name}[${this.place(d, local.length)}]`;
    if (dice.once(4)) return this.tableElement(d);
    const name = this.readable();
    const entry = CATALOGUE[name];
    if (entry.use === 'own') return call`${this.data(name)}[${this.own(entry.stride)}]`;
    if (dice.once(12)) return call`${this.data(name)}.at(${this.place(d, entry.length)})`;
    return call`${this.data(name)}[${this.place(d, entry.length)}]`;
  }

  /** The name of an array that can be read here. */
  readable() {
    return this.entry(
      ({ kind, use }) =>
        kind === 'array' &&
        (use === 'read' || (use === 'own' && this.hasOwn()) || (use === 'free' && this.options.isSingle)),
    );
  }

  hasOwn() {
    return this.options.hasOwn && !this.inHelper;
  }

  /** The place in an array that only this index writes. */
  own(stride) {
    const { indices, sizes } = this.options;
    const flat = indices.map((name, at) => [name, ...sizes.slice(at + 1)].join(' * ')).join(' + ');
    if (stride === 1) return place(leaf(flat), 0);
    const which = this.dice.below(2);
    return place(leaf(`2 * (${flat})${which ? ' + 1' : ''}`), 0);
  }

  tableElement(d) {
    const name = this.dice.pick(['t1', 't2', 't2', 't3', 'q']);
    if (name === 'q') {
      const path = this.dice.pick(['.r.w', '.k']);
      return call`${this.data(name).parts[0]}${path}[${this.place(d, 4)}]`;
    }
    const { dimensions } = CATALOGUE[name];
    // Where there is no row, JavaScript throws.
    const rows = dimensions.slice(0, -1).map((rowCount) => this.row(rowCount));
    return call`${this.data(name).parts[0]}${rows.join('')}[${this.place(d, dimensions.at(-1))}]`;
  }

  row(rows) {
    const index = this.index();
    if (index === undefined || this.dice.once(2)) return `[${this.dice.below(rows)}]`;
    return rows === 2 ? `[${index} & 1]` : `[(${index} >>> 0) % ${rows}]`;
  }

  /** An index for an array of some length: mostly of an element. */
  place(d, length = 4) {
    const { dice } = this;
    return dice.weigh([
      [6, () => leaf(`${dice.below(length)}`)],
      [3, () => leaf(dice.pick([`${length}`, '-1', '0.5', '-0', 'NaN', '1e-20', '9007199254740992']))],
      [4, () => leaf(this.variable(({ type }) => type === 'num')?.name ?? '1')],
      [3, () => leaf(this.index() ?? '0')],
      [4, () => binary('%', leaf(this.index() ?? '7'), leaf(`${length}`))],
      [3, () => binary('&', this.num(d - 1), leaf(dice.pick(['3', '7', '1'])))],
      [3, () => this.num(d - 1)],
      [1, () => this.update()],
    ])();
  }

  /** A place that the program can assign to: a variable, an element of an array of its own, or of data. */
  target(d) {
    const { dice } = this;
    const written = dice.once(3) ? this.writable() : undefined;
    if (written !== undefined) {
      const { use, stride, length } = CATALOGUE[written];
      if (use === 'own') return call`${this.data(written)}[${this.own(stride)}]`;
      return call`${this.data(written)}[${this.place(d, length)}]`;
    }
    const local = this.variable(({ type, isWritten }) => type === 'arr' && isWritten);
    if (local && dice.once(3)) {
      // A plain array would grow.
      // And a typed array would get a property by the name of `undefined`.
      if (local.isTyped) return call`${local.name}[+${place(this.place(d, local.length), LEVEL.postfix)}]`;
      const inside = local.length === 4 ? binary('&', this.num(d - 1), leaf('3')) : leaf('0');
      return call`${local.name}[${inside}]`;
    }
    const variable = this.variable(({ type, isConst }) => type === 'num' && !isConst);
    return variable && leaf(variable.name);
  }

  writable() {
    const { isSingle } = this.options;
    return this.entry(
      ({ use }) => (use === 'own' && this.hasOwn()) || (use === 'free' && isSingle && !this.inHelper),
    );
  }

  assign(d) {
    const target = this.target(d);
    if (target === undefined) return this.numberLeaf();
    const op = this.dice.pick([
      ...['=', '=', '=', '+=', '-=', '*=', '/=', '%=', '**=', '<<=', '>>=', '>>>=', '&=', '|=', '^='],
      ...['&&=', '||=', '??='],
    ]);
    return assignment`${target} ${op} ${this.num(d)}`;
  }

  update() {
    const target = this.target(1);
    if (target === undefined) return this.numberLeaf();
    const op = this.dice.pick(['++', '--']);
    if (this.dice.once(2)) return expression(LEVEL.postfix)`${target}${op}`;
    return { sort: 'e', level: LEVEL.unary, parts: [op, place(target, LEVEL.call)] };
  }

  call(d) {
    const functions = this.visible(({ type }) => type === 'fn').concat(this.inHelper ? [] : this.helpers);
    const affordable = functions.filter(({ cost }) => this.affords(cost));
    if (affordable.length === 0) return this.numberLeaf();
    const chosen = this.dice.pick(affordable);
    const made = this.callOf(chosen, d);
    if (made === undefined) return this.numberLeaf();
    return chosen.isTuple ? call`${made}[${this.dice.pick(['0', '1', '1', '2'])}]` : made;
  }

  /** A call of a function; undefined if there is nothing to hand to it. */
  callOf({ name, parameters, cost }, d) {
    this.spent += this.turns * cost;
    const isShort = this.dice.once(6) && parameters.every((type) => type === 'num');
    const count = isShort ? this.dice.below(parameters.length + 2) : parameters.length;
    const values = Array.from({ length: count }, (_, at) => this.argument(parameters[at], d));
    if (values.includes(undefined)) return undefined;
    const style = this.options.style === 'read' && this.helpers.some((helper) => helper.name === name);
    return call`${style ? `${this.options.parameter}.` : ''}${name}(${values})`;
  }

  argument(type, d) {
    if (type === 'arr') return this.array();
    if (type === 'own') {
      const local = this.variable(
        ({ type, isWritten, isTyped, length }) => type === 'arr' && isWritten && !isTyped && length === 4,
      );
      return local && leaf(local.name);
    }
    if (type !== 'function') return this.num(d);
    return this.scoped(() => {
      const name = this.newName(true);
      this.declare(name, { type: 'num', isConst: false });
      return assignment`${name} => ${this.num(2)}`;
    }, true);
  }

  /** A function that is called where it stands. */
  immediate(d) {
    const value = this.num(d);
    const { dice } = this;
    return this.scoped(() => {
      const name = this.newName(true);
      this.declare(name, { type: 'num', isConst: false });
      const body = this.num(d);
      if (dice.once(3)) return call`(function (${name}) { return ${place(body, 0)}; })(${value})`;
      return call`((${name}) => ${place(body)})(${value})`;
    }, true);
  }

  random(d) {
    // It throws if something is undefined.
    const values = Array.from({ length: 2 + this.dice.below(2) }, () => {
      return expression(LEVEL.unary)`+${place(this.num(d - 1), LEVEL.postfix)}`;
    });
    return call`${this.data('random')}(${values})`;
  }

  /** A number or a boolean, as a number. */
  mixed(d) {
    const parts = [place(this.bool(d), LEVEL.coalesce), ' ? ', place(this.any(d)), ' : ', place(this.any(d))];
    return expression(LEVEL.unary)`+${place({ sort: 'e', level: LEVEL.conditional, parts }, LEVEL.postfix)}`;
  }

  /** An array itself, to be handed on. */
  array() {
    const local = this.variable(({ type }) => type === 'arr');
    if (local && this.dice.once(2)) return leaf(local.name);
    return this.data(this.entry(({ use }, name) => use === 'read' || name === 't1'));
  }

  /** Atomics, where what they return cannot depend on other indices. */
  atomic(d) {
    const { dice } = this;
    const use = this.options.isSingle ? 'free' : 'own';
    if (this.inHelper || (use === 'own' && !this.hasOwn())) return this.numberLeaf();
    const name = this.entry((entry) => entry.use === use && /^[iu]\d/.test(entry.prefix));
    const entry = CATALOGUE[name];
    // Where there is no element, JavaScript throws.
    const at = use === 'own' ? this.own(entry.stride) : binary('&', this.num(d - 1), leaf('7'));
    const op = dice.pick(['add', 'sub', 'and', 'or', 'xor', 'exchange', 'store', 'load', 'compareExchange']);
    const count = op === 'load' ? 0 : op === 'compareExchange' ? 2 : 1;
    const values = Array.from({ length: count }, () => this.num(d));
    return call`Atomics.${op}(${this.data(name)}, ${at}${count > 0 ? ', ' : ''}${values})`;
  }

  /** A number or a boolean. */
  any(d) {
    return this.dice.once(2) ? this.num(d) : this.bool(d);
  }

  /** A boolean. */
  bool(depth) {
    if (!this.goesOn(depth)) return this.booleanLeaf();
    const { dice } = this;
    const d = depth - 1;
    return dice.weigh([
      [4, () => this.booleanLeaf()],
      [12, () => binary(dice.pick(RELATIONAL), this.num(d), this.num(d))],
      [8, () => binary(dice.pick(EQUALITY), this.num(d), this.num(d))],
      [4, () => this.isUndefined(d)],
      [4, () => ({ sort: 'e', level: LEVEL.unary, parts: ['!', place(this.any(d), LEVEL.unary)] })],
      [4, () => binary(dice.pick(['&&', '||']), this.bool(d), this.bool(d))],
      [2, () => call`${dice.pick(['isNaN', 'isFinite', 'Boolean'])}(${this.any(d)})`],
      [2, () => call`Number.is${dice.pick(['NaN', 'Finite', 'Integer', 'SafeInteger'])}(${this.num(d)})`],
      [1, () => call`Number.is${dice.pick(['NaN', 'Finite', 'Integer'])}(${this.bool(d)})`],
      [2, () => this.conditional(d, () => this.bool(d))],
      [1, () => binary(dice.pick(EQUALITY), this.bool(d), this.bool(d))],
      [1, () => binary(dice.pick(['==', '!=', '===']), this.bool(d), this.num(d))],
      [1, () => sequence`${place(this.num(d))}, ${place(this.bool(d))}`],
    ])();
  }

  booleanLeaf() {
    const { dice } = this;
    return dice.weigh([
      [2, () => leaf(dice.pick(['true', 'false']))],
      [4, () => leaf(this.variable(({ type }) => type === 'bool')?.name ?? 'true')],
      [2, () => this.data(this.entry(({ kind }) => kind === 'boolean'))],
      [1, () => leaf(`${this.data('p').parts[0]}.on`)],
      [3, () => binary(dice.pick(RELATIONAL), this.numberLeaf(), this.numberLeaf())],
    ])();
  }

  isUndefined(d) {
    const { dice } = this;
    const value = dice.once(3) ? this.numberLeaf() : this.element(d);
    const op = dice.pick(['===', '!==', '==', '!=']);
    const nothing = dice.pick(op.length === 3 ? ['undefined', 'undefined', 'void 0'] : ['undefined', 'null']);
    return dice.once(4) ? binary(op, leaf(nothing), value) : binary(op, value, leaf(nothing));
  }
}

module.exports = { Expressions, binary };
