'use strict';

// What is published, packed as for a release, installs and works where its users are: without Rust, without install scripts.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { execFileSync } = require('node:child_process');
const { pathToFileURL } = require('node:url');
const { platformName } = require('../../scripts/platform.js');
const { Application } = require('./application.js');
const { startRegistry } = require('./registry.js');
const manifest = require('../../package.json');

const ROOT = path.join(__dirname, '..', '..');
const PROGRAMS = path.join(__dirname, 'programs');
const PLATFORM = platformName();
const SYSTEMS = {
  'linux-x64-gnu': { os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'linux-x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'linux-arm64-gnu': { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
  'linux-arm64-musl': { os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
  'darwin-x64': { os: ['darwin'], cpu: ['x64'] },
  'darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
  'win32-x64-msvc': { os: ['win32'], cpu: ['x64'] },
  'win32-arm64-msvc': { os: ['win32'], cpu: ['arm64'] },
};
/** A platform that is not this one. */
const ELSEWHERE = PLATFORM === 'darwin-arm64' ? 'win32-x64-msvc' : 'darwin-arm64';

const FILES = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'bin/allcores-worker.js',
  'bin/allcores.js',
  'bin/arguments.js',
  'bin/bench.js',
  'bin/data.js',
  'bin/explain.js',
  'bin/functions.js',
  'bin/info.js',
  'bin/loaded.js',
  'bin/processors.js',
  'bin/worker-arguments.js',
  'bin/workloads.js',
  'cluster.d.ts',
  'cluster.js',
  'docs/benchmarks.md',
  'docs/bodies.md',
  'docs/cluster.md',
  'docs/math.md',
  'docs/migrating.md',
  'docs/options-and-errors.md',
  'docs/platforms.md',
  'docs/recipes.md',
  'docs/reductions.md',
  'docs/slots.md',
  'docs/troubleshooting.md',
  'index.d.ts',
  'index.js',
  'lib/bodies.js',
  'lib/no-binary.js',
  'lib/rare.js',
  'llms.txt',
  'native.js',
  'package.json',
];

const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-install-')));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const tool = (...parts) => path.join(ROOT, 'node_modules', ...parts);
const nameOf = (platform) => (platform ? `allcores-${platform}` : 'allcores');
const tarballOf = (platform) => path.join(home, 'tarballs', `${nameOf(platform)}-${manifest.version}.tgz`);
const unpackedTo = (platform) => path.join(home, 'unpacked', nameOf(platform));
const packedManifest = (platform) =>
  JSON.parse(fs.readFileSync(path.join(unpackedTo(platform), 'package.json'), 'utf8'));

let registry;
after(() => registry?.close());

before(async () => {
  pack();
  for (const platform of [undefined, ...Object.keys(SYSTEMS)]) unpack(platform);
  const packages = [undefined, ...Object.keys(SYSTEMS)].map((platform) => ({
    manifest: packedManifest(platform),
    tarball: tarballOf(platform),
  }));
  registry = await startRegistry(packages);
});

/** With the binaries of a folder, ALLCORES_BINARIES, or the one at the root. What is not there is packed as a stand-in. */
function pack() {
  const folder = path.join(home, 'binaries');
  fs.mkdirSync(folder);
  for (const platform of Object.keys(SYSTEMS)) {
    const name = `allcores.${platform}.node`;
    const binary = path.join(process.env.ALLCORES_BINARIES ?? ROOT, name);
    if (fs.existsSync(binary)) fs.copyFileSync(binary, path.join(folder, name));
    else fs.writeFileSync(path.join(folder, name), 'a stand-in');
    if (platform === PLATFORM) assert.ok(fs.existsSync(binary), `${binary} is not there: npm run build`);
  }
  const script = path.join(ROOT, 'release', 'pack.js');
  execFileSync(process.execPath, [script, folder, path.join(home, 'tarballs')], { stdio: 'pipe' });
}

function unpack(platform) {
  const folder = unpackedTo(platform);
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarballOf(platform), '-C', folder, '--strip-components=1']);
}

function filesIn(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort();
}

function isDocument(file) {
  return /\.md$|^llms\.txt$/.test(file);
}

/** A document with the text of its links alone, which are the package's own; any other file as it is. */
function withoutLinks(text, file) {
  if (!isDocument(file)) return text;
  return text.replace(/!\[[^\]]*\]\([^)\s]+\)/g, '').replace(/\[([^\]]*)\]\([^)\s]+\)/g, '$1');
}

