// A brand's manager in the partner portal, as its pages talk to it.
import assert from 'node:assert/strict';

export const password = 'chestnut-42-Harbor';

/** The token of an invitation's link. */
export const tokenOf = (link) => new URL(link).pathname.split('/').pop();

export class Manager {
  cookie = null;

  constructor(server) {
    this.server = server;
  }

  /** Sends one request with the session's cookie; keeps the cookie that the answer sets. */
  async send(method, path, { body, csrf = true } = {}) {
    const headers = { ...(csrf && method !== 'GET' ? { 'X-Jangbu-Csrf': '1' } : {}), ...(this.cookie ? { Cookie: `a=b; ${this.cookie}` } : {}) };
    const answer = await this.server.request(method, `/partner/api${path}`, { headers, body });
    const set = answer.headers['set-cookie']?.[0];
    if (set) this.cookie = set.split(';')[0];
    return answer;
  }

  async get(path) {
    const answer = await this.send('GET', path);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    return answer.json();
  }

  accept(token, chosen = password) {
    return this.send('POST', `/invites/${token}`, { body: { password: chosen } });
  }

  signIn(email, given = password) {
    return this.send('POST', '/session', { body: { email, password: given } });
  }
}
