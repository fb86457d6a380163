import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { Client, Pool, type QueryConfig } from "pg";

/** The statements that one request sent to the database, in order. */
export type Sent = QueryConfig[];

/**
 * The floor: a bare server that answers a request by sending the recorded statements again, prepared, on a pool of
 * `pg`'s own, and serializing their rows. A body that is a number picks the recording; any other body picks the first
 * one.
 */
export class Floor {
  private recordings: Sent[] = [];
  private readonly server: http.Server;

  constructor(private readonly pool: Pool) {
    // The server ends its connections when the benchmark stops it.
    pool.on("error", () => undefined);
    this.server = http.createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const sent = this.recordings[Number(body)] ?? this.recordings[0] ?? [];
      const answers = isTransaction(sent) ? await this.transact(sent) : await this.read(sent);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers));
    });
  }

  static async start(databaseUrl: string): Promise<Floor> {
    const floor = new Floor(new Pool({ connectionString: databaseUrl, max: 10 }));
    await new Promise<void>((resolve) => floor.server.listen(0, "127.0.0.1", resolve));
    return floor;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  replay(recordings: Sent[]): void {
    this.recordings = recordings;
  }

  async stop(): Promise<void> {
    this.server.close();
    await this.pool.end();
  }

  private async read(sent: Sent): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const query of sent) answers.push((await this.pool.query(query)).rows);
    return answers;
  }

  private async transact(sent: Sent): Promise<unknown[]> {
    const answers: unknown[] = [];
    const client = await this.pool.connect();
    try {
      for (const query of sent) answers.push((await client.query(query)).rows);
    } finally {
      client.release();
    }
    return answers;
  }
}

function isTransaction(sent: Sent): boolean {
  return sent.some(({ text }) => text === "COMMIT");
}

/**
 * Records the statements that `work` sends. `rollBack` rolls its transactions back, so that the recording can later be
 * sent as the same request.
 */
export async function record(work: () => Promise<unknown>, { rollBack = false } = {}): Promise<Sent> {
  const sent: Sent = [];
  const plain = Client.prototype.query;
  const recording = function (this: Client, ...parts: [unknown, unknown?]) {
    const [query, values] = parts;
    const text = typeof query === "string" ? query : (query as QueryConfig).text;
    const given = typeof query === "string" ? values : (query as QueryConfig).values;
    sent.push({ text, name: nameOf(text), values: Array.isArray(given) ? given : [] });
    const executed = rollBack && text === "COMMIT" ? ["ROLLBACK"] : parts;
    return Reflect.apply(plain, this, executed);
  };
  Client.prototype.query = recording as Client["query"];
  try {
    await work();
  } finally {
    Client.prototype.query = plain;
  }
  return sent;
}

function nameOf(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
