'use strict';

// `allcores`: what is loaded here, and how it runs.

const os = require('node:os');
const { describeBinary } = require('./loaded.js');
const { describeProcessors } = require('./processors.js');
const { WAYS, describeFunctions } = require('./functions.js');

/** The variables that have a say in what is loaded, and in how it runs. */
const VARIABLES = /^(ALLCORES_|NAPI_RS_)|^NODE_OPTIONS$/;

/** Reports of bugs are for everybody to read. */
const CONFIDENTIAL = /SECRET|CONNECTION/;

/** A body that has a loop: those have machine code wherever there is some. */
const BODY = (i) => {
  let turns = 0;
  while (i > 1) {
    i /= 2;
    turns++;
  }
  return turns;
};

function info(loaded) {
  const report = reportOf(loaded);
  return { report, text: textOf(report), isWell: report.error === undefined };
}

function reportOf({ allcores, binary, error }) {
  const shared = {
    version: require('../package.json').version,
    runtime: runtime(),
    system: system(),
    variables: variables(),
    threads: describeProcessors(allcores?.threads),
  };
  if (error)
    return { ...shared, error: { code: error.code, message: error.message, cause: error.cause?.message } };
  const { text, engine, isa, bytes } = allcores.explain(BODY);
  // How large the code of this body is says nothing of others.
  const words = /^engine {2}(.*)$/m.exec(text)?.[1].replace(/, \d+ bytes/, '');
  return {
    ...shared,
    binary: describeBinary(binary),
    isa,
    bodies: { engine, isMachineCode: bytes > 0, words: words ?? engine },
    math: describeFunctions(allcores),
  };
}

function variables() {
  const ours = Object.entries(process.env).filter(([name]) => VARIABLES.test(name));
  return Object.fromEntries(
    ours.map(([name, value]) => [name, CONFIDENTIAL.test(name) ? '(not shown)' : value]),
  );
}

function runtime() {
  const { bun, deno, node, v8, modules, napi } = process.versions;
  const name = bun ? 'Bun' : deno ? 'Deno' : 'Node.js';
  // Bun names the V8 of the Node.js that it stands for, and has another engine.
  const engine = bun ? 'JavaScriptCore' : `V8 ${v8}`;
  return { name, version: bun ?? deno ?? node, engine, node, modules, napi };
}

function system() {
  const { platform, arch } = process;
  return {
    platform,
    arch,
    release: os.release(),
    glibc: platform === 'linux' ? process.report?.getReport?.().header?.glibcVersionRuntime : undefined,
    cpu: os.cpus()[0]?.model.trim(),
    memory: os.totalmem(),
  };
}

function textOf({ version, runtime, system, variables, threads, error, binary, isa, bodies, math }) {
  const { size, why } = threads;
  const lines = [
    [
      'binary',
      binary ? `${binary.path} (${(binary.bytes / 2 ** 20).toFixed(1)} MiB)` : 'the runtime does not say',
    ],
    ['threads', `${size}: ${why}`],
    ['kernels', isa],
    ['bodies', bodies?.words],
  ];
  for (const [way, words] of Object.entries(WAYS)) {
    const names = Object.keys(math ?? {}).filter((name) => math[name] === way);
    if (names.length > 0) lines.push(['Math', wrapped(`${words}: ${names.join(' ')}`)]);
  }
  const about = [
    ['runtime', `${runtime.name} ${runtime.version}, ${runtime.engine}, Node-API ${runtime.napi}`],
    ['system', [system.platform, system.release, system.arch, system.glibc && `glibc ${system.glibc}`]],
    ['processor', `${system.cpu ?? 'unknown'}, ${(system.memory / 2 ** 30).toFixed(1)} GiB of memory`],
    ...Object.entries(variables).map(([name, value]) => ['variable', `${name}=${value}`]),
  ];
  const head = error
    ? [`allcores ${version} cannot be loaded (${error.code})`, '', error.message, '']
    : [`allcores ${version}`];
  const rows = error ? about : [...lines, ...about];
  return [
    ...head,
    ...rows.map(([name, text]) => `  ${name.padEnd(10)} ${[text].flat().filter(Boolean).join(' ')}`),
  ].join('\n');
}

/** With line breaks where a list of names would be too long for a terminal. */
function wrapped(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line.length + word.length > 90) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.filter(Boolean).join(`\n${' '.repeat(13)}`);
}

module.exports = { info };
