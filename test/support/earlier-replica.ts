import { randomBytes, randomUUID } from "node:crypto";
import type { DataSource } from "typeorm";

/** Undoes the migrations since the one with this time. */
export async function undoMigrationsSince(dataSource: DataSource, time: number): Promise<void> {
  for (;;) {
    const [{ last }] = await dataSource.query("SELECT max(timestamp) AS last FROM migrations");
    if (Number(last) < time) return;
    await dataSource.undoLastMigration();
  }
}

/** Finds rows whose organization_id differs from their parent's. */
export const INCONSISTENT = `
  SELECT 'link' AS kind, encode(t.token_hash, 'escape') AS id FROM invitation_token t
  JOIN invitation i ON i.id = t.invitation_id WHERE t.organization_id <> i.organization_id
  UNION ALL SELECT 'grant', g.invitation_id::text FROM invitation_workspace g
  JOIN invitation i ON i.id = g.invitation_id WHERE g.organization_id <> i.organization_id
  UNION ALL SELECT 'personal', o.id::text FROM organization o
  JOIN user_account u ON u.id = o.personal_for_id WHERE u.personal_organization_id IS DISTINCT FROM o.id
  UNION ALL SELECT 'handed on', u.id FROM user_account u WHERE u.personal_organization_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM organization o WHERE o.id = u.personal_organization_id AND o.personal_for_id = u.id)
  UNION ALL SELECT 'customer', s.provider_customer_id FROM organization_subscription s
  LEFT JOIN provider_customer c ON c.id = s.provider_customer_id
  WHERE s.provider_customer_id IS NOT NULL AND c.organization_id IS DISTINCT FROM s.organization_id`;

/** A connection, or something that measures one. */
export interface Connection {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

const INVITATION = `
  INSERT INTO invitation (id, organization_id, email, role, status, delivery, created_at, queued_at, send_number, expires_at)
  VALUES ($1, $2, $3, 'VIEWER', 'PENDING', 'QUEUED', now(), now(), 1, now() + interval '1 day')`;

const PARTITION = `
  CREATE TABLE IF NOT EXISTS usage_ledger_2026_01 PARTITION OF usage_ledger FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`;

/**
 * Writes like the version before keys contained the organization. Its statements are copied from that version where
 * they depend on a key, and must not change with the sources.
 */
export class EarlierReplica {
  private readonly ids: string[] = [];

  constructor(private readonly client: Connection) {}

  /** The number of organizations that it has founded. */
  get written(): number {
    return this.ids.length;
  }

  async count(): Promise<number> {
    const { rows } = await this.client.query("SELECT count(*)::int AS count FROM organization");
    return (rows[0] as { count: number }).count;
  }

  async organizationIds(): Promise<string[]> {
    return this.ids;
  }

  /** Founds an organization, invites somebody, renews the link, assigns a workspace twice, and records usage twice. */
  async write(): Promise<void> {
    const [id, user, workspace, member, invitation, usage] = Array.from({ length: 6 }, () => randomUUID());
    const link = randomBytes(32);
    const run = (text: string, ...values: unknown[]) => this.client.query(text, values);
    await run(PARTITION);
    await run("BEGIN");
    await run(
      `INSERT INTO user_account (id, name, email_verified, identity_at, created_at) VALUES ($1, 'U', false, now(), now())`,
      user,
    );
    await run(
      `INSERT INTO organization (id, name, personal_for_id, created_at, updated_at, event_sequence, event_hash)
       VALUES ($1, 'O', $2, now(), now(), 0, '')`,
      ...[id, user],
    );
    await run(
      `INSERT INTO organization_subscription (id, organization_id, plan_code, status, billing_interval, started_at,
         current_period_start, current_period_end)
       VALUES (gen_random_uuid(), $1, 'STARTER', 'ACTIVE', 'MONTHLY', now(), now(), now() + interval '1 month')`,
      id,
    );
    await run(
      `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
       VALUES ($1, $2, 'W', 'w', 'AWS', true, now(), now())`,
      ...[workspace, id],
    );
    await run(
      "INSERT INTO member (id, organization_id, user_id, role, joined_at) VALUES ($1, $2, $3, 'OWNER', now())",
      ...[member, id, user],
    );
    await this.invite(id as string, workspace as string, invitation as string, link);
    for (const role of ["VIEWER", "ADMIN"]) {
      await run(
        `INSERT INTO workspace_assignment AS a (organization_id, member_id, workspace_id, role_override)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, member_id) DO UPDATE SET role_override = excluded.role_override`,
        ...[id, member, workspace, role],
      );
    }
    await this.meter(id as string, workspace as string, usage as string);
    await run(
      "UPDATE organization_subscription SET provider_customer_id = $2 WHERE organization_id = $1",
      id,
      `cus_${id}`,
    );
    if (this.ids.length % 2 === 1) await run("UPDATE organization SET personal_for_id = NULL WHERE id = $1", id);
    await run("COMMIT");
    this.ids.push(id as string);
  }

  private async invite(organizationId: string, workspaceId: string, id: string, link: Buffer): Promise<void> {
    const run = (text: string, ...values: unknown[]) => this.client.query(text, values);
    await run(INVITATION, id, organizationId, `${id}@example.com`);
    await run("INSERT INTO invitation_workspace (invitation_id, workspace_id) VALUES ($1, $2)", id, workspaceId);
    await run("INSERT INTO invitation_token (token_hash, invitation_id) VALUES ($1, $2)", link, id);
    await run(
      `WITH gone AS (DELETE FROM invitation_token WHERE invitation_id = $2 RETURNING token_hash)
       INSERT INTO dead_link (token_hash, organization_id, invitation_id) SELECT token_hash, $1, $2 FROM gone
       ON CONFLICT (token_hash) DO NOTHING`,
      ...[organizationId, id],
    );
    await run(
      `INSERT INTO dead_link (token_hash, organization_id, invitation_id, requested_at) VALUES ($2, $1, $3, now())
       ON CONFLICT (token_hash) DO UPDATE SET requested_at = excluded.requested_at`,
      ...[organizationId, link, id],
    );
    await run("INSERT INTO invitation_token (token_hash, invitation_id) VALUES ($1, $2)", randomBytes(32), id);
    await run("UPDATE invitation SET status = 'ACCEPTED' WHERE id = $1", id);
  }

  private async meter(organizationId: string, workspaceId: string, id: string): Promise<void> {
    const text = `
      INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
      VALUES ($1, '2026-01-01', $2, $3, now(), 1, false) ON CONFLICT DO NOTHING RETURNING id`;
    const counts: number[] = [];
    for (let n = 0; n < 2; n++) {
      counts.push((await this.client.query(text, [id, organizationId, workspaceId])).rows.length);
    }
    if (counts.join() !== "1,0") throw new Error(`The same record was counted ${counts.join(" and ")} times.`);
  }
}
