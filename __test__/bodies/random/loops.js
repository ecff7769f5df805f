'use strict';

// Random loops and switches. What makes a loop end is text that shrinking leaves alone.

const { CATALOGUE } = require('./data.js');
const { Statements } = require('./statements.js');
const { LEVEL, leaf, list, place, statement } = require('./tree.js');

class Loops extends Statements {
  loop(d) {
    const { dice } = this;
    const most = dice.few(1, 8);
    if (!this.affords(most)) return this.declaration();
    const label = dice.once(3) ? this.newName() : undefined;
    const made = dice.weigh([
      [8, () => this.counting(d, most, label)],
      [3, () => this.whileLoop(d, most, label)],
      [2, () => this.doLoop(d, most, label)],
      [3, () => this.walk(d, label)],
      [1, () => this.endless(d, most, label)],
    ])();
    return label ? statement`${label}: ${made}` : made;
  }

  /** The body of a loop, which runs that many times. */
  body(d, turns, label, declared = []) {
    this.jumps.push({ label, breaks: true, continues: true });
    const made = this.scoped(() => {
      for (const { name, ...variable } of declared) this.declare(name, variable);
      return this.repeated(turns, () => this.branch(d));
    });
    this.jumps.pop();
    return made;
  }

  counting(d, most, label) {
    const { dice } = this;
    return this.scoped(() => {
      const name = this.newName(true);
      // What hides another must not be seen before it is there: nothing but texts in the head.
      const count = dice.once(3) && this.index() ? `(${this.index()} & 3) + ${dice.below(4)}` : `${most}`;
      const kind = dice.pick(['let', 'let', 'let', 'var']);
      const used = kind === 'var' ? this.newName() : name;
      const [start, test, step] = dice.pick([
        [`${kind} ${used} = 0`, `${used} < ${count}`, `${used}++`],
        [`${kind} ${used} = 0`, `${used} < ${count}`, `++${used}`],
        [`${kind} ${used} = 0`, `${used} < ${count}`, `${used} += 1`],
        [`${kind} ${used} = ${count}`, `${used} > 0`, `${used}--`],
        [`${kind} ${used} = ${most}`, `${used}--`, ''],
        [`${kind} ${used} = -2.5`, `${used} <= 2`, `${used} += 1.5`],
        [`${kind} ${used} = 0, ${used}e = ${count}`, `${used} !== ${used}e`, `${used}++`],
      ]);
      this.declare(used, { type: 'num', isConst: true }, kind === 'var' ? this.functionScope() : undefined);
      const condition = dice.once(3) ? [' && ', place(this.bool(1), LEVEL.bitOr)] : [];
      const more = dice.once(4) && step ? [', ', place(this.assign(2))] : [];
      const body = this.body(d, most, label);
      return {
        sort: 's',
        parts: ['for (', `${start}; ${test}`, ...condition, '; ', step, ...more, ') ', place(body, 0)],
      };
    });
  }

  /** `while`, with so many turns at the most. */
  whileLoop(d, most, label) {
    const fuel = this.newName();
    const condition = this.bool(2);
    const body = this.body(d, most, label);
    return statement`for (let ${fuel} = ${most}; ${fuel}-- > 0; ) while (${fuel}-- > 0 && ${place(condition, LEVEL.bitOr)}) ${body}`;
  }

  doLoop(d, most, label) {
    const fuel = this.newName();
    this.declare(fuel, { type: 'num', isConst: true }, this.functionScope());
    const body = this.body(d, most, label);
    return statement`for (var ${fuel} = ${most}; ${fuel}-- > 0; ) do ${body} while (--${fuel} > 0 && ${place(this.bool(2), LEVEL.bitOr)})\n`;
  }

  endless(d, most, label) {
    const fuel = this.newName();
    this.jumps.push({ label, breaks: true, continues: true });
    const body = this.scoped(() => this.repeated(most, () => this.statements(d, 2)));
    this.jumps.pop();
    const head = this.dice.pick([`for (let ${fuel} = 0;;) {`, `for (let ${fuel} = 0; true;) {`]);
    return statement`${head}\nif (${fuel}++ >= ${most}) break;\n${place(body, 0)}\n}`;
  }

  /** `for (const x of array)` */
  walk(d, label) {
    const { dice } = this;
    const name = this.newName();
    const [source, turns] = this.iterable();
    if (!this.affords(turns)) return statement`;`;
    const isConst = dice.once(2);
    const body = this.body(d, turns, label, [{ name, type: 'num', isConst }]);
    return statement`for (${isConst ? 'const' : 'let'} ${name} of ${source}) ${body}`;
  }

  iterable() {
    const local = this.variable(({ type, isWritten }) => type === 'arr' && isWritten);
    if (local && this.dice.once(2)) return [leaf(local.name), local.length];
    return this.dice.pick([
      () => [this.data('t1'), 5],
      () => [leaf(`${this.data('t2').parts[0]}[1]`), 4],
      () => {
        const name = this.entry(({ use }) => use === 'read');
        return [this.data(name), CATALOGUE[name].length];
      },
    ])();
  }

  switchStatement(d) {
    const { dice } = this;
    const subject = dice.once(4) ? this.bool(2) : this.num(2);
    const label = dice.once(4) ? this.newName() : undefined;
    const count = dice.below(5);
    const withDefault = dice.once(2) ? dice.below(count + 1) : -1;
    this.jumps.push({ label, breaks: true });
    const cases = this.scoped(() =>
      Array.from({ length: count }, (_, at) => {
        const test = dice.once(3) ? this.num(1) : leaf(dice.pick(['0', '1', '2', 'NaN', '-0', 'true']));
        // A scope of its own: a declaration in a case that is passed over would have no value.
        const body = dice.once(2) ? this.block(d) : list([this.effect(2), this.leaveCase()]);
        const head = at === withDefault ? 'default:' : '';
        return statement`case ${place(test, 0)}: ${head} ${place(body, 0)}`;
      }),
    );
    if (withDefault === count) cases.push(statement`default: ${this.block(d)}`);
    this.jumps.pop();
    const made = statement`switch (${place(subject, 0)}) {\n${place(list(cases), 0)}\n}`;
    return label ? statement`${label}: ${made}` : made;
  }

  leaveCase() {
    return this.dice.once(3) ? statement`;` : statement`break;`;
  }
}

module.exports = { Loops };
