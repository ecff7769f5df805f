'use strict';

// Writes the pages of the site, as markdown, to a folder of its own: nothing of it is kept in git.

const fs = require('node:fs');
const path = require('node:path');
const { api } = require('./api.js');
const { asPage } = require('./documents.js');
const { home } = require('./home.js');
const { documents, groups, root } = require('./outline.js');

const { version, repository } = require('../../package.json');

/** Replaces the folder. Beside the pages it gets outline.json, what the configuration needs to know. */
function stage(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const pictures = new Set();
  const address = addressOfRepository();
  const options = { pictures, repository: address };
  const write = (page, text) => {
    const file = path.join(folder, page);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };

  const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
  write('index.md', home(readme, options));
  for (const [file, { page, title }] of documents()) {
    const text = asPage(fs.readFileSync(path.join(root, file), 'utf8'), { ...options, file });
    write(`${page}.md`, `---\ntitle: ${JSON.stringify(title)}\n---\n\n${text}`);
  }
  const reference = api(options);
  for (const [page, text] of reference.pages) write(`${page}.md`, text);
  for (const picture of pictures) {
    const target = path.join(folder, 'public', picture);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(root, picture), target);
  }
  const sidebar = groups().map(({ text, documents }) => ({
    text,
    items: documents.map(([, page, title]) => ({ text: title, link: `/${page.replace(/index$/, '')}` })),
  }));
  write('outline.json', JSON.stringify({ version, repository: address, sidebar, api: reference.sidebar }));
}

/** Without `git+` and `.git`; undefined if package.json has none. */
function addressOfRepository() {
  const address = repository && `${repository.url ?? repository}`;
  return address?.replace(/^git\+/, '').replace(/\.git$/, '');
}

module.exports = { stage };
