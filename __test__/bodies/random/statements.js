'use strict';

// Random statements. Whatever loops there are end after a few turns.

const { CATALOGUE, TYPES } = require('./data.js');
const { Expressions, binary } = require('./expressions.js');
const { LEVEL, expression, leaf, list, place, statement } = require('./tree.js');

/** Assignments from a pattern of an object. */
const pattern = expression(LEVEL.assignment);

class Statements extends Expressions {
  /** Some statements in the scope that is open. */
  statements(depth, most) {
    const { dice } = this;
    const made = [];
    for (let left = dice.few(0, most); left >= 0 && this.budget > 0; left--) made.push(this.statement(depth));
    // A declared function can be called before it: nothing but what stands before it is in its text.
    for (const [at, node] of made.entries()) {
      if (!/^function /.test(node.parts[0]) || !dice.once(2)) continue;
      made.splice(at, 1);
      made.splice(at + dice.below(made.length - at + 1), 0, node);
    }
    return list(made);
  }

  /** `{ … }` */
  block(depth, most = 3) {
    return this.scoped(() => statement`{\n${place(this.statements(depth, most), 0)}\n}`);
  }

  /** The body of a loop or an if: braces or one statement that declares nothing. */
  branch(depth) {
    return this.dice.once(3) ? this.effect(depth) : this.block(depth);
  }

  statement(depth) {
    this.budget--;
    const { dice } = this;
    if (depth <= 0) return this.effect(2);
    const d = depth - 1;
    return dice.weigh([
      [9, () => this.declaration()],
      [3, () => this.arrayDeclaration()],
      [3, () => this.destructuring()],
      [2, () => this.functionDeclaration(d)],
      [12, () => this.effect(3)],
      [6, () => this.conditionalStatement(d)],
      [7, () => this.loop(d)],
      [2, () => this.switchStatement(d)],
      [1, () => this.labeledBlock(d)],
      [1, () => this.block(d)],
      [3, () => this.jump()],
      [1, () => statement`;`],
    ])();
  }

  /** A statement that declares nothing. */
  effect(depth) {
    const { dice } = this;
    return dice.weigh([
      [8, () => this.assignmentStatement(depth)],
      [3, () => statement`${place(this.update(), 0)};`],
      [3, () => this.store(depth)],
      [1, () => statement`${place(this.call(depth), 0)};`],
      [1, () => statement`${place(this.num(depth), 0)};`],
      [1, () => statement`${place(binary('&&', this.bool(1), this.assignable(2)), 0)};`],
      [
        1,
        () =>
          statement`${place(
            this.conditional(1, () => this.assignable(2)),
            0,
          )};`,
      ],
      [1, () => statement`${place(this.assign(2), 0)}, ${place(this.update(), 1)};`],
      [1, () => this.count()],
      [1, () => this.fill()],
      [2, () => this.jump()],
    ])();
  }

  assignable(d) {
    const node = this.assign(d);
    return node.level === LEVEL.assignment ? { ...node, level: LEVEL.assignment } : node;
  }

  assignmentStatement(depth) {
    const boolean = this.variable(({ type, isConst }) => type === 'bool' && !isConst);
    if (boolean && this.dice.once(4)) {
      return statement`${boolean.name} ${this.dice.pick(['=', '=', '&&=', '||='])} ${this.bool(depth)};`;
    }
    return statement`${place(this.assign(depth), 0)};`;
  }

  /** Writes something where it is seen afterwards. */
  store(depth) {
    const name = this.writable();
    if (name === undefined) return this.assignmentStatement(depth);
    const { use, stride, length } = CATALOGUE[name];
    const at = use === 'own' ? this.own(stride) : this.place(2, length);
    const op = this.dice.weigh([
      [6, '='],
      [1, '+='],
      [1, '*='],
      [1, '|='],
      [1, '-='],
      [1, '??='],
    ]);
    return statement`${this.data(name)}[${at}] ${op} ${this.any(depth)};`;
  }

  /** Counts in an array that all indices count in: one operation, so that their order does not matter. */
  count() {
    if (this.inHelper) return statement`;`;
    const name = this.entry(({ use }) => use === 'count');
    const at = binary('&', this.num(1), leaf('7'));
    return statement`Atomics.add(${this.data(name)}, ${at}, ${this.num(2)});`;
  }

  fill() {
    const local = this.variable(({ type, isWritten }) => type === 'arr' && isWritten);
    return local ? statement`${local.name}.fill(${this.num(2)});` : statement`;`;
  }

