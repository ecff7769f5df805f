'use strict';

// The first page: what the package is, its ten lines, and how fast it is. All of it comes from the README.

const { asPage, section } = require('./documents.js');

const FEATURES = [
  ['The loop stays', 'The body is an ordinary function. No worker file, no messages, no slices.', '/bodies'],
  [
    'The same bits',
    'What this JavaScript engine computes, on every core, or an error with a code.',
    '/bodies#the-same-bits',
  ],
  ['Exact sums', 'Sums, means and variances are rounded once, on any number of threads.', '/reductions'],
  [
    'Machine code',
    'AVX2 and AVX-512 for bodies and functions of Math; no compiler, no build.',
    '/bodies#machine-code',
  ],
  ['It stops', 'An abort ends a body in the middle of its own loops. The event loop stays free.', '/recipes'],
  ['Many machines', 'The same call over a queue in Redis: the bits of one machine.', '/cluster'],
];

/** `options` as those of asPage. */
function home(readme, options) {
  const page = (text) => asPage(text, { ...options, file: 'README.md' });
  const lead = /^# .*\n\n([^\n]+)/.exec(readme)[1];
  return `---
layout: home
title: allcores
titleTemplate: Loops on every core
hero:
  name: allcores
  text: Loops on every core
  tagline: ${JSON.stringify(lead.replaceAll('`', ''))}
  image: { src: /${picture(options)}, alt: 'The Mandelbrot set, drawn by one call' }
  actions:
    - { theme: brand, text: Overview, link: /overview }
    - { theme: alt, text: Recipes, link: /recipes }
    - { theme: alt, text: API, link: /api/ }
features:
${FEATURES.map(([title, details, link]) => `  - ${JSON.stringify({ title, details, link })}`).join('\n')}
---

## Ten lines

${page(section(readme, 'Ten lines'))}

## How fast

${page(bodies(readme))}

${page(block(readme, 'latency'))}

[Benchmarks](/benchmarks.md) has them all, with how they were measured, and where a plain loop is faster.
`;
}

function picture({ pictures }) {
  const file = 'examples/mandelbrot/mandelbrot.png';
  pictures.add(file);
  return file;
}

/** The table of loops with a body. */
function bodies(readme) {
  return block(readme, 'bodies').replace(/^!\[.*\n\n/, '');
}

/** What stands between the marks of a benchmark. */
function block(readme, name) {
  const match = new RegExp(
    `<!-- benchmark:${name}\\b.*-->\\n([\\s\\S]*?)\\n<!-- /benchmark:${name} -->`,
  ).exec(readme);
  if (match === null) throw new Error(`README.md has no benchmark "${name}"`);
  return match[1];
}

module.exports = { home };
