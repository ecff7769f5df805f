// docs/cluster.md, followed to the letter: its compose file, its commands, its program; and what it gives Kubernetes.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { test } = require('node:test');
const allcores = require('allcores');
const { bin } = require('allcores/package.json');
const { SECRET } = require('../helpers/cluster.js');
const { Command } = require('../helpers/command.js');
const { BLOCKS, block, emptyFolder, write, yaml } = require('../helpers/document.js');
const { RedisServer } = require('../helpers/redis.js');

/** A tenth of the terms, and less. */
const TERMS = 4e9;
const SHORTER = [
  ['1e-11', `${1 / TERMS}`],
  ['1e11', `${TERMS}`],
];

/** The sum of main.mjs by one machine. */
const total = () =>
  allcores.sumRange(TERMS, (i, { step }) => (4 / (1 + ((i + 0.5) * step) ** 2)) * step, {
    data: { step: 1 / TERMS },
    math: 'portable',
  });

test('its program has the total of one machine, though one of two workers is killed', async (t) => {
  const [compose] = yaml('compose.yaml');
  const { command, ports } = compose.services.redis;
  assert.equal(command[0], 'redis-server');
  assert.deepEqual(ports, ['127.0.0.1:6379:6379'], 'it has no password: nobody else may reach it');
  const server = await RedisServer.start(...command.slice(1));
  t.after(() => server.close());
  const [, policy] = await server.client.config('GET', 'maxmemory-policy');
  assert.equal(policy, 'noeviction');

  const program = write(emptyFolder(t), 'main.mjs', SHORTER);
  const env = { ALLCORES_CONNECTION: server.url, ALLCORES_SECRET: SECRET };
  const workers = [1, 2].map(() => new Command(t, ['--threads', '1'], { env }));
  await Promise.all(workers.map((worker) => worker.line(/listens/)));
  const main = new Command(t, [], { command: program, env });
  await main.line(/^[1-9].* % on 2 machines/);
  await workers[0].end('SIGKILL');
  assert.equal(await main.end(), 0, main.text);
  const printed = main.lines.filter((line) => !line.includes('%'));
  assert.deepEqual(printed, [`${await total()}`]);
  const [promised] = /(?<=sumRange.*\/\/ )3\.\d+/.exec(block('main.mjs'));
  assert.equal(printed[0].slice(0, 10), promised.slice(0, 10));
  assert.equal(await workers[1].end('SIGTERM'), 0);
});

test('its programs are programs, and its commands are those of the package', () => {
  const programs = BLOCKS.filter(({ language }) => language === 'js');
  assert.ok(programs.length >= 2);
  for (const { text } of programs) {
    execFileSync(process.execPath, ['--check', '--input-type=module'], { input: text });
  }
  const commands = BLOCKS.filter(({ language }) => language === 'sh').map(({ text }) => text);
  const named = commands.join('').match(/allcores-\w+/g);
  assert.ok(named.length >= 2 && named.every((name) => Object.hasOwn(bin, name)), `${named}`);
  const [, entry] = /^ENTRYPOINT \["node_modules\/\.bin\/(.*)"\]$/m.exec(block('Dockerfile'));
  assert.ok(Object.hasOwn(bin, entry), entry);
});

test('its manifests name what they have, and leave a worker the time to finish', async (t) => {
  const [secret, deployment, policy] = yaml('workers.yaml');
  assert.deepEqual([secret.kind, deployment.kind, policy.kind], ['Secret', 'Deployment', 'NetworkPolicy']);
  const { selector, template } = deployment.spec;
  assert.deepEqual(template.metadata.labels, selector.matchLabels);
  assert.deepEqual(policy.spec.podSelector.matchLabels, selector.matchLabels);
  const { containers, terminationGracePeriodSeconds, volumes } = template.spec;
  const { args, env, resources, volumeMounts } = containers[0];
  assert.ok(terminationGracePeriodSeconds > 60);
  assert.equal(resources.limits.cpu, `${Number.parseInt(resources.limits.cpu, 10)}`);
  for (const { valueFrom } of env) {
    assert.equal(valueFrom.secretKeyRef.name, secret.metadata.name);
    assert.ok(valueFrom.secretKeyRef.key in secret.stringData);
  }
  const [{ secret: mounted }] = volumes;
  assert.equal(mounted.secretName, secret.metadata.name);
  assert.ok(mounted.items.every(({ key }) => key in secret.stringData));
  assert.equal(args[1], `${volumeMounts[0].mountPath}/${mounted.items[0].path}`);
  assert.ok(secret.stringData.secret.length >= 16);
  // It knows these options and variables: what it misses is the file, which is not on this machine.
  const variables = Object.fromEntries(
    env.map(({ name, valueFrom }) => [name, secret.stringData[valueFrom.secretKeyRef.key]]),
  );
  const worker = new Command(t, args, { env: variables });
  assert.equal(await worker.end(), 2);
  assert.match(
    worker.text,
    /^allcores-worker: the secret cannot be read from \/run\/allcores\/secret: ENOENT/,
  );
});
