import { once } from "node:events";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import WebSocket from "ws";

/** Opens a socket without a client library. */
export function openRaw(port: number, path = "/graphql"): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${port}${path}`, GRAPHQL_TRANSPORT_WS_PROTOCOL);
}

/** Resolves with the close code. */
export const closeOf = (socket: WebSocket) => new Promise<number>((resolve) => socket.once("close", resolve));

export const nextMessage = async (socket: WebSocket) => JSON.parse(String((await once(socket, "message"))[0]));

export const initialize = (socket: WebSocket, authorization: string) =>
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization } }));

/** Opens a socket that has received connection_ack. Fails if the socket is closed instead. */
export async function openInitialized(port: number, token: string): Promise<WebSocket> {
  const socket = openRaw(port);
  await once(socket, "open");
  const closed = closeOf(socket).then((code) => Promise.reject(new Error(`The socket was closed with ${code}.`)));
  const acknowledged = nextMessage(socket);
  initialize(socket, `Bearer ${token}`);
  expect(await Promise.race([acknowledged, closed])).toEqual({ type: "connection_ack" });
  return socket;
}

export const subscribeRaw = (socket: WebSocket, id: string, query: string, variables = {}) =>
  socket.send(JSON.stringify({ id, type: "subscribe", payload: { query, variables } }));
