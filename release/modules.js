'use strict';

// A plugin of rollup: the modules of lib/ as ES modules, so that one that is put into a file with others uses their functions by name. As
// CommonJS each would make an object of what it exports, and take others' objects apart: Node compiles a file's top level at once, and that
// took half of the time of index.js.
//
// Nothing of CommonJS is understood but the forms in which our modules are written: requires at the top, each a statement that begins a
// line, and one `module.exports` at the end.

const fs = require('node:fs');
const path = require('node:path');

const REQUIRE = /^const (\{[^;]*?\}|\w+) =\s+require\('(\.[^']*)'\);$/gm;
const BARE_REQUIRE = /^require\('(\.[^']*)'\);$/gm;
const EXPORTS = /^module\.exports = (?:\{(.*?)\}|([^{][^\n]*));$/ms;

/** Takes the modules of a folder and below; others stay as they are. */
function modules(folder) {
  return {
    name: 'modules',
    transform: (text, id) =>
      id.startsWith(folder) ? { code: asModule(text, path.dirname(id)), map: null } : undefined,
  };
}

/** The text of a CommonJS module that is in `folder`, as an ES module. */
function asModule(text, folder) {
  if (/^(?:import|export)\b/m.test(text)) return text;
  let count = 0;
  const importOf = (_, names, from) => {
    const own = `module$${count++}`;
    const isList = names.startsWith('{');
    if (hasDefault(path.join(folder, from))) {
      return isList
        ? `import ${own} from '${from}';\nconst ${names} = ${own};`
        : `import ${names} from '${from}';`;
    }
    if (!isList) return `import * as ${names} from '${from}';`;
    const parts = partsOf(names.slice(1, -1));
    const imports = parts.map(([name, to]) =>
      to.startsWith('{') ? `${name} as ${own}$${name}` : `${name} as ${to}`,
    );
    const nested = parts
      .filter(([, to]) => to.startsWith('{'))
      .map(([name, to]) => `\nconst ${to} = ${own}$${name};`);
    return `import { ${imports.join(', ')} } from '${from}';${nested.join('')}`;
  };
  return text
    .replace(REQUIRE, importOf)
    .replace(BARE_REQUIRE, "import '$1';")
    .replace(EXPORTS, (_, list, value) =>
      list === undefined ? `export default ${value};` : exportsOf(list, text),
    );
}

/** `module.exports = { name, name: value }`; a name that the module does not define is that of a global. */
function exportsOf(list, text) {
  const [constants, names] = [[], []];
  for (const [name, value] of partsOf(list.replace(/^ *(?:\/\/|\/\*\*|\*).*$/gm, ''))) {
    if (name === '__proto__') continue;
    if (name === value && isDefined(name, text)) {
      names.push(name);
      continue;
    }
    const isUsed = (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1;
    const own = name === value || isUsed ? `$${name}` : name;
    constants.push(`const ${own} = ${value};\n`);
    names.push(own === name ? name : `${own} as ${name}`);
  }
  return `${constants.join('')}export { ${names.join(', ')} };`;
}

const isDefined = (name, text) =>
  new RegExp(
    `^(?:async )?(?:function\\*?|class|const|let) ${name}\\b|^const \\{[^=]*\\b${name}\\b[^=]*\\} =`,
    'm',
  ).test(text);

/** `name: value` and `name`, separated by commas: pairs of a name and its value. */
function partsOf(list) {
  const parts = [''];
  let depth = 0;
  for (const char of list) {
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char)) depth--;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, name, value] = /^(\w+)(?:: (.*))?$/s.exec(part) ?? [];
      if (name === undefined) throw new Error(`${part} is in no form that is known`);
      return [name, value ?? name];
    });
}

/** Whether what a module exports is one value that is no list of names. */
function hasDefault(file) {
  const [, list] = EXPORTS.exec(fs.readFileSync(/\.js$/.test(file) ? file : `${file}.js`, 'utf8')) ?? [];
  return list === undefined;
}

/** What the modules of a folder use of the modules in another: a map from a module's name to names, `default` for all of it. */
function namesUsed(folder, of) {
  const used = new Map();
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    for (const [, names, from] of fs.readFileSync(path.join(folder, file), 'utf8').matchAll(REQUIRE)) {
      const target = path.join(folder, from);
      if (path.dirname(target) !== of) continue;
      const name = path.basename(target, '.js');
      if (!used.has(name)) used.set(name, new Set());
      const whole = hasDefault(target);
      if (!whole && !names.startsWith('{')) throw new Error(`${file} uses all of ${name}`);
      const list = whole ? ['default'] : partsOf(names.slice(1, -1)).map(([name]) => name);
      for (const one of list) used.get(name).add(one);
    }
  }
  return used;
}

module.exports = { asModule, modules, namesUsed };
