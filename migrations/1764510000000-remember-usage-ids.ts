import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Record ids are stored from the day of their receipt, not from the day of their call. The ledger is partitioned by the
 * month of receipt, so that a repeated id conflicts in the primary key regardless of its time, and stays for at least
 * 35 days. Hours are also summed for the whole organization (`scope_id` is then its own id), so that its trend is one
 * range of the primary key for any number of workspaces. A replica of the earlier version cannot record usage with this
 * schema; its senders try again.
 */
export class RememberUsageIds1764510000000 implements MigrationInterface {
  name = "RememberUsageIds1764510000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const COLUMNS = "organization_id, workspace_id, at, credits, byok";

const UP = [
  `
    CREATE TABLE usage_ledger (
      id uuid NOT NULL,
      month date NOT NULL,
      organization_id uuid NOT NULL,
      workspace_id uuid NOT NULL,
      at timestamptz(3) NOT NULL,
      credits numeric(24, 9) NOT NULL,
      byok boolean NOT NULL,
      CONSTRAINT usage_ledger_pkey PRIMARY KEY (id, month)
    ) PARTITION BY RANGE (month)
  `,
  // The service creates and drops partitions (src/store/usage-partitions.ts). Existing records count as received this
  // month.
  `
    DO $$
    DECLARE first date := date_trunc('month', now() AT TIME ZONE 'UTC');
    BEGIN
      IF NOT EXISTS (SELECT FROM usage_record) THEN RETURN; END IF;
      EXECUTE format('CREATE TABLE %I PARTITION OF usage_ledger FOR VALUES FROM (%L) TO (%L)',
        'usage_ledger_' || to_char(first, 'YYYY_MM'), first, (first + interval '1 month')::date);
      INSERT INTO usage_ledger (id, month, ${COLUMNS})
      SELECT DISTINCT ON (id) id, first, ${COLUMNS} FROM usage_record ORDER BY id, at;
    END $$
  `,
  "DROP TABLE usage_record",
  "ALTER TABLE usage_hour RENAME COLUMN workspace_id TO scope_id",
  "ALTER TABLE usage_hour DROP CONSTRAINT usage_hour_pkey",
  "ALTER TABLE usage_hour ADD CONSTRAINT usage_hour_pkey PRIMARY KEY (organization_id, scope_id, hour)",
  `
    INSERT INTO usage_hour (organization_id, scope_id, hour, credits, calls, byok_calls)
    SELECT organization_id, organization_id, hour, sum(credits), sum(calls), sum(byok_calls)
    FROM usage_hour GROUP BY organization_id, hour
  `,
  "DROP INDEX usage_hour_hour_index",
  "CREATE INDEX usage_hour_hour_index ON usage_hour (hour) WHERE scope_id = organization_id",
];

const DOWN = [
  "DROP INDEX usage_hour_hour_index",
  "DELETE FROM usage_hour WHERE scope_id = organization_id",
  "ALTER TABLE usage_hour DROP CONSTRAINT usage_hour_pkey",
  "ALTER TABLE usage_hour RENAME COLUMN scope_id TO workspace_id",
  "ALTER TABLE usage_hour ADD CONSTRAINT usage_hour_pkey PRIMARY KEY (organization_id, hour, workspace_id)",
  "CREATE INDEX usage_hour_hour_index ON usage_hour (hour)",
  `
    CREATE TABLE usage_record (
      id uuid NOT NULL,
      organization_id uuid NOT NULL,
      workspace_id uuid NOT NULL,
      at timestamptz(3) NOT NULL,
      credits numeric(24, 9) NOT NULL,
      byok boolean NOT NULL,
      CONSTRAINT usage_record_pkey PRIMARY KEY (id, at)
    ) PARTITION BY RANGE (at)
  `,
  `
    DO $$
    DECLARE first timestamp;
    BEGIN
      FOR first IN SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC') FROM usage_ledger LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF usage_record FOR VALUES FROM (%L) TO (%L)',
          'usage_record_' || to_char(first, 'YYYY_MM'), first::text || 'Z', (first + interval '1 month')::text || 'Z');
      END LOOP;
      INSERT INTO usage_record (id, ${COLUMNS}) SELECT DISTINCT ON (id) id, ${COLUMNS} FROM usage_ledger ORDER BY id;
    END $$
  `,
  "DROP TABLE usage_ledger",
];
