'use strict';

// An application in an empty folder, on a machine without Rust, that installs from the given registry and from nowhere else.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const run = promisify(execFile);
const LIMIT = 300_000;

class Application {
  constructor(folder, registry) {
    this.folder = folder;
    this.env = { ...withoutSettings(process.env), PATH: withoutRust(process.env.PATH) };
    Object.assign(this.env, {
      npm_config_registry: registry,
      // Tarballs of this version that another run has left would do for npm.
      npm_config_cache: path.join(folder, '.cache'),
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    });
    fs.mkdirSync(folder, { recursive: true });
    this.write('package.json', JSON.stringify({ name: 'application', version: '1.0.0', private: true }));
  }

  write(name, text) {
    fs.writeFileSync(path.join(this.folder, name), text);
  }

  /** Copies a file into the folder, under the name that it has. */
  copy(file) {
    fs.copyFileSync(file, path.join(this.folder, path.basename(file)));
  }

  /** The packages in node_modules, sorted. */
  installed() {
    const entries = fs.readdirSync(path.join(this.folder, 'node_modules'));
    return entries.filter((name) => !name.startsWith('.')).sort();
  }

  npm(...args) {
    // npm is a script of the shell on Windows.
    return this.run('npm', args, { shell: process.platform === 'win32' });
  }

  /** Runs a command of a package that is installed here. */
  npx(...args) {
    return this.run('npx', ['--no-install', ...args], { shell: process.platform === 'win32' });
  }

  node(...args) {
    return this.run(process.execPath, args);
  }

  /** Resolves with `{ code, stdout, stderr }` for any exit code. */
  async run(command, args, options) {
    try {
      const output = await run(command, args, {
        cwd: this.folder,
        env: this.env,
        timeout: LIMIT,
        ...options,
      });
      return { code: 0, ...output };
    } catch (error) {
      if (typeof error.code !== 'number') throw error;
      return { code: error.code, stdout: error.stdout, stderr: error.stderr };
    }
  }
}

/** Without what decides which binary is loaded, and what an npm around us has set for itself. */
function withoutSettings(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(npm_|NAPI_RS_|ALLCORES_|NODE_OPTIONS$|NODE_TEST_)/i.test(name),
    ),
  );
}

/** A PATH without the folders in which there is a cargo or a rustc. */
function withoutRust(paths) {
  const tools = ['cargo', 'rustc', 'cargo.exe', 'rustc.exe'];
  return paths
    .split(path.delimiter)
    .filter((folder) => !tools.some((tool) => fs.existsSync(path.join(folder, tool))))
    .join(path.delimiter);
}

module.exports = { Application };
