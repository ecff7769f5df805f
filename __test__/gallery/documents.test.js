'use strict';

// What the READMEs of the examples say is so, and what a program does not understand it refuses.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { assertEnd, startNode } = require('../helpers/child.js');
const { GALLERY, examples, fileOf, folder } = require('../helpers/gallery.js');

describe('what is no setting', () => {
  const bounded = [
    ['heat', '--speed=0.3', '--speed must be a number from 0 to 0.25. Received "0.3"'],
    ['option', '--strike=0', '--strike must be a number from 0.01 on. Received "0"'],
    ['server', '--port=65536', '--port must be an integer from 0 to 65535. Received "65536"'],
  ];
  for (const [name, option, message] of bounded) {
    test(`${name} ${option}`, async () => {
      const result = await startNode([fileOf(name), option], { cwd: folder }).done;
      assertEnd(result, { code: 1, stdout: '', stderr: /^Options, and what they are by default:$/m });
      assert.ok(result.stderr.startsWith(message), result.stderr);
    });
  }

  for (const [args, message] of [
    [['--width', 'x'], '--width must be an integer from 1 on. Received "x"'],
    [['--width', '0'], '--width must be an integer from 1 on. Received "0"'],
    [['--width', '1.5'], '--width must be an integer from 1 on. Received "1.5"'],
    [['--real='], '--real must be a number. Received ""'],
    [['--color', 'red'], "Unknown option '--color'"],
    [['400'], "Unexpected argument '400'"],
  ]) {
    test(args.join(' '), async () => {
      const result = await startNode([fileOf('julia'), ...args], { cwd: folder }).done;
      assertEnd(result, {
        code: 1,
        stdout: '',
        stderr: /^Options, and what they are by default:\n {2}--width \(1920\)$/m,
      });
      assert.ok(result.stderr.startsWith(message), result.stderr);
    });
  }
});

describe('the documents', () => {
  const documents = ['README.md', ...Object.keys(GALLERY).map((name) => `${name}/README.md`)];
  const read = (document) => fs.readFileSync(path.join(examples, document), 'utf8');

  test('links lead somewhere', () => {
    let links = 0;
    for (const document of documents) {
      for (const [, target] of read(document).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)) {
        links++;
        assert.ok(
          fs.existsSync(path.join(examples, path.dirname(document), target)),
          `${document}: ${target}`,
        );
      }
    }
    assert.ok(links > 30, `${links} links`);
  });

  test('commands have options that there are', () => {
    for (const document of documents) {
      for (const [, name, options] of read(document).matchAll(/^node examples\/([\w-]+)\/main\.js(.*)$/gm)) {
        const { DEFAULTS } = require(fileOf(name));
        for (const [, option] of options.matchAll(/--([a-z]+)/g))
          assert.ok(option in DEFAULTS, `${name}: ${option}`);
      }
    }
  });

  for (const name of ['primes', 'pi', 'option', 'histogram']) {
    test(`${name}: the second command prints what stands there`, async () => {
      const [, options, expected] = /main\.js (--.*)\n```\n[\s\S]*?\n```\n([\s\S]*?)```/.exec(
        read(`${name}/README.md`),
      );
      const result = await startNode([fileOf(name), ...options.split(' ')], { cwd: folder }).done;
      assertEnd(result, { stdout: expected.trim() });
    });
  }

  test('no picture is larger than a page should load', () => {
    const pictures = fs.readdirSync(examples, { recursive: true }).filter((file) => file.endsWith('.png'));
    assert.ok(pictures.length >= 7);
    for (const file of pictures) assert.ok(fs.statSync(path.join(examples, file)).size < 100_000, file);
  });
});
