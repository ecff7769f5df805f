// Whether the answers of ../filetests/*.kernel are those of this JavaScript engine; with --update, writes them. A new file needs
// no more than its indices there.

const fs = require('node:fs');
const path = require('node:path');

const folder = path.join(__dirname, '../filetests');
const isUpdate = process.argv.includes('--update');
const CLASSES = { uint8clamped: Uint8ClampedArray };
for (const Type of [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array]) {
  CLASSES[Type.name.replace('Array', '').toLowerCase()] = Type;
}
CLASSES.float64 = Float64Array;

/** What a line of `data` stands for. */
function value(kind, rest) {
  if (kind === 'number') return Number(rest);
  if (kind === 'boolean') return rest === 'true';
  if (kind === 'function') return rest;
  const words = rest.split(/\s+/).filter((word) => word !== '');
  if (kind === 'table') return nested(words[0].split('x').map(Number), words.slice(1).map(Number));
  return CLASSES[kind].from(words.slice(1), Number);
}

function nested([length, ...rest], numbers) {
  const size = numbers.length / length;
  const row = (at) => numbers.slice(at * size, (at + 1) * size);
  return Array.from({ length }, (_, at) => (rest.length > 0 ? nested(rest, row(at)) : row(at)[0]));
}

function answers(body, lines, given) {
  const data = {};
  const functions = [];
  for (const line of lines) {
    const [, name, kind, rest] = /^(\S+) (\S+) (.*)$/.exec(line);
    const steps = name.split('.');
    const object = steps.slice(0, -1).reduce((inner, step) => (inner[step] ??= {}), data);
    if (kind === 'function') functions.push(`const ${name} = ${rest};`);
    else object[steps.at(-1)] = value(kind, rest);
  }
  const names = Object.keys(data);
  const make = new Function(...names, `${functions.join('\n')}\nreturn (${body});`);
  const run = make(...Object.values(data));
  const out = [];
  const text = (x) => (Object.is(x, -0) ? '-0' : `${Number(x)}`);
  for (const line of given) {
    const index = Number(line.split(' ')[0]);
    if (/^\d/.test(line)) out.push(`${index} ${text(run(index, data))}`);
  }
  for (const line of given) {
    const [name] = line.split(' ');
    if (!/^\d/.test(line)) out.push(`${name} ${Array.from(data[name], text).join(' ')}`);
  }
  return out;
}

let failed = 0;
for (const file of fs.readdirSync(folder)) {
  const text = fs.readFileSync(path.join(folder, file), 'utf8');
  const [head, body, data, given, ir] = text.split(/^== \w+\n/m);
  const lines = (part) => part.split('\n').filter((line) => line !== '');
  const found = answers(body.trim(), lines(data), lines(given)).join('\n');
  if (`${found}\n` === given) continue;
  failed++;
  console.log(`${file}: this engine answers\n${found}`);
  const parts = [`${head}== body\n${body}`, `data\n${data}`, `answers\n${found}\n`, `ir\n${ir ?? ''}`];
  if (isUpdate) fs.writeFileSync(path.join(folder, file), parts.join('== '));
}
console.log(`${failed} files differ`);
process.exitCode = failed > 0 && !isUpdate ? 1 : 0;
