'use strict';

// Arrays of objects in `data` as they travel: column by column, as a call reads them.
//
//   ['l', [dimensions], columns]     columns: [[name, column], ...]
//   column   ['n', bytes] | ['b', bytes]               a number, a boolean as 1 or 0, for each object
//            ['t', [dimensions], bytes]                 an array of numbers for each, of those dimensions
//            ['o', columns] | ['l', [dimensions], columns]

const { Table } = require('../bodies/table');

/** Of an array; with MAX_BARE, those without numbers in them, which take memory that no limit counts. */
const MAX_OBJECTS = 2 ** 23;
const MAX_BARE = 10_000;
const MAX_DEPTH = 32;
const MAX_DIMENSIONS = 8;

/** Undefined for what is no array of objects. Columns that no body can use are left out. */
function packList(array, bytes) {
  const table = new Table(true);
  if (table.read(array) !== undefined || table.kind !== 'o' || table.size(1) > MAX_OBJECTS) return undefined;
  return packTable(table, bytes);
}

function packTable(table, bytes) {
  const dimensions = Array.from(table.dimensions).slice(table.outer);
  if (table.kind === 'o') {
    const columns = Array.from(table.names)
      .filter((name) => table.columns[name].refusal(table.count) === undefined)
      .map((name) => [name, packTable(table.columns[name], bytes)]);
    return table.isNested() ? ['l', dimensions, columns] : ['o', columns];
  }
  const packed = bytes(Buffer.from((table.numbers ?? new Float64Array(0)).buffer));
  return table.isNested() ? ['t', dimensions, packed] : [table.kind, packed];
}

/** `numbers(digests, size)` resolves with so many, `malformed()` makes the error for what is no list. */
async function unpackList(packed, numbers, malformed) {
  const node = await unpackColumn(packed, 1, 0);
  return arrayOf(node, 0, 0);

  /** A column of so many objects. */
  async function unpackColumn(column, count, depth) {
    if (!Array.isArray(column) || depth > MAX_DEPTH) throw malformed();
    const [kind, first, second] = column;
    switch (kind) {
      case 'n':
      case 'b':
        return { kind, dimensions: [], values: await numbers(first, count) };
      case 't':
        return { kind, dimensions: first, values: await numbers(second, sizeOf(first, count)) };
      case 'o':
        return { kind, dimensions: [], columns: await unpackColumns(first, count, depth) };
      case 'l':
        return {
          kind,
          dimensions: first,
          columns: await unpackColumns(second, sizeOf(first, count), depth),
        };
      default:
        throw malformed();
    }
  }

  async function unpackColumns(columns, count, depth) {
    if (!Array.isArray(columns) || count > (columns.length === 0 ? MAX_BARE : MAX_OBJECTS)) throw malformed();
    const nodes = [];
    for (const column of columns) {
      if (!Array.isArray(column) || typeof column[0] !== 'string') throw malformed();
      nodes.push([column[0], await unpackColumn(column[1], count, depth + 1)]);
    }
    return nodes;
  }

  function sizeOf(dimensions, count) {
    const isList =
      Array.isArray(dimensions) &&
      dimensions.length > 0 &&
      dimensions.length <= MAX_DIMENSIONS &&
      dimensions.every((size) => Number.isSafeInteger(size) && size >= 0);
    const size = isList ? dimensions.reduce((a, b) => a * Math.max(b, 1), count) : Number.NaN;
    if (!(size <= MAX_OBJECTS * MAX_DIMENSIONS)) throw malformed();
    return dimensions.reduce((a, b) => a * b, count);
  }
}

/** The array that is of one object, or a row of it. */
function arrayOf(node, whole, depth) {
  const { dimensions } = node;
  return Array.from({ length: dimensions[depth] }, (_, i) => {
    const number = whole * dimensions[depth] + i;
    if (depth + 1 < dimensions.length) return arrayOf(node, number, depth + 1);
    return node.kind === 'l' ? objectOf(node, number) : node.values[number];
  });
}

function objectOf({ columns }, number) {
  const object = {};
  for (const [name, column] of columns) {
    const value = partOf(column, number);
    // A name may be one that assignment treats as its own.
    Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
  }
  return object;
}

function partOf(column, number) {
  switch (column.kind) {
    case 'n':
      return column.values[number];
    case 'b':
      return column.values[number] !== 0;
    case 'o':
      return objectOf(column, number);
    default:
      return arrayOf(column, number, 0);
  }
}

module.exports = { packList, unpackList };
