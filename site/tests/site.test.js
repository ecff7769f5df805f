'use strict';

// The site as it is served, in a browser: every page, every link, the search, both colors.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { chromium } = require('playwright-core');
const { serve } = require('./server.js');

const root = path.join(__dirname, '..', '..');
const dist = path.join(__dirname, '..', 'dist');
const base = process.env.ALLCORES_SITE_BASE;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

/** The pages, relative to the base path: `api/sum.html`. */
const pages = fs
  .readdirSync(dist, { recursive: true })
  .map((name) => name.split(path.sep).join('/'))
  .filter((name) => name.endsWith('.html') && name !== '404.html');

let server;
let browser;

before(async () => {
  server = await serve(dist, base);
  // Its sandbox wants a user who is not root, and no container; it sees nothing but our own pages.
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** A page of the browser, and all that goes wrong in it. */
async function open({ viewport = DESK, ...options } = {}) {
  const context = await browser.newContext({ viewport, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!/^data:/.test(request.url()) && !request.url().startsWith(`${server.origin}${base}`)) {
      wrong.push(`elsewhere: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()}: ${response.url()}`);
  });
  // What is fetched ahead of a click is given up when another page is opened.
  page.on('requestfailed', (request) => {
    const { errorText } = request.failure();
    if (errorText !== 'net::ERR_ABORTED') wrong.push(`${errorText}: ${request.url()}`);
  });
  return { page, wrong, close: () => context.close() };
}

/** Opens a page, and waits until its program runs. */
async function go(page, name) {
  await page.goto(`${server.origin}${base}${name}`);
  await page.waitForFunction(() => globalThis.document.querySelector('#app')?.__vue_app__ !== undefined);
  await page.waitForLoadState('load');
}

/** What a test has to know of a page: in the browser. */
function facts() {
  const { document } = globalThis;
  return {
    heading: document.querySelector('h1')?.firstChild?.textContent.trim() ?? '',
    ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
    links: [...document.querySelectorAll('a[href]')].map(({ href }) => href),
    broken: [...document.images]
      .filter((image) => image.complete && image.naturalWidth === 0)
      .map(({ src }) => src),
    width: document.documentElement.scrollWidth,
    widest: [...document.querySelectorAll('main *')]
      .filter((element) => element.getBoundingClientRect().right > globalThis.innerWidth + 1)
      .slice(0, 3)
      .map((element) => `<${element.localName} class="${element.className}">`),
  };
}

const known = new Map();

test('every page loads without an error, asks no other host, and is no wider than a phone', async () => {
  const { page, wrong, close } = await open({ viewport: PHONE });
  for (const name of pages) {
    await go(page, name);
    const found = await page.evaluate(facts);
    known.set(name, found);
    assert.deepEqual(wrong, [], name);
    assert.deepEqual(found.broken, [], name);
    assert.ok(found.width <= PHONE.width, `${name} is ${found.width} wide: ${found.widest.join(' ')}`);
    assert.notEqual(found.heading, '', `${name} has no heading`);
  }
  await page.waitForLoadState('networkidle');
  assert.deepEqual(wrong, []);
  assert.ok(pages.length >= 45, `${pages.length} pages`);
  await close();
});

test('every link within the site leads to a page, and its anchor to a place there', () => {
  let count = 0;
  for (const [name, { links }] of known) {
    for (const link of links) {
      const url = new URL(link);
      if (url.origin !== server.origin) {
        assert.match(url.protocol, /^https:$/, `${name}: ${link}`);
        continue;
      }
      count++;
      assert.ok(url.pathname.startsWith(base), `${name}: ${link} is outside of the site`);
      const target = decodeURIComponent(url.pathname.slice(base.length)).replace(/(^|\/)$/, '$1index.html');
      if (/\.(?:png|svg)$/.test(target)) {
        assert.ok(fs.existsSync(path.join(dist, target)), `${name}: ${link}`);
        continue;
      }
      const there = known.get(target);
      assert.ok(there, `${name}: ${link} leads nowhere`);
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (anchor) assert.ok(there.ids.includes(anchor), `${name}: ${link} has no such place`);
    }
  }
  assert.ok(count > 1000, `${count} links`);
});

test('every page can be reached from the first one', () => {
  const seen = new Set(['index.html']);
  for (const name of seen) {
    for (const link of known.get(name)?.links ?? []) {
      const { origin, pathname } = new URL(link);
      if (origin === server.origin) seen.add(pathname.slice(base.length).replace(/(^|\/)$/, '$1index.html'));
    }
  }
  assert.deepEqual(
    pages.filter((name) => !seen.has(name)),
    [],
  );
});

test('every function has a page, with parameters, errors and an example', () => {
  const entries = [
    ['api', require(root)],
    ['api/cluster', require(path.join(root, 'cluster.js'))],
  ];
  for (const [folder, exported] of entries) {
    for (const name of Object.keys(exported)) {
      const page = known.get(`${folder}/${name}.html`);
      assert.ok(page, `${folder}/${name}.html`);
      assert.equal(page.heading, name);
      if (typeof exported[name] !== 'function') continue;
      const wanted = [
        'errors',
        'example',
        'declaration',
        ...(folder === 'api' ? ['parameters'] : ['options']),
      ];
      for (const id of wanted) assert.ok(page.ids.includes(id), `${name}: ${id}`);
    }
  }
});

test('a page says in full what the comment says by "as in", and how the function is called', async () => {
  const { page, close } = await open();
  await go(page, 'api/argMax.html');
  const text = await page.textContent('.vp-doc');
  for (const words of [
    'two or three of them with a product',
    'the body uses what cannot be compiled',
    'ERR_NOT_SHARED',
  ]) {
    assert.ok(text.includes(words), words);
  }
  await go(page, 'api/sumRange.html');
  const sumRange = await page.textContent('.vp-doc');
  for (const words of ['sumRange(num[, body][, options])', 'default: all', 'onProgress', 'from']) {
    assert.ok(sumRange.includes(words), words);
  }
  await close();
});

const SEARCHES = [
  [
    'ERR_BUFFER_BUSY',
    /^(?:options-and-errors|troubleshooting|overview|api\/sumIntoSharedBuffer)\./,
    /ERR_BUFFER_BUSY/,
  ],
  ['BUFFER_BUSY', /./, /ERR_BUFFER_BUSY/],
  ['abort', /^(?:recipes|bodies|options-and-errors)\./, /[Aa]bort/],
  ['argMin', /^api\/argMin\.html/, /argMin/],
  ['Collatz', /^(?:bodies|recipes|benchmarks)\.html/, /Collatz/],
  ['histogram', /^(?:recipes|migrating|examples\/histogram)\b/, /[Hh]istogram/],
  ['redis', /cluster/, /[Rr]edis/],
];

test('the search finds codes, functions and words', async (t) => {
  const { page, wrong, close } = await open();
  for (const [term, place, text] of SEARCHES) {
    await t.test(term, async () => {
      await go(page, 'index.html');
      await page.click('#local-search button');
      await page.fill('#localsearch-input', term);
      const first = page.locator('#localsearch-list a.result').first();
      await first.waitFor();
      const target = (await first.getAttribute('href')).slice(base.length);
      assert.match(target, place);
      await first.click();
      await page.waitForURL(`**${base}${target.split('#')[0]}**`);
      await page.locator('#VPContent .vp-doc', { hasText: text }).first().waitFor();
      assert.deepEqual(wrong, []);
    });
  }
  await t.test('and says when there is nothing', async () => {
    await go(page, 'index.html');
    await page.click('#local-search button');
    await page.fill('#localsearch-input', 'qqxyzzyqq');
    await page.locator('.no-results').waitFor();
    assert.equal(await page.locator('#localsearch-list a.result').count(), 0);
  });
  await close();
});

/** The contrast of the text of an element and what is behind it, after WCAG 2: in the browser. */
function contrast(selector) {
  const { document, getComputedStyle } = globalThis;
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v <= 10 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const element = document.querySelector(selector);
  let behind = element;
  while ((channels(getComputedStyle(behind).backgroundColor)[3] ?? 1) < 1 && behind.parentElement) {
    behind = behind.parentElement;
  }
  const [text, back] = [
    channels(getComputedStyle(element).color),
    channels(getComputedStyle(behind).backgroundColor),
  ].map(luminance);
  return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
}

for (const colorScheme of ['light', 'dark']) {
  test(`it is ${colorScheme} where the system is, can be switched, and can be read`, async () => {
    const { page, wrong, close } = await open({ colorScheme });
    await go(page, 'bodies.html');
    const isDark = () => page.evaluate(() => globalThis.document.documentElement.classList.contains('dark'));
    assert.equal(await isDark(), colorScheme === 'dark');
    for (const place of [
      '.vp-doc p',
      '.vp-doc p a',
      '.vp-doc p code',
      '.vp-doc td',
      '.VPSidebar a.link',
      '.VPNav a',
    ]) {
      const found = await page.evaluate(contrast, place);
      assert.ok(found >= 4.5, `${place}: ${found}`);
    }
    await page.click('.VPNavBarAppearance button');
    assert.equal(await isDark(), colorScheme !== 'dark');
    assert.deepEqual(wrong, []);
    await close();
  });
}

test('a click changes the page without loading it anew', async () => {
  const { page, wrong, close } = await open();
  await go(page, 'overview.html');
  await page.evaluate(() => {
    globalThis.isTheSame = true;
  });
  await page.click('.VPSidebar a[href$="/recipes.html"]');
  await page.waitForFunction(() =>
    globalThis.document.querySelector('h1')?.textContent.startsWith('Recipes'),
  );
  assert.equal(await page.evaluate(() => globalThis.isTheSame), true);
  assert.equal(new URL(page.url()).pathname, `${base}recipes.html`);
  await page.click('.vp-doc a[href="#a-histogram"]');
  await page.waitForURL('**#a-histogram');
  await page.waitForFunction(() => {
    const { top } = globalThis.document.getElementById('a-histogram').getBoundingClientRect();
    return top >= 0 && top < 300;
  });
  assert.deepEqual(wrong, []);
  await close();
});

test('the first page has the ten lines, a picture and a plot', async () => {
  const { page, close } = await open();
  await go(page, 'index.html');
  const found = await page.evaluate(() => ({
    lines: globalThis.document.querySelector('.vp-doc pre').textContent.trim().split('\n').length,
    pictures: [...globalThis.document.images].map(({ src }) => src.split('.').at(-1)),
  }));
  assert.ok(found.lines >= 10, `${found.lines} lines`);
  assert.deepEqual(new Set(found.pictures), new Set(['png', 'svg']));
  await close();
});

test('the text is there without JavaScript', async () => {
  const { page, close } = await open({ javaScriptEnabled: false });
  await page.goto(`${server.origin}${base}api/sum.html`);
  assert.match(await page.textContent('main'), /The exact sum of body\(x, i, data\)/);
  await close();
});
