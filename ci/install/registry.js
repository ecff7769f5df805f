'use strict';

// A package registry on this machine that has nothing but the given tarballs.

const { createHash } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

/** `packages` are `{ manifest, tarball }`. Resolves with `{ url, close }`. */
async function startRegistry(packages) {
  const server = http.createServer(({ url }, response) => {
    const name = decodeURIComponent(url.slice(1));
    const document = packages.find(({ manifest }) => manifest.name === name);
    const file = packages.find(({ tarball }) => `-/${path.basename(tarball)}` === name);
    if (document) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(packument(document, origin())));
    } else if (file) {
      response.end(fs.readFileSync(file.tarball));
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = () => `http://127.0.0.1:${server.address().port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: origin(), close };
}

/** What a registry says of a package that has one version. */
function packument({ manifest, tarball }, origin) {
  const { name, version } = manifest;
  const bytes = fs.readFileSync(tarball);
  const dist = {
    tarball: `${origin}/-/${path.basename(tarball)}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
  };
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist } },
    // Long ago: some package managers leave alone what has just come out.
    time: { [version]: '2020-01-01T00:00:00.000Z' },
  };
}

module.exports = { startRegistry };
