import { commands } from "../../src/commands";
import { readCursor, writeCursor } from "../../src/store/page";
import { type Actor, type TestOrganization, World } from "../support/world";
import { ask, interrupted, WorldStream } from "./support/world-stream";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

/** The response to a document if `change` is committed before its statement number `n`; null if it has fewer. */
async function answerWithChange(viewer: Actor, text: string, n: number, change: () => Promise<unknown>) {
  let isDone = false;
  const database = interrupted(world, async (statement) => {
    if (statement !== n) return;
    isDone = true;
    await change();
  });
  const { data, code } = await ask(world, viewer, text, world.context(viewer, database));
  expect(code).toBeNull();
  return isDone ? JSON.stringify(data) : null;
}

const cursorIn = (answer: string, { id }: TestOrganization) => {
  const cursors = [...answer.matchAll(/"eventCursor":"([^"]+)"/g)].map((match) => match[1] ?? "");
  const own = cursors.find((cursor) => cursor.startsWith(writeCursor("events", id, [0]).slice(0, 60)));
  return own ?? "";
};
const sequenceOf = (cursor: string, { id }: TestOrganization) => Number(readCursor("events", id, cursor)[0]);

async function headOf({ id }: TestOrganization): Promise<number> {
  const [row] = await world.query<{ head: number }>(
    "SELECT event_sequence AS head FROM organization WHERE id = $1",
    id,
  );
  return row?.head ?? 0;
}

/** Documents that read a workspace and the cursor of its organization, in different orders. */
const documents = ({ id }: TestOrganization, workspaceId: string) => [
  `{ organization(id: "${id}") { eventCursor workspaces { nodes { name } } } }`,
  `{ workspace(id: "${workspaceId}") { name organization { name eventCursor } } }`,
  `{ workspace(id: "${workspaceId}") { name } organization(id: "${id}") { eventCursor } }`,
  `{ organization(id: "${id}") { ...c } workspace(id: "${workspaceId}") { name } } fragment c on Organization { eventCursor }`,
  "{ viewer { memberships { organization { eventCursor workspaces { nodes { name } } } } } }",
  `{ _entities(representations: [{ __typename: "Workspace", id: "${workspaceId}" }, { __typename: "Organization", id: "${id}" }]) {
    ... on Workspace { name } ... on Organization { eventCursor } } }`,
  `{ organization(id: "${id}") { members { nodes { workspaceAccess { workspace { name } } organization { eventCursor } } } } }`,
];

test.each([0, 1, 2, 3, 4, 5, 6])(
  "a change between the statements of document %i is in the response or after its cursor",
  async (index) => {
    const acme = await world.organization();
    const workspaceId = await acme.workspace("Before");
    const text = documents(acme, workspaceId)[index] ?? "";
    let interruptions = 0;
    // A document can be compiled from the second time on.
    for (let n = 0; ; n++) {
      const name = `After ${index} ${n}`;
      const input = { organizationId: acme.id, workspaceId, name };
      const answer = await answerWithChange(acme.owner, text, n, () => acme.owner.run(commands.updateWorkspace, input));
      if (answer === null) break;
      interruptions += 1;
      const cursor = sequenceOf(cursorIn(answer, acme), acme);
      if (!answer.includes(`"${name}"`)) expect(cursor).toBeLessThan(await headOf(acme));
      expect(cursor).toBeGreaterThanOrEqual((await headOf(acme)) - 1);
    }
    expect(interruptions).toBeGreaterThan(1);
  },
);

test("a person who joins between two statements of a query misses no event since joining", async () => {
  const acme = await world.organization();
  const workspaceId = await acme.workspace("Before");
  const text = `{ workspace(id: "${workspaceId}") { name organization { eventCursor } } viewer { memberships { organization { id eventCursor } } } }`;
  for (let joined = 0; joined < 3; joined++) {
    for (let renamed = joined; renamed < 5; renamed++) {
      const person = await world.person();
      const invitationId = await acme.invite(person.email, "ADMIN");
      const name = `After ${joined} ${renamed}`;
      let head = 0;
      const database = interrupted(world, async (statement) => {
        if (statement === joined) await person.run(commands.acceptInvitation, { invitationId });
        if (statement !== renamed) return;
        head = await headOf(acme);
        await acme.owner.run(commands.updateWorkspace, { organizationId: acme.id, workspaceId, name });
      });
      const { data } = await ask(world, person, text, world.context(person, database));
      const answer = JSON.stringify(data);
      const cursor = cursorIn(answer, acme);
      if (cursor === "") continue;
      const stream = await WorldStream.open(
        ...([
          world,
          person,
          "organizationChanged",
          { organizationId: acme.id, after: cursor },
          "type workspaceId",
        ] as const),
      );
      const types = (await stream.next()).map(({ type }) => type);
      await stream.close();
      if (head > 0 && !answer.includes(`"${name}"`)) expect(types).toContain("workspace.updated");
    }
  }
});

