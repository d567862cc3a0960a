// What benches over HTTP share: requests over keep-alive connections, one at a time on each, and their figures as a table.
import { keepAlive } from '../tests/support/http.mjs';

/** Drives `server` over so many connections. end() closes them. */
export class Driver {
  constructor(server, connections) {
    this.server = server;
    this.connections = connections;
    this.agent = keepAlive(connections);
  }

  /**
   * Sends `count` requests; `make(i)` gives { method, path, status, headers, body }, `keep(i, answer)` gets what was answered. They
   * are made `batch` at a time before the clock runs. An answer with another status ends it. Gives the seconds that sending took, and
   * the latencies in ms, sorted.
   */
  async drive(count, make, { keep = () => {}, lanes = this.connections, batch = 20_000 } = {}) {
    let seconds = 0;
    const latencies = [];
    for (let from = 0; from < count; from += batch) {
      const requests = [];
      for (let i = from; i < Math.min(count, from + batch); i++) {
        const { body, ...request } = make(i);
        requests.push({ ...request, body: body === undefined ? body : JSON.stringify(body) });
      }
      let next = 0;
      const started = performance.now();
      const lane = async () => {
        while (next < requests.length) {
          const i = next++;
          const { method, path, status, headers, body } = requests[i];
          const begun = performance.now();
          const answer = await this.server.request(method, path, { headers, body, agent: this.agent });
          latencies.push(performance.now() - begun);
          if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
          keep(from + i, answer);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      seconds += (performance.now() - started) / 1000;
    }
    return { seconds, latencies: latencies.sort((a, b) => a - b) };
  }

  end() {
    this.agent.destroy();
  }
}

const at = (sorted, share) => Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(2));

/** What drive() measured, under a name; nothing of no requests. */
export const figures = (name, { seconds, latencies }) => latencies.length === 0 ? [] : [{
  name, count: latencies.length, per_s: Math.round(latencies.length / seconds), p50_ms: at(latencies, 0.5), p90_ms: at(latencies, 0.9),
  p99_ms: at(latencies, 0.99), max_ms: at(latencies, 1),
}];

/** Prints figures as a table, or all as one JSON object. */
export function report({ load, connections, results }, asJson) {
  if (asJson) {
    console.log(JSON.stringify({ load, connections, results }));
    return;
  }
  console.log(`load before ${load.toFixed(1)}, ${connections} connections\n`);
  console.log('| | requests | a second | p50, ms | p90, ms | p99, ms | max, ms |\n|---|---|---|---|---|---|---|');
  for (const r of results) console.log(`| ${r.name} | ${r.count} | ${r.per_s} | ${r.p50_ms} | ${r.p90_ms} | ${r.p99_ms} | ${r.max_ms} |`);
}
