// Stands in front of a server, as a shop's world does: under another name, with TLS, or with answers of its own for what a test
// makes up. All other requests pass through, and redirects stay what they are.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';

import { temporaryDirectory } from './server.mjs';

/** A key and a certificate that nobody trusts, for one test program. */
function certificate(names) {
  const directory = temporaryDirectory('jangbu-tls-');
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(directory, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-keyout', key, '-out', cert, '-subj', `/CN=${names[0]}`, '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`], { stdio: 'ignore' });
  return { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
}

export class Front {
  #server;

  /**
   * `to`: the base URL behind it, or null when `answer` has all. `answer(request, body)`: {status, headers, body} of its own, or
   * null; `change(request, headers)` may change the headers of what passes. `names`: with TLS, under these names.
   */
  static async start(to, { answer = () => null, change = (_, headers) => headers, names = null } = {}) {
    const front = new Front();
    front.isTls = names !== null;
    const handle = async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const own = await answer(request, body.toString('utf8'));
      if (own) {
        response.writeHead(own.status ?? 200, { 'Content-Type': 'text/html; charset=utf-8', ...own.headers });
        return response.end(own.body ?? '');
      }
      if (!to) return response.writeHead(404).end();
      const { hostname, port } = new URL(to);
      const outgoing = http.request({ hostname, port, method: request.method, path: request.url, headers: { ...request.headers, host: `${hostname}:${port}` } }, (incoming) => {
        response.writeHead(incoming.statusCode, change(request, incoming.headers));
        incoming.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      return outgoing.end(body);
    };
    const listener = (request, response) => void handle(request, response).catch((error) => response.writeHead(500).end(String(error)));
    front.#server = names ? https.createServer(certificate(names), listener) : http.createServer(listener);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get port() {
    return this.#server.address().port;
  }

  get baseUrl() {
    return `${this.isTls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
