import { randomUUID } from "node:crypto";
import { parse, validate } from "graphql";
import { commands } from "../../src/commands";
import type { Viewer } from "../../src/domain/viewer";
import { World } from "../support/world";
import { createFixtures, type Fixtures, type Target } from "./actors";
import { expectedOfKind, MUTATIONS, rollingBack } from "./mutation-table";
import { run, schema } from "./selections";

// Every mutation is refused for deleted objects and for objects of another organization, with the same code for all.
let world: World;
let fixtures: Fixtures;
beforeAll(async () => {
  world = await World.create();
  fixtures = await createFixtures(world);
});
afterAll(() => world.close());

/** Runs a mutation and rolls it back. Returns the code of its error, or the type of its result. */
async function outcomeOf(viewer: Viewer, name: string, input: string): Promise<unknown> {
  const document = parse(`mutation { ${name}(input: { ${input} }) { __typename } }`);
  expect(validate(schema, document)).toEqual([]);
  const { errors, data } = await run({ document, context: world.context(viewer, rollingBack(world.database)) });
  const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  const answered = data?.[name] as { __typename: string } | undefined;
  return errors ? (denial?.extensions?.code ?? errors[0]?.message) : answered?.__typename;
}

/** The only permitted mutation in the deleted organization: its Owner can restore it. */
const RESTORING: Record<string, string> = {
  formerOwner: "RestoreOrganizationSuccess",
  owner: "FORBIDDEN",
  colleague: "FORBIDDEN",
};
/** These have no id of an organization or an object in one. Usage is rejected record by record, see below. */
const OTHERS = ["createOrganization", "provisionUser", "recordUsage"];
const METERING: Viewer = { kind: "service", name: "t", scopes: new Set(["usage:write"]) };

