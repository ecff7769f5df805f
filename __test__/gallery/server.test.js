'use strict';

// The web server of the examples answers, refuses, and stops what nobody waits for.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { test } = require('node:test');
const { fileOf } = require('../helpers/gallery.js');

for (const form of ['main.js', 'before.js']) {
  test(form, async () => {
    const child = spawn(process.execPath, [fileOf('server', form), '--port', '0']);
    try {
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        printed += text;
      });
      const printing = async (pattern) => {
        const signal = AbortSignal.timeout(60_000);
        while (!pattern.test(printed)) await once(child.stdout, 'data', { signal });
        return pattern.exec(printed);
      };
      const [, url] = await printing(/^listening on (http:\S+)\n/);
      const get = async (place, options) => {
        const response = await fetch(`${url}${place}`, options);
        return [response.status, await response.json()];
      };
      const num = 1000;
      const sum = Array.from({ length: num }, (_, i) => 1 / (i + 1) ** 2).reduceRight((a, b) => a + b);
      const [status, answer] = await get(`/sum?num=${num}`);
      assert.deepEqual([status, answer.num], [200, num]);
      assert.ok(Math.abs(answer.sum - sum) < 1e-14);
      for (const wrong of ['', '?num=', '?num=0', '?num=-1', '?num=x', '?num=1e3', `?num=${2 ** 53}`]) {
        assert.equal((await get(`/sum${wrong}`))[0], 400, wrong);
      }
      assert.equal((await get('/'))[0], 404);

      // Hours of work, until the client goes; meanwhile others are answered.
      const leaving = new AbortController();
      const long = get(`/sum?num=${2 ** 53 - 1}`, { signal: leaving.signal });
      assert.deepEqual(await get('/health'), [200, { status: 'ok' }]);
      assert.equal((await get('/sum?num=1000'))[1].sum, answer.sum);
      leaving.abort();
      await assert.rejects(long, { name: 'AbortError' });
      await printing(/^stopped: num=9007199254740991, the client has gone\n/m);
      assert.equal((await get('/sum?num=1000'))[1].sum, answer.sum);
    } finally {
      child.kill();
    }
  });
}
