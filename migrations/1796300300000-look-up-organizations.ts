import type { MigrationInterface, QueryRunner } from "typeorm";
import { createIndexOnline, fillInBatches, withShortLocks } from "./support/online";

/**
 * What is unique over all organizations moves out of their rows: a person's one personal organization to the person, and the
 * customers of the payment provider to a table of their own. Triggers fill both in for replicas of the earlier version.
 */
export class LookUpOrganizations1796300300000 implements MigrationInterface {
  name = "LookUpOrganizations1796300300000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(INDEXES)) await createIndexOnline(runner, name, definition);
    for (const statements of EXPAND) await withShortLocks(runner, statements);
    for (const statement of [FILL_PERSONAL, FILL_CUSTOMERS]) await fillInBatches(runner, statement);
    for (const name of DROPPED) await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const INDEXES = {
  organization_personal_owner_index: "organization (personal_for_id) WHERE personal_for_id IS NOT NULL",
  organization_subscription_customer_index: "organization_subscription (provider_customer_id)",
} as const;
// Their uniqueness is that of the rows elsewhere, once these are filled in.
const DROPPED = ["organization_personal_for_id_index", "organization_subscription_provider_customer_id_index"];

const PERSONAL = [
  "ALTER TABLE user_account ADD COLUMN IF NOT EXISTS personal_organization_id uuid",
  `CREATE OR REPLACE FUNCTION copy_personal_organization() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.personal_for_id IS NOT NULL THEN
      UPDATE user_account SET personal_organization_id = NEW.id
      WHERE id = NEW.personal_for_id AND personal_organization_id IS DISTINCT FROM NEW.id;
    ELSE
      UPDATE user_account SET personal_organization_id = NULL
      WHERE id = OLD.personal_for_id AND personal_organization_id = NEW.id;
    END IF;
    RETURN NULL;
  END $$`,
];
const PERSONAL_TRIGGERS = [
  `CREATE OR REPLACE TRIGGER organization_personal_insert AFTER INSERT ON organization
    FOR EACH ROW WHEN (NEW.personal_for_id IS NOT NULL) EXECUTE FUNCTION copy_personal_organization()`,
  `CREATE OR REPLACE TRIGGER organization_personal_update AFTER UPDATE OF personal_for_id ON organization
    FOR EACH ROW WHEN (NEW.personal_for_id IS DISTINCT FROM OLD.personal_for_id)
    EXECUTE FUNCTION copy_personal_organization()`,
];

// A customer of another organization is refused, as by the unique index before.
const CUSTOMERS = [
  `CREATE TABLE IF NOT EXISTS provider_customer (
    id varchar(255) NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT provider_customer_pkey PRIMARY KEY (id)
  )`,
  "CREATE INDEX IF NOT EXISTS provider_customer_organization_id_index ON provider_customer (organization_id)",
  `CREATE OR REPLACE FUNCTION copy_provider_customer() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND NEW.provider_customer_id IS NOT DISTINCT FROM OLD.provider_customer_id THEN
      RETURN NULL;
    END IF;
    INSERT INTO provider_customer AS c (id, organization_id) VALUES (NEW.provider_customer_id, NEW.organization_id)
    ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id
      WHERE c.organization_id = excluded.organization_id;
    IF NOT FOUND THEN
      RAISE unique_violation USING MESSAGE = 'the customer belongs to another organization',
        CONSTRAINT = 'provider_customer_pkey', TABLE = 'provider_customer';
    END IF;
    RETURN NULL;
  END $$`,
];
const CUSTOMER_TRIGGER = [
  `CREATE OR REPLACE TRIGGER subscription_customer AFTER INSERT OR UPDATE OF provider_customer_id
    ON organization_subscription FOR EACH ROW WHEN (NEW.provider_customer_id IS NOT NULL)
    EXECUTE FUNCTION copy_provider_customer()`,
];
const EXPAND = [PERSONAL, PERSONAL_TRIGGERS, CUSTOMERS, CUSTOMER_TRIGGER];

// Few rows at a time, because commands wait for their organization's.
const FILL_PERSONAL = `
  WITH batch AS (
    SELECT id, personal_for_id FROM organization WHERE id > $1 ORDER BY id LIMIT 200 FOR SHARE
  ), filled AS (
    UPDATE user_account u SET personal_organization_id = batch.id FROM batch
    WHERE u.id = batch.personal_for_id AND u.personal_organization_id IS NULL
  )
  SELECT (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last`;

const FILL_CUSTOMERS = `
  WITH batch AS (
    SELECT organization_id, provider_customer_id FROM organization_subscription
    WHERE organization_id > $1 ORDER BY organization_id LIMIT 200
  ), filled AS (
    INSERT INTO provider_customer (id, organization_id)
    SELECT provider_customer_id, organization_id FROM batch WHERE provider_customer_id IS NOT NULL
    ON CONFLICT (id) DO NOTHING
  )
  SELECT (SELECT organization_id FROM batch ORDER BY organization_id DESC LIMIT 1) AS last`;

const DOWN = [
  `CREATE UNIQUE INDEX organization_personal_for_id_index ON organization (personal_for_id)
    WHERE personal_for_id IS NOT NULL`,
  `CREATE UNIQUE INDEX organization_subscription_provider_customer_id_index
    ON organization_subscription (provider_customer_id)`,
  ...Object.keys(INDEXES).map((name) => `DROP INDEX ${name}`),
  "DROP TRIGGER subscription_customer ON organization_subscription",
  "DROP FUNCTION copy_provider_customer()",
  "DROP TRIGGER organization_personal_insert ON organization",
  "DROP TRIGGER organization_personal_update ON organization",
  "DROP FUNCTION copy_personal_organization()",
  "DROP TABLE provider_customer",
  "ALTER TABLE user_account DROP COLUMN personal_organization_id",
];
