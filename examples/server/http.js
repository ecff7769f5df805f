'use strict';

// The web server of both programs, without what computes: `compute(num, signal)` gives the promise of a sum.

const http = require('node:http');

/** GET /sum?num=1000 computes, GET /health answers at once, whatever is being computed. */
function serve(compute) {
  return http.createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    if (pathname === '/health') return answer(response, 200, { status: 'ok' });
    if (pathname !== '/sum') return answer(response, 404, { error: 'There is /sum?num=1000, and /health' });
    const text = searchParams.get('num') ?? '';
    const num = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(num) || num === 0) {
      return answer(response, 400, { error: `num must be an integer from 1 to ${Number.MAX_SAFE_INTEGER}` });
    }
    // A response that closes before it has been sent: the client has gone, and nobody wants the sum any more.
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort(new Error('the client has gone'));
    });
    try {
      answer(response, 200, { num, sum: await compute(num, gone.signal) });
    } catch (error) {
      if (gone.signal.aborted) return console.log(`stopped: num=${num}, the client has gone`);
      answer(response, 500, { error: error.message });
    }
  });
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** Has the server listen; resolves with its address. Port 0 is one that is free. */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

/** Some clients at once, each of which asks for its sums one after the other; resolves with all sums. */
async function exercise(server, { clients, requests, num }) {
  const url = await listen(server, 0);
  const client = async (_, index) => {
    const sums = [];
    for (let k = 0; k < requests; k++) {
      const response = await fetch(`${url}/sum?num=${num + index * requests + k}`);
      sums.push((await response.json()).sum);
    }
    return sums;
  };
  const sums = await Promise.all(Array.from({ length: clients }, client));
  server.close();
  server.closeAllConnections();
  return { sums: sums.flat() };
}

module.exports = { exercise, listen, serve };
