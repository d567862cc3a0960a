// Receivers of what the server sends: a shop's webhooks over HTTP. Each listens on a port of its own on loopback.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';

import { Webhook } from 'standardwebhooks';

import { eventually } from './server.mjs';

const open = new Set();

/** Ends every receiver of this test program. */
export const closeReceivers = () => Promise.all([...open].map((receiver) => receiver.close()));

/**
 * Takes webhooks and keeps them. `answer(request, response, body)` does what the receiver does in the end, with the Incoming
 * that was made of the request; by default it answers 204.
 */
export class Receiver {
  /** Every request, in the order of arrival: {path, id, type, code, body, headers, at, status}. */
  requests = [];

  static async start(answer) {
    const receiver = new Receiver();
    receiver.answer = answer ?? ((_, response) => receiver.say(response, 204));
    receiver.server = http.createServer((request, response) => receiver.#take(request, response));
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    open.add(receiver);
    return receiver;
  }

  /** A receiver that answers its requests with these statuses in turn, and with 204 after the last. */
  static failing(...statuses) {
    return Receiver.start(function answer(_, response) {
      const status = statuses.shift() ?? 204;
      response.writeHead(status).end(`status ${status}`);
    });
  }

  get origin() {
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  url(path = '/hook') {
    return this.origin + path;
  }

  #take(request, response) {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    // A sender that is killed may leave half a request, and a receiver that hangs is left alone.
    request.on('error', () => {});
    response.on('error', () => {});
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const json = JSON.parse(text);
      const incoming = {
        path: request.url, method: request.method, headers: request.headers, text, id: request.headers['webhook-id'],
        type: json.type, code: json.data?.orderCode, json,
      };
      this.requests.push(incoming);
      this.answer(incoming, response);
      incoming.status = response.statusCode;
    });
  }

  say(response, status, headers = {}, body = undefined) {
    response.writeHead(status, headers).end(body);
  }

  /** The requests about an order, and of a type when one is given. */
  about(code, type) {
    return this.requests.filter((request) => request.code === code && (type === undefined || request.type === type));
  }

  /** Waits for so many requests about an order and gives them. */
  heard(code, count = 1, type = undefined) {
    return eventually(`${count} requests about ${code}`, () => {
      const requests = this.about(code, type);
      return requests.length >= count ? requests : undefined;
    });
  }

  close() {
    open.delete(this);
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** Fails unless a request is one that the receiver's library takes for genuine, and refuses once it was altered. */
export function assertGenuine(secret, { text, headers }) {
  const library = new Webhook(secret);
  library.verify(text, headers);
  assert.throws(() => library.verify(`${text} `, headers));
  assert.throws(() => library.verify(text, { ...headers, 'webhook-id': `${headers['webhook-id']}0` }));
  assert.match(headers['webhook-id'], /^msg_[0-9a-f]{32}$/);
  assert.match(headers['content-type'], /^application\/json/);
}