  declaration() {
    const { dice } = this;
    const type = dice.once(4) ? 'bool' : 'num';
    const kind = dice.pick(['let', 'let', 'const', 'var']);
    const scope = kind === 'var' ? this.functionScope() : this.scopes.at(-1);
    const isEmpty = kind !== 'const' && type === 'num' && dice.once(8);
    const value = isEmpty ? undefined : type === 'num' ? this.num(4) : this.bool(3);
    const name = this.newName();
    const variable = { type, isConst: kind === 'const' };
    if (kind === 'var' && type === 'bool') {
      // Seen before it has a value: no boolean yet.
      const made = statement`let ${name} = ${value};`;
      this.declare(name, variable);
      return made;
    }
    const second = !isEmpty && dice.once(6) ? this.num(2) : undefined;
    this.declare(name, variable, scope);
    if (isEmpty) return statement`${kind} ${name};`;
    if (second === undefined) return statement`${kind} ${name} = ${value};`;
    const other = this.newName();
    this.declare(other, { type: 'num', isConst: kind === 'const' }, scope);
    return statement`${kind} ${name} = ${value}, ${other} = ${second};`;
  }

  arrayDeclaration() {
    const { dice } = this;
    const length = dice.pick([1, 2, 3, 4, 4, 4, 8]);
    const values = () => Array.from({ length }, () => this.num(2));
    const type = dice.pick(Object.values(TYPES)).name;
    const [value, isTyped] = dice.weigh([
      [4, () => [expression(LEVEL.primary)`[${values()}]`, false]],
      [1, () => [expression(LEVEL.call)`new Array(${length}).fill(${this.num(2)})`, false]],
      [1, () => [expression(LEVEL.primary)`new Array(${length})`, false]],
      [2, () => [expression(LEVEL.primary)`new ${type}(${length})`, true]],
      [2, () => [expression(LEVEL.primary)`new ${type}([${values()}])`, true]],
    ])();
    const name = this.newName();
    this.declare(name, { type: 'arr', isConst: true, isWritten: true, isTyped, length });
    return statement`${dice.pick(['const', 'let'])} ${name} = ${value};`;
  }

  destructuring() {
    const { dice } = this;
    return dice.weigh([
      [3, () => this.fromArray()],
      [2, () => this.fromObject()],
      [2, () => this.exchange()],
    ])();
  }

  /** Names for elements: some with defaults, some left out. */
  fromArray() {
    const { dice } = this;
    const count = dice.few(1, 5);
    const functions = this.visible(({ isTuple, cost }) => isTuple && this.affords(cost));
    const called = functions.length > 0 && dice.once(2) && this.callOf(dice.pick(functions), 2);
    const source = called
      ? called
      : dice.once(2)
        ? this.array()
        : expression(LEVEL.primary)`[${Array.from({ length: count }, () => this.num(2))}]`;
    const items = Array.from({ length: count }, () => {
      if (dice.once(6)) return undefined;
      const name = this.newName();
      return { name, value: dice.once(3) ? this.num(2) : undefined };
    });
    const isConst = dice.once(2);
    const parts = items.map((item) => {
      if (item === undefined) return statement``;
      return item.value ? statement`${item.name} = ${item.value}` : statement`${item.name}`;
    });
    for (const item of items) if (item) this.declare(item.name, { type: 'num', isConst });
    return statement`${isConst ? 'const' : 'let'} [${parts}] = ${source};`;
  }

  fromObject() {
    const { dice } = this;
    const [one, other] = [this.newName(), this.newName()];
    const variable = { type: 'num', isConst: true };
    const made = dice.pick([
      () => statement`const { x: ${one}, y: ${other} = ${this.num(1)} } = ${this.data('p')};`,
      () => statement`const { r: { z: ${one} }, k: [${other}] } = ${this.data('q')};`,
      () => statement`const { length: ${one}, [0]: ${other} } = ${this.data('ci32')};`,
      () => statement`const { ["x"]: ${one}, w: ${other} = ${this.num(1)} } = ${this.data('p')};`,
    ])();
    this.declare(one, variable);
    this.declare(other, variable);
    return made;
  }

  /** `[a, b] = [b, a]` and the like. */
  exchange() {
    const targets = Array.from({ length: this.dice.few(1, 3) }, () => this.target(2));
    if (targets.includes(undefined)) return this.declaration();
    const source = this.dice.once(3)
      ? this.array()
      : expression(LEVEL.primary)`[${targets.map(() => this.num(2))}]`;
    return statement`${place(pattern`[${targets}] = ${source}`, 0)};`;
  }

