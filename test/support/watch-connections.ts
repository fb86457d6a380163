import { Socket } from "node:net";

/** The targets of the process's connections, as `HOST:PORT`; by name if the name is looked up later. */
export interface Watched {
  readonly targets: string[];
  stop(): void;
}

/**
 * Records every TCP and TLS connection that any library of this process begins, before a name is looked up.
 * `refuseExternalConnections` makes connections to other machines fail.
 */
export function watchConnections({ refuseExternalConnections = false } = {}): Watched {
  const targets: string[] = [];
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...parts: unknown[]) {
    // Inside Node, the arguments are normalized to an array.
    const [first, second] = Array.isArray(parts[0]) ? parts[0] : parts;
    const { host, port } = typeof first === "object" ? first : { host: second, port: first };
    targets.push(`${host ?? "localhost"}:${port}`);
    if (!refuseExternalConnections || host === "127.0.0.1") return Reflect.apply(connect, this, parts);
    const refused = Object.assign(new Error("Refused by the test."), { code: "ECONNREFUSED" });
    process.nextTick(() => this.destroy(refused));
    return this;
  } as typeof connect;
  return {
    targets,
    stop: () => {
      Socket.prototype.connect = connect;
    },
  };
}
