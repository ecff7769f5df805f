// Our parser, by the example `estree`: many sources in one run.

const { spawnSync } = require('node:child_process');
const path = require('node:path');

/** [{ status, text }] for each source; see examples/estree.rs. */
module.exports = function ours(sources) {
  const input = Buffer.concat(
    sources.flatMap((source) => {
      const bytes = Buffer.from(source);
      return [Buffer.from(`${bytes.length}\n`), bytes];
    }),
  );
  const args = ['run', '--quiet', '--example', 'estree'];
  const { status, stdout, stderr } = spawnSync('cargo', args, {
    cwd: path.join(__dirname, '../..'),
    input,
    maxBuffer: 2 ** 31,
  });
  if (status !== 0) throw new Error(`the example estree failed: ${stderr}`);
  const answers = [];
  for (let at = 0; at < stdout.length; ) {
    const line = stdout.indexOf(10, at);
    const [state, length] = stdout.toString('latin1', at, line).split(' ');
    at = line + 1 + Number(length);
    answers.push({ status: state, text: stdout.toString('utf8', line + 1, at) });
  }
  if (answers.length !== sources.length)
    throw new Error(`${answers.length} answers to ${sources.length} sources`);
  return answers;
};
