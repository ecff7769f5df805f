'use strict';

// Programs as trees: a node is a list of texts and of places for other nodes. That is all that printing and shrinking need.
//
//   sort    'e' an expression, 's' a statement, 'l' a list of statements
//   level   of an expression: how tightly it binds, as its operator does; a place says how tightly its node must
//   parts   texts, and places { node, need }

/** From loose to tight. */
const LEVEL = {
  sequence: 0,
  assignment: 1,
  conditional: 2,
  coalesce: 3,
  or: 4,
  and: 5,
  bitOr: 6,
  bitXor: 7,
  bitAnd: 8,
  equality: 9,
  relational: 10,
  shift: 11,
  additive: 12,
  multiplicative: 13,
  power: 14,
  unary: 15,
  postfix: 16,
  call: 17,
  primary: 18,
};

const place = (node, need = LEVEL.assignment) => ({ node, need });

/** Text with places in it: text`if (${condition}) ${yes}`. A node takes any expression but a sequence. */
function parts(strings, values) {
  const list = [];
  for (const [at, string] of strings.entries()) {
    list.push(string);
    if (at === values.length) break;
    const value = values[at];
    if (typeof value === 'string' || typeof value === 'number') list.push(`${value}`);
    else if (Array.isArray(value)) {
      for (const [number, item] of value.entries()) list.push(number > 0 ? ', ' : '', asPlace(item));
    } else list.push(asPlace(value));
  }
  return list;
}

const asPlace = (value) => (value.sort ? place(value) : value);

/** expression(level)`…` */
const expression =
  (level) =>
  (strings, ...values) => ({ sort: 'e', level, parts: parts(strings, values) });

const statement = (strings, ...values) => ({ sort: 's', parts: parts(strings, values) });

const list = (statements) => ({ sort: 'l', parts: statements.map((node) => place(node, 0)) });

/** An expression that is just a text. */
const leaf = (text) => ({ sort: 'e', level: /^-/.test(text) ? LEVEL.unary : LEVEL.primary, parts: [text] });

function print(node) {
  if (node.sort === 'l') return node.parts.map(({ node: item }) => print(item)).join('\n');
  return node.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const text = print(part.node);
      return part.node.sort === 'e' && part.node.level < part.need ? `(${text})` : text;
    })
    .join('');
}

/** The places of a node, those inside of them included, the node's own first. */
function* places(node) {
  for (const part of node.parts) {
    if (typeof part === 'string') continue;
    yield part;
    yield* places(part.node);
  }
}

/** The nodes of one sort inside of a node, not those inside of others that are found. */
function* inner(node, sort) {
  for (const part of node.parts) {
    if (typeof part === 'string') continue;
    if (part.node.sort === sort) yield part.node;
    else yield* inner(part.node, sort);
  }
}

module.exports = { LEVEL, expression, statement, list, leaf, place, print, places, inner };
