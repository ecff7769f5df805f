'use strict';

// What a hand-written declaration file exports, with its comments taken apart: read by the parser of TypeScript, so that nothing depends on
// how the file is laid out.

const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

/**
 * A list of { name, kind, text, summary, params, returns, errors, example, node }, in the order of the file. `kind` is 'function',
 * 'constant' or 'type'; `text` is the declaration without its comment; `errors` is a list of { codes, kind, text }.
 */
function declarations(file) {
  const source = ts.createSourceFile(
    path.basename(file),
    fs.readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  return source.statements.filter(isExported).map((node) => {
    const isVariable = ts.isVariableStatement(node);
    const { name } = isVariable ? node.declarationList.declarations[0] : node;
    const kind = ts.isFunctionDeclaration(node) ? 'function' : isVariable ? 'constant' : 'type';
    return { name: name.text, kind, text: node.getText(source), node, ...commentOf(node) };
  });
}

function isExported(node) {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** The comment of a node, by its tags. */
function commentOf(node) {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  const found = { summary: textOf(comment?.comment), params: [], returns: '', errors: [], example: '' };
  for (const tag of comment?.tags ?? []) {
    const text = textOf(tag.comment);
    if (ts.isJSDocParameterTag(tag)) found.params.push({ name: tag.name.getText(), text });
    else if (ts.isJSDocReturnTag(tag)) found.returns = text;
    else if (ts.isJSDocThrowsTag(tag)) found.errors.push(errorOf(text));
    else if (tag.tagName.text === 'example') found.example = rawExample(tag);
    // An @ in the text: the parser takes it for the name of a tag, in code as well.
    else if (tag.tagName.text === '') found.summary += ` ${tag.getText().replaceAll(/\s*\n\s*\* ?/g, '\n')}`;
    else throw new Error(`unknown tag @${tag.tagName.text}`);
  }
  found.summary = found.summary.trim();
  return found;
}

function textOf(comment) {
  return (ts.getTextOfJSDocComment(comment) ?? '').trim();
}

/** The lines as they stand there: the parser of comments takes `@` and braces in them for its own. */
function rawExample(tag) {
  const lines = tag.getText().split('\n').slice(1);
  return lines
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}

/** "`ERR_A`, `ERR_B` (TypeError): what it is" */
function errorOf(text) {
  const match = /^((?:`\w+`(?:, ?\s*)?)+)(?:\s*\((\w+)\))?:?\s*([\s\S]*)$/.exec(text);
  if (match === null) return { codes: [], kind: '', text };
  return {
    codes: [...match[1].matchAll(/`(\w+)`/g)].map(([, code]) => code),
    kind: match[2] ?? '',
    text: match[3],
  };
}

module.exports = { commentOf, declarations, ts };
