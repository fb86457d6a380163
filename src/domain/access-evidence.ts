import {
  type AccessReviewDecision,
  type AccessReviewOutcome,
  type AccessReviewStatus,
  findingsOf,
  type ReviewedAccess,
  type ReviewedGrant,
} from "./access-review";
import type { OrganizationRole } from "./role";

/** The evidence of a review. Everything here is stored with the review, so the evidence never changes afterwards. */
export interface EvidenceReview {
  organizationId: string;
  id: string;
  name: string;
  status: AccessReviewStatus;
  startedAt: Date;
  startedById: string | null;
  dueAt: Date;
  completedAt: Date | null;
  completedById: string | null;
}

export interface EvidenceItem extends ReviewedAccess {
  id: string;
  memberId: string;
  userId: string;
  userName: string;
  decision: AccessReviewDecision | null;
  newRole: OrganizationRole | null;
  newGrants: readonly ReviewedGrant[] | null;
  note: string | null;
  decidedById: string | null;
  decidedAt: Date | null;
  outcome: AccessReviewOutcome | null;
}

const COLUMNS = [
  ...["item", "member", "user", "name", "role", "workspaces", "joined at", "last seen at", "findings", "decision"],
  ...["new role", "new workspaces", "note", "decided by", "decided at", "outcome"],
];

/** The evidence as CSV by RFC 4180: a line of names, then one line per member. */
export function evidenceCsv(...evidence: Parameters<typeof csvLines>): string {
  return [...csvLines(...evidence)].join("");
}

/** The same, line by line. */
export function* csvLines(
  { startedAt }: Pick<EvidenceReview, "startedAt">,
  items: readonly EvidenceItem[],
): Generator<string> {
  yield lineOf(COLUMNS);
  for (const item of items) {
    yield lineOf([
      ...[item.id, item.memberId, item.userId, item.userName, item.role, grantsText(item.grants)],
      ...[item.joinedAt.toISOString(), item.lastSeenAt?.toISOString(), findingsOf(item, startedAt).join("; ")],
      ...[item.decision, item.newRole, item.newGrants && grantsText(item.newGrants), item.note],
      ...[item.decidedById, item.decidedAt?.toISOString(), item.outcome],
    ]);
  }
}

function lineOf(cells: ReadonlyArray<string | null | undefined>): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** Texts that a spreadsheet takes for a formula, also after white space and in full-width characters. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20|%]|^[\t\r\n]/u;

/** A cell of CSV. An apostrophe makes a spreadsheet show a formula as text. */
function cell(value: string | null | undefined): string {
  const text = value ?? "";
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.includes('"') ? safe.replaceAll('"', '""') : safe}"`;
}

function grantsText(grants: readonly ReviewedGrant[]): string {
  return grants
    .map(({ workspaceId, workspaceName, roleOverride, expiresAt }) => {
      const role = roleOverride ? ` as ${roleOverride}` : "";
      return `${workspaceName} (${workspaceId})${role}${expiresAt ? ` until ${expiresAt.toISOString()}` : ""}`;
    })
    .join("; ");
}

/** The evidence as JSON, without white space and with its keys in a fixed order, so that equal evidence is equal text. */
export function evidenceJson(...evidence: Parameters<typeof jsonParts>): string {
  return [...jsonParts(...evidence)].join("");
}

/** The same in parts, one per member. */
export function* jsonParts(review: EvidenceReview, items: readonly EvidenceItem[]): Generator<string> {
  const { organizationId, id, name, status, startedAt, startedById, dueAt, completedAt, completedById } = review;
  const head = { organizationId, id, name, status, startedAt, startedById, dueAt, completedAt, completedById };
  yield `{"review":${JSON.stringify(head)},"items":[`;
  for (const [index, item] of items.entries()) yield `${index === 0 ? "" : ","}${itemJson(item, startedAt)}`;
  yield "]}";
}

function itemJson(item: EvidenceItem, startedAt: Date): string {
  return JSON.stringify({
    id: item.id,
    memberId: item.memberId,
    userId: item.userId,
    userName: item.userName,
    role: item.role,
    grants: item.grants.map(orderedGrant),
    joinedAt: item.joinedAt,
    lastSeenAt: item.lastSeenAt,
    findings: findingsOf(item, startedAt),
    decision: item.decision,
    newRole: item.newRole,
    newGrants: item.newGrants?.map(orderedGrant) ?? null,
    note: item.note,
    decidedById: item.decidedById,
    decidedAt: item.decidedAt,
    outcome: item.outcome,
  });
}

function orderedGrant({ workspaceId, workspaceName, roleOverride, expiresAt }: ReviewedGrant): ReviewedGrant {
  return { workspaceId, workspaceName, roleOverride, expiresAt };
}
