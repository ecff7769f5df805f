'use strict';

// The pages of the reference: one for each exported function, one for the types of each declaration file, and a first one.

const fs = require('node:fs');
const path = require('node:path');
const { addressOf, asPage, section } = require('./documents.js');
const { documents, root } = require('./outline.js');
const { calls, options } = require('./tables.js');
const { reference } = require('./reference.js');

const ENTRIES = [
  { entry: 'allcores', file: 'index.d.ts', folder: 'api' },
  { entry: 'allcores/cluster', file: 'cluster.d.ts', folder: 'api/cluster' },
];

/** What to read besides, by the functions that it is about. */
const READING = [
  ['docs/slots.md', /^sumIntoSharedBuffer$/],
  ['docs/reductions.md', /^(?:min|max|argM\w+|count|findIndex|mean|variance|norm|dot|shared?)$/],
  ['docs/bodies.md', /^(?!dot$|shared?$|random$|threads$|connect$|startWorker$)/],
  ['docs/math.md', /^random$/],
  ['docs/platforms.md', /^threads$/],
  ['docs/options-and-errors.md', /^(?!random$|threads$|connect$|startWorker$)/],
  ['docs/cluster.md', /^(?:connect|startWorker)$/],
  ['docs/recipes.md', /^(?!connect$|startWorker$)/],
];

/** Of codes for which the declaration does not say it. */
const CLASSES = new Map([
  ['ERR_INVALID_ARG_TYPE', 'TypeError'],
  ['ERR_OUT_OF_RANGE', 'RangeError'],
  ['ERR_NOT_SHARED', 'TypeError'],
  ['ERR_UNSUPPORTED', 'SyntaxError'],
  ['ABORT_ERR', 'AbortError'],
]);

/** { pages, sidebar }: a map from the name of a page to its text, and the groups of the sidebar. `settings` are those of asPage. */
function api(settings) {
  const pages = new Map();
  const all = ENTRIES.map((entry) => ({ ...entry, items: reference(path.join(root, entry.file)) }));
  const links = new Map();
  // The first entry last: its names count where both have one.
  for (const { folder, items } of all.toReversed()) {
    for (const item of items) links.set(item.name, addressIn(folder, item));
  }
  const sidebar = all.map(({ entry, folder, items }) => {
    // What is a function first, and a page each; what has the same name in two entries is linked to within its own.
    const linked = new Map([...links, ...items.map((item) => [item.name, addressIn(folder, item)])]);
    const pagesOf = [...functions(items), ...items.filter(({ kind }) => kind === 'constant')];
    for (const item of pagesOf) pages.set(`${folder}/${item.name}`, pageOf(item, entry, linked));
    pages.set(`${folder}/types`, typesPage(items, entry, linked));
    return {
      text: entry,
      items: [
        ...(folder === 'api' ? [{ text: 'All functions', link: '/api/' }] : []),
        ...pagesOf.map(({ name }) => ({ text: name, link: `/${folder}/${name}` })),
        { text: 'Types', link: `/${folder}/types` },
      ],
    };
  });
  pages.set('api/index', asPage(indexPage(all), { ...settings, file: 'README.md' }));
  return { pages, sidebar };
}

function functions(items) {
  return items.filter(({ kind }) => kind === 'function');
}

function addressIn(folder, { kind, name }) {
  return kind === 'type' ? `/${folder}/types.md#${name.toLowerCase()}` : `/${folder}/${name}.md`;
}

function pageOf(item, entry, links) {
  const { name, kind, summary, params, returns, example, text, like } = item;
  const known = entry === 'allcores' ? calls().get(name) : undefined;
  const form = kind === 'constant' ? name : (known ?? plainForm(item));
  const say = (words) => linked(words, links);
  const parts = [
    `# ${name}`,
    fence(
      'js',
      `import { ${name} } from '${entry}'; // or: const { ${name} } = require('${entry}')\n\n${form}`,
    ),
    say(summary),
  ];
  if (params?.length > 0) parts.push('## Parameters', params.map((param) => term(param, say)).join('\n'));
  if (item.options?.length > 0) parts.push('## Options', optionList(item.options, entry, say));
  if (returns) parts.push('## Result', say(sentence(returns)));
  else if (like) parts.push('## Result', say(`As that of {@link ${like}}, but for what is said above.`));
  if (item.errors?.length > 0) parts.push('## Errors', errorTable(item, say));
  if (example) parts.push('## Example', fence('js', example));
  parts.push('## Declaration', fence('ts', text));
  const reading = READING.filter(([file, names]) => names.test(name) && documents().has(file)).map(
    ([file]) => {
      const { page, title } = documents().get(file);
      return `[${title}](${addressOf(page)})`;
    },
  );
  if (reading.length > 0) parts.push(`**See also:** ${reading.join(' · ')}`);
  return `${parts.join('\n\n')}\n`;
}

