import { type Person, RunningService } from "../support/service";

let service: RunningService;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  owner = await service.person("Olga 100%");
  const { data } = await owner.ask(
    `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
  );
  id = data.createOrganization.organization.id;
  await owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ENTERPRISE" }) { __typename } }`);
});
afterAll(() => service.stop());

/** A new person joins. */
async function join(name: string, role = "VIEWER"): Promise<Person & { memberId: string }> {
  const person = await service.person(name);
  const { data } = await owner.ask(
    `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["${person.email}"], role: ${role} }) { ... on InviteMembersSuccess { invitations { id } } } }`,
  );
  const invitationId = data.inviteMembers.invitations[0].id;
  const joined = await person.ask(
    `mutation { acceptInvitation(input: { invitationId: "${invitationId}" }) { ... on AcceptInvitationSuccess { member { id } } } }`,
  );
  return { ...person, memberId: joined.data.acceptInvitation.member.id };
}

const list = async (field: string, selection: string, args: object = {}, types = "$first: Int, $after: String") => {
  const passed = types.replaceAll(/\$(\w+): [^,]+/g, "$1: $$$1");
  const query = `query(${types}) { organization(id: "${id}") { list: ${field}(${passed}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { ${selection} } edges { cursor } } } }`;
  const { data, errors } = await owner.ask(query, args);
  expect(errors).toBeUndefined();
  return data.organization.list;
};
const names = (page: { nodes: Array<{ user: { name: string } }> }) => page.nodes.map(({ user }) => user.name);

