/**
 * Where a distributed PostgreSQL (Citus) keeps each table: all rows of an organization are on one node, by this column. Each
 * unique key has the column. `npm run distribute` distributes them.
 */
export const DISTRIBUTED_TABLES = {
  organization: "id",
  organization_count: "organization_id",
  organization_event: "organization_id",
  event_removal: "organization_id",
  removed_event_range: "organization_id",
  organization_subscription: "organization_id",
  member: "organization_id",
  former_member: "organization_id",
  workspace: "organization_id",
  workspace_assignment: "organization_id",
  workspace_count: "organization_id",
  invitation: "organization_id",
  invitation_workspace: "organization_id",
  invitation_token: "organization_id",
  dead_link: "organization_id",
  access_review: "organization_id",
  access_review_item: "organization_id",
  byok_config: "organization_id",
  credit_alert: "organization_id",
  provider_lease: "organization_id",
  refused_subscription: "organization_id",
  usage_day: "organization_id",
  usage_hour: "organization_id",
  usage_ledger: "organization_id",
} as const satisfies Readonly<Record<string, string>>;

/** Tables that are copied to every node, because organizations on all nodes refer to their rows. */
export const REFERENCE_TABLES = ["user_account"] as const;

/** Tables on the coordinator only, like those of migrations and jobs. */
export const LOCAL_TABLES = [
  "billing_event",
  "database_identity",
  "database_restore",
  "event_feed",
  "idempotent_answer",
  "invitation_directory",
  "invited_address",
  "job_worker",
  "migrations",
  "newest_removed_event",
  "person_directory",
  "provider_customer",
  "workspace_directory",
] as const;

/**
 * Statements that fill the directories from the rows they lead to. The service writes them only while the database is
 * distributed, and reads them once all are filled. Citus must know that a transaction writes them, so that it commits them and a node's rows together.
 */
export const FILL_DIRECTORIES = [
  `INSERT INTO workspace_directory (workspace_id, organization_id) SELECT id, organization_id FROM workspace
   ON CONFLICT DO NOTHING`,
  `INSERT INTO person_directory (user_id, organization_id) SELECT user_id, organization_id FROM member
   ON CONFLICT DO NOTHING`,
  `INSERT INTO person_directory (user_id, organization_id)
   SELECT DISTINCT data ->> 'userId', organization_id FROM organization_event WHERE data ->> 'userId' IS NOT NULL
   ON CONFLICT DO NOTHING`,
  `INSERT INTO invitation_directory (invitation_id, organization_id, email) SELECT id, organization_id, email FROM invitation
   ON CONFLICT DO NOTHING`,
] as const;

export const DIRECTORIES = ["invitation_directory", "person_directory", "workspace_directory"] as const;

/** Makes the directories known to Citus, unless it knows them. */
export const ADD_DIRECTORIES = DIRECTORIES.map(
  (table) => `
    SELECT citus_add_local_table_to_metadata('${table}')
    WHERE NOT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = '${table}'::regclass)`,
);

/**
 * Unique keys of replicas of an earlier version, without the organization. Neither a distributed nor a partitioned table can
 * have them.
 */
export const OLD_KEYS = ["dead_link_old_key", "workspace_assignment_old_key"] as const;

/** Triggers that do for replicas of an earlier version what the service does now. */
export const OLD_TRIGGERS = [
  "invitation_token_organization",
  "invitation_workspace_organization",
  "organization_event_feed",
  "organization_personal_insert",
  "organization_personal_update",
  "subscription_customer",
] as const;

/** Holds what is to be done yet, while a database is partly distributed. */
export const UNFINISHED_SCHEMA = "distribution";
