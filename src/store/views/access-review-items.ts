import type { EvidenceItem } from "../../domain/access-evidence";
import type { AccessReviewItemOrder, AccessReviewStatus } from "../../domain/access-review";
import type { OrganizationRole } from "../../domain/role";
import { ITEM_COLUMNS } from "../access-review-item";
import { located, type Within } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";
import { cursorValues, ITEM_LISTS, isAfter, orderOf } from "../lists";
import type { PageRequest } from "../page";
import { type GrantJson, grantsFromJson } from "../reviewed-grants";
import { REVIEWERS } from "./access-reviews";
import { type Visibility, visibilityValues } from "./visibility";

/** An item, with the roles on which the viewer's right to decide depends. */
export interface AccessReviewItemView extends EvidenceItem {
  reviewId: string;
  position: number;
  /** 0 if there are findings, else 1. */
  findingsOrder: number;
  reviewStatus: AccessReviewStatus;
  reviewStartedAt: Date;
  /** The member's role now; null once they have left. */
  currentRole: OrganizationRole | null;
  /** The viewer's role; null for a service. */
  viewerRole: OrganizationRole | null;
}

interface Row extends Omit<AccessReviewItemView, "grants" | "newGrants"> {
  grants: GrantJson[];
  newGrants: GrantJson[] | null;
}

const COLUMNS = `${ITEM_COLUMNS}, i.review_id AS "reviewId", i.position,
  i.findings_order AS "findingsOrder", r.status AS "reviewStatus", r.started_at AS "reviewStartedAt",
  m.role AS "currentRole", v.role AS "viewerRole"`;

// Only for viewers who may see the review, which access_review_id_index finds.
const visibleItems = (within: Within) => `
  access_review r
  JOIN organization o ON o.id = r.organization_id AND o.deleted_at IS NULL ${within("o.id")}
  LEFT JOIN member v ON v.organization_id = r.organization_id AND v.user_id = $1 ${within("v.organization_id")}
  JOIN access_review_item i ON i.organization_id = r.organization_id AND i.review_id = r.id ${within("i.organization_id")}
  LEFT JOIN member m ON m.organization_id = i.organization_id AND m.id = i.member_id ${within("m.organization_id")}
  WHERE ($2 OR v.role IN (${REVIEWERS})) ${within("r.organization_id")}`;
const BY_VIEWER = { directory: "person", parameter: 1 } as const;

interface ItemList {
  /** Only items without a decision. */
  undecided: boolean;
  order: AccessReviewItemOrder;
}

const UNDECIDED = "AND i.decision IS NULL";

// One statement for each list, because each is a range of an index: the primary key, that of the undecided items, or
// access_review_item_findings_index, whose undecided items are few enough to be filtered.
function pageOf({ undecided, order }: ItemList): Statement {
  const list = ITEM_LISTS[order];
  const name = order === "JOINED" ? "access-review-item-pages" : "access-review-items-by-findings";
  const limit = 4 + cursorValues(list, null).length;
  const ofParent = (isOwn: string, within: Within) => `
        SELECT ${COLUMNS} FROM ${visibleItems(within)} AND r.id = parent.id AND ${isOwn} ${undecided ? UNDECIDED : ""}
          AND ${isAfter(list, 4)}
        ORDER BY ${orderOf(list)} LIMIT $${limit}`;
  // A distributed database finds the items' nodes by the review's organization.
  const ofNodes = (within: Within) => `
      SELECT page.* FROM access_review parent
      CROSS JOIN LATERAL (${ofParent("r.organization_id = parent.organization_id", within)}) AS page
      WHERE parent.id = ANY ($3::uuid[]) ${within("parent.organization_id")}`;
  const onServer = `
      SELECT page.* FROM unnest($3::uuid[]) AS parent (id) CROSS JOIN LATERAL (${ofParent("true", () => "")}) AS page`;
  const options = { name: undecided ? `undecided-${name}` : name, isShortRead: true } as const;
  return { ...located(options, BY_VIEWER, ofNodes), text: onServer, distributed: ofNodes(() => "") };
}

const PAGES = {
  JOINED: {
    all: pageOf({ order: "JOINED", undecided: false }),
    undecided: pageOf({ order: "JOINED", undecided: true }),
  },
  FINDINGS: {
    all: pageOf({ order: "FINDINGS", undecided: false }),
    undecided: pageOf({ order: "FINDINGS", undecided: true }),
  },
} satisfies Record<AccessReviewItemOrder, { all: Statement; undecided: Statement }>;

/** Pages of several reviews' items; all, or those without a decision. */
export async function accessReviewItemPages(
  reader: Reader,
  visibility: Visibility,
  reviewIds: readonly string[],
  { undecided, order }: ItemList,
  { limit, after }: PageRequest,
): Promise<AccessReviewItemView[]> {
  const from = cursorValues(ITEM_LISTS[order], after);
  const values = [...visibilityValues(visibility), reviewIds, ...from, limit + 1];
  return (await reader.rows<Row>(PAGES[order][undecided ? "undecided" : "all"], values)).map(viewOf);
}

const totalOf = (filter: string) => (within: Within) =>
  `
    SELECT r.id AS "parentId", count(*)::int AS total FROM ${visibleItems(within)} AND r.id = ANY ($3::uuid[]) ${filter}
    GROUP BY r.id`;
const TOTAL = located({ name: "access-review-item-totals", isShortRead: true }, BY_VIEWER, totalOf(""));
const UNDECIDED_TOTAL = located({ name: "undecided-item-totals", isShortRead: true }, BY_VIEWER, totalOf(UNDECIDED));

/** Counts items by review: all, or those without a decision. */
export function accessReviewItemTotals(
  reader: Reader,
  visibility: Visibility,
  reviewIds: readonly string[],
  undecided: boolean,
) {
  const values = [...visibilityValues(visibility), reviewIds];
  return reader.rows<{ parentId: string; total: number }>(undecided ? UNDECIDED_TOTAL : TOTAL, values);
}

const BY_ID = located(
  { name: "visible-access-review-items", isShortRead: true },
  BY_VIEWER,
  (within) => `
    SELECT ${COLUMNS} FROM ${visibleItems(within)} AND r.id = ANY ($3::uuid[]) AND i.id = ANY ($4::uuid[])
    ORDER BY array_position($4, i.id)`,
);

/** Items of reviews by id, in the order of the ids. */
export async function visibleAccessReviewItems(
  reader: Reader,
  visibility: Visibility,
  reviewIds: readonly string[],
  ids: readonly string[],
): Promise<AccessReviewItemView[]> {
  return (await reader.rows<Row>(BY_ID, [...visibilityValues(visibility), reviewIds, ids])).map(viewOf);
}

const EVIDENCE: Statement = {
  name: "access-review-evidence",
  text: `
    SELECT ${ITEM_COLUMNS} FROM access_review_item i
    WHERE i.organization_id = $1 AND i.review_id = $2 ORDER BY ${orderOf("accessReviewItems")}`,
};

/** All items of a review, with the data of its evidence. The caller has checked that the viewer may see the review. */
export async function evidenceItems(
  reader: Reader,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<EvidenceItem[]> {
  return (await reader.rows<Row>(EVIDENCE, [organizationId, id])).map(viewOf);
}

function viewOf({ grants, newGrants, ...row }: Row): AccessReviewItemView {
  return { ...row, grants: grantsFromJson(grants), newGrants: newGrants && grantsFromJson(newGrants) };
}
