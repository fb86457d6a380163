import { Client } from "pg";
import type { EventType } from "../../src/domain/events";

const APPEND = `
  WITH head AS (
    UPDATE organization SET event_sequence = event_sequence + $2 WHERE id = $1 RETURNING event_sequence AS sequence
  )
  INSERT INTO organization_event
    (organization_id, sequence, type, occurred_at, actor_label, subject_id, summary, data, hash)
  SELECT $1, head.sequence - $2 + n, $3, now(), 'system', $1, 'Something changed.', '{}', ''
  FROM head, generate_series(1, $2::int) n ORDER BY n`;

/** A connection that writes events. The test begins and ends its transactions. */
export class EventWriter {
  private constructor(readonly client: Client) {}

  static async connect(url: string): Promise<EventWriter> {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    return new EventWriter(client);
  }

  /** Begins a transaction that has its id already. Returns the id. */
  async begin(): Promise<number> {
    await this.client.query("BEGIN");
    const { rows } = await this.client.query<{ id: string }>("SELECT pg_current_xact_id()::text AS id");
    return Number(rows[0]?.id);
  }

  /** Appends events to an organization's log, under the lock on the organization. */
  async append(organizationId: string, count = 1, type: EventType = "organization.updated"): Promise<void> {
    await this.client.query(APPEND, [organizationId, count, type]);
  }

  async commit(): Promise<void> {
    await this.client.query("COMMIT");
  }

  async rollback(): Promise<void> {
    await this.client.query("ROLLBACK");
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
