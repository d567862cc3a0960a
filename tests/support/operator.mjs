// An operator of the console, by token or by cookie.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** Sends one request with the token of this machine's control.json. */
export function local(server, method, where, body) {
  const { token } = JSON.parse(fs.readFileSync(path.join(server.directory, 'control.json'), 'utf8'));
  return server.request(method, where, { headers: { Authorization: `Bearer ${token}` }, body });
}

export class Operator {
  constructor(server, { token, cookie }) {
    Object.assign(this, { server, token, cookie });
  }

  /** Signs in; fails unless that works. */
  static async signIn(server, { email, password }) {
    const answer = await server.request('POST', '/api/session', { body: { email, password } });
    assert.equal(answer.status, 200, answer.text);
    return new Operator(server, { token: answer.json().token, cookie: answer.headers['set-cookie'][0].split(';')[0] });
  }

  /** An account of its own. */
  static async of(server, role) {
    const email = `${role}-${Math.random().toString(36).slice(2)}@example.com`;
    const made = await local(server, 'POST', '/api/operators', { email, role });
    assert.equal(made.status, 201, made.text);
    const { id, password } = made.json();
    return Object.assign(await Operator.signIn(server, { email, password }), { id, email, password, role });
  }

  send(method, where, body) {
    return this.server.request(method, where, { headers: { Authorization: `Bearer ${this.token}` }, body });
  }

  /** The same as a browser sends it. */
  sendByCookie(method, where, { body, csrf = '1' } = {}) {
    const headers = { Cookie: `a=b; ${this.cookie}`, ...(csrf === null ? {} : { 'X-Jangbu-Csrf': csrf }) };
    return this.server.request(method, where, { headers, body });
  }

  async get(where) {
    const answer = await this.send('GET', where);
    assert.equal(answer.status, 200, `${where}: ${answer.text}`);
    return answer.json();
  }
}
