// The trees of acorn and oxc in the form of tests/estree/mod.rs: one node a line, `depth Type start-end details`, offsets in
// bytes of UTF-8 from the start of the function.

const acorn = require('acorn');
const oxc = require('oxc-parser');

/** How the source is read: as an expression, as a method of an object, or as one of a class. It may end in a comment. */
const WRAPS = [
  ['(', '\n)', (node) => node],
  ['({', '\n})', (node) => node.properties.length === 1 && node.properties[0]],
  ['(class{', '\n})', (node) => node.body.body.length === 1 && node.body.body[0]],
];

const readers = {
  acorn: (text) => acorn.parse(text, { ecmaVersion: 'latest' }),
  oxc: (text) => {
    const { program, errors } = oxc.parseSync('body.cjs', text, {
      sourceType: 'script',
      preserveParens: false,
    });
    if (errors.length > 0) throw new SyntaxError(errors[0].message);
    return program;
  },
};

const acornDump = (source) => dump(source, readers.acorn);
const oxcDump = (source) => dump(source, readers.oxc);

/** The tree as text, or undefined if the source is not one function for this parser and for V8. */
function dump(source, read) {
  for (const [before, after, pick] of WRAPS) {
    let program;
    try {
      // Compiled, not run. acorn reads some things that V8 does not, such as `[...a, ...b] = c`.
      new Function(before + source + after);
      program = read(before + source + after);
    } catch {
      continue;
    }
    const text = dumpProgram(program, source, before.length, pick);
    if (text !== undefined) return text;
  }
  return undefined;
}

function dumpProgram(program, source, shift, pick) {
  if (program.body.length !== 1 || program.body[0].type !== 'ExpressionStatement') return undefined;
  const node = pick(program.body[0].expression);
  if (!node || source.slice(node.start - shift, node.end - shift).trim() === '') return undefined;
  // Nothing but the function and comments: `a) => (b` is two halves.
  const around = source.slice(0, node.start - shift) + source.slice(node.end - shift);
  if (!isBlank(around)) return undefined;
  const isMethod = /^(Property|MethodDefinition)$/.test(node.type);
  if (isMethod ? node.value.type !== 'FunctionExpression' || node.shorthand : !/Function/.test(node.type))
    return undefined;
  if (isMethod && node.type === 'Property' && !node.method && node.kind === 'init') return undefined;
  const lines = [];
  const byte = byteOffsets(source);
  write(node, 0, isMethod);
  return `${lines.join('\n')}\n`;

  function put(depth, node, details) {
    const end = details ? ` ${details}` : '';
    lines.push(`${depth} ${node.type} ${byte[node.start - shift]}-${byte[node.end - shift]}${end}`);
  }

  function write(node, depth, isRoot) {
    if (node === null || node === undefined) {
      lines.push(`${depth} null`);
      return;
    }
    if (isRoot) {
      put(
        depth,
        { type: 'Method', start: node.start, end: node.end },
        flags(node.value, ['async', 'generator']),
      );
      write(node.key, depth + 1);
      for (const child of [...node.value.params, node.value.body]) write(child, depth + 1);
      return;
    }
    const entry = NODES[node.type];
    if (entry === undefined) throw new Error(`unknown node: ${node.type}`);
    put(depth, node, entry.details?.(node) ?? '');
    for (const field of entry.children) {
      const child = node[field];
      for (const item of Array.isArray(child) ? child : [child]) {
        // import() has options or has none; everything else that is absent leaves a line.
        if (!(node.type === 'ImportExpression' && !item)) write(item, depth + 1);
      }
    }
  }
}

function isBlank(text) {
  try {
    return acorn.parse(text, { ecmaVersion: 'latest' }).body.length === 0;
  } catch {
    return false;
  }
}

function byteOffsets(source) {
  const offsets = new Uint32Array(source.length + 1);
  for (let i = 0, at = 0; i < source.length; i++) {
    const code = source.charCodeAt(i);
    // The second half of a pair has the offset behind the pair: no node starts there.
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;
    offsets[i + 1] = at;
  }
  return offsets;
}

const flags = (node, names) => names.filter((name) => node[name]).join(' ');
const of = (...names) => ({ children: names });
const with_ = (details, ...children) => ({ details, children });
const operator = (node) => node.operator;
const functionFlags = (node) => flags(node, ['async', 'generator']);

