import type { MigrationInterface, QueryRunner } from "typeorm";
import { createIndexOnline, withShortLocks } from "./support/online";

/**
 * Reads of rows that grow with an organization use an index. The indexes are built while the service writes.
 * Organizations differ in size by a factor of a million. The planner expects the average one in a prepared statement,
 * and would look up one member by reading all of the organization. So its statistics say that there are few
 * organizations: then it prefers plans that are also fast in a large one.
 */
export class ReadLargeOrganizationsByIndex1764843300000 implements MigrationInterface {
  name = "ReadLargeOrganizationsByIndex1764843300000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(INDEXES)) await createIndexOnline(runner, name, definition);
    for (const [table, column, values] of SKEWED) {
      await withShortLocks(runner, [`ALTER TABLE ${table} ALTER COLUMN ${column} SET (n_distinct = ${values})`]);
      if ((await runner.query(`SELECT FROM ${table} LIMIT 1`)).length > 0) await runner.query(`ANALYZE ${table}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of SKEWED) {
      await runner.query(`ALTER TABLE ${table} ALTER COLUMN ${column} RESET (n_distinct)`);
    }
    for (const name of Object.keys(INDEXES)) await runner.query(`DROP INDEX ${name}`);
  }
}

const FEW = 2;
/** A tenth of the rows: people with many memberships are looked up by organization and person too. */
const TENTH = -0.1;
const SKEWED = [
  ["member", "organization_id", FEW],
  ["member", "user_id", TENTH],
  ["invitation", "organization_id", FEW],
  ["workspace", "organization_id", FEW],
  ["workspace_assignment", "organization_id", FEW],
  ["workspace_assignment", "workspace_id", FEW],
  ["organization_event", "organization_id", FEW],
] as const;

const RANK = "(CASE role WHEN 'OWNER' THEN 0 WHEN 'ADMIN' THEN 1 WHEN 'DEVELOPER' THEN 2 ELSE 3 END)";
const INDEXES = {
  // Pending invitations past their date, which counters still count as pending.
  invitation_overdue_index: "invitation (organization_id, expires_at) WHERE status = 'PENDING'",
  // Those that become void when their inviter goes.
  invitation_inviter_index: "invitation (organization_id, invited_by_id) WHERE status = 'PENDING'",
  // Members of some roles in each order.
  member_role_name_index: `member (organization_id, ${RANK}, name_key COLLATE "C", id)`,
  member_role_last_seen_index: `member (organization_id, ${RANK}, (coalesce(last_seen_at, to_timestamp(0))), id)`,
  // The members of a workspace: those with access to all, and those assigned to it.
  member_managers_index: "member (organization_id, joined_at, id) WHERE role IN ('OWNER', 'ADMIN')",
  workspace_assignment_members_index:
    "workspace_assignment (workspace_id, member_joined_at, member_id) WHERE NOT is_dormant",
  workspace_assignment_ended_index:
    "workspace_assignment (workspace_id, expires_at) WHERE NOT is_dormant AND expires_at IS NOT NULL",
  // Whether an address belongs to a member.
  user_account_email_index: "user_account (email) WHERE email_verified",
  // How many mails an organization has sent lately.
  organization_event_mails_index:
    "organization_event (organization_id, occurred_at) WHERE type IN ('invitation.created', 'invitation.resent')",
} as const;
