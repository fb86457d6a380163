import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * The ledger of calls and its roll-ups. There are no foreign keys, because metering must not lock the organization's
 * row; the purge deletes these rows itself. The service creates and drops the ledger's monthly partitions
 * (src/store/usage-partitions.ts).
 */
export class MeterUsage1764200000000 implements MigrationInterface {
  name = "MeterUsage1764200000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ["credit_alert", "usage_day", "usage_hour", "usage_record"]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const UP = [
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
  // Only columns without an index change, so that updates stay within their pages.
  `
    CREATE TABLE usage_hour (
      organization_id uuid NOT NULL,
      hour timestamptz(3) NOT NULL,
      workspace_id uuid NOT NULL,
      credits numeric(24, 9) NOT NULL,
      calls integer NOT NULL,
      byok_calls integer NOT NULL,
      CONSTRAINT usage_hour_pkey PRIMARY KEY (organization_id, hour, workspace_id)
    ) WITH (fillfactor = 70)
  `,
  "CREATE INDEX usage_hour_hour_index ON usage_hour (hour)",
  `
    CREATE TABLE usage_day (
      organization_id uuid NOT NULL,
      day date NOT NULL,
      period_start timestamptz(3) NOT NULL,
      credits numeric(24, 9) NOT NULL,
      CONSTRAINT usage_day_pkey PRIMARY KEY (organization_id, day, period_start)
    ) WITH (fillfactor = 70)
  `,
  `
    CREATE TABLE credit_alert (
      organization_id uuid NOT NULL,
      period_start timestamptz(3) NOT NULL,
      threshold smallint NOT NULL,
      CONSTRAINT credit_alert_pkey PRIMARY KEY (organization_id, period_start, threshold),
      CONSTRAINT credit_alert_organization_id_fkey
        FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE
    )
  `,
];
