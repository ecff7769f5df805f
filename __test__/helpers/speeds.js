'use strict';

// Finds what documents say about speed without saying where that was measured.

const AMOUNT =
  '(?:\\d[\\d.,]*|a (?:half|third|quarter|fifth|tenth|hundredth)|half|an?|(?:some|a few|several|tens of|hundreds of)(?: tens of)?)';
const KINDS = [
  // 3.5 ns, some microseconds
  new RegExp(`\\b${AMOUNT}[ \\u00a0]?(?:ns|µs|ms|nanoseconds?|microseconds?|milliseconds?)\\b`, 'iu'),
  // 20 GB/s
  /\d[ \u00a0]?[KMGT]i?B\/s\b/u,
  // 3 ×, 3 times as fast, ten times faster, twice as fast
  /\d[ \u00a0]?×(?! ?\d)/u,
  /\b(?:\d[\d.,]*|two|three|four|five|ten|a hundred|many|several) times (?:as (?:fast|quick|slow|much|long)|faster|slower|quicker|the speed)/iu,
  /\b(?:twice|thrice|half) (?:as (?:fast|quick|slow|long)|the (?:time|speed))\b/iu,
  // 20 % faster, up to half less, in a tenth of the time
  new RegExp(
    `\\b(?:\\d[\\d.,]* ?%|${AMOUNT}) (?:faster|slower|quicker|less time|of the time|of the speed)\\b`,
    'iu',
  ),
  /\b(?:half|third|quarter|fifth|tenth) of the (?:time|speed)\b/iu,
  /\borders? of magnitude\b/iu,
];
/** Where it says so: a record, a region of one, the page that is made of them, or how it was measured. */
const SOURCE = /\]\([^)\s]*(?:benchmarks\.md|benchmark\/)[^)\s]*\)/;

/** [{ line, text }] of a document in Markdown: one for each kind in a section without a source. */
function straySpeeds(markdown) {
  const text = blank(markdown, [
    // Programs, and what they print.
    /^```.*?^```/gms,
    /^<!-- benchmark:([\w-]+)(?:: [^\n]*)? -->\n.*?^<!-- \/benchmark:\1 -->/gms,
  ]);
  const lines = text.split('\n');
  const found = [];
  let start = 0;
  for (let end = 1; end <= lines.length; end++) {
    if (end < lines.length && !/^#+ /.test(lines[end])) continue;
    if (!SOURCE.test(lines.slice(start, end).join('\n'))) {
      for (let k = start; k < end; k++) {
        const kind = KINDS.map((one) => one.exec(lines[k])).find((match) => match !== null);
        if (kind) found.push({ line: k + 1, text: kind[0] });
      }
    }
    start = end;
  }
  return found;
}

/** With what matches gone, but for the ends of its lines. */
function blank(text, patterns) {
  return patterns.reduce(
    (rest, pattern) => rest.replace(pattern, (part) => part.replace(/[^\n]/g, '')),
    text,
  );
}

module.exports = { straySpeeds };
