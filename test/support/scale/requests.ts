import { randomUUID } from "node:crypto";
import type { Filled } from "./fill-database";

/** A request about the largest organization. `variables` makes each repetition of a write a new one. */
export interface ScaleRequest {
  query: string;
  who: "owner" | "meter";
  variables?: () => object;
}

const PAGE = "nodes { id role joinedAt user { id name email } }";

/** The requests that are measured at each size, by name. */
export function scaleRequests(filled: Filled): Record<string, ScaleRequest> {
  return { ...reads(filled), ...readsOfServices(filled), ...writes(filled) };
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

const of = (organizationId: string, fields: string): ScaleRequest => ({
  who: "owner",
  query: `{ organization(id: "${organizationId}") { id ${fields} } }`,
});

function reads({ organizationId: id, workspaceId }: Filled): Record<string, ScaleRequest> {
  const found = (search: string, { order = "JOINED", first = 50 } = {}) =>
    of(id, `members(first: ${first}, search: "${search}", orderBy: ${order}) { ${PAGE} }`);
  return {
    "viewer page": {
      who: "owner",
      query: "{ viewer { id memberships { role organization { id name viewerPermissions } } } }",
    },
    "members, page of 50": of(id, `name viewerPermissions members(first: 50) { ${PAGE} }`),
    "members, with totalCount": of(id, `members(first: 50) { totalCount ${PAGE} }`),
    "members, Owners alone": of(id, `members(first: 50, roles: [OWNER]) { totalCount ${PAGE} }`),
    "members, Owners and Admins by name": of(
      id,
      `members(first: 50, roles: [OWNER, ADMIN], orderBy: NAME) { ${PAGE} }`,
    ),
    "members by last use": of(id, `members(first: 50, orderBy: LAST_SEEN) { ${PAGE} }`),
    "search, one hit": found("zyxwvut"),
    "search, no hit": found("nobody at all"),
    "search, one in a hundred": found("quentin"),
    // A thousand members have ten hits, so these have the same number of rows at every size.
    "search, one in a hundred, first ten": found("quentin", { first: 10 }),
    "search, one in a hundred, first ten by name": found("quentin", { first: 10, order: "NAME" }),
    "search, most": found("e", { order: "NAME" }),
    memberLimit: of(id, "memberLimit { used limit } workspaceLimit { used }"),
    "why not": of(id, "invitationRefusal { code } workspaceCreationRefusal { code } leaveRefusal { code }"),
    "workspace, with memberCount and access": {
      who: "owner",
      query: `{ workspace(id: "${workspaceId}") { id memberCount
        access(first: 50) { totalCount nodes { role member { id } } } } }`,
    },
    "invitations, with totalCount": of(
      id,
      "invitations(first: 50, statuses: [PENDING]) { totalCount nodes { email } }",
    ),
    "audit page, with totalCount": of(id, "auditLog(first: 50) { totalCount nodes { sequence type summary } }"),
    "usage of a year": of(
      id,
      `subscription { usage { members { used } credits { used }
        trend(from: "${daysAgo(364)}", to: "${daysAgo(0)}") { credits } } }`,
    ),
  };
}

function readsOfServices({ organizationId, workspaceId, memberId }: Filled): Record<string, ScaleRequest> {
  return {
    "permission check": {
      who: "owner",
      query: `{ organizationPermissions(
          checks: [{ organizationId: "${organizationId}", permission: EDIT_ORGANIZATION }]) { allowed }
        workspacePermissions(checks: [{ workspaceId: "${workspaceId}", permission: RUN_OPERATIONS }]) { allowed } }`,
    },
    _entities: {
      who: "owner",
      query: `query($r: [_Any!]!) { _entities(representations: $r) { __typename
        ... on Organization { name } ... on Workspace { name memberCount } ... on Member { role } } }`,
      variables: () => ({
        r: [
          { __typename: "Organization", id: organizationId },
          { __typename: "Workspace", id: workspaceId },
          { __typename: "Member", id: memberId },
        ],
      }),
    },
  };
}

function writes({ organizationId, workspaceId, memberId }: Filled): Record<string, ScaleRequest> {
  let changes = 0;
  return {
    inviteMembers: {
      who: "owner",
      query: `mutation($email: String!) { inviteMembers(input: {
        organizationId: "${organizationId}", emails: [$email], role: VIEWER }) { __typename } }`,
      variables: () => ({ email: `${randomUUID()}@example.com` }),
    },
    changeMemberRole: {
      who: "owner",
      query: `mutation($role: OrganizationRole!) { changeMemberRole(input: {
        organizationId: "${organizationId}", memberId: "${memberId}", role: $role }) { __typename } }`,
      variables: () => ({ role: changes++ % 2 === 0 ? "ADMIN" : "VIEWER" }),
    },
    "recordUsage, 100 records": {
      who: "meter",
      query: `mutation($records: [UsageRecordInput!]!) { recordUsage(input: { records: $records }) { __typename } }`,
      variables: () => ({
        records: Array.from({ length: 100 }, () => ({
          ...{ id: randomUUID(), workspaceId, at: new Date().toISOString(), credits: 0.1 },
        })),
      }),
    },
  };
}
