// Sends one request over and over from a process of its own, and reports how many were answered and how fast.
const http = require("node:http");

const CONNECTIONS = 16;
const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function send({ port, path, body, headers }) {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, path, method: "POST", agent, headers }, (response) => {
      response.on("data", () => {});
      response.on("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${response.statusCode}`)),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function round(target, milliseconds) {
  const times = [];
  const until = performance.now() + milliseconds;
  const client = async () => {
    while (performance.now() < until) {
      const startedAt = performance.now();
      await send(target);
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

process.on("message", async ({ target, milliseconds }) => {
  process.send(await round(target, milliseconds));
});
