// How VitePress builds the pages that source/stage.js has written. Nothing is loaded from another host: fonts and search come with the site.

import fs from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitepress';

const folder = path.join(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '..',
  'pages',
);
const { version, repository, sidebar, api } = JSON.parse(
  fs.readFileSync(path.join(folder, 'outline.json'), 'utf8'),
);

/** As the host of the repository makes anchors, and as the documents link to them. */
const slugify = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

export default defineConfig({
  title: 'allcores',
  description: 'Loops and exact sums on every core, straight on a JavaScript SharedArrayBuffer',
  lang: 'en-US',
  base: process.env.ALLCORES_SITE_BASE || '/',
  srcDir: 'pages',
  outDir: 'dist',
  cacheDir: '.cache',
  markdown: {
    anchor: { slugify },
    theme: { light: 'github-light', dark: 'github-dark' },
  },
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  themeConfig: {
    siteTitle: 'allcores',
    nav: [
      { text: 'Guide', link: '/overview', activeMatch: '^/(?!api/|benchmarks|changelog|$)' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: version, link: '/changelog' },
    ],
    sidebar: {
      '/': [
        ...sidebar.slice(0, -1),
        { text: 'Reference', items: [{ text: 'API', link: '/api/' }] },
        ...sidebar.slice(-1),
      ],
      '/api/': [
        ...api,
        {
          text: 'Guide',
          items: [
            { text: 'Overview', link: '/overview' },
            { text: 'Loop bodies', link: '/bodies' },
          ],
        },
      ],
    },
    ...(repository && { socialLinks: [{ icon: 'github', link: repository }] }),
    footer: { message: 'MIT license' },
    outline: { level: [2, 3], label: 'On this page' },
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            // All words have to be there; a little wrong is near enough only for long ones.
            combineWith: 'AND',
            fuzzy: (term) => (term.length > 4 ? 0.2 : false),
            prefix: true,
            boost: { title: 4, text: 2, titles: 1 },
            // What stands on the page of every function, and types, come after what is said once.
            boostDocument: (id) =>
              /types\.html|\/api\/\w+\.html#(?:options|declaration)$/.test(id) ? 0.4 : 1,
          },
        },
      },
    },
  },
});
