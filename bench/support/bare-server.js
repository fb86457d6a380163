// The floor of live streams: a bare WebSocket server that broadcasts the notifications of a bare LISTEN connection. A
// notification starts with its topic, and subscribers of that topic get the rest.
const { Client } = require("pg");
const { WebSocketServer } = require("ws");

const topics = new Map();
const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
server.on("connection", (socket, request) => {
  const topic = new URL(request.url, "http://localhost").searchParams.get("topic");
  const sockets = topics.get(topic) ?? new Set();
  topics.set(topic, sockets.add(socket));
  socket.on("close", () => sockets.delete(socket));
});

async function main() {
  const client = new Client({ connectionString: process.argv[2] });
  client.on("notification", ({ payload }) => {
    const space = payload.indexOf(" ");
    for (const socket of topics.get(payload.slice(0, space)) ?? []) socket.send(payload.slice(space + 1));
  });
  client.on("error", () => process.exit());
  await client.connect();
  await client.query("LISTEN floor");
  process.send({ port: server.address().port });
}

void main();
