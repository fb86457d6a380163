import net, { type AddressInfo, type Socket } from "node:net";

/** ReadyForQuery outside a transaction: all earlier messages are processed. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** An address that stays the same while the server behind it is restarted. */
export class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server: net.Server;
  private readonly clients = new Set<Socket>();
  /** Sockets whose data is not passed on. */
  private readonly held = new WeakSet<Socket>();
  private trap: { text: string; skip: number; spring(client: Socket, upstream: Socket): void } | null = null;
  /** The server's current address. Null: no connection is passed through. */
  target: URL | null = null;
  /** Several servers instead of the target: new connections lead to each in turn. */
  rotation: URL[] = [];
  /** While true, new connections are accepted, but no data is passed on. */
  isHanging = false;
  /** The delay of all data, in milliseconds. */
  delayMs = 0;

  private constructor() {
    this.server = net.createServer((client) => {
      const [next] = this.rotation;
      if (next) this.rotation = [...this.rotation.slice(1), next];
      const target = next ?? this.target;
      if (!target) return void client.destroy();
      this.clients.add(client);
      client.once("close", () => this.clients.delete(client));
      const upstream = net.connect(Number(target.port), target.hostname);
      if (this.isHanging) this.held.add(client).add(upstream);
      client.on("data", (chunk) => this.watch(chunk, client, upstream));
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.sockets.add(one);
        one.on("data", (chunk) => {
          if (this.held.has(one)) return;
          if (this.delayMs === 0) other.write(chunk);
          else setTimeout(() => other.write(chunk), this.delayMs);
        });
        one.on("end", () => other.end());
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async open(): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy();
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The number of open connections. */
  get connections(): number {
    return this.sockets.size / 2;
  }

  get port(): string {
    return String((this.server.address() as AddressInfo).port);
  }

  /** The database's URL through this proxy. */
  url(target: string): string {
    this.target = new URL(target);
    return Object.assign(new URL(target), { port: this.port }).toString();
  }

  /** Breaks every connection, and passes no connection through until a target is set. */
  cut(): void {
    this.target = null;
    this.rotation = [];
    for (const socket of this.sockets) socket.destroy();
  }

  /**
   * Breaks the connection that next sends this text: before the server gets it, or after the server executed it and
   * before the client gets the response. Resolves afterwards. `skip`: the number of times that the text passes before.
   */
  cutAt(text: string, when: "before" | "after", skip = 0): Promise<void> {
    return this.at(text, skip, (client, upstream) => {
      if (when === "before") {
        this.held.add(client);
        client.destroy();
        return;
      }
      this.held.add(upstream);
      upstream.on("data", (chunk: Buffer) => {
        if (chunk.subarray(-READY.length).equals(READY)) client.destroy();
      });
    });
  }

  /** Holds all data of the connection that next sends this text. The text does not arrive. */
  holdAt(text: string): Promise<void> {
    return this.at(text, 0, (client, upstream) => void this.held.add(client).add(upstream));
  }

  /** Breaks every connection once the client has the response to this text, and passes no connection through. */
  cutAfterResponseTo(text: string): Promise<void> {
    return this.at(text, 0, (client, upstream) => {
      upstream.on("data", (chunk: Buffer) => {
        if (!chunk.subarray(-READY.length).equals(READY)) return;
        // Data written before the end still arrives.
        this.target = null;
        for (const socket of this.sockets) if (socket !== client && socket !== upstream) socket.destroy();
        client.end();
      });
    });
  }

  private at(text: string, skip: number, act: (client: Socket, upstream: Socket) => void): Promise<void> {
    return new Promise((resolve) => {
      this.trap = {
        text,
        skip,
        spring: (client, upstream) => {
          act(client, upstream);
          resolve();
        },
      };
    });
  }

  private watch(chunk: Buffer, client: Socket, upstream: Socket): void {
    if (!this.trap || !chunk.includes(this.trap.text)) return;
    this.trap.skip -= 1;
    if (this.trap.skip >= 0) return;
    const { spring } = this.trap;
    this.trap = null;
    spring(client, upstream);
  }

  /** Silently stops all data on existing connections. New connections work. */
  freeze(): void {
    for (const socket of this.sockets) this.held.add(socket);
  }

  /** Closes the server's side of every connection, and ignores further data. */
  halfClose(): void {
    this.freeze();
    for (const client of this.clients) client.end();
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
