import type { ByokConfig } from "../../../entities/byok-config";
import { located, onNodes, type Within } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";
import { type Visibility, visibilityValues } from "./visibility";

type Sealed = "wrappedKey" | "sealedAccessKeyId" | "sealedSecretAccessKey" | "sealedSessionToken" | "masterKeyId";

/** A configuration without its sealed key. */
export type ByokConfigView = Omit<ByokConfig, Sealed> & {
  planCode: string;
  /** The person who saved the current key; null if the log does not name one. */
  savedById: string | null;
};

// Uses organization_event_sealing_index, which includes these events.
const savedBy = (within: Within) => `
  (SELECT e.actor_id FROM organization_event e
    WHERE e.organization_id = c.organization_id ${within("e.organization_id")} AND e.type IN ('byok.configured', 'byok.rotated')
    ORDER BY e.sequence DESC LIMIT 1)`;

const columns = (within: Within) => `
  c.id, c.organization_id AS "organizationId", c.access_key_id_hint AS "accessKeyIdHint",
  c.is_temporary AS "isTemporary", c.session_token_expires_at AS "sessionTokenExpiresAt", c.region,
  c.inference_profile AS "inferenceProfile", c.fallback, c.enabled, c.version,
  c.last_verification AS "lastVerification", c.failures, c.failures_since AS "failuresSince",
  c.failing_since AS "failingSince", c.expiry_notices AS "expiryNotices", c.created_at AS "createdAt",
  c.updated_at AS "updatedAt", s.plan_code AS "planCode", ${savedBy(within)} AS "savedById"`;
const FROM = "byok_config c JOIN organization_subscription s ON s.organization_id = c.organization_id";

const OF_ORGANIZATIONS = onNodes(
  { name: "byok-of-organizations", isShortRead: true, onStandby: "everything" },
  1,
  (within) => `
    SELECT ${columns(within)} FROM ${FROM}
    WHERE c.organization_id = ANY ($1::uuid[]) AND s.organization_id = ANY ($1::uuid[])`,
);

/** The configurations of organizations. Only Owners may see them; other members see only the status. */
export function byokConfigsOf(reader: Reader, organizationIds: readonly string[]): Promise<ByokConfigView[]> {
  return reader.rows<ByokConfigView>(OF_ORGANIZATIONS, [organizationIds]);
}

const VISIBLE = located(
  { name: "visible-byok", isShortRead: true },
  { directory: "person", parameter: 1 },
  (within) => `
    SELECT ${columns(within)} FROM ${FROM} ${within("s.organization_id")}
    JOIN organization o ON o.id = c.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    LEFT JOIN member v ON v.organization_id = c.organization_id AND v.user_id = $1 AND v.role = 'OWNER'
      ${within("v.organization_id")}
    WHERE c.id = ANY ($3::uuid[]) AND ($2 OR v.id IS NOT NULL) ${within("c.organization_id")}`,
);

/** Configurations by id. Only Owners see them. */
export function visibleByokConfigs(
  reader: Reader,
  visibility: Visibility,
  ids: readonly string[],
): Promise<ByokConfigView[]> {
  return reader.rows<ByokConfigView>(VISIBLE, [...visibilityValues(visibility), ids]);
}

/** The sealed key of a configuration. */
export interface SealedConfig extends Pick<ByokConfig, Sealed> {
  /** The last sealing in the event log; null if it was sealed before the log recorded sealings. */
  sealing: string | null;
  /** Whether the log records a removal after that. Then a stored key must not be opened. */
  wasRemoved: boolean;
}

// The hash-chained log names the current sealing. The row cannot, because an operator who restores an older row by hand
// would also restore the name of its sealing. A partial index with the same predicate holds few events.
const lastSealing = (organizationId: string) => `
  SELECT e.data ->> 'sealing' AS sealing, e.type = 'byok.removed' AS "wasRemoved" FROM organization_event e
  WHERE e.organization_id = ${organizationId}
    AND e.type IN ('byok.configured', 'byok.rotated', 'byok.resealed', 'byok.removed')
  ORDER BY e.sequence DESC LIMIT 1`;

const sealed = (within: Within) => `
    SELECT ${columns(within)}, c.master_key_id AS "masterKeyId", c.wrapped_key AS "wrappedKey",
      c.sealed_access_key_id AS "sealedAccessKeyId", c.sealed_secret_access_key AS "sealedSecretAccessKey",
      c.sealed_session_token AS "sealedSessionToken", last.sealing, coalesce(last."wasRemoved", false) AS "wasRemoved"
    FROM ${FROM} LEFT JOIN LATERAL (${lastSealing("$1")}) last ON true WHERE c.organization_id = $1`;
const SEALED: Statement = {
  name: "sealed-byok",
  text: sealed(() => ""),
  distributed: sealed((column) => `AND ${column} = $1`),
};

/** An organization's configuration with its sealed key; undefined if there is none. */
export async function sealedConfigOf(reader: Reader, organizationId: string) {
  const [row] = await reader.rows<ByokConfigView & SealedConfig>(SEALED, [organizationId]);
  return row;
}

const UNNAMED: Statement = {
  name: "byok-without-sealing",
  text: `
    SELECT c.organization_id AS id FROM byok_config c LEFT JOIN LATERAL (${lastSealing("c.organization_id")}) last ON true
    WHERE c.organization_id > $1 AND last.sealing IS NULL AND last."wasRemoved" IS NOT TRUE
    ORDER BY c.organization_id LIMIT $2`,
};

/** Organizations whose key was sealed before sealings had names, by id, after the id `after`. */
export async function organizationsWithUnnamedSealing(reader: Reader, after: string, limit: number): Promise<string[]> {
  return (await reader.rows<{ id: string }>(UNNAMED, [after, limit])).map(({ id }) => id);
}

const VERSIONS: Statement = {
  name: "byok-versions",
  isShortRead: true,
  text: `
    SELECT c.organization_id AS "organizationId", c.version FROM byok_config c
    JOIN organization o ON o.id = c.organization_id AND o.id = ANY ($1::uuid[]) AND o.deleted_at IS NULL
    WHERE c.enabled AND c.organization_id = ANY ($1::uuid[])`,
};

/** The versions of enabled configurations, by organization. */
export async function byokVersions(reader: Reader, organizationIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await reader.rows<{ organizationId: string; version: string }>(VERSIONS, [organizationIds]);
  return new Map(rows.map(({ organizationId, version }) => [organizationId, version]));
}
