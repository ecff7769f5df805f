'use strict';

// Serves a folder of files under a base path, as a host of static sites does.

const { once } = require('node:events');
const fs = require('node:fs/promises');
const { createServer } = require('node:http');
const path = require('node:path');

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Resolves with { origin, close }. What is not below `base`, or not there, is 404. */
async function serve(folder, base) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const name = decodeURIComponent(pathname);
    const inside = name.startsWith(base) ? name.slice(base.length) : '..';
    const file = path.join(folder, inside.endsWith('/') || inside === '' ? `${inside}index.html` : inside);
    try {
      if (!file.startsWith(folder + path.sep)) throw new Error('outside');
      const content = await fs.readFile(file);
      response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
      response.end(content);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('not found');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

module.exports = { serve };
