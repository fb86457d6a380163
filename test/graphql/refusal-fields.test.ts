import { parse } from "graphql";
import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import { SENDING_LIMIT } from "../../src/domain/inviting";
import type { RefusalData } from "../../src/domain/refusal";
import type { Service, Viewer } from "../../src/domain/viewer";
import { run } from "../isolation/selections";
import { personOf, REFUSAL, refusalBy } from "../support/read-as";
import { TestOrganization, World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

type Refusal = RefusalData | null;
const FIELDS = parse(`query ($id: ID!) { organization(id: $id) {
  leaveRefusal { ${REFUSAL} } deletionRefusal { ${REFUSAL} }
  invitationRefusal { ${REFUSAL} } workspaceCreationRefusal { ${REFUSAL} }
  members(first: 100) { nodes { id role removalRefusal { ${REFUSAL} } workspaceAccessRefusal { ${REFUSAL} }
    roleOptions { role refusal { ${REFUSAL} } } } }
  workspaces { nodes { id deletionRefusal { ${REFUSAL} }
    access(first: 100) { nodes { member { id } changeRefusal { ${REFUSAL} } } } } } } }`);

interface Fields extends Record<"leaveRefusal" | "deletionRefusal" | "invitationRefusal", Refusal> {
  workspaceCreationRefusal: Refusal;
  members: { nodes: MemberFields[] };
  workspaces: { nodes: WorkspaceFields[] };
}

interface WorkspaceFields {
  id: string;
  deletionRefusal: Refusal;
  access: { nodes: Array<{ member: { id: string }; changeRefusal: Refusal }> };
}

interface MemberFields extends Record<"removalRefusal" | "workspaceAccessRefusal", Refusal> {
  id: string;
  role: string;
  roleOptions: Array<{ role: string; refusal: Refusal }>;
}

/** Compares every refusal field that the viewer sees in an organization with its mutation. Returns the codes. */
async function compare(viewer: Viewer, { id }: TestOrganization, name = "Acme"): Promise<Set<string>> {
  const { data, errors } = await run({ document: FIELDS, variables: { id }, context: world.context(viewer) });
  expect(errors).toBeUndefined();
  const fields = data?.organization as Fields | null;
  const here = `organizationId: "${id}"`;
  if (!fields)
    return new Set([`leaveOrganization ${(await refusalBy(world, viewer, "leaveOrganization", here))?.code}`]);
  const pairs: Array<[Refusal, string, string]> = [
    [fields.leaveRefusal, "leaveOrganization", here],
    [fields.deletionRefusal, "deleteOrganization", `${here}, confirmName: "${name}"`],
    [fields.invitationRefusal, "inviteMembers", `${here}, emails: ["new@example.com"], role: VIEWER`],
    [fields.workspaceCreationRefusal, "createWorkspace", `${here}, name: "New", cloudProvider: AWS`],
  ];
  for (const member of fields.members.nodes) {
    const target = `${here}, memberId: "${member.id}"`;
    pairs.push([member.removalRefusal, "removeMember", target]);
    pairs.push([member.workspaceAccessRefusal, "setWorkspaceAccess", `${target}, grants: []`]);
    expect(member.roleOptions.map(({ role }) => role)).toEqual(["OWNER", "ADMIN", "DEVELOPER", "VIEWER"]);
    for (const { role, refusal } of member.roleOptions) {
      pairs.push([refusal, "changeMemberRole", `${target}, role: ${role}`]);
    }
  }
  for (const workspace of fields.workspaces.nodes) {
    const target = `${here}, workspaceId: "${workspace.id}"`;
    pairs.push([workspace.deletionRefusal, "deleteWorkspace", target]);
    for (const { member, changeRefusal } of workspace.access.nodes) {
      pairs.push([changeRefusal, "grantWorkspaceAccess", `${target}, memberId: "${member.id}", roleOverride: VIEWER`]);
      pairs.push([changeRefusal, "revokeWorkspaceAccess", `${target}, memberId: "${member.id}"`]);
    }
  }
  const codes = new Set<string>();
  for (const [field, mutation, input] of pairs) {
    expect([mutation, input, field]).toEqual([mutation, input, await refusalBy(world, viewer, mutation, input)]);
    codes.add(`${mutation} ${field?.code ?? "allowed"}`);
  }
  return codes;
}

const service: Service = { kind: "service", name: "reader", scopes: new Set(["entities:read"]) };
const become = (acme: TestOrganization, change: string) =>
  world.query(`UPDATE organization_subscription SET ${change} WHERE organization_id = $1`, acme.id);

/** An organization with a member of every role. One of three workspaces is visible to all; the Viewer is its Admin. */
async function populated(owner?: TestOrganization): Promise<{ acme: TestOrganization; viewers: Viewer[] }> {
  const acme = owner ?? (await world.organization());
  const shared = await acme.workspace("Shared");
  await acme.workspace("Other");
  const members = [await acme.member("ADMIN")];
  for (const role of ["DEVELOPER", "VIEWER"] as const) members.push(await acme.member(role, [shared]));
  await world.query(
    "UPDATE workspace_assignment SET role_override = 'ADMIN' WHERE member_id = $1",
    members[2]?.memberId,
  );
  return { acme, viewers: [acme.owner, ...members].map(personOf).concat(service) };
}

/** Adds events of sent mails at a time. Their numbers are far above the log's own. */
const send = (acme: TestOrganization, mails: number, agoMs: number, type = "invitation.resent") =>
  world.query(
    `INSERT INTO organization_event (organization_id, sequence, type, occurred_at, actor_label, summary, data, hash)
     SELECT $1, (SELECT least(min(sequence), 0) FROM organization_event WHERE organization_id = $1) - n, $2, $3, 'system', '', '{}', ''
     FROM generate_series(1, $4::int) n`,
    ...[acme.id, type, new Date(world.clock.now().getTime() - agoMs), mails],
  );

async function personal(): Promise<TestOrganization> {
  const owner = await world.person("Ada");
  const identity = { userId: owner.id, email: owner.email, emailVerified: true, name: owner.name };
  const provisioner: Service = { kind: "service", name: "p", scopes: new Set(["users:provision"]) };
  const { organization } = await runCommand(world.replica(), provisioner, commands.provisionUser, identity);
  return new TestOrganization(world, organization.id, owner);
}

const STATES: Record<string, { change?: (acme: TestOrganization) => Promise<unknown>; codes: string[] }> = {
  "with one Owner": {
    codes: [
      ...["leaveOrganization LAST_OWNER", "leaveOrganization allowed", "removeMember LAST_OWNER"],
      ...["grantWorkspaceAccess FORBIDDEN", "grantWorkspaceAccess IMPLICIT_ACCESS", "grantWorkspaceAccess allowed"],
      ...["removeMember ROLE_TOO_HIGH", "removeMember INVALID_INPUT", "removeMember FORBIDDEN", "removeMember allowed"],
      ...["changeMemberRole LAST_OWNER", "changeMemberRole ROLE_TOO_HIGH", "changeMemberRole FORBIDDEN"],
      ...["changeMemberRole allowed", "setWorkspaceAccess IMPLICIT_ACCESS", "setWorkspaceAccess allowed"],
      ...["deleteWorkspace DEFAULT_WORKSPACE", "deleteWorkspace FORBIDDEN", "deleteWorkspace allowed"],
      ...["deleteOrganization FORBIDDEN", "deleteOrganization allowed", "inviteMembers FORBIDDEN"],
      ...["inviteMembers allowed", "createWorkspace FORBIDDEN", "createWorkspace allowed"],
    ],
  },
  "with two Owners": {
    change: (acme) => acme.member("OWNER"),
    codes: ["leaveOrganization allowed", "removeMember INVALID_INPUT", "removeMember allowed"],
  },
  "that is full, to its last seat and workspace": {
    change: async (acme) => {
      await become(acme, "plan_code = 'STANDARD'");
      await world.query("DELETE FROM member WHERE organization_id = $1 AND role = 'VIEWER'", acme.id);
    },
    codes: [
      "inviteMembers MEMBER_LIMIT_REACHED",
      "createWorkspace WORKSPACE_LIMIT_REACHED",
      "leaveOrganization NOT_FOUND",
    ],
  },
  "with one seat and one workspace left": {
    change: async (acme) => {
      await become(acme, "plan_code = 'STANDARD'");
      await world.query("DELETE FROM member WHERE organization_id = $1 AND role IN ('VIEWER', 'DEVELOPER')", acme.id);
      await world.query(
        "UPDATE workspace SET deleted_at = now() WHERE organization_id = $1 AND name = 'Other'",
        acme.id,
      );
    },
    codes: ["inviteMembers allowed", "createWorkspace allowed"],
  },
  "whose last seat a pending invitation takes": {
    change: async (acme) => {
      await world.query("DELETE FROM member WHERE organization_id = $1 AND role IN ('VIEWER', 'DEVELOPER')", acme.id);
      await acme.invite("pending@example.com", "VIEWER");
      await become(acme, "plan_code = 'STANDARD'");
    },
    codes: ["inviteMembers MEMBER_LIMIT_REACHED"],
  },
  "with a smaller plan scheduled": {
    change: (acme) => become(acme, "scheduled_plan_code = 'STANDARD', scheduled_interval = 'MONTHLY'"),
    codes: ["inviteMembers MEMBER_LIMIT_REACHED", "createWorkspace WORKSPACE_LIMIT_REACHED"],
  },
  "past due": {
    change: (acme) => become(acme, "status = 'PAST_DUE', plan_code = 'STARTER'"),
    codes: ["inviteMembers PAYMENT_REQUIRED", "createWorkspace PAYMENT_REQUIRED", "changeMemberRole allowed"],
  },
  canceled: {
    change: (acme) => become(acme, "status = 'CANCELED'"),
    codes: ["inviteMembers PAYMENT_REQUIRED", "createWorkspace PAYMENT_REQUIRED"],
  },
  "that has sent all its mails of the hour": {
    change: (acme) => send(acme, SENDING_LIMIT, 3_599_999),
    codes: ["inviteMembers RATE_LIMITED", "createWorkspace allowed"],
  },
  "that may send one more mail": {
    change: async (acme) => {
      // The members joined by four invitations. Mails from an hour ago and other events do not count.
      await send(acme, SENDING_LIMIT - 4, 0);
      await send(acme, 10, 3_600_000);
      await send(acme, 10, 0, "invitation.sent");
    },
    codes: ["inviteMembers allowed"],
  },
};

test.each(Object.entries(STATES))(
  "in an organization %s, fields equal the refusals of mutations",
  async (_, { change, codes }) => {
    const { acme, viewers } = await populated();
    await change?.(acme);
    const found = new Set<string>();
    for (const viewer of viewers) for (const code of await compare(viewer, acme)) found.add(code);
    expect([...found]).toEqual(expect.arrayContaining(codes));
  },
);

test("in a personal organization, fields equal the refusals of mutations", async () => {
  const acme = await personal();
  await become(acme, "plan_code = 'ADVANCED'");
  const found = new Set<string>();
  const { viewers } = await populated(acme);
  for (const viewer of viewers) for (const code of await compare(viewer, acme, "Ada's Organization")) found.add(code);
  expect([...found]).toEqual(
    expect.arrayContaining(["deleteOrganization INVALID_INPUT", "deleteOrganization FORBIDDEN"]),
  );
});

test("in a deleted organization, no field can be read and no mutation finds it", async () => {
  const { acme, viewers } = await populated();
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  for (const viewer of viewers.filter(({ kind }) => kind === "person")) {
    expect([...(await compare(viewer, acme))]).toEqual(["leaveOrganization NOT_FOUND"]);
  }
});