test("pages stay consistent while members join and leave", async () => {
  const people = [];
  for (const name of ["Ada", "Ben", "Cem", "Dua", "Émile_\\"]) people.push(await join(name));
  const first = await list("members", "id user { name }", { first: 3 });
  expect(names(first)).toEqual(["Olga 100%", "Ada", "Ben"]);
  expect(first).toMatchObject({ totalCount: 6, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
  expect(first.pageInfo).toMatchObject({ startCursor: first.edges[0].cursor, endCursor: first.edges[2].cursor });
  // The member at the cursor leaves, and another one joins at the end.
  const remove = { organizationId: id, memberId: people[1]?.memberId };
  await owner.ask(`mutation($input: RemoveMemberInput!) { removeMember(input: $input) { __typename } }`, {
    input: remove,
  });
  await join("Fay");
  const second = await list("members", "id user { name }", { first: 3, after: first.pageInfo.endCursor });
  expect(names(second)).toEqual(["Cem", "Dua", "Émile_\\"]);
  expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  const last = await list("members", "id user { name }", { first: 3, after: second.pageInfo.endCursor });
  expect(names(last)).toEqual(["Fay"]);
  expect(last).toMatchObject({ totalCount: 6, pageInfo: { hasNextPage: false } });
});

test.each([
  ["%", ["Olga 100%"]],
  ["100%", ["Olga 100%"]],
  ["_", ["Émile_\\"]],
  ["\\", ["Émile_\\"]],
  ["  oLGA ", ["Olga 100%"]],
  ["éMILE_\\", ["Émile_\\"]],
  ["E\u0301mile", ["Émile_\\"]],
  ["nobody", []],
])("a search for %j matches these characters only", async (search, found) => {
  const types = "$first: Int, $search: String";
  const page = await list("members", "user { name }", { search }, types);
  expect(names(page)).toEqual(found);
  expect(page.totalCount).toBe(found.length);
});

test("members are found by their address and filtered by role", async () => {
  const admin = await join("Adam", "ADMIN");
  const types = "$search: String, $roles: [OrganizationRole!]";
  expect(names(await list("members", "user { name }", { search: admin.email.toUpperCase() }, types))).toEqual(["Adam"]);
  expect(names(await list("members", "user { name }", { roles: ["OWNER", "ADMIN"] }, types))).toEqual([
    "Olga 100%",
    "Adam",
  ]);
  expect(names(await list("members", "user { name }", { roles: [] }, types))).toEqual([]);
});

test("ids may be written in upper case", async () => {
  const { data } = await owner.ask(
    `query($upper: ID!) { organization(id: $upper) { id workspaces { nodes { id } } }
      _entities(representations: [{ __typename: "Organization", id: "${id.toUpperCase()}" }]) { ... on Organization { id } } }`,
    { upper: id.toUpperCase() },
  );
  expect([data.organization, data._entities]).toMatchObject([{ id, workspaces: { nodes: [{}] } }, [{ id }]]);
});

test("the same list with other arguments is another list, and each mutation of a document reads what it has changed", async () => {
  const lists = `all: members { totalCount } owners: members(roles: [OWNER]) { totalCount } none: members(roles: []) { totalCount }
    found: members(search: "ada") { nodes { id } } first: members(search: "ada", first: 1) { totalCount }`;
  const { data } = await owner.ask(`{ organization(id: "${id}") { ${lists} } }`);
  const { all, owners, none, found, first } = data.organization;
  expect([owners.totalCount, none.totalCount]).toEqual([1, 0]);
  expect(first.totalCount).toBe(found.nodes.length);
  expect(first.totalCount).toBeGreaterThan(1);
  expect(all.totalCount).toBeGreaterThan(first.totalCount);
  const rename = (name: string) =>
    `updateOrganization(input: { organizationId: "${id}", name: "${name}" }) { ... on UpdateOrganizationSuccess { organization { name } } }`;
  const renamed = await owner.ask(`mutation { first: ${rename("Acme One")} second: ${rename("Acme Two")} }`);
  expect(renamed.data).toEqual({
    first: { organization: { name: "Acme One" } },
    second: { organization: { name: "Acme Two" } },
  });
});

test("the default workspace and the newest invitation come first", async () => {
  for (const name of ["Zeta", "Alpha"]) {
    await owner.ask(
      `mutation { createWorkspace(input: { organizationId: "${id}", name: "${name}", cloudProvider: GCP }) { __typename } }`,
    );
  }
  const workspaces = await list("workspaces", "name isDefault");
  expect(workspaces.nodes.map(({ name }: { name: string }) => name)).toEqual(["Default", "Zeta", "Alpha"]);
  for (const email of ["one@example.com", "two@example.com"]) {
    await owner.ask(
      `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["${email}"], role: VIEWER }) { __typename } }`,
    );
  }
  const pending = await list("invitations", "email status");
  expect(pending.nodes).toEqual(["two", "one"].map((who) => ({ email: `${who}@example.com`, status: "PENDING" })));
  const types = "$statuses: [InvitationStatus!]";
  expect((await list("invitations", "id", { statuses: ["ACCEPTED"] }, types)).totalCount).toBe(7);
  expect((await list("invitations", "id", { statuses: null }, types)).totalCount).toBe(9);
});

test("invitations are found by part of their address, newest first, page by page", async () => {
  const types = "$search: String, $statuses: [InvitationStatus!], $first: Int, $after: String";
  const found = async (args: object) => {
    const page = await list("invitations", "email", { statuses: ["PENDING"], ...args }, types);
    return { emails: page.nodes.map(({ email }: { email: string }) => email.split("@")[0]), ...page };
  };
  expect((await found({ search: " TWO@exam" })).emails).toEqual(["two"]);
  expect(await found({ search: "@example.com" })).toMatchObject({ emails: ["two", "one"], totalCount: 2 });
  const first = await found({ search: "example", first: 1 });
  expect(first).toMatchObject({ emails: ["two"], totalCount: 2, pageInfo: { hasNextPage: true } });
  expect((await found({ search: "example", first: 1, after: first.pageInfo.endCursor })).emails).toEqual(["one"]);
  for (const search of ["nobody", "one%", "o_e", "\\", "two\u0000"]) {
    expect(await found({ search })).toMatchObject({ emails: [], totalCount: 0 });
  }
  expect((await found({ search: "two", statuses: ["EXPIRED"] })).emails).toEqual([]);
  for (const search of ["", " ", null]) expect((await found({ search })).emails).toEqual(["two", "one"]);
});

test("the audit log is filtered by type, actor, workspace and time", async () => {
  const types =
    "$types: [String!], $actorId: ID, $workspaceId: ID, $since: DateTime, $until: DateTime, $first: Int, $after: String";
  const log = (args: object) => list("auditLog", "sequence type actorLabel occurredAt workspaceId", args, types);
  const all = await log({ first: 100 });
  const sequences = all.nodes.map(({ sequence }: { sequence: number }) => sequence);
  expect(sequences).toEqual(Array.from(sequences, (_, index) => all.totalCount - index));
  const created = await log({ types: ["workspace.created"] });
  expect(created.totalCount).toBe(3);
  const [{ workspaceId }] = created.nodes;
  expect((await log({ workspaceId })).nodes).toHaveLength(1);
  const ada = all.nodes.find(({ type }: { type: string }) => type === "invitation.accepted").actorLabel.slice(5);
  expect((await log({ actorId: ada })).nodes.map(({ type }: { type: string }) => type)).toEqual([
    "member.joined",
    "invitation.accepted",
  ]);
  for (const actorId of ["", "a\u0000b", "a".repeat(256)]) {
    expect(await log({ actorId })).toMatchObject({ nodes: [], totalCount: 0 });
  }
  const { occurredAt } = all.nodes.at(-1);
  expect((await log({ until: occurredAt })).totalCount).toBe(0);
  expect((await log({ since: occurredAt })).totalCount).toBe(all.totalCount);
  const page = await log({ first: 2, after: all.edges[1].cursor });
  expect(page.nodes.map(({ sequence }: { sequence: number }) => sequence)).toEqual(sequences.slice(2, 4));
});

test.each([
  ["σίσυφος", "ΣΊΣΥΦΟΣ"],
  ["ΟΣ", "ΣΊΣΥΦΟΣ"],
  ["strasse", "Straße"],
  ["STRAẞE", "Straße"],
  ["ｓｔｒａｓｓｅ", "Straße"],
  ["istanbul", "İstanbul"],
  ["ﬁnance", "Finance"],
  ["fi\u200Bnance", "Finance"],
  ["москва", "МОСКВА"],
])("a search for %j finds people and workspaces named %j", async (search, name) => {
  const types = "$search: String";
  const isThere = async (field: string, selection: string) =>
    (await list(field, selection, { search: name }, types)).totalCount > 0;
  if (!(await isThere("members", "user { name }"))) await join(name);
  if (!(await isThere("workspaces", "name"))) {
    await owner.ask(
      `mutation($name: String!) { createWorkspace(input: { organizationId: "${id}", name: $name, cloudProvider: GCP }) { __typename } }`,
      { name },
    );
  }
  const written = search === "istanbul" ? "i\u0307stanbul" : search;
  expect(names(await list("members", "user { name }", { search: written }, types))).toEqual([name]);
  const workspaces = await list("workspaces", "name", { search: written }, types);
  expect(workspaces.nodes).toEqual([{ name }]);
  expect(workspaces.totalCount).toBe(1);
});
