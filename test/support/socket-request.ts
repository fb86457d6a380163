import { once } from "node:events";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import WebSocket from "ws";

/** The first message that answers a request over a WebSocket of its own. */
export async function askOverSocket(port: number, token: string, payload: object): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, GRAPHQL_TRANSPORT_WS_PROTOCOL);
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${token}` } }));
  await once(socket, "message");
  socket.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
  const answer = String((await once(socket, "message"))[0]);
  socket.close();
  await once(socket, "close");
  return answer;
}