/** For a function that the README does not show: the names of its parameters. */
function plainForm({ name, node }) {
  const names = node.parameters.map(
    ({ name, questionToken }) => `${name.getText()}${questionToken ? '?' : ''}`,
  );
  return `${name}(${names.join(', ')})`;
}

function term({ name, text }, say) {
  return `- **\`${name}\`**: ${indented(say(text))}`;
}

function optionList(list, entry, say) {
  const known = entry === 'allcores' ? options() : new Map();
  return list
    .map(({ name, type, text }) => {
      const words = known.get(name) ?? { type: `\`${withoutParentheses(type)}\``, usual: '' };
      const usual = words.usual ? `, default: ${words.usual}` : '';
      return `- **\`${name}\`** (${words.type}${usual}): ${indented(say(text || `see {@link ${type}}`))}`;
    })
    .join('\n');
}

/** `((error: Error) => void)` stands in parentheses only for what follows. */
function withoutParentheses(type) {
  return type.replaceAll(/\s+/g, ' ').replace(/^\((.*)\)$/, '$1');
}

function errorTable({ errors, notes }, say) {
  const cell = (text) => say(text).replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  const rows = errors.map(
    ({ code, kind, text }) => `| \`${code}\` | ${kind || CLASSES.get(code) || 'Error'} | ${cell(text)} |`,
  );
  const all = ['| code | class | when |', '|---|---|---|', ...rows].join('\n');
  return [all, ...notes.map((note) => say(sentence(note)))].join('\n\n');
}

function typesPage(items, entry, links) {
  const types = items.filter(({ kind }) => kind === 'type');
  const parts = types.map(({ name, summary, text, example }) =>
    [`## ${name}`, linked(summary, links), fence('ts', withoutLinks(text)), example && fence('ts', example)]
      .filter(Boolean)
      .join('\n\n'),
  );
  const head = `# Types of ${entry}\n\nWhat the signatures are made of. \`import type { ${types[0].name} } from '${entry}'\` has each of them.`;
  return `${[head, ...parts].join('\n\n')}\n`;
}

function indexPage(all) {
  const rows = ({ folder, items }) =>
    [...functions(items), ...items.filter(({ kind }) => kind === 'constant')].map(({ name, summary }) => {
      const words = linked(firstSentence(summary), new Map()).replaceAll(/\s+/g, ' ');
      return `| [\`${name}\`](/${folder}/${name}.md) | ${words} |`;
    });
  const parts = all.flatMap((entry) => [
    `## ${entry.entry}`,
    ['| | |', '|---|---|', ...rows(entry)].join('\n'),
    `The [types](/${entry.folder}/types.md) are those of \`${entry.file}\`.`,
  ]);
  const more = documents().get('docs/options-and-errors.md');
  const below = more ? [`[${more.title}](${addressOf(more.page)}) are the same for all of them.`] : [];
  const lead = section(fs.readFileSync(path.join(root, 'README.md'), 'utf8'), 'API').split('\n')[0];
  return `${['# API', lead, ...parts, ...below].join('\n\n')}\n`;
}

function firstSentence(text) {
  return /^[\s\S]*?[.:](?=\s|$)/.exec(text)[0].replace(/:$/, '.');
}

/** `{@link name}` becomes a link, and so does the name of a document. */
function linked(text, links) {
  return text
    .replaceAll(/\{@link (\w+)\}/g, (_, name) => {
      const address = links.get(name);
      return address ? `[\`${name}\`](${address})` : `\`${name}\``;
    })
    .replaceAll(/\bdocs\/(\w+)\.md\b/g, (file) => {
      const page = documents().get(file);
      return page ? `[${page.title}](${addressOf(page.page)})` : file;
    });
}

function withoutLinks(text) {
  return text.replaceAll(/\{@link (\w+)\}/g, '`$1`');
}

function indented(text) {
  return text.replaceAll('\n', '\n  ');
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

function fence(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

module.exports = { ENTRIES, api };
