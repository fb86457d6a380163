import { readFileSync } from "node:fs";
import path from "node:path";
import { InMemoryCache } from "@apollo/client";
import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isObjectType,
  isUnionType,
  parse,
  print,
  validate,
} from "graphql";
import * as parser from "graphql/language/parser";
import * as validator from "graphql/validation/validate";
import { documentChecker } from "../../src/server/documents/check-document";
import { persistedDocuments } from "../../src/server/documents/trusted-documents";
import { guardedSchema } from "../../src/server/graphql/schema";
import { RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

// Documents of real clients, tools and gateways have to be far below the limits.
const schema: GraphQLSchema = guardedSchema();
const cache = new InMemoryCache();
const ID = "01900000-0000-7000-8000-000000000000";
const VALUES: Record<string, string> = {
  "ID!": `"${ID}"`,
  "String!": '"x"',
  "DateTime!": '"2026-01-01T00:00:00Z"',
  "DryRunInput!": `{ leaveOrganization: { organizationId: "${ID}" } }`,
  "[PermissionCheck!]!": `[{ userId: "x", organization: { organizationId: "${ID}", permission: MANAGE_BILLING } }]`,
  "[OrganizationPermissionCheck!]!": `[{ organizationId: "${ID}", permission: MANAGE_BILLING }]`,
  "[WorkspacePermissionCheck!]!": `[{ workspaceId: "${ID}", permission: RUN_OPERATIONS }]`,
};

/** A field with all of its fields, up to `objects` objects deep, including pages of lists. */
function whole(field: GraphQLField<unknown, unknown>, objects: number): string {
  const args = field.args
    .filter(({ type }) => String(type) in VALUES)
    .map(({ name, type }) => `${name}: ${VALUES[String(type)]}`);
  const selection = everythingOf(getNamedType(field.type).name, objects);
  return `${field.name}${args.length > 0 ? `(${args.join(", ")})` : ""}${selection}`;
}

function everythingOf(name: string, objects: number): string {
  const type = schema.getType(name);
  if (isUnionType(type)) {
    return ` { ${type
      .getTypes()
      .map((arm) => `... on ${arm.name}${everythingOf(arm.name, objects)}`)
      .join(" ")} }`;
  }
  if (!isObjectType(type)) return "";
  const isWrapping = /Connection$|Edge$|Success$/.test(name);
  const fields = Object.values(type.getFields()).filter(
    ({ type: below }) => objects > 0 || isWrapping || !isObjectType(getNamedType(below)),
  );
  return ` { ${fields.map((field) => whole(field, isWrapping ? objects : objects - 1)).join(" ")} }`;
}

const roots = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ name }) => !name.startsWith("_"));
const contract = roots.map((field): [string, string] => [field.name, `{ ${whole(field, 1)} }`]);
const page = (nodes: string) =>
  `(first: 100) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ${nodes} } } }`;
const person = "user { id name email }";
const settings = `query Settings { organization(id: "${ID}") { id name description isPersonal createdAt updatedAt
  viewerMember { id role } viewerPermissions memberLimit { used limit remaining } workspaceLimit { used limit remaining }
  members${page(`id role joinedAt ${person} invitedBy { id name } workspaceAccess { role source roleOverride workspace { id name } }`)}
  invitations${page("id email role status delivery expiresAt workspaceGrants { workspaceId workspaceName roleOverride } invitedBy { id name }")}
  workspaces${page(`id name description cloudProvider isDefault viewerRole viewerPermissions memberCount access${page(`role source member { id ${person} }`)}`)}
  subscription { id status plan { code name } planOptions { plan { code name } isUpgrade blockers { code message } }
    usage { credits { used monthlyRemaining dailyRemaining } byWorkspace(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z") { workspace { id name } credits calls } } }
  byokStatus byokConfig { id status lastVerification { ok checks { kind ok code message } } }
  auditLog${page("sequence type occurredAt actorLabel summary actor { id name }")} } }`;
