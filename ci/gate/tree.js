'use strict';

// A copy of a checkout that keeps the dates of files that do not change. cargo compares nothing but dates, so exactly what
// a mutant changed, and what is restored after it, is compiled again.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** In a copy, what builds and tests write. In a folder that is no git checkout, what is not ours as well. */
const IGNORED = ['target', 'node_modules', '.git'];

class Tree {
  constructor(root, folder) {
    this.root = root;
    this.folder = folder;
  }

  /** Makes the copy equal to the checkout: every file that git tracks, or would track if it were added. */
  restore() {
    const wanted = new Set(trackedFiles(this.root));
    for (const file of wanted) this.#copy(file);
    for (const file of filesIn(this.folder)) {
      if (!wanted.has(file)) fs.rmSync(path.join(this.folder, file));
    }
  }

  #copy(file) {
    const [from, to] = [path.join(this.root, file), path.join(this.folder, file)];
    const bytes = fs.readFileSync(from);
    if (fs.existsSync(to) && fs.readFileSync(to).equals(bytes)) return;
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, bytes, { mode: fs.statSync(from).mode });
  }
}

function trackedFiles(root) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const files = status === 0 ? stdout.split('\0').filter((file) => file !== '') : filesIn(root);
  // A file that was deleted is in the index until the deletion is staged.
  return files.filter((file) => fs.existsSync(path.join(root, file)));
}

function filesIn(folder, below = '') {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(below, entry.name);
    if (entry.isDirectory()) return IGNORED.includes(entry.name) ? [] : filesIn(folder, file);
    return [file];
  });
}

module.exports = { Tree };
