import { type OperationDefinitionNode, parse, validate } from "graphql";
import { compileDocument } from "../../src/server/graphql/compile";
import { rootFieldsOf } from "../../src/server/graphql/root-fields";
import { guardedSchema } from "../../src/server/graphql/schema";
import { nested, times } from "../support/hostile-parts";

// Which documents are compiled. The differential test compares the bytes of their results.
const schema = guardedSchema();
const isCompiled = (text: string) => {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return compileDocument(schema, document) !== null;
};

const LIST = "members(first: 50) { nodes { id user { name } } }";
const page = (selection: string) => `{ organization(id: "x") { ${selection} } }`;

test.each([
  ["a page", page(LIST)],
  [
    "a page of a name",
    `query Page($first: Int = 3, $id: ID!) { organization(id: $id) { members(first: $first) { nodes { id } } } }`,
  ],
  ["a page by fragments", `{ organization(id: "x") { ...P ...P } } fragment P on Organization { ${LIST} }`],
  ["a list in a list", "{ viewer { memberships { organization { workspaces { nodes { id } } } } } }"],
  ["entities", "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Workspace { id name } } }"],
  ["roles in a list", page(`members(roles: [OWNER, ADMIN]) { nodes { id } }`)],
])("compiled: %s", (_, text) => expect(isCompiled(text)).toBe(true));

test.each([
  ["a small answer", "{ viewer { id name } }"],
  ["a list of texts", '{ organization(id: "x") { viewerPermissions } }'],
  [
    "a mutation",
    `mutation { inviteMembers(input: { organizationId: "x", emails: [], role: VIEWER }) { ... on InviteMembersSuccess { invitations { id } } } }`,
  ],
  ["a subscription", "subscription { receivedInvitationChanged { workspaceGrants { workspaceId } } }"],
  ["two operations", `query A ${page(LIST)} query B { plans { code } }`],
  ["a condition on a field", page(`${LIST} name @include(if: true)`)],
  [
    "a condition on a spread",
    `{ organization(id: "x") { ...P @skip(if: false) } } fragment P on Organization { ${LIST} }`,
  ],
  ["a condition on an inline fragment", page(`... @include(if: true) { ${LIST} }`)],
  ["a condition by a variable", `query($v: Boolean! = false) ${page(`${LIST} name @include(if: $v)`)}`],
  [
    "a variable in an object",
    `query($i: ID!) { _entities(representations: [{ __typename: "Organization", id: $i }]) { ... on Organization { id } } }`,
  ],
  ["a variable in a list", `query($r: _Any!) { _entities(representations: [$r]) { ... on Organization { id } } }`],
  [
    "an object",
    `{ _entities(representations: [{ __typename: "Organization", id: "x" }]) { ... on Organization { id } } }`,
  ],
  [
    "an object as a default",
    `query($r: [_Any!]! = [{ __typename: "User" }]) { _entities(representations: $r) { __typename } }`,
  ],
  ["a prototype", `{ __proto__: plans { __proto__: code } }`],
  ["introspection", "{ __schema { types { name } } plans { code } }"],
  ["a credential", `{ llmAccess(workspaceId: "x") { __typename } plans { code } }`],
  ["invoices", page(`subscription { invoices { nodes { id } } }`)],
  [
    "invoices in a fragment",
    `{ organization(id: "x") { ...P } } fragment P on Organization { subscription { ...Q } }
    fragment Q on OrganizationSubscription { invoices { nodes { id } } }`,
  ],
  ["a dry run by a variable", `query($m: DryRunInput!) { dryRun(mutation: $m) { __typename } plans { code } }`],
  [
    "more than five hundred selections, once expanded",
    `{ organization(id: "x") { ${times(30, (i) => `a${i}: viewerMember { organization { ...P } }`)} } } fragment P on Organization { ${LIST} ${times(15, (i) => `b${i}: id`)} }`,
  ],
  [
    "a fragment that doubles",
    `{ plans { ...F0 } } ${times(12, (i) => `fragment F${i} on Plan { ...F${i + 1} ...F${i + 1} }`)} fragment F12 on Plan { code }`,
  ],
])("interpreted: %s", (_, text) => expect(isCompiled(text)).toBe(false));

test("documents of the maximum depth are compiled", () => {
  expect(isCompiled(`{ viewer { ${nested(3, "memberships { organization { members { nodes { user {", "id")} } }`)).toBe(
    true,
  );
});

test("of a document with many root fields, metrics and traces have ten", () => {
  const fields = (count: number) => Array.from({ length: count }, (_, n) => `field${n}`).join(" ");
  const of = (text: string) => {
    const document = parse(text);
    return rootFieldsOf(document, document.definitions[0] as OperationDefinitionNode);
  };
  expect(of(`{ ${fields(30)} }`)).toHaveLength(10);
  expect(of(`{ ${"... { ".repeat(10)} inner ${"}".repeat(10)} }`)).toEqual(["inner"]);
  expect(of(`{ ${"... { ".repeat(11)} inner ${"}".repeat(11)} }`)).toEqual([]);
});
