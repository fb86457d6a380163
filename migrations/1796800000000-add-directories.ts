import type { MigrationInterface, QueryRunner } from "typeorm";
import { withShortLocks } from "./support/online";

/**
 * Tables on the coordinator of a distributed database, with the organizations of workspaces and of people. `npm run
 * distribute` fills them. They stay empty without it, because one server finds these organizations by its indexes.
 */
export class AddDirectories1796800000000 implements MigrationInterface {
  name = "AddDirectories1796800000000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await withShortLocks(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE person_directory, workspace_directory");
  }
}

const TABLES = [
  `
  CREATE TABLE IF NOT EXISTS workspace_directory (
    workspace_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT workspace_directory_pkey PRIMARY KEY (workspace_id)
  )`,
  "CREATE INDEX IF NOT EXISTS workspace_directory_organization_id_index ON workspace_directory (organization_id)",
  `
  CREATE TABLE IF NOT EXISTS person_directory (
    user_id text NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT person_directory_pkey PRIMARY KEY (user_id, organization_id)
  )`,
  "CREATE INDEX IF NOT EXISTS person_directory_organization_id_index ON person_directory (organization_id)",
];
