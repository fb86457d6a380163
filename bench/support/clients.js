// The subscribers, in a process of their own. It opens sockets to the service or to the bare server, records when messages
// arrive, and reports the delay since the commits. Times come from the system's monotonic clock, which all processes share.
const WebSocket = require("ws");

const AT_ONCE = 100;
const now = () => Number(process.hrtime.bigint()) / 1e6;

let subscribers = [];
let changed = () => {};

function open({ port, isBare, topic, token, query, variables, stalls }) {
  const subscriber = { side: isBare ? "floor" : "service", topic, stalls, arrivals: [], last: null, closedWith: null };
  subscribers.push(subscriber);
  return new Promise((resolve, reject) => {
    const url = isBare ? `ws://127.0.0.1:${port}/?topic=${topic}` : `ws://127.0.0.1:${port}/graphql`;
    const socket = new WebSocket(url, isBare ? [] : "graphql-transport-ws");
    subscriber.socket = socket;
    const say = (message) => socket.send(JSON.stringify(message));
    socket.on("open", () => {
      if (isBare) resolve();
      else say({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
    });
    socket.on("message", (data) => {
      const text = data.toString();
      if (text.includes('"type":"next"')) {
        subscriber.arrivals.push(now());
        subscriber.last = text;
        changed();
      } else if (text.includes('"connection_ack"')) {
        say({ type: "subscribe", id: "1", payload: { query, variables } });
        if (stalls) socket.pause();
        resolve();
      } else reject(new Error(text.slice(0, 300)));
    });
    socket.on("error", reject);
    socket.on("close", (code) => {
      subscriber.closedWith = code;
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
  /** Resolves when every socket that reads has `count` messages. */
  async received({ side, count }) {
    const reading = subscribers.filter((subscriber) => subscriber.side === side && !subscriber.stalls);
    while (reading.some(({ arrivals }) => arrivals.length < count)) {
      const gone = reading.find(({ closedWith }) => closedWith !== null);
      if (gone) throw new Error(`A socket that reads was closed with ${gone.closedWith}.`);
      await new Promise((resolve) => {
        changed = resolve;
      });
    }
    return now();
  },
  /** Delays from the commits of each topic to the arrivals, and to the last arrival of each event. Clears the arrivals. */
  async delays({ side, commits }) {
    const delays = [];
    const lasts = {};
    for (const { topic, arrivals } of subscribers.filter(
      (subscriber) => subscriber.side === side && !subscriber.stalls,
    )) {
      for (const [index, committedAt] of commits[topic].entries()) {
        const delay = arrivals[index] - committedAt;
        delays.push(delay);
        lasts[topic + index] = Math.max(lasts[topic + index] ?? 0, delay);
      }
    }
    for (const subscriber of subscribers) subscriber.arrivals = [];
    const at = (values, share) => values.sort((a, b) => a - b)[Math.floor(values.length * share)];
    return { p50: at(delays, 0.5), p99: at(delays, 0.99), last: at(Object.values(lasts), 0.5), count: delays.length };
  },
  /** Resumes the stalled sockets. Returns the codes with which they were closed. */
  async resume() {
    const stalled = subscribers.filter(({ stalls }) => stalls);
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
    return subscribers.map(({ topic, last }) => ({ topic, text: last }));
  },
  async close() {
    for (const { socket } of subscribers) socket.terminate();
    subscribers = [];
  },
};

process.on("message", ({ command, input }) => {
  commands[command](input).then(
    (answer) => process.send({ answer }),
    (error) => process.send({ error: error.message }),
  );
});
