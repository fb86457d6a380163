// Watches from a process of its own: opens sockets to the service or to the bare server, notes when messages come, and
// reports how long after the commits that was. Times are of the system's monotonic clock, the same in all processes.
const WebSocket = require("ws");

const AT_ONCE = 100;
const now = () => Number(process.hrtime.bigint()) / 1e6;

let watchers = [];
let changed = () => {};

function open({ port, isBare, topic, token, query, variables, stalls }) {
  const watcher = { side: isBare ? "floor" : "service", topic, stalls, arrivals: [], last: null, closedWith: null };
  watchers.push(watcher);
  return new Promise((resolve, reject) => {
    const url = isBare ? `ws://127.0.0.1:${port}/?topic=${topic}` : `ws://127.0.0.1:${port}/graphql`;
    const socket = new WebSocket(url, isBare ? [] : "graphql-transport-ws");
    watcher.socket = socket;
    const say = (message) => socket.send(JSON.stringify(message));
    socket.on("open", () => {
      if (isBare) resolve();
      else say({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
    });
    socket.on("message", (data) => {
      const text = data.toString();
      if (text.includes('"type":"next"')) {
        watcher.arrivals.push(now());
        watcher.last = text;
        changed();
      } else if (text.includes('"connection_ack"')) {
        say({ type: "subscribe", id: "1", payload: { query, variables } });
        if (stalls) socket.pause();
        resolve();
      } else reject(new Error(text.slice(0, 300)));
    });
    socket.on("error", reject);
    socket.on("close", (code) => {
      watcher.closedWith = code;
      changed();
      reject(new Error(`The socket was closed with ${code}.`));
    });
  });
}

const commands = {
  /** Opens sockets, some at a time. */
  async open({ sockets, atOnce = AT_ONCE }) {
    const left = [...sockets];
    const worker = async () => {
      for (let socket = left.shift(); socket; socket = left.shift()) await open(socket);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  },
  /** Resolves when every socket that reads has so many messages. */
  async told({ side, count }) {
    const reading = watchers.filter((watcher) => watcher.side === side && !watcher.stalls);
    while (reading.some(({ arrivals }) => arrivals.length < count)) {
      const gone = reading.find(({ closedWith }) => closedWith !== null);
      if (gone) throw new Error(`A socket that reads was closed with ${gone.closedWith}.`);
      await new Promise((resolve) => {
        changed = resolve;
      });
    }
    return now();
  },
  /** How long after their commits, by topic, the events came; and when the last watcher had each. Forgets them. */
  async delays({ side, commits }) {
    const delays = [];
    const lasts = {};
    for (const { topic, arrivals } of watchers.filter((watcher) => watcher.side === side && !watcher.stalls)) {
      for (const [index, committedAt] of commits[topic].entries()) {
        const delay = arrivals[index] - committedAt;
        delays.push(delay);
        lasts[topic + index] = Math.max(lasts[topic + index] ?? 0, delay);
      }
    }
    for (const watcher of watchers) watcher.arrivals = [];
    const at = (values, share) => values.sort((a, b) => a - b)[Math.floor(values.length * share)];
    return { p50: at(delays, 0.5), p99: at(delays, 0.99), last: at(Object.values(lasts), 0.5), count: delays.length };
  },
  /** Lets those read on who did not, and tells how they were closed. */
  async resume() {
    const stalled = watchers.filter(({ stalls }) => stalls);
    for (const { socket } of stalled) socket.resume();
    while (stalled.some(({ closedWith }) => closedWith === null)) {
      await new Promise((resolve) => {
        changed = resolve;
      });
    }
    return stalled.map(({ closedWith }) => closedWith);
  },
  /** The last message of each socket. */
  async last() {
    return watchers.map(({ topic, last }) => ({ topic, text: last }));
  },
  async close() {
    for (const { socket } of watchers) socket.terminate();
    watchers = [];
  },
};

process.on("message", ({ command, input }) => {
  commands[command](input).then(
    (answer) => process.send({ answer }),
    (error) => process.send({ error: error.message }),
  );
});
