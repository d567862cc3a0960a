// A mail server for tests, and what a mail reader makes of the mails that it took.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';

import { SMTPServer } from 'smtp-server';

export const smtpUser = 'jangbu';
export const smtpPassword = 'p@ss:w/ord %41';

/** Takes mails after a login, and keeps them. */
export class MailServer {
  /** {from, to, mail: see readMail} of every mail, in the order of arrival. */
  taken = [];

  /** `port`: 0 for any; `refuse`: gives an Error for a recipient that is not to be had. */
  static async start({ port = 0, refuse = () => null } = {}) {
    const mails = new MailServer();
    mails.server = new SMTPServer({
      // A certificate that nobody trusts is not offered; the login goes over loopback in the clear.
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, callback) =>
        username === smtpUser && password === smtpPassword ? callback(null, { user: username }) : callback(new Error('no such login')),
      onRcptTo: ({ address }, _, callback) => callback(refuse(address)),
      onData: (stream, session, callback) => {
        const chunks = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.taken.push({ from: mailFrom.address, to: rcptTo.map(({ address }) => address), mail: readMail(Buffer.concat(chunks).toString('latin1')) });
          callback();
        });
      },
    });
    mails.server.on('error', () => {}); // a client that is gone in the middle
    mails.server.listen(port, '127.0.0.1');
    await once(mails.server.server, 'listening');
    return mails;
  }

  get port() {
    return this.server.server.address().port;
  }

  /** The mails to an address. */
  to(address) {
    return this.taken.filter((taken) => taken.to.includes(address));
  }

  close() {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** A mail server that takes connections and never says a word. */
export async function silentMailServer() {
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** RFC 2047's encoded words, of which the server writes base64 in UTF-8 alone. */
const decodeWords = (text) => text
  .replace(/\?=\s+=\?/g, '?==?')
  .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, base64) => Buffer.from(base64, 'base64').toString('utf8'));

function readPart(text) {
  const end = text.indexOf('\r\n\r\n');
  assert.notEqual(end, -1, text);
  const headers = {};
  for (const line of text.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = decodeWords(line.slice(colon + 1).trim());
  }
  return { headers, body: text.slice(end + 4) };
}

function contentOf({ headers, body }, type) {
  assert.equal(headers['content-type'], `${type}; charset=utf-8`);
  assert.equal(headers['content-transfer-encoding'], 'base64');
  return Buffer.from(body, 'base64').toString('utf8');
}

/** The headers by their small names, and both forms of a mail as it went over the wire. Fails when it is none. */
export function readMail(raw) {
  for (const line of raw.split('\r\n')) {
    assert.ok(/^[\t\x20-\x7e]*$/.test(line), `a line with what is not ASCII: ${line}`);
    assert.ok(line.length <= 78, `a line of ${line.length} characters`);
  }
  const { headers, body } = readPart(raw);
  const [, boundary] = /^multipart\/alternative; boundary="([^"]+)"$/.exec(headers['content-type']);
  const pieces = body.split(`--${boundary}`);
  assert.equal(pieces.length, 4);
  assert.equal(pieces[3].trimEnd(), '--');
  return {
    headers,
    text: contentOf(readPart(pieces[1].slice(2)), 'text/plain'),
    html: contentOf(readPart(pieces[2].slice(2)), 'text/html'),
  };
}
