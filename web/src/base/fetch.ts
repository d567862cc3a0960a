// Talks to the server that the page came from. Every answer that is JSON is an answer, whatever its status; what is none
// (no connection, a time-out, a proxy's page) is a Failure.

export interface Answer {
  status: number;
  body: unknown;
  /** What Retry-After asks for, or null. */
  retryAfterSeconds: number | null;
}

/** No answer came, so nobody knows whether the request took effect. */
export class Failure extends Error {}

const patienceMs = 30_000;

/** `body` makes it a write, which carries the header that no other site's form can send. `token`: sent as a bearer's. */
export async function send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, token?: string): Promise<Answer> {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), patienceMs);
  try {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    if (method !== 'GET') headers['X-Jangbu-Csrf'] = '1';
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: aborter.signal,
    });
    const text = await response.text();
    const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
    return {
      status: response.status,
      body: text === '' ? null : JSON.parse(text),
      retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    };
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** The body of a 200, or null for any other answer. */
export async function read<T>(path: string): Promise<{ status: number; value: T | null }> {
  const { status, body } = await send('GET', path);
  return { status, value: status === 200 ? (body as T) : null };
}

/** The fault of each field in an answer 422, as {"fields":{...}} has them. */
export function fieldsOf(answer: Answer): Record<string, string> {
  const fields = (answer.body as { fields?: Record<string, string> } | null)?.fields;
  return fields && typeof fields === 'object' ? fields : {};
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