test("a stream from the cursor of a mutation's response repeats no event before its change", async () => {
  const acme = await world.organization();
  const rename = (name: string) =>
    `updateOrganization(input: { organizationId: "${acme.id}", name: "${name}" }) {
      ... on UpdateOrganizationSuccess { organization { name eventCursor } } }`;
  const { data } = await ask(world, acme.owner, `mutation { one: ${rename("One")} two: ${rename("Two")} }`);
  const head = await headOf(acme);
  const { one, two } = data;
  expect([one, two].map(({ organization }) => sequenceOf(organization.eventCursor, acme))).toEqual([head - 1, head]);
  const args = { organizationId: acme.id, after: two.organization.eventCursor };
  const stream = await WorldStream.open(world, acme.owner, "organizationChanged", args, "type");
  expect(await stream.next()).toEqual([]);
  await ask(world, acme.owner, `mutation { ${rename("Three")} }`);
  expect(await stream.next()).toEqual([{ type: "organization.updated" }]);
  await stream.close();
});

test("the founder of an organization gets its cursor in the mutation's response", async () => {
  const person = await world.person();
  const { data } = await ask(
    world,
    person,
    `mutation { createOrganization(input: { name: "New" }) {
      ... on CreateOrganizationSuccess { organization { id eventCursor } } } }`,
  );
  const { id, eventCursor } = data.createOrganization.organization;
  const stream = await WorldStream.open(
    world,
    person,
    "organizationChanged",
    { organizationId: id, after: eventCursor },
    "type",
  );
  expect([await stream.next(), stream.code]).toEqual([[], null]);
  await stream.close();
});

test("every stream of the organization accepts the cursor, and delivers changes that the response lacks", async () => {
  const acme = await world.organization();
  const text = `{ organization(id: "${acme.id}") { eventCursor } }`;
  const { data } = await ask(world, acme.owner, text);
  const after = data.organization.eventCursor;
  await acme.member("VIEWER");
  await acme.workspace("New");
  const entries = (await headOf(acme)) - sequenceOf(after, acme);
  const expected: Array<[field: string, part: string, values: unknown[]]> = [
    ["invitationChanged", "change", ["CREATED", "ACCEPTED"]],
    ["membershipChanged", "change", ["JOINED"]],
    ["organizationChanged", "type", ["workspace.created"]],
    ["auditLogChanged", "__typename", Array(entries).fill("AuditLogChange")],
  ];
  for (const [field, part, values] of expected) {
    const stream = await WorldStream.open(world, acme.owner, field, { organizationId: acme.id, after }, part);
    expect((await stream.next()).map((event) => event[part])).toEqual(values);
    await stream.close();
  }
});

test("the cursor of a stream's event continues after that event", async () => {
  const acme = await world.organization();
  const args = { organizationId: acme.id };
  const stream = await WorldStream.open(
    world,
    acme.owner,
    "organizationChanged",
    args,
    "cursor organization { eventCursor }",
  );
  await acme.workspace("New");
  const [event] = await stream.next();
  expect(event.organization.eventCursor).toBe(event.cursor);
  await stream.close();
});

test("a service can read the cursor of every organization", async () => {
  const acme = await world.organization();
  const service = { kind: "service", name: "t", scopes: new Set(["entities:read"] as const) } as const;
  const { data } = await ask(world, service, `{ organization(id: "${acme.id}") { eventCursor } }`);
  expect(sequenceOf(data.organization.eventCursor, acme)).toBe(await headOf(acme));
});

test("the cursors of all organizations in a response cost one statement, and none without a selection of cursors", async () => {
  const acme = await world.organization();
  for (let n = 0; n < 5; n++) await acme.owner.run(commands.createOrganization, { name: `N${n}` });
  const countOf = async (selection: string) => {
    let count = 0;
    const database = interrupted(world, async () => {
      count += 1;
    });
    const text = `{ viewer { memberships { organization { ${selection} } } } }`;
    await ask(world, acme.owner, text, world.context(acme.owner, database));
    return count;
  };
  expect((await countOf("id eventCursor")) - (await countOf("id"))).toBe(1);
});
