'use strict';

// Makes a program that fails smaller, for as long as it fails.

const { inner, leaf, places } = require('./tree.js');

/**
 * Tries to replace each node of a tree by something smaller, in place, and keeps what still fails.
 * `fails` is asked after each change; it must refuse what is no valid program any more.
 */
async function shrink(roots, fails, tries = 4000) {
  let left = tries;
  const attempt = async (change, undo) => {
    if (left-- <= 0) return false;
    change();
    if (await fails()) return true;
    undo();
    return false;
  };
  for (let again = true; again && left > 0; ) {
    again = false;
    for (const root of roots) {
      if (await cut(root, attempt)) again = true;
      for (const part of [...places(root)]) {
        if (left <= 0) break;
        if (part.node.sort === 'l') again = (await cut(part.node, attempt)) || again;
        else again = (await simplify(part, attempt)) || again;
      }
    }
  }
}

/** Takes statements out of a list: many at once, then one at a time. */
async function cut(node, attempt) {
  if (node.sort !== 'l') return false;
  let found = false;
  for (let size = node.parts.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= node.parts.length; ) {
      const removed = node.parts.slice(at, at + size);
      const change = () => node.parts.splice(at, size);
      if (await attempt(change, () => node.parts.splice(at, 0, ...removed))) found = true;
      else at += size;
    }
  }
  return found;
}

/** Puts something simpler in a place: a part of what is there, or a constant. */
async function simplify(part, attempt) {
  const before = part.node;
  const { sort } = before;
  const simpler = [...inner(before, sort)];
  if (sort === 's') simpler.push(...[...inner(before, 'l')], ...[...inner(before, 'e')].map(asStatement));
  if (sort === 'e' && before.parts.join('') !== '0') {
    if (before.parts.some((item) => typeof item !== 'string')) simpler.push(leaf('0'), leaf('1'), leaf('i'));
    else if (/\d\d|[eE.x]/.test(before.parts.join(''))) simpler.push(leaf('0'), leaf('1'), leaf('3'));
  }
  for (const node of simpler) {
    const change = () => {
      part.node = node;
    };
    const undo = () => {
      part.node = before;
    };
    if (await attempt(change, undo)) return true;
  }
  return false;
}

const asStatement = (node) => ({ sort: 's', parts: [{ node, need: 0 }, ';'] });

module.exports = { shrink };
