'use strict';

// Which documents of the repository are pages of the site, under which name, and where they stand in the sidebar.
//
// A page has the name of its file without folders that say nothing: docs/bodies.md is bodies.html. A document that is in docs/ and not in
// this list is a page too, under "More".

const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');

/** [the file, the page, what the sidebar calls it] */
const GROUPS = [
  {
    text: 'Guide',
    documents: [
      ['README.md', 'overview', 'Overview'],
      ['docs/recipes.md', 'recipes', 'Recipes'],
      ['docs/migrating.md', 'migrating', 'Migrating from workers'],
      ['examples/README.md', 'examples/index', 'Examples'],
      ['docs/troubleshooting.md', 'troubleshooting', 'Troubleshooting'],
    ],
  },
  {
    text: 'Language',
    documents: [
      ['docs/bodies.md', 'bodies', 'Loop bodies'],
      ['docs/reductions.md', 'reductions', 'Reductions'],
      ['docs/math.md', 'math', 'Functions of Math'],
      ['docs/options-and-errors.md', 'options-and-errors', 'Options and errors'],
      ['docs/slots.md', 'slots', 'Slots'],
    ],
  },
  {
    text: 'Running it',
    documents: [
      ['docs/cluster.md', 'cluster', 'More than one machine'],
      ['docs/platforms.md', 'platforms', 'Platforms'],
      ['docs/benchmarks.md', 'benchmarks', 'Benchmarks'],
      ['benchmark/README.md', 'measuring', 'How it is measured'],
    ],
  },
  {
    text: 'Project',
    documents: [
      ['CHANGELOG.md', 'changelog', 'Changelog'],
      ['ARCHITECTURE.md', 'architecture', 'Architecture'],
      ['CONTRIBUTING.md', 'contributing', 'Contributing'],
      ['SECURITY.md', 'security', 'Security'],
    ],
  },
];

/** The groups, of what is there, with what is in docs/ besides. */
function groups() {
  const listed = new Set(GROUPS.flatMap(({ documents }) => documents.map(([file]) => file)));
  const there = GROUPS.map(({ text, documents }) => ({
    text,
    documents: documents.filter(([file]) => fs.existsSync(path.join(root, file))),
  }));
  const more = fs
    .readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md') && !listed.has(`docs/${name}`))
    .map((name) => [`docs/${name}`, name.slice(0, -3), headingOf(`docs/${name}`)]);
  return more.length === 0 ? there : [...there, { text: 'More', documents: more }];
}

/** All documents that are pages: a map from the file to { page, title }. The examples are those that have a README. */
function documents() {
  const all = groups().flatMap(({ documents }) => documents);
  for (const name of fs.readdirSync(path.join(root, 'examples'))) {
    const file = `examples/${name}/README.md`;
    if (fs.existsSync(path.join(root, file))) all.push([file, `examples/${name}`, headingOf(file)]);
  }
  return new Map(all.map(([file, page, title]) => [file, { page, title }]));
}

/** The first heading of a document. */
function headingOf(file) {
  return /^# (.*)$/m.exec(fs.readFileSync(path.join(root, file), 'utf8'))?.[1] ?? file;
}

module.exports = { documents, groups, root };
