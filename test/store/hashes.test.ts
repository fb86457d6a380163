import { spawnSync } from "node:child_process";
import { commands } from "../../src/commands";
import { linkKey } from "../../src/commands/invitation/link";
import { hashOf, type LoggedEvent } from "../../src/store/events/event-log";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { npmScript } from "../support/process";
import { type TestOrganization, World } from "../support/world";

/** Another program computed these vectors from the description of the format. Do not update them. */

const FIRST: LoggedEvent = {
  organizationId: "018f0000-0000-7000-8000-000000000001",
  sequence: 1,
  type: "organization.created",
  occurredAt: new Date("2026-03-31T09:00:00.000Z"),
  actorId: "sub-1",
  actorLabel: "user:sub-1",
  subjectId: "018f0000-0000-7000-8000-000000000001",
  workspaceId: null,
  summary: "Organization “Größe” was created.",
  data: { after: { name: "Größe", description: null, isPersonal: false } },
};
const SECOND: LoggedEvent = {
  organizationId: FIRST.organizationId,
  sequence: 2,
  type: "workspace_access.changed",
  occurredAt: new Date("2026-03-31T09:00:00.001Z"),
  actorId: null,
  actorLabel: "system",
  subjectId: "018f0000-0000-7000-8000-000000000002",
  workspaceId: "018f0000-0000-7000-8000-000000000003",
  summary: "Two “workspaces”.",
  data: {
    userId: "sub-2",
    before: [],
    after: [
      { workspaceId: "w", roleOverride: "ADMIN" },
      { roleOverride: null, workspaceId: "v" },
    ],
    n: 1.5,
    absent: undefined,
  },
};
const FIRST_HASH = "3db31fbe92fd9ba70beb51c9272952bcaf3ebbb5e6043de65df09cb51e1b8218";
const SECOND_HASH = "76c299d6eb52b3c263478382ccdfa533964538b26559d70fb2ddef0ea8ba48e2";

test("the hash of an event never changes", () => {
  const first = hashOf(FIRST, null);
  expect(first.toString("hex")).toBe(FIRST_HASH);
  expect(hashOf(SECOND, first).toString("hex")).toBe(SECOND_HASH);
  expect(hashOf(SECOND, null).toString("hex")).toBe("2d95c6f7a62ba88cab350626153de019cc45a020843da99bd53fc664a9bea088");
});

test("the hash of a link's token never changes", () => {
  expect(linkKey("a-link's-secret").hash.toString("hex")).toBe(
    "296095683913ca99f5a1aa72f59eb9227f3f14329be50e630944b560efe88256",
  );
});

test("the hash of an event covers every field and the previous hash", () => {
  const other: Record<keyof LoggedEvent, unknown> = {
    organizationId: "018f0000-0000-7000-8000-000000000009",
    sequence: 3,
    type: "member.left",
    occurredAt: new Date("2026-03-31T09:00:00.002Z"),
    actorId: "sub-9",
    actorLabel: "user:sub-9",
    subjectId: null,
    workspaceId: null,
    summary: "Two “workspaces”!",
    data: {},
  };
  const first = hashOf(FIRST, null);
  const hashes = [
    ...Object.entries(other).map(([field, value]) => hashOf({ ...SECOND, [field]: value } as LoggedEvent, first)),
    hashOf(SECOND, null),
    hashOf(SECOND, Buffer.alloc(32)),
    hashOf(SECOND, hashOf(SECOND, first)),
    hashOf(SECOND, first),
  ].map((hash) => hash.toString("hex"));
  expect(new Set(hashes).size).toBe(Object.keys(other).length + 4);
});

