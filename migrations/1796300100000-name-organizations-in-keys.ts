import type { MigrationInterface, QueryRunner } from "typeorm";
import { type NewKey, replaceKey } from "./support/keys";
import { createIndexOnline } from "./support/online";

/**
 * Every unique key of an organization's rows contains the organization, so that a database can keep each organization on a
 * node or partition of its own. Rows are still found by their id alone, by an index.
 *
 * Replicas of the earlier version run on: they write by ids, which stay unique, and two of their statements find conflicts
 * by the keys in `OLD_KEYS`, which stay beside the new ones until `npm run distribute` drops them.
 */
export class NameOrganizationsInKeys1796300100000 implements MigrationInterface {
  name = "NameOrganizationsInKeys1796300100000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(INDEXES)) await createIndexOnline(runner, name, definition);
    for (const [name, definition] of Object.entries(OLD_KEYS)) {
      await createIndexOnline(runner, name, definition, "UNIQUE");
    }
    for (const key of KEYS) await replaceKey(runner, key);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
    for (const name of [...Object.keys(INDEXES), ...Object.keys(OLD_KEYS)]) await runner.query(`DROP INDEX ${name}`);
  }
}

const INDEXES = {
  member_id_index: "member (id)",
  workspace_id_index: "workspace (id)",
  invitation_id_index: "invitation (id)",
  organization_subscription_id_index: "organization_subscription (id)",
  byok_config_id_index: "byok_config (id)",
  invitation_token_token_hash_index: "invitation_token (token_hash)",
  invitation_workspace_invitation_id_index: "invitation_workspace (invitation_id)",
} as const;

const OLD_KEYS = {
  workspace_assignment_old_key: "workspace_assignment (workspace_id, member_id)",
  dead_link_old_key: "dead_link (token_hash)",
} as const;

/** A foreign key of `child`, by the name that it has now: it gets the organization. */
const reference = (child: string, parent: string, now = `${child}_organization_id_${parent}_id_fkey`) => ({
  [`${child}.${now}`]: `${child}_organization_id_${parent}_id_fkey
    FOREIGN KEY (organization_id, ${parent}_id) REFERENCES ${parent}(organization_id, id) ON DELETE CASCADE`,
});
const byIdAlone = (child: string, parent: string) => reference(child, parent, `${child}_${parent}_id_fkey`);

const KEYS: readonly NewKey[] = [
  {
    table: "member",
    columns: "organization_id, id",
    replaces: ["member_organization_id_id_key"],
    references: reference("workspace_assignment", "member"),
  },
  {
    table: "workspace",
    columns: "organization_id, id",
    replaces: ["workspace_organization_id_id_key"],
    references: {
      ...reference("workspace_assignment", "workspace"),
      ...reference("workspace_count", "workspace"),
      ...byIdAlone("invitation_workspace", "workspace"),
    },
  },
  {
    table: "invitation",
    columns: "organization_id, id",
    references: {
      ...byIdAlone("invitation_workspace", "invitation"),
      ...byIdAlone("invitation_token", "invitation"),
      ...byIdAlone("dead_link", "invitation"),
    },
  },
  { table: "workspace_assignment", columns: "organization_id, workspace_id, member_id" },
  { table: "invitation_workspace", columns: "organization_id, invitation_id, workspace_id" },
  { table: "invitation_token", columns: "organization_id, token_hash" },
  { table: "dead_link", columns: "organization_id, token_hash" },
  { table: "organization_subscription", columns: "organization_id, id" },
  { table: "byok_config", columns: "organization_id, id" },
];

const BY_ID = ["member", "workspace", "invitation", "organization_subscription", "byok_config"];
const CHILDREN = [
  ["workspace_assignment", "member"],
  ["workspace_assignment", "workspace"],
  ["workspace_count", "workspace"],
  ["invitation_workspace", "workspace"],
  ["invitation_workspace", "invitation"],
  ["invitation_token", "invitation"],
  ["dead_link", "invitation"],
] as const;
const OLD_COLUMNS = {
  workspace_assignment: "workspace_id, member_id",
  invitation_workspace: "invitation_id, workspace_id",
  invitation_token: "token_hash",
  dead_link: "token_hash",
} as const;

const DOWN = [
  ...CHILDREN.map(
    ([child, parent]) => `ALTER TABLE ${child} DROP CONSTRAINT ${child}_organization_id_${parent}_id_fkey`,
  ),
  ...[...BY_ID, ...Object.keys(OLD_COLUMNS)].map((table) => `ALTER TABLE ${table} DROP CONSTRAINT ${table}_pkey`),
  ...BY_ID.map((table) => `ALTER TABLE ${table} ADD CONSTRAINT ${table}_pkey PRIMARY KEY (id)`),
  ...Object.entries(OLD_COLUMNS).map(
    ([table, columns]) => `ALTER TABLE ${table} ADD CONSTRAINT ${table}_pkey PRIMARY KEY (${columns})`,
  ),
  "ALTER TABLE member ADD CONSTRAINT member_organization_id_id_key UNIQUE (organization_id, id)",
  "ALTER TABLE workspace ADD CONSTRAINT workspace_organization_id_id_key UNIQUE (organization_id, id)",
  ...CHILDREN.map(([child, parent]) =>
    child.startsWith("workspace")
      ? `ALTER TABLE ${child} ADD CONSTRAINT ${child}_organization_id_${parent}_id_fkey
          FOREIGN KEY (organization_id, ${parent}_id) REFERENCES ${parent}(organization_id, id) ON DELETE CASCADE`
      : `ALTER TABLE ${child} ADD CONSTRAINT ${child}_${parent}_id_fkey
          FOREIGN KEY (${parent}_id) REFERENCES ${parent}(id) ON DELETE CASCADE`,
  ),
];
