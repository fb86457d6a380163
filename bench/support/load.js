// Sends requests from a process of its own, and reports how many were answered and how fast: one body repeatedly for a
// time, or each of several bodies once.
const http = require("node:http");

const CONNECTIONS = 16;
const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function send({ port, path, headers }, body) {
  return new Promise((resolve, reject) => {
    const length = { "content-length": Buffer.byteLength(body) };
    const request = http.request({ port, path, method: "POST", agent, headers: { ...headers, ...length } });
    request.on("response", (response) => {
      response.on("data", () => {});
      response.on("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${response.statusCode}`)),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function round(target, { milliseconds, bodies }) {
  const times = [];
  const until = performance.now() + (milliseconds ?? 0);
  let next = 0;
  const nextBody = () => (milliseconds ? performance.now() < until && target.body : bodies[next++]);
  const client = async () => {
    for (let body = nextBody(); typeof body === "string"; body = nextBody()) {
      const startedAt = performance.now();
      await send(target, body);
      times.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const seconds = (performance.now() - startedAt) / 1000;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(times.length * share)] ?? 0;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}

process.on("message", async ({ target, work }) => {
  process.send(await round(target, work));
});
