// A redis-server that talks TLS alone, with a certificate of its own making, and has the users of docs/cluster.md.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { block } = require('./document.js');
const { RedisServer, freePort } = require('./redis.js');

/** Makes a certificate of this machine's in a folder: the names of `{ ca, cert, key }`. */
function certificate(folder) {
  const at = (name) => path.join(folder, name);
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test');
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  fs.writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...by);
  return { ca: at('ca.pem'), cert: at('server.pem'), key: at('server.key') };
}

/** `{ server, ca, url, connection }`: `ca` is a file, and `connection` has it in its options. The files are in `folder`. */
async function startSecure(folder) {
  const at = (name) => path.join(folder, name);
  const { ca, cert, key } = certificate(folder);
  // The test looks into Redis as somebody else.
  const users = block('users.acl').replace(/^#.*\n/gm, '');
  fs.writeFileSync(at('users.acl'), `${users}user admin on >admin ~* &* +@all\n`);

  const port = await freePort();
  const tls = ['--tls-cert-file', cert, '--tls-key-file', key];
  const server = await RedisServer.start(
    ...['--port', '0', '--tls-port', `${port}`, '--tls-auth-clients', 'no', ...tls],
    ...['--tls-ca-cert-file', ca, '--aclfile', at('users.acl'), '--save', ''],
  );
  const [, user, password] = /^user (\w+) on >(\S+)/m.exec(users);
  const options = { tls: { ca: fs.readFileSync(ca) } };
  server.url = `rediss://admin:admin@127.0.0.1:${port}`;
  server.admin = options;
  const url = `rediss://${user}:${password}@127.0.0.1:${port}`;
  return { server, ca, url, connection: { url, ...options } };
}

module.exports = { certificate, startSecure };