const home = `query Home { viewer { id name email memberships { id role organization { id name viewerPermissions
  workspaces(first: 20) { nodes { id name viewerRole } } members(first: 5) { totalCount nodes { id ${person} } } } }
  receivedInvitations { id organization { id name } role } } plans { code name features } }`;
const entities = (fields: string, type: string) =>
  `query Agents__organizations__1($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${fields} } } }`;
const batched = `query ${"($r0: [_Any!]!, $r1: [_Any!]!, $r2: [_Any!]!)"} { ${[0, 1, 2]
  .map(
    (n) =>
      `_${n}__entities: _entities(representations: $r${n}) { __typename ... on Workspace { __typename id viewerPermissions organization { id name } } }`,
  )
  .join(" ")} }`;
const all = { inputValueDeprecation: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true };

const documents: Array<[string, string]> = [
  ...contract.map(([name, text]): [string, string] => [`all that there is of ${name}`, text]),
  ["a page of settings", settings],
  ["a first page", home],
  ["introspection, as tools send it", getIntrospectionQuery()],
  ["introspection, with everything", getIntrospectionQuery(all)],
  ["the gateway's SDL", "query SubgraphIntrospectQuery { _service { sdl } }"],
  ["a gateway's entities", entities("__typename id viewerPermissions organization { id name }", "Workspace")],
  ["a gateway's entities of people", entities("__typename id name email", "User")],
  ["a gateway's batch", batched],
  ["a file of operations", readFileSync(path.join(__dirname, "../../web/src/graph/operations.graphql"), "utf8")],
];

describe.each([
  ["as it is", (document: DocumentNode) => document],
  ["with Apollo Client's additions", (document: DocumentNode) => cache.transformDocument(document)],
])("%s", (_, transform) => {
  test.each(documents)("%s is within the limits", (_name, text) => {
    const document = transform(parse(text));
    expect(validate(schema, document)).toEqual([]);
    const ids = Array.from({ length: 1_000 }, () => ({ __typename: "Workspace", id: ID }));
    const variables = { representations: ids, r0: ids, r1: ids, r2: ids };
    const check = documentChecker(schema, () => undefined);
    expect(() => check({ query: print(document), variables })).not.toThrow();
  });
});

test("a known document is neither parsed nor validated again, over any transport", async () => {
  const service = await RunningService.start({}, { jobs: false });
  const { token, ask } = await service.person();
  const query =
    "query Seen($first: Int) { viewer { memberships { organization { members(first: $first) { nodes { id } } } } } }";
  await ask(query, { first: 1 });
  const parsing = jest.spyOn(parser, "parse");
  const validating = jest.spyOn(validator, "validate");
  for (let first = 2; first < 10; first++) expect((await ask(query, { first })).errors).toBeUndefined();
  const client = connect(service.app.port, token);
  expect((await subscribeBySocket(client, query, { first: 3 }).over())[0]?.data.viewer.memberships).toHaveLength(1);
  expect([parsing.mock.calls.length, validating.mock.calls.length]).toEqual([0, 0]);
  await ask(`${query} # another`);
  expect([parsing.mock.calls.length > 0, validating.mock.calls.length]).toEqual([true, 1]);
  await client.dispose();
  await service.stop();
});

test("documents that clients register are kept up to four million characters, the latest ones", async () => {
  const { cache, textOf } = persistedDocuments(null);
  for (let n = 0; n < 6; n++) await cache.set(`apq:${n}`, String(n).repeat(1024 * 1024));
  const known = [0, 1, 2, 3, 4, 5].filter((n) => textOf({ persistedQuery: { sha256Hash: String(n) } }) !== undefined);
  expect(known).toEqual([2, 3, 4, 5]);
});

test("the first queries of an Owner of several organizations pass with default page sizes", () => {
  const check = documentChecker(schema, () => undefined);
  const access = "access { nodes { role source member { user { name } } } }";
  const query = `{ viewer { memberships { organization { workspaces { nodes { name ${access} } } } } } }`;
  expect(() => check({ query })).not.toThrow();
});