test("a deleted organization is NOT_FOUND in every mutation for every viewer; only its Owner can restore it", async () => {
  const wrong: string[] = [];
  for (const [who, viewer] of Object.entries(fixtures.actors)) {
    for (const [name, { input, may }] of Object.entries(MUTATIONS)) {
      if (OTHERS.includes(name)) continue;
      const outcome = await outcomeOf(viewer, name, input(fixtures.deleted));
      const restoring = name === "restoreOrganization" ? RESTORING[who] : undefined;
      const ofKind = expectedOfKind(viewer, may) ?? restoring ?? "NOT_FOUND";
      if (outcome !== ofKind) wrong.push(`${who}, ${name}: ${String(outcome)}, not ${ofKind}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("calls of a deleted workspace are charged, and those of a purged one are rejected", async () => {
  const rows = await world.query<{ id: string }>("SELECT id FROM workspace");
  const stored = new Set(rows.map(({ id }) => id));
  const workspaces = fixtures.gone.filter(([type]) => type === "Workspace").map(([, id]) => id);
  const purged = workspaces.filter((id) => !stored.has(id));
  const records = workspaces.map(
    (id) => `{ id: "${id}", workspaceId: "${id}", at: "2026-03-31T08:00:00Z", credits: 1 }`,
  );
  const document = parse(`mutation { recordUsage(input: { records: [${records.join(", ")}] }) {
    ... on RecordUsageSuccess { recorded rejected { id reason } } } }`);
  const { data } = await run({ document, context: world.context(METERING) });
  const reason = "There is no such workspace.";
  expect(data?.recordUsage).toEqual({
    recorded: workspaces.length - purged.length,
    rejected: expect.arrayContaining(purged.map((id) => ({ id, reason }))),
  });
  expect(purged).toHaveLength(2);
});

/** Mutations with lists of ids of their organization, in addition to those of the table. */
const NAMING: Record<string, (target: Target) => string> = {
  ...Object.fromEntries(Object.entries(MUTATIONS).map(([name, { input }]) => [name, input])),
  "inviteMembers with workspaces": ({ organizationId: o, alpha }) =>
    `organizationId: "${o}", emails: ["x@example.com"], role: VIEWER, workspaces: [{ workspaceId: "${alpha}" }]`,
  "updateInvitation with workspaces": ({ organizationId: o, invitationId: i, alpha }) =>
    `organizationId: "${o}", invitationId: "${i}", workspaces: [{ workspaceId: "${alpha}" }]`,
  "startAccessReview with workspaces": ({ organizationId: o, alpha }) =>
    `organizationId: "${o}", name: "Second", dueAt: "2026-06-01T00:00:00Z", workspaceIds: ["${alpha}"]`,
  "decideAccessReview with grants": ({ organizationId: o, reviewId: r, itemId: i, alpha }) =>
    `organizationId: "${o}", reviewId: "${r}", decisions: [{ itemId: "${i}", decision: CHANGE,
      newGrants: [{ workspaceId: "${alpha}" }] }]`,
  "setWorkspaceAccess with grants": ({ organizationId: o, memberId: m, alpha }) =>
    `organizationId: "${o}", memberId: "${m}", grants: [{ workspaceId: "${alpha}" }]`,
  "setWorkspaceAccess with a good and a bad grant": ({ organizationId: o, memberId: m, alpha, beta }) =>
    `organizationId: "${o}", memberId: "${m}", grants: [{ workspaceId: "${beta}" }, { workspaceId: "${alpha}" }]`,
};

test("objects of another organization, deleted and unknown ones are NOT_FOUND, even for an Owner of both organizations", async () => {
  const { target, foreign, deleted } = fixtures;
  const owner = await ownerOfBoth();
  const parts = (workspace: string, other: Omit<Target, "organizationId" | "alpha" | "beta" | "invitedAddress">) => {
    const { memberId, invitationId, reviewId, itemId } = other;
    return [{ alpha: workspace }, { beta: workspace }, { memberId }, { invitationId }, { reviewId }, { itemId }];
  };
  const absent = () => ({
    ...{ memberId: randomUUID(), invitationId: randomUUID(), reviewId: randomUUID(), itemId: randomUUID() },
  });
  const wrongParts: Record<string, Array<Partial<Target>>> = {
    foreign: parts(foreign.alpha, foreign),
    "of a deleted organization": parts(deleted.alpha, deleted),
    deleted: parts(fixtures.lost.workspaceId, { ...deleted, memberId: fixtures.lost.memberId }),
    absent: parts(randomUUID(), absent()),
    "no ids": parts("x", { memberId: "%", invitationId: "", reviewId: "x", itemId: "%" }),
  };
  const wrong: string[] = [];
  const tried = new Set<string>();
  for (const [kind, all] of Object.entries(wrongParts)) {
    for (const part of all) {
      for (const [name, input] of Object.entries(NAMING)) {
        const aimed = input({ ...target, ...part });
        // A dead link of another organization works, too: its token is enough.
        const isCredential = name === "requestInvitation" && kind === "foreign";
        const isMetering = name === "recordUsage" || name === "reportByokFailure";
        const isReinstating = name === "reinstateMember" && kind === "deleted";
        if (aimed === input(target) || isMetering || isCredential || isReinstating) continue;
        tried.add(name);
        const outcome = await outcomeOf(owner, name.split(" ")[0] ?? "", aimed);
        if (outcome !== "NOT_FOUND") wrong.push(`${name}, ${kind} ${Object.keys(part)}: ${String(outcome)}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect([...tried].sort()).toEqual(
    [
      ...["cancelAccessReview", "completeAccessReview", "decideAccessReview", "decideAccessReview with grants"],
      ...[
        "startAccessReview with workspaces",
        "acceptInvitation",
        "cancelInvitation",
        "changeMemberRole",
        "declineInvitation",
        "deleteWorkspace",
      ],
      ...["grantWorkspaceAccess", "inviteMembers with workspaces", "removeMember", "resendInvitation"],
      ...[
        "reinstateMember",
        "renewInvitationLink",
        "requestInvitation",
        "updateInvitation",
        "updateInvitation with workspaces",
      ],
      ...["revokeWorkspaceAccess", "setWorkspaceAccess", "setWorkspaceAccess with grants", "transferOwnership"],
      ...["setWorkspaceAccess with a good and a bad grant", "updateWorkspace"],
    ].sort(),
  );
});

test("reporting a failing key of a deleted or unknown workspace is NOT_FOUND", async () => {
  const service: Viewer = { kind: "service", name: "t", scopes: new Set(["credentials:read"]) };
  for (const id of [fixtures.deleted.alpha, fixtures.lost.workspaceId, randomUUID(), "x"]) {
    const input = `workspaceId: "${id}", code: "AccessDeniedException"`;
    expect([id, await outcomeOf(service, "reportByokFailure", input)]).toEqual([id, "NOT_FOUND"]);
  }
});

test("the trend of a workspace of another organization is zeros", async () => {
  const { foreign, target } = fixtures;
  const owner = await ownerOfBoth();
  const record = { id: "r", workspaceId: foreign.alpha, at: world.clock.now(), credits: 3, byok: false };
  await world.context(METERING).run(commands.recordUsage, { records: [record] });
  const trendIn = async (organizationId: string, workspaceId: string) => {
    const span = 'from: "2026-03-31T00:00:00Z", to: "2026-03-31T00:00:00Z"';
    const trend = `trend(${span}, workspaceId: "${workspaceId}") { credits calls }`;
    const document = parse(`{ organization(id: "${organizationId}") { subscription { usage { ${trend} } } } }`);
    const { data, errors } = await run({ document, context: world.context(owner) });
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data)).organization.subscription.usage.trend;
  };
  expect(await trendIn(foreign.organizationId, foreign.alpha)).toEqual([{ credits: 3, calls: 1 }]);
  for (const id of [foreign.alpha, foreign.organizationId, target.organizationId, "x"]) {
    expect([id, await trendIn(target.organizationId, id)]).toEqual([id, [{ credits: 0, calls: 0 }]]);
  }
});

/**
 * Acme's Owner, who also becomes Owner of the foreign organization, so that only the checks of ids separate the two.
 */
async function ownerOfBoth(): Promise<Viewer> {
  const { actors, foreign } = fixtures;
  const { owner } = actors;
  if (owner?.kind !== "person") throw new Error("The fixtures have no Owner.");
  await world.query(
    `INSERT INTO member (id, organization_id, user_id, role, joined_at) VALUES ($1, $2, $3, 'OWNER', $4)
     ON CONFLICT DO NOTHING`,
    ...[randomUUID(), foreign.organizationId, owner.id, world.clock.now()],
  );
  return owner;
}