describe('the package', () => {
  test('has these files, as they are here; only four are made of several', () => {
    assert.deepEqual(filesIn(unpackedTo()), FILES);
    const made = ['package.json', 'cluster.js', 'index.js', 'lib/bodies.js', 'lib/rare.js'];
    for (const file of FILES.filter((name) => !made.includes(name))) {
      const [packed, here] = [unpackedTo(), ROOT].map((folder) =>
        fs.readFileSync(path.join(folder, file), 'utf8'),
      );
      assert.equal(withoutLinks(packed, file), withoutLinks(here, file), file);
    }
  });

  test('has documents whose links lead somewhere', () => {
    for (const file of FILES.filter(isDocument)) {
      const text = fs.readFileSync(path.join(unpackedTo(), file), 'utf8');
      for (const [, target] of text.matchAll(/\]\((?!\w+:|#)([^)\s#]+)[^)\s]*\)/g)) {
        assert.ok(fs.existsSync(path.join(unpackedTo(), path.dirname(file), target)), `${file}: ${target}`);
      }
    }
  });

  test('asks for the binaries of this very version, runs no scripts, depends on nothing but for allcores/cluster', () => {
    const { optionalDependencies, peerDependencies, peerDependenciesMeta, ...others } = packedManifest();
    const platforms = Object.keys(SYSTEMS).map((platform) => [nameOf(platform), manifest.version]);
    assert.deepEqual(Object.entries(optionalDependencies).sort(), platforms.sort());
    // Package managers leave these to the program.
    assert.deepEqual(Object.keys(peerDependencies), ['bullmq', 'ioredis', 'pg']);
    for (const name of Object.keys(peerDependencies)) assert.ok(peerDependenciesMeta[name].optional, name);
    for (const name of ['dependencies', 'scripts', 'devDependencies', 'overrides', 'napi']) {
      assert.equal(others[name], undefined, name);
    }
  });

  test('leaves no trace of them in the checkout', () => {
    assert.equal(manifest.optionalDependencies, undefined);
  });

  test('its version is written once: the loader and the lock file have it too, Cargo.toml has none', () => {
    const read = (file) => fs.readFileSync(path.join(ROOT, file), 'utf8');
    const expected = read('native.js').match(/expected \d\S* but/g);
    assert.deepEqual([...new Set(expected)], [`expected ${manifest.version} but`]);
    const { version, packages } = JSON.parse(read('package-lock.json'));
    assert.deepEqual([version, packages[''].version], [manifest.version, manifest.version]);
    assert.doesNotMatch(read('Cargo.toml').split('[lib]')[0], /^version/m);
  });

  test('publint and attw find nothing', () => {
    // Their output is that of a terminal, and is of interest only if they fail.
    const quietly = (...args) => execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
    quietly(tool('publint', 'src', 'cli.js'), 'run', tarballOf(), '--strict');
    quietly(tool('@arethetypeswrong', 'cli', 'dist', 'index.js'), tarballOf(), '--no-color');
  });
});

describe('the packages of the platforms', () => {
  for (const [platform, system] of Object.entries(SYSTEMS)) {
    test(nameOf(platform), () => {
      const binary = `allcores.${platform}.node`;
      const { name, version, main, os, cpu, libc, scripts, dependencies, license, engines, ...others } =
        packedManifest(platform);
      assert.deepEqual(
        [others.description, others.keywords],
        [`The binary of allcores for ${platform}`, undefined],
      );
      assert.deepEqual(
        { name, version, main },
        { name: nameOf(platform), version: manifest.version, main: binary },
      );
      assert.deepEqual({ libc: undefined, ...system }, { libc, os, cpu });
      assert.deepEqual([scripts, dependencies], [undefined, undefined]);
      assert.deepEqual({ license, engines }, { license: manifest.license, engines: manifest.engines });
      assert.deepEqual(
        filesIn(unpackedTo(platform)),
        ['LICENSE', 'README.md', 'THIRD-PARTY-LICENSES', 'package.json', binary].sort(),
      );
    });
  }

  test('there is one for each target', () => {
    assert.equal(Object.keys(SYSTEMS).length, manifest.napi.targets.length);
  });
});

describe('installed by npm, without scripts and without Rust', () => {
  let application;
  before(async () => {
    application = new Application(path.join(home, 'application'), registry.url);
    succeeded(await application.npm('install', '--ignore-scripts', 'allcores'));
    for (const program of fs.readdirSync(PROGRAMS)) application.copy(path.join(PROGRAMS, program));
  });

  test('no Rust', async () => {
    await assert.rejects(application.run('cargo', ['--version']), { code: 'ENOENT' });
  });

  test('there are two packages: allcores, and the binary for this platform', () => {
    assert.deepEqual(application.installed(), ['allcores', nameOf(PLATFORM)].sort());
  });

  test('require', async () => {
    succeeded(await application.node('require.cjs'), 'require: ok');
  });

  /** The files of the package that a program loads, in this order. */
  const loadedBy = async (program) => {
    const print = 'console.log(Object.keys(require.cache).filter((file) => file !== __filename).join("\\n"))';
    application.write(
      'files.cjs',
      `const allcores = require('allcores'); (async () => { ${program} })().then(() => ${print});`,
    );
    const { code, stdout, stderr } = await application.node('files.cjs');
    assert.equal(code, 0, stderr);
    const home = path.join(application.folder, 'node_modules', 'allcores');
    return stdout
      .trim()
      .split('\n')
      .map((file) => path.relative(home, file).replaceAll(path.sep, '/'));
  };

  const SUMS = `
    const view = new Float64Array(new SharedArrayBuffer(80));
    await allcores.sumRange(10);
    await allcores.sum(view);
    await allcores.sumIntoSharedBuffer(new SharedArrayBuffer(80), 10);
  `;

  describe('one file of JavaScript is loaded, besides the binary', () => {
    test('by a program that sums, with all options, and whose arguments are out of range', async () => {
      const more = `
        await allcores.max(view, { threads: 1, signal: new AbortController().signal });
        await allcores.sumRange(-1).catch(() => {});
        allcores.share(allcores.shared(Float64Array, [1, 2]));
      `;
      assert.deepEqual(await loadedBy(SUMS + more), ['index.js']);
    });

    test('another one with the first body', async () => {
      assert.deepEqual(await loadedBy('allcores.sumRange(5, (i) => i);'), ['index.js', 'lib/bodies.js']);
    });

    test('another one for the words of an error, for signals of other makes', async () => {
      for (const program of [
        'await allcores.sumRange("5").catch(() => {});',
        'await allcores.sumRange(5, { signal: {} }).catch(() => {});',
      ]) {
        assert.deepEqual(await loadedBy(program), ['index.js', 'lib/rare.js'], program);
      }
    });
  });

  describe('what most programs call is compiled with the file, and nothing else is', () => {
    /** Compares the functions of a file that a program calls with those that are to be compiled first. */
    const compare = (file, program, exceptions = []) => {
      const coverage = path.join(application.folder, 'coverage');
      fs.rmSync(coverage, { recursive: true, force: true });
      application.write('covered.cjs', `const allcores = require('allcores'); (async () => {${program}})();`);
      execFileSync(process.execPath, [path.join(application.folder, 'covered.cjs')], {
        cwd: application.folder,
        env: { ...application.env, NODE_V8_COVERAGE: coverage },
      });
      const [report] = fs.readdirSync(coverage);
      const { result } = JSON.parse(fs.readFileSync(path.join(coverage, report), 'utf8'));
      const at = path.join(application.folder, 'node_modules', 'allcores', file);
      const text = fs.readFileSync(at, 'utf8');
      const { functions } = result.find(({ url }) => url === pathToFileURL(at).href);
      const called = functions
        .filter(({ ranges: [{ count }] }) => count > 0)
        .map(({ ranges: [{ startOffset }] }) => text.slice(startOffset, text.indexOf('(', startOffset)));
      const named = (pattern) => Array.from(text.matchAll(pattern), ([, name]) => name);
      const first = named(/^var \S+ = \(((?:async )?function \S+?)\(/gm);
      const others = named(/^((?:async )?function \S+?)\(/gm);
      const tooMany = first.filter((name) => !called.includes(name) && !exceptions.includes(name));
      const missing = others.filter((name) => called.includes(name));
      assert.deepEqual({ tooMany, missing }, { tooMany: [], missing: [] }, 'in release/eager.js');
    };

    test('index.js: sums', () => {
      // Node 20 loads AbortSignal when it is asked for, and then only are its functions captured.
      const forSignals = ['capture', 'captureGlobal', 'find', 'listenerMethod'];
      compare(
        'index.js',
        SUMS,
        forSignals.map((name) => `function ${name}`),
      );
    });

    test('lib/bodies.js: sums and loops', () => {
      const program = `
        const view = new Float64Array(new SharedArrayBuffer(80));
        await allcores.sumRange(10, (i, { step }) => i * step, { data: { step: 0.5 } });
        await allcores.map(view, (x) => x * x + 1, { into: view });
        await allcores.forRange(10, (i, { view }) => { view[i] *= i % 2; }, { data: { view } });
      `;
      compare('lib/bodies.js', program);
    });
  });

  test('index.js does not grow: to read a kB more takes every program a fiftieth of a millisecond', () => {
    const { size } = fs.statSync(path.join(unpackedTo(), 'index.js'));
    assert.ok(size < 57_500, `${size} bytes`);
  });

  test('errors whose words are loaded late, in whatever state the program is', async () => {
    succeeded(await application.node('late.cjs'), 'late: ok');
  });

  test('import: named, default, namespace', async () => {
    succeeded(await application.node('import.mjs'), 'import: ok');
  });

  describe('the command', () => {
    const command = (...args) => application.npx('allcores', ...args);

    test('tells what is loaded', async () => {
      const { code, stdout } = await command('--json');
      const report = JSON.parse(stdout);
      assert.deepEqual([code, report.version, report.error], [0, manifest.version, undefined]);
      const [name, file] = [nameOf(PLATFORM), `allcores.${PLATFORM}.node`];
      assert.equal(report.binary.path, path.join(application.folder, 'node_modules', name, file));
    });

    test('tests and measures', async () => {
      const { code, stdout, stderr } = await command('bench', '--seconds', '0.1');
      assert.equal(code, 0, `${stdout}\n${stderr}`);
      assert.match(stdout, /^All results are right\.$/m);
    });

    test('explains a body in a file', async () => {
      application.write(
        'bodies.mjs',
        'export const good = (i) => i * 2;\nexport const bad = (i) => "a" + x;\n',
      );
      succeeded(await command('explain', 'bodies.mjs#good'));
      const { code, stdout } = await command('explain', 'bodies.mjs#bad');
      assert.equal(code, 1);
      assert.match(stdout, /^bodies\.mjs:2 {2}bad$/m);
      assert.match(stdout, /\^/);
    });
  });

  test('allcores/cluster: imported and required; without its peers an error says what to install', async () => {
    succeeded(await application.node('cluster.mjs'), 'cluster: ok');
  });

  test('in a worker thread', async () => {
    succeeded(await application.node('worker.cjs'), 'worker: 49995000');
  });

  test('the example of the README, as ES module and as CommonJS', async () => {
    const readme = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    const [, example] = /## Ten lines\n+```js\n([\s\S]*?)```/.exec(readme);
    const program = example.replace(/^import (\{.*?\}) from 'allcores';.*\n/, '');
    const [, names] = /^import (\{.*?\}) from/.exec(example);
    application.write('readme.mjs', example);
    const promised = [...example.matchAll(/^console\.log.*; \/\/ ([\d.]+)/gm)].map(([, value]) => value);
    assert.equal(promised.length, 3);
    application.write('readme.cjs', `const ${names} = require('allcores');(async () => {${program}})();`);
    succeeded(await application.node('readme.mjs'), promised.join('\n'));
    succeeded(await application.node('readme.cjs'), promised.join('\n'));
  });

  test('the example of the README is TypeScript, too', async () => {
    application.write('readme.mts', fs.readFileSync(path.join(application.folder, 'readme.mjs'), 'utf8'));
    const settings = [
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2022,dom',
      '--strict',
      '--noEmit',
    ];
    succeeded(
      await application.node(tool('typescript', 'lib', 'tsc.js'), ...settings, '--types', '', 'readme.mts'),
    );
  });

  for (const module of ['node16', 'nodenext']) {
    test(`TypeScript: module ${module}, strict, libraries checked, no types of Node`, async () => {
      const compilerOptions = {
        module,
        target: 'es2022',
        lib: ['es2022'],
        types: [],
        strict: true,
        skipLibCheck: false,
        noEmit: true,
      };
      application.write(
        'tsconfig.json',
        JSON.stringify({ compilerOptions, files: ['types.mts', 'types.cts'] }),
      );
      succeeded(await application.node(tool('typescript', 'lib', 'tsc.js'), '-p', '.'));
    });
  }

  describe('bundled by esbuild', () => {
    const bundle = async (outfile, ...options) => {
      const { buildSync } = require('esbuild');
      buildSync({
        absWorkingDir: application.folder,
        entryPoints: ['require.cjs'],
        bundle: true,
        platform: 'node',
        outfile,
        logLevel: 'error',
        ...Object.assign({}, ...options),
      });
      succeeded(await application.node(outfile), 'require: ok');
    };

    test('without either of what the documents say, esbuild has the error that is listed in them', async () => {
      const listed = fs.readFileSync(path.join(ROOT, 'docs', 'troubleshooting.md'), 'utf8');
      const [, message] = /esbuild: `(.*?)`/.exec(listed);
      await assert.rejects(bundle('plain.js', { logLevel: 'silent' }), (error) =>
        error.message.includes(message),
      );
    });

    test('allcores as an external package', async () => {
      await bundle('external.js', { external: ['allcores'] });
    });

    test('allcores in the bundle, the binary beside it', async () => {
      await bundle('bundle/whole.js', { loader: { '.node': 'copy' } });
    });
  });
});

describe('installed without its binary', () => {
  const refused = (result) => {
    assert.equal(result.code, 1);
    assert.match(result.stderr, /code: 'ERR_NO_BINARY'/);
    const first = `Error: allcores finds no binary for ${PLATFORM}: the package ${nameOf(PLATFORM)} `;
    assert.ok(result.stderr.includes(first), result.stderr);
  };

  test('with --omit=optional', async () => {
    const application = new Application(path.join(home, 'omitted'), registry.url);
    succeeded(await application.npm('install', '--omit=optional', 'allcores'));
    assert.deepEqual(application.installed(), ['allcores']);
    refused(await application.node('-e', 'require("allcores")'));
  });

  test('on another system', async () => {
    const application = new Application(path.join(home, 'elsewhere'), registry.url);
    const { os, cpu } = SYSTEMS[ELSEWHERE];
    succeeded(await application.npm('install', `--os=${os}`, `--cpu=${cpu}`, 'allcores'));
    assert.deepEqual(application.installed(), ['allcores', nameOf(ELSEWHERE)]);
    const result = await application.node('-e', 'require("allcores")');
    refused(result);
    const told = await application.npx('allcores', '--json');
    assert.deepEqual([told.code, JSON.parse(told.stdout).error.code], [1, 'ERR_NO_BINARY']);
    assert.ok(result.stderr.includes(`(installed here: ${nameOf(ELSEWHERE)})`), result.stderr);
  });
});

describe('installed by other package managers', { skip: managersWanted() }, () => {
  for (const [manager, cli, ...install] of [
    ['pnpm', 'pnpm/bin/pnpm.cjs', 'add', '--ignore-scripts', 'allcores'],
    ['yarn', '@yarnpkg/cli-dist/bin/yarn.js', 'add', 'allcores'],
  ]) {
    test(manager, async () => {
      const application = new Application(path.join(home, manager), registry.url);
      Object.assign(application.env, {
        YARN_NPM_REGISTRY_SERVER: registry.url,
        YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
        YARN_NODE_LINKER: 'node-modules',
        YARN_ENABLE_SCRIPTS: 'false',
        YARN_GLOBAL_FOLDER: path.join(home, 'yarn-global'),
        XDG_DATA_HOME: path.join(home, 'pnpm-data'),
        XDG_CACHE_HOME: path.join(home, 'pnpm-cache'),
      });
      application.write('yarn.lock', '');
      application.copy(path.join(PROGRAMS, 'require.cjs'));
      const script = path.join(process.env.ALLCORES_MANAGERS, 'node_modules', cli);
      succeeded(await application.node(script, ...install));
      succeeded(await application.node('require.cjs'), 'require: ok');
    });
  }
});

/** A folder into which pnpm and @yarnpkg/cli-dist are installed: ci/install.sh --managers. */
function managersWanted() {
  return process.env.ALLCORES_MANAGERS ? false : 'ci/install.sh --managers';
}

function succeeded({ code, stdout, stderr }, output) {
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  if (output !== undefined) assert.equal(stdout.trim(), output);
}
