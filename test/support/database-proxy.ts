import net, { type AddressInfo, type Socket } from "node:net";

/** An address that stays while the server behind it is restarted. */
export class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server: net.Server;
  /** Where the server is now; null: nobody is let through. */
  target: URL | null = null;

  private constructor() {
    this.server = net.createServer((client) => {
      if (!this.target) return void client.destroy();
      const upstream = net.connect(Number(this.target.port), this.target.hostname);
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.sockets.add(one);
        one.pipe(other);
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

  /** The database's URL by way of here. */
  url(target: string): string {
    this.target = new URL(target);
    return Object.assign(new URL(target), { port: String((this.server.address() as AddressInfo).port) }).toString();
  }

  /** Breaks every connection, and lets nobody through until there is a target again. */
  cut(): void {
    this.target = null;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Lets nothing more pass on the connections that there are, and tells nobody; new ones are let through. */
  freeze(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
