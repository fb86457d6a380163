import type { OrganizationRole } from "../../graph/generated/graphql";
import { inOwnTab } from "../../session/own-storage";
import type { Choice } from "../access/choices";

/** The input in the invite dialog that is not sent yet. */
export interface Draft {
  pieces: string[];
  role: OrganizationRole;
  choices: Array<[string, Choice]>;
}

const keyOf = (organizationId: string) => `invite-draft:${organizationId}`;

/** Keeps the draft in this tab while the person looks at plans or pays for one. */
export function keepDraft(organizationId: string, draft: Draft): void {
  inOwnTab.set(keyOf(organizationId), JSON.stringify(draft));
}

export function readDraft(organizationId: string): Draft | null {
  const text = inOwnTab.get(keyOf(organizationId));
  return text === null ? null : (JSON.parse(text) as Draft);
}

export function dropDraft(organizationId: string): void {
  inOwnTab.remove(keyOf(organizationId));
}
