'use strict';

// The tables of the README that the reference takes its short forms from: how each function is called, and what each option is.

const { section } = require('./documents.js');

/** The cells of the first table whose head begins with a word. */
function table(text, head) {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  if (start < 0) throw new Error(`README.md has no table "${head}"`);
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, start + length).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** For each function how it is called: "argMin(source[, body][, options])". */
function calls(readme) {
  const found = new Map();
  for (const [forms] of table(section(readme, 'API'), 'call')) {
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
function options(readme) {
  const found = new Map();
  for (const [name, type, usual] of table(section(readme, 'API'), 'option')) {
    found.set(name.replaceAll('`', ''), { type, usual });
  }
  return found;
}

module.exports = { calls, options };