  conditionalStatement(d) {
    const yes = this.branch(d);
    if (this.dice.once(2)) return statement`if (${place(this.bool(3), 0)}) ${yes}`;
    const no = this.dice.once(4) ? this.conditionalStatement(d - 1) : this.branch(d);
    // An if without braces would take the else.
    const braced = yes.parts[0].startsWith('{') ? yes : statement`{ ${yes} }`;
    return statement`if (${place(this.bool(3), 0)}) ${braced} else ${no}`;
  }

  /** A function of the body's own: declared, or the value of a constant. */
  functionDeclaration(d) {
    const { dice } = this;
    if (this.scopes.filter(({ isFunction }) => isFunction).length > 3) return this.declaration();
    const name = this.newName();
    const made = this.makeFunction(name, d);
    const { type, parameters, cost, isTuple } = made;
    this.declare(name, { type, isConst: true, parameters, cost, isTuple });
    const head = place(made.head, 0);
    const body = place(made.body, 0);
    if (made.isExpression) return statement`const ${name} = ${made.arrowHead} => ${place(made.body)};`;
    return dice.pick([
      () => statement`const ${name} = ${made.arrowHead} => ${body};`,
      () => statement`const ${name} = function (${head}) ${body};`,
      () => statement`const ${name} = function ${name} (${head}) ${body};`,
      () => statement`function ${name}(${head}) ${body}`,
    ])();
  }

  /** The parts of a function, and what a call of it costs. */
  makeFunction(_name, d) {
    const { dice } = this;
    const types = Array.from({ length: dice.few(0, 3) }, () =>
      dice.weigh([
        [7, 'num'],
        [1, 'arr'],
        [1, 'own'],
        [1, 'function'],
      ]),
    );
    const before = [this.turns, this.spent, this.jumps, this.returns];
    [this.turns, this.spent, this.jumps] = [1, 0, []];
    this.enter(true);
    const names = types.map(() => this.newName());
    const parameters = types.map((type, at) => {
      const isLast = types.slice(at).every((other) => other === 'num');
      const value = type === 'num' && isLast && dice.once(4) ? this.num(1) : undefined;
      const name = names[at];
      if (type === 'function')
        this.declare(name, { type: 'fn', isConst: true, parameters: ['num'], cost: 20 });
      else if (type === 'num') this.declare(name, { type, isConst: false });
      else this.declare(name, { type: 'arr', isConst: true, isWritten: type === 'own', length: 4 });
      return value ? statement`${name} = ${value}` : statement`${name}`;
    });
    const isExpression = dice.once(2);
    const isTuple = isExpression && dice.once(4);
    this.returns = dice.once(6) && !isExpression ? 'nothing' : 'num';
    let body;
    if (isTuple) body = expression(LEVEL.primary)`[${[this.num(2), this.num(2)]}]`;
    else if (isExpression) body = this.num(3);
    else {
      const last = this.returns === 'num' ? statement`return ${place(this.num(3), 0)};` : statement`;`;
      body = statement`{\n${place(this.statements(d, 3), 0)}\n${last}\n}`;
    }
    this.leave();
    const cost = this.spent + 1;
    [this.turns, this.spent, this.jumps, this.returns] = before;
    const head = statement`${parameters}`;
    const arrowHead = place(statement`(${place(head, 0)})`, 0);
    return { type: 'fn', isTuple, parameters: types, cost, head, arrowHead, body, isExpression };
  }

  labeledBlock(d) {
    const label = this.newName();
    this.jumps.push({ label });
    const body = this.dice.once(2) ? this.block(d) : this.conditionalStatement(d);
    this.jumps.pop();
    return statement`${label}: ${body}`;
  }

  /** `break`, `continue` or `return`, where it means something. */
  jump() {
    const { dice } = this;
    const ways = [];
    for (const [at, { label, breaks, continues }] of this.jumps.entries()) {
      const isInner = (does) => this.jumps.slice(at + 1).every((jump) => !jump[does]);
      if (label) ways.push(`break ${label};`);
      if (label && continues) ways.push(`continue ${label};`);
      if (breaks && isInner('breaks')) ways.push('break;');
      if (continues && isInner('continues')) ways.push('continue;');
    }
    const isGuarded = !dice.once(8);
    const condition = isGuarded ? this.bool(2) : undefined;
    let made;
    if (ways.length > 0 && !dice.once(4)) made = statement`${dice.pick(ways)}`;
    else if (this.returns === 'none') made = statement`${dice.pick(['return;', 'return 1;'])}`;
    else if (this.returns === 'nothing') made = statement`return;`;
    else made = statement`return ${place(this.returns === 'bool' ? this.bool(2) : this.num(2), 0)};`;
    return condition ? statement`if (${place(condition, 0)}) { ${made} }` : statement`{ ${made} }`;
  }
}

module.exports = { Statements };
