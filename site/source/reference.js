'use strict';

// What a declaration file says of each function, complete: "as in {@link min}" is replaced by what stands there, and the options are
// those of the types that the signature names. Links are still `{@link name}`.

const { commentOf, declarations, ts } = require('./declarations.js');

const LIKE = /\bIn all else like \{@link (\w+)\}/;
const AS_IN = /^as\s+(?:in\s+)?\{@link (\w+)\}(?:[.;]?\s+([\s\S]+))?$/;

/** The declarations of a file, by name; each function with `params`, `errors`, `notes` and `options` of its own. */
function reference(file) {
  const all = declarations(file);
  const byName = new Map(all.map((entry) => [entry.name, entry]));
  return all.map((entry) =>
    entry.kind === 'function'
      ? {
          ...entry,
          like: LIKE.exec(entry.summary)?.[1],
          params: paramsOf(entry, byName),
          ...errorsOf(entry, byName),
          options: optionsOf(entry, byName),
        }
      : entry,
  );
}

/** Those of the function that it is like, if it has none. */
function paramsOf({ params, summary }, byName) {
  const like = byName.get(LIKE.exec(summary)?.[1]);
  if (params.length === 0) return like === undefined ? [] : paramsOf(like, byName);
  return params.map(({ name, text }) => {
    const [, other, more] = AS_IN.exec(text) ?? [];
    const found = other && paramsOf(byName.get(other), byName).find((param) => param.name === name);
    return found ? { name, text: joined(found.text, more) } : { name, text };
  });
}

/** `{ errors, notes }`: a row for each code, { code, kind, text }, and what is said of all of them. */
function errorsOf({ errors, summary }, byName) {
  const like = byName.get(LIKE.exec(summary)?.[1]);
  if (errors.length === 0) return like === undefined ? { errors: [], notes: [] } : errorsOf(like, byName);
  const rows = new Map();
  const notes = [];
  const add = ({ code, kind, text }) => {
    const before = rows.get(code);
    rows.set(code, before ? { ...before, text: joined(before.text, text) } : { code, kind, text });
  };
  for (const { codes, kind, text } of errors) {
    const [, other, more] = AS_IN.exec(text) ?? [];
    if (codes.length === 0) {
      if (other === undefined) throw new Error(`an error without a code: ${text}`);
      const referred = errorsOf(byName.get(other), byName);
      referred.errors.forEach(add);
      const [, code, itsKind, when] = /^`(\w+)`(?: \((\w+)\))?: ([\s\S]*)$/.exec(more ?? '') ?? [];
      if (code) add({ code, kind: itsKind ?? 'Error', text: when });
      else if (more) notes.push(more);
    }
    for (const code of codes) {
      const referred = other && errorsOf(byName.get(other), byName).errors.find((row) => row.code === code);
      add(referred ? { ...referred, text: joined(referred.text, more) } : { code, kind, text });
    }
  }
  return { errors: [...rows.values()], notes };
}

function joined(text, more) {
  return more ? `${text.replace(/\.$/, '')}; ${more}` : text;
}

/** A list of { name, type, text }, without those that a type leaves out: in the order of the file, but those of every call last. */
function optionsOf({ node }, byName) {
  const options = new Map();
  const seen = new Set();
  const visit = (child) => {
    if (ts.isTypeReferenceNode(child)) {
      const name = child.typeName.getText();
      if (/Options|^Ddof$/.test(name) && !seen.has(name)) {
        seen.add(name);
        properties(byName.get(name)?.node, byName, visit, (property) => options.set(property.name, property));
      }
    }
    ts.forEachChild(child, visit);
  };
  node.parameters.forEach(visit);
  const own = [...byName.values()].filter(({ name }) => name !== 'Options');
  const order = [...own, byName.get('Options')].flatMap((entry) =>
    entry ? membersOf(entry.node).map(nameOf) : [],
  );
  return [...options.values()].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** Tells of each property of an interface, and of those that it extends; what a type alias stands for is visited. */
function properties(node, byName, visit, tell) {
  if (node === undefined) return;
  if (ts.isTypeAliasDeclaration(node)) return visit(node.type);
  for (const clause of node.heritageClauses ?? []) {
    for (const { expression, typeArguments } of clause.types) {
      const isLess = expression.getText() === 'Omit';
      const base = isLess ? typeArguments[0].typeName.getText() : expression.getText();
      const left = isLess ? typeArguments[1].getText() : '';
      const keep = (property) => left.includes(`'${property.name}'`) || tell(property);
      properties(byName.get(base)?.node, byName, visit, keep);
    }
  }
  for (const member of membersOf(node)) {
    const type = member.type?.getText().replace(/ \| undefined$/, '') ?? '';
    tell({ name: nameOf(member), type, text: commentOf(member).summary });
  }
}

function membersOf(node) {
  return (node.members ?? []).filter(ts.isPropertySignature);
}

function nameOf(member) {
  return member.name.getText();
}

module.exports = { reference };
