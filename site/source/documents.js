'use strict';

// A document of the repository as a page: its links lead to other pages of the site, to pictures, which are copied, or to the repository.
// As in the package, a link to what is nowhere to be had remains as its text.

const fs = require('node:fs');
const path = require('node:path');
const { documents, root } = require('./outline.js');

/** What the reference says of these files. */
const REFERENCE = new Map([
  ['index.d.ts', '/api/'],
  ['cluster.d.ts', '/api/cluster/types.md'],
]);

const PICTURE = /\.(?:png|svg)$/;

/** `[label](target)` and `![label](target)`; a label may hold pictures. What has a scheme, is on the same page, or is one of ours already, is not meant. */
const LINK = /(!?)\[((?:!\[[^\]]*\]\([^)]*\)|[^\]])*)\]\((?!\w+:|[#/])([^)\s]+)\)/g;

/**
 * `pictures` collects the files that the page shows. `repository` is the address of the repository; undefined if there is none.
 */
function asPage(text, { file, pictures, repository }) {
  const pages = documents();
  const here = path.posix.dirname(file);
  const replace = (_, image, label, target) => {
    const inner = label.replace(LINK, replace);
    const [name, anchor] = target.split('#');
    const place = path.posix.join(here, name);
    if (REFERENCE.has(place)) return `[${inner}](${REFERENCE.get(place)})`;
    const page = pages.get(place) ?? pages.get(path.posix.join(place, 'README.md'));
    if (page !== undefined) return `[${inner}](${addressOf(page.page)}${anchor ? `#${anchor}` : ''})`;
    if (PICTURE.test(place) && fs.existsSync(path.join(root, place))) {
      pictures.add(place);
      return `${image}[${inner}](/${place})`;
    }
    if (repository === undefined) return image ? '' : inner;
    return `${image}[${inner}](${repository}/${image ? 'raw' : 'blob'}/HEAD/${place}${anchor ? `#${anchor}` : ''})`;
  };
  return outsideOfCode(text, (part) => part.replace(LINK, replace));
}

/** `pictures/index` is linked to as `/pictures/`. */
function addressOf(page) {
  return `/${page.replace(/(^|\/)index$/, '$1')}${/(^|\/)index$/.test(page) ? '' : '.md'}`;
}

/** Applies a function to what is not in a fenced block. */
function outsideOfCode(text, change) {
  return text
    .split(/(^```[\s\S]*?^```)/m)
    .map((part, k) => (k % 2 === 0 ? change(part) : part))
    .join('');
}

/** The text below a heading of the second level, without it. */
function section(text, heading) {
  const lines = text.split('\n');
  const start = lines.indexOf(`## ${heading}`);
  if (start < 0) throw new Error(`there is no heading "${heading}"`);
  const end = lines.findIndex((line, k) => k > start && line.startsWith('## '));
  return lines
    .slice(start + 1, end < 0 ? undefined : end)
    .join('\n')
    .trim();
}

module.exports = { addressOf, asPage, section };
