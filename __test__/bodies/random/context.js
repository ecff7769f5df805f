'use strict';

// What a program in the making can use where: variables in their scopes, and entries of `data`.

const { Dice } = require('./dice.js');
const { CATALOGUE } = require('./data.js');
const { leaf } = require('./tree.js');

/** How expensive one run of a body may get: turns of its loops, weighed by what is in them. */
const MOST_TURNS = 600;

class Context {
  constructor(seed, options) {
    this.dice = new Dice(seed);
    /** { indices: names of the index parameters, sizes, isSingle, style, returns } */
    this.options = options;
    /** Names of data that the program uses. */
    this.used = new Set();
    /** Scopes, the innermost last: { isFunction, variables: Map of name to variable } */
    this.scopes = [];
    this.names = 0;
    /** Statements and operators that may still be made. */
    this.budget = 20 + this.dice.few(0, this.dice.once(16) ? 500 : 120);
    /** How many times what is made now will run, and how much all that there is costs. */
    this.turns = 1;
    this.spent = 0;
    this.inHelper = false;
    this.helpers = [];
    /** What `break`, `continue` and `return` can do here. */
    this.jumps = [];
    this.returns = 'none';
  }

  enter(isFunction = false) {
    this.scopes.push({ isFunction, variables: new Map() });
  }

  leave() {
    this.scopes.pop();
  }

  /** Runs something in a scope of its own. */
  scoped(make, isFunction = false) {
    this.enter(isFunction);
    const made = make();
    this.leave();
    return made;
  }

  /** A name that nothing has, or, where a scope has just begun, one that hides another. */
  newName(mayHide = false) {
    if (mayHide && this.dice.once(4)) {
      const inner = this.scopes.at(-1).variables;
      const others = this.visible(() => true).filter(({ name }) => /^[a-z]\d/.test(name) && !inner.has(name));
      if (others.length > 0) return this.dice.pick(others).name;
    }
    this.names++;
    return `${this.dice.pick(['v', 'a', 'k', '_', '$', 'x'])}${this.names}`;
  }

  /** Declares a variable: { type: 'num' | 'bool' | 'arr' | 'fn', isConst, … } */
  declare(name, variable, scope = this.scopes.at(-1)) {
    scope.variables.set(name, { name, ...variable });
    return name;
  }

  /** The scope of the function around: where `var` declares. */
  functionScope() {
    return this.scopes.findLast(({ isFunction }) => isFunction);
  }

  /** The variables that can be seen here and that a test accepts. */
  visible(accepts) {
    const all = new Map();
    for (const { variables } of this.scopes)
      for (const [name, variable] of variables) all.set(name, variable);
    return [...all.values()].filter(accepts);
  }

  variable(accepts) {
    const found = this.visible(accepts);
    if (found.length === 0) return undefined;
    // The latest are the more interesting ones.
    return this.dice.pick(this.dice.once(2) ? found.slice(-4) : found);
  }

  /** The names of data's entries that a test accepts: such as are used already, more often than not. */
  entry(accepts) {
    const found = Object.keys(CATALOGUE).filter((name) => accepts(CATALOGUE[name], name));
    const known = found.filter((name) => this.used.has(name));
    if (known.length > 0 && !this.dice.once(4)) return this.dice.pick(known);
    return found.length > 0 ? this.dice.pick(found) : undefined;
  }

  /** An entry of data, as the program reads it. */
  data(name) {
    this.used.add(name);
    if (this.options.style === 'read' && !this.inHelper) return leaf(`${this.options.parameter}.${name}`);
    return leaf(name);
  }

  /** Whether something that runs `times` as often as what is around it would still be cheap. */
  affords(times) {
    return this.spent + this.turns * times <= MOST_TURNS && this.budget > 0;
  }

  /** Makes something that runs that many times. */
  repeated(times, make) {
    const before = this.turns;
    this.turns *= times;
    this.spent += this.turns;
    const made = make();
    this.turns = before;
    return made;
  }

  /** Whether to go on making parts: less often the deeper. */
  goesOn(depth) {
    this.budget--;
    return depth > 0 && this.budget > 0;
  }
}

module.exports = { Context };
