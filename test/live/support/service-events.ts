/** An event in the form for services. */
export interface ServiceEvent {
  cursor: string;
  organizationId: string;
  sequence: number;
  type: string;
  actorLabel: string;
  subjectId: string | null;
  userId: string | null;
  workspaceId: string | null;
  changes: Array<{ field: string; before: string | null; after: string | null }>;
}

const FIELDS =
  "cursor organizationId sequence type occurredAt actorLabel subjectId userId workspaceId changes { field before after }";

/** The query of organizationEvents. */
export const QUERY = `query($after: String, $first: Int, $types: [String!]) {
  organizationEvents(after: $after, first: $first, types: $types) { cursor hasMore events { ${FIELDS} } } }`;

/** The subscription of organizationEvents. */
export const SUBSCRIPTION = `subscription($after: String, $types: [String!]) {
  organizationEvents(after: $after, types: $types) { ${FIELDS} } }`;