describe("the verification of a stored log", () => {
  let world: World;
  let acme: TestOrganization;
  beforeAll(async () => {
    world = await World.create();
  });
  beforeEach(async () => {
    acme = await world.organization();
    await acme.invite("a@example.com", "VIEWER", [await acme.workspace("Production")]);
    await acme.owner.run(commands.updateOrganization, { organizationId: acme.id, name: "Renamed" });
  });
  afterAll(() => world.close());

  const verify = () => verifyAuditLog(world.database, acme.id);
  const where = "WHERE organization_id = $1 AND sequence =";
  /** Any event with all of its fields set. */
  const AT = 6;

  const CHANGES: Array<[string, string]> = [
    ["type", "'member.left'"],
    ["occurred_at", "occurred_at + interval '1 millisecond'"],
    ["actor_id", "'somebody-else'"],
    ["actor_id", "NULL"],
    ["actor_label", "'system'"],
    ["subject_id", "gen_random_uuid()"],
    ["subject_id", "NULL"],
    ["workspace_id", "gen_random_uuid()"],
    ["summary", "summary || ' '"],
    ["data", "'{}'"],
    ["data", "data || '{\"more\": 1}'"],
    ["data", "jsonb_set(data, '{after,name}', '\"Other\"')"],
    ["data", "data #- '{after,name}'"],
    ["hash", "sha256('another')"],
    ["hash", "''"],
  ];
  test.each(CHANGES)("finds an event whose %s was changed to %s", async (column, value) => {
    expect(await verify()).toMatchObject({ ok: true });
    const [event] = await world.query<{ type: string }>(`SELECT type FROM organization_event ${where} ${AT}`, acme.id);
    expect(event?.type).toBe("workspace.created");
    await world.query(`UPDATE organization_event SET ${column} = ${value} ${where} ${AT}`, acme.id);
    expect(await verify()).toEqual({ ok: false, events: AT - 1, removed: 0, problem: `event ${AT} was changed` });
  });

  test("is printed by npm run audit:verify, which fails if a hash is wrong", async () => {
    const [program = "", ...args] = npmScript("audit:verify");
    const run = () => {
      const env = { PATH: process.env.PATH, DATABASE_URL: world.databaseUrl };
      const ran = spawnSync(program, [...args, acme.id], { env, encoding: "utf8" });
      return [ran.status, ran.stdout];
    };
    const { events } = await verify();
    expect(run()).toEqual([0, `${events} events verified; every hash holds.\n`]);
    await world.query(`UPDATE organization_event SET summary = 'Changed' ${where} ${AT}`, acme.id);
    expect(run()).toEqual([1, `${AT - 1} events verified; then event ${AT} was changed.\n`]);
  });

  test("finds two exchanged events, with or without their hashes", async () => {
    const swap = async () => {
      for (const [from, to] of [
        [AT, 1000],
        [AT + 1, AT],
        [1000, AT + 1],
      ]) {
        await world.query(`UPDATE organization_event SET sequence = ${to} ${where} ${from}`, acme.id);
      }
    };
    await swap();
    expect(await verify()).toMatchObject({ ok: false, problem: `event ${AT} was changed` });
    await world.query(
      `UPDATE organization_event e SET hash = o.hash FROM organization_event o
       WHERE e.organization_id = $1 AND o.organization_id = $1 AND e.sequence IN (${AT}, ${AT + 1})
         AND o.sequence = ${2 * AT + 1} - e.sequence`,
      acme.id,
    );
    expect(await verify()).toMatchObject({ ok: false, problem: `event ${AT} was changed` });
  });

  interface Row extends LoggedEvent {
    hash: Buffer;
  }
  const events = () =>
    world.query<Row>(
      `SELECT organization_id AS "organizationId", sequence, type, occurred_at AS "occurredAt", actor_id AS "actorId",
        actor_label AS "actorLabel", subject_id AS "subjectId", workspace_id AS "workspaceId", summary, data, hash
       FROM organization_event WHERE organization_id = $1 ORDER BY sequence`,
      acme.id,
    );

  test("finds a changed event with a recomputed hash by the next event", async () => {
    const stored = await events();
    const [before, event] = [stored[AT - 2], stored[AT - 1]];
    if (!before || !event) throw new Error("There are too few events.");
    const changed = { ...event, summary: "Nothing happened." };
    await world.query(
      `UPDATE organization_event SET summary = $2, hash = $3 ${where} ${AT}`,
      acme.id,
      changed.summary,
      hashOf(changed, before.hash),
    );
    expect(await verify()).toMatchObject({ ok: false, problem: `event ${AT + 1} was changed` });
  });

  test("finds a log that was rewritten from an event on, by its end", async () => {
    let previous: Buffer | null = null;
    for (const event of await events()) {
      const changed: LoggedEvent = event.sequence < AT ? event : { ...event, actorLabel: "system", actorId: null };
      previous = hashOf(changed, previous);
      await world.query(
        `UPDATE organization_event SET actor_label = $2, actor_id = $3, hash = $4 ${where} ${event.sequence}`,
        acme.id,
        changed.actorLabel,
        changed.actorId,
        previous,
      );
    }
    expect(await verify()).toMatchObject({
      ok: false,
      problem: "the log does not end at the head that the organization stores",
    });
  });

  test("finds events that were copied from another organization's log", async () => {
    const other = await world.organization();
    const [theirs] = await world.query<{ n: number }>(
      `UPDATE organization_event e SET type = o.type, actor_id = o.actor_id, actor_label = o.actor_label, hash = o.hash,
        subject_id = o.subject_id, summary = o.summary, data = o.data, occurred_at = o.occurred_at
       FROM organization_event o WHERE e.organization_id = $1 AND o.organization_id = $2 AND o.sequence = e.sequence
         AND e.sequence = 1 RETURNING e.sequence AS n`,
      acme.id,
      other.id,
    );
    expect(theirs).toBeDefined();
    expect(await verify()).toMatchObject({ ok: false, problem: "event 1 was changed" });
  });
});
