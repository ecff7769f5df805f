'use strict';

// The first page: what the package is, and its ten lines with what the README says below them, how fast it is above all.

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

[Benchmarks](/benchmarks.md) has all that was measured, and [the overview](/overview.md) how to install it.
`;
}

function picture({ pictures }) {
  const file = 'examples/mandelbrot/mandelbrot.png';
  pictures.add(file);
  return file;
}

module.exports = { home };
