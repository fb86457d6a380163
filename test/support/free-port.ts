import { once } from "node:events";
import net from "node:net";

/** Systems give connections and servers without a chosen port one above these. */
const FIRST = 10_000;
const COUNT = 20_000;

/** Jest's workers, and other runs of the tests, start at different ports. */
let next = (process.pid * 37) % COUNT;

/**
 * A free port, for processes that cannot report the port that they got. Nobody else gets it before they listen on it:
 * it is none of those that the system chooses from.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < COUNT; tried += 1) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${FIRST} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = net.createServer().listen(port, "127.0.0.1");
  const isListening = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}