function literal({ value, raw, regex, bigint }) {
  if (regex) return 'regex';
  if (bigint !== undefined && bigint !== null) return 'bigint';
  if (typeof value === 'string') return `s${Buffer.from(value).toString('hex')}`;
  if (typeof value !== 'number') return String(value);
  const bits = Buffer.alloc(8);
  // acorn rounds long hex digits more than once; V8 does not.
  bits.writeDoubleBE(new Function(`return ${raw}`)());
  return bits.toString('hex');
}

const NODES = {
  ArrayExpression: of('elements'),
  ArrayPattern: of('elements'),
  ArrowFunctionExpression: with_(functionFlags, 'id', 'params', 'body'),
  AssignmentExpression: with_(operator, 'left', 'right'),
  AssignmentPattern: of('left', 'right'),
  AwaitExpression: of('argument'),
  BinaryExpression: with_(operator, 'left', 'right'),
  BlockStatement: of('body'),
  BreakStatement: of('label'),
  CallExpression: with_((n) => flags(n, ['optional']), 'callee', 'arguments'),
  CatchClause: of('param', 'body'),
  ChainExpression: of('expression'),
  ClassBody: of('body'),
  ClassDeclaration: of('id', 'superClass', 'body'),
  ClassExpression: of('id', 'superClass', 'body'),
  ConditionalExpression: of('test', 'consequent', 'alternate'),
  ContinueStatement: of('label'),
  DebuggerStatement: of(),
  DoWhileStatement: of('body', 'test'),
  EmptyStatement: of(),
  ExpressionStatement: with_((n) => (typeof n.directive === 'string' ? 'directive' : ''), 'expression'),
  ForInStatement: of('left', 'right', 'body'),
  ForOfStatement: with_((n) => flags(n, ['await']), 'left', 'right', 'body'),
  ForStatement: of('init', 'test', 'update', 'body'),
  FunctionDeclaration: with_(functionFlags, 'id', 'params', 'body'),
  FunctionExpression: with_(functionFlags, 'id', 'params', 'body'),
  Identifier: with_((n) => n.name),
  IfStatement: of('test', 'consequent', 'alternate'),
  ImportExpression: of('source', 'options'),
  LabeledStatement: of('label', 'body'),
  Literal: with_(literal),
  LogicalExpression: with_(operator, 'left', 'right'),
  MemberExpression: with_((n) => flags(n, ['computed', 'optional']), 'object', 'property'),
  MetaProperty: of(),
  MethodDefinition: with_((n) => [n.kind, flags(n, ['computed', 'static'])].join(' ').trim(), 'key', 'value'),
  NewExpression: of('callee', 'arguments'),
  ObjectExpression: of('properties'),
  ObjectPattern: of('properties'),
  PrivateIdentifier: with_((n) => n.name),
  Property: with_(
    (n) => [n.kind, flags(n, ['computed', 'method', 'shorthand'])].join(' ').trim(),
    'key',
    'value',
  ),
  PropertyDefinition: with_((n) => flags(n, ['computed', 'static']), 'key', 'value'),
  RestElement: of('argument'),
  ReturnStatement: of('argument'),
  SequenceExpression: of('expressions'),
  SpreadElement: of('argument'),
  StaticBlock: of('body'),
  Super: of(),
  SwitchCase: of('test', 'consequent'),
  SwitchStatement: of('discriminant', 'cases'),
  TaggedTemplateExpression: of('tag', 'quasi'),
  TemplateElement: of(),
  TemplateLiteral: of('quasis', 'expressions'),
  ThisExpression: of(),
  ThrowStatement: of('argument'),
  TryStatement: of('block', 'handler', 'finalizer'),
  UnaryExpression: with_(operator, 'argument'),
  UpdateExpression: with_((n) => (n.prefix ? `${n.operator} prefix` : n.operator), 'argument'),
  VariableDeclaration: with_((n) => n.kind, 'declarations'),
  VariableDeclarator: of('id', 'init'),
  WhileStatement: of('test', 'body'),
  WithStatement: of('object', 'body'),
  YieldExpression: with_((n) => flags(n, ['delegate']), 'argument'),
};

/** FNV-1a, 64 bits, of the text's UTF-8. */
function hash(text) {
  let h = 0xcbf29ce484222325n;
  for (const b of Buffer.from(text)) h = ((h ^ BigInt(b)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return h.toString(16).padStart(16, '0');
}

module.exports = { acornDump, oxcDump, hash };
