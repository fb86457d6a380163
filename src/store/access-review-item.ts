import type { ItemToComplete } from "../domain/access-completion";
import type { EvidenceItem } from "../domain/access-evidence";
import type { AccessReviewDecision, AccessReviewOutcome, ReviewedGrant, ReviewedMember } from "../domain/access-review";
import type { OrganizationRole } from "../domain/role";
import type { Reader, Statement } from "./engine/statement";
import { type GrantJson, grantsFromJson, grantsOf } from "./reviewed-grants";

/** SQL columns of item `i` for its evidence. */
export const ITEM_COLUMNS = `
  i.id, i.member_id AS "memberId", i.user_id AS "userId", i.user_name AS "userName", i.role, i.grants,
  i.joined_at AS "joinedAt", i.last_seen_at AS "lastSeenAt", i.owner_rank AS "ownerRank", i.decision,
  i.decided_by_id AS "decidedById", i.decided_at AS "decidedAt", i.note, i.new_role AS "newRole",
  i.new_grants AS "newGrants", i.outcome`;

/** An item with the data for a decision on it. */
export interface ItemToDecide extends ReviewedMember {
  id: string;
  /** The person's name when the review started. */
  userName: string;
  /** The decision so far, if there is one. */
  decision: AccessReviewDecision | null;
  decidedAt: Date | null;
  newRole: OrganizationRole | null;
  newGrants: readonly unknown[] | null;
}

// Uses access_review_item_organization_id_review_id_id_index.
const TO_DECIDE: Statement = {
  name: "items-to-decide",
  text: `
    SELECT i.id, i.user_id AS "userId", i.user_name AS "userName", i.role, m.role AS "currentRole", i.decision,
      i.decided_at AS "decidedAt", i.new_role AS "newRole", i.new_grants AS "newGrants"
    FROM access_review_item i
    LEFT JOIN member m ON m.organization_id = i.organization_id AND m.id = i.member_id
    WHERE i.organization_id = $1 AND i.review_id = $2 AND i.id = ANY ($3::uuid[])`,
};

/** Reads those of these items that belong to the review. */
export function itemsToDecide(
  reader: Reader,
  { organizationId, id }: { organizationId: string; id: string },
  itemIds: readonly string[],
): Promise<ItemToDecide[]> {
  return reader.rows<ItemToDecide>(TO_DECIDE, [organizationId, id, itemIds]);
}

/** A stored decision. Null takes the earlier decision back. */
export interface StoredDecision {
  id: string;
  decision: AccessReviewDecision | null;
  newRole: OrganizationRole | null;
  newGrants: readonly ReviewedGrant[] | null;
  note: string | null;
}

const DECIDE: Statement = {
  name: "decide-items",
  text: `
    UPDATE access_review_item i SET decision = d.decision, new_role = d."newRole", new_grants = d."newGrants",
      note = d.note, decided_by_id = CASE WHEN d.decision IS NOT NULL THEN $4 END,
      decided_at = CASE WHEN d.decision IS NOT NULL THEN $5::timestamptz END
    FROM jsonb_to_recordset($3::jsonb)
      AS d (id uuid, decision text, "newRole" text, "newGrants" jsonb, note text)
    WHERE i.organization_id = $1 AND i.review_id = $2 AND i.id = d.id`,
};

/** Stores decisions of one person, which replace earlier ones on the same items. */
export async function storeDecisions(
  reader: Reader,
  { organizationId, id }: { organizationId: string; id: string },
  decisions: readonly StoredDecision[],
  { by, at }: { by: string; at: Date },
): Promise<void> {
  await reader.rows(DECIDE, [organizationId, id, JSON.stringify(decisions), by, at]);
}

/** An item of a review that is about to be completed, with the data of its evidence. */
export interface CompletingItem extends ItemToComplete, EvidenceItem {
  /** The member's present name; `userName` is the one at the start. */
  currentName: string;
}

interface CompletingRow extends Omit<CompletingItem, "grants" | "newGrants" | "current"> {
  grants: GrantJson[];
  newGrants: GrantJson[] | null;
  currentRole: OrganizationRole | null;
  /** Null if they are those of the start. */
  currentGrants: GrantJson[] | null;
  sequence: number;
}

/** The items of a review, as of the event with this number. */
export interface ItemsToComplete {
  sequence: number;
  items: CompletingItem[];
}

const TO_COMPLETE: Statement = {
  name: "items-to-complete",
  text: `
    SELECT ${ITEM_COLUMNS}, u.name AS "currentName", m.role AS "currentRole",
      nullif(${grantsOf("m", "$3", "$1")}, i.grants) AS "currentGrants",
      (SELECT event_sequence FROM organization WHERE id = $1) AS sequence
    FROM access_review_item i
    JOIN user_account u ON u.id = i.user_id
    LEFT JOIN member m ON m.organization_id = i.organization_id AND m.id = i.member_id
    WHERE i.organization_id = $1 AND i.review_id = $2 ORDER BY i.position`,
};

/** All items of a review, with the access that the members have now. */
export async function itemsToComplete(
  reader: Reader,
  { organizationId, id }: { organizationId: string; id: string },
  now: Date,
): Promise<ItemsToComplete> {
  const rows = await reader.rows<CompletingRow>(TO_COMPLETE, [organizationId, id, now]);
  const items = rows.map(({ currentRole, currentGrants, sequence: _, ...row }) => {
    const grants = grantsFromJson(row.grants);
    const current = currentRole && {
      role: currentRole,
      grants: currentGrants ? grantsFromJson(currentGrants) : grants,
    };
    return { ...row, grants, newGrants: row.newGrants && grantsFromJson(row.newGrants), current };
  });
  return { sequence: rows[0]?.sequence ?? 0, items };
}

/** The data that completing a review stores for an item. */
export interface CompletedItem {
  id: string;
  decision: AccessReviewDecision | null;
  outcome: AccessReviewOutcome;
}

// Undecided items get their decision from the person who completes the review.
const COMPLETE: Statement = {
  name: "complete-items",
  text: `
    UPDATE access_review_item i SET outcome = c.outcome, decision = c.decision,
      decided_by_id = CASE WHEN i.decision IS NULL AND c.decision IS NOT NULL THEN $6 ELSE i.decided_by_id END,
      decided_at = CASE WHEN i.decision IS NULL AND c.decision IS NOT NULL THEN $7 ELSE i.decided_at END
    FROM unnest($3::uuid[], $4::text[], $5::text[]) AS c (id, decision, outcome)
    WHERE i.organization_id = $1 AND i.review_id = $2 AND i.id = c.id`,
};

/** Stores the outcomes of all items. */
export async function storeOutcomes(
  reader: Reader,
  { organizationId, id }: { organizationId: string; id: string },
  items: readonly CompletedItem[],
  { by, at }: { by: string; at: Date },
): Promise<void> {
  const ids = items.map((item) => item.id);
  const decisions = items.map(({ decision }) => decision);
  const outcomes = items.map(({ outcome }) => outcome);
  await reader.rows(COMPLETE, [organizationId, id, ids, decisions, outcomes, by, at]);
}
