// A plain HTTP client for tests: bodies go out and come back as the text that they are, so that a test can send what no
// well-behaved client would. It follows nothing, retries nothing and hides nothing.
import http from 'node:http';
import https from 'node:https';

/** An answer. `json()` fails with the text in its message when the answer is not JSON. */
export class Answer {
  constructor(status, headers, text) {
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  json() {
    try {
      return JSON.parse(this.text);
    } catch {
      throw new Error(`not JSON (status ${this.status}): ${this.text.slice(0, 500)}`);
    }
  }
}

/** Connections that are kept open between requests; `destroy()` it when they are no longer needed. */
export function keepAlive(connections = Infinity) {
  return new http.Agent({ keepAlive: true, maxSockets: connections });
}

/**
 * Sends one request. `body`: a string or Buffer goes as it is, anything else as JSON; `agent`: from keepAlive(), or none for
 * a connection of its own; `ca`: whose word is taken for a server of https. Rejects when no whole answer came.
 */
export function request(baseUrl, method, path, { headers = {}, body, agent, ca, timeoutMs = 20_000 } = {}) {
  const bytes = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const url = new URL(baseUrl);
  const options = {
    host: url.hostname,
    port: url.port,
    method,
    path,
    agent: agent ?? false,
    ca,
    headers: {
      ...(bytes === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(bytes) }),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    let answered = false;
    const outgoing = (url.protocol === 'https:' ? https : http).request(options, (incoming) => {
      answered = true;
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        if (!incoming.complete) return reject(new Error('the answer broke off'));
        resolve(new Answer(incoming.statusCode, incoming.headers, Buffer.concat(chunks).toString('utf8')));
      });
    });
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`no answer to ${method} ${path} in ${timeoutMs} ms`)));
    // A server that refuses a long body answers while it is still being sent: then the failing write is no fault.
    outgoing.on('error', (error) => {
      if (!answered || error.message.startsWith('no answer')) reject(error);
    });
    outgoing.end(bytes);
  });
}
