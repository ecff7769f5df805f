'use strict';

// The tables that the reference takes its short forms from: how each function is called, and what each option is. They are in the README or
// in docs/, and are known by their heads, so they may be moved.

const fs = require('node:fs');
const path = require('node:path');
const { documents, root } = require('./outline.js');

/** The rows of the first table in a document of the site that begins with this head, each a list of cells. */
function table(head) {
  for (const file of documents().keys()) {
    const lines = fs.readFileSync(path.join(root, file), 'utf8').split('\n');
    const start = lines.findIndex((line) => line.startsWith(head));
    if (start < 0) continue;
    const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
    return lines.slice(start + 2, start + length).map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  }
  throw new Error(`no document has a table "${head}"`);
}

/** For each function how it is called: "argMin(source[, body][, options])". */
function calls() {
  const found = new Map();
  for (const [forms] of table('| call | resolves with |')) {
    let before = '';
    for (const [, form] of forms.matchAll(/`([^`]+)`/g)) {
      const name = /^\w+/.exec(form)[0];
      before = form.includes('(…)') ? before.replace(/^\w+/, name) : form;
      found.set(name, before);
    }
  }
  return found;
}

/** For each option { type, usual }, its type and default in words. */
function options() {
  const found = new Map();
  for (const [name, type, usual] of table('| option | type | default |')) {
    found.set(name.replaceAll('`', ''), { type, usual });
  }
  return found;
}

module.exports = { calls, options };
