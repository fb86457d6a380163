import { notFound } from "../../src/domain/denial";
import * as refusals from "../../src/domain/field-refusals";
import { SENDING_LIMIT } from "../../src/domain/inviting";
import { REINSTATABLE_MS } from "../../src/domain/reinstatement";
import { OrganizationRole, type WorkspaceRole } from "../../src/domain/role";
import type { Viewer } from "../../src/domain/viewer";

// test/graphql/refusal-fields.test.ts tests that they equal the mutations' refusals.
const ADA: Viewer = { kind: "person", id: "ada", name: "Ada", email: null, emailVerified: false };
const SERVICE: Viewer = { kind: "service", name: "t", scopes: new Set(["entities:read"]) };
const ROLES = Object.values(OrganizationRole);
const as = (role: OrganizationRole, id = "ada's") => ({ viewer: ADA, membership: { id, role } });
const member = (role: OrganizationRole) => ({ id: "m", role });
const GROWTH: refusals.Growth = {
  ...{ planCode: "STANDARD", scheduledPlanCode: null, subscriptionStatus: "ACTIVE", seats: 2, workspaces: 2 },
};

const NOW = new Date("2026-03-31T09:00:00.000Z");
const REMOVED: refusals.FormerMember = {
  ...{ role: "VIEWER", endedAt: NOW, hasLeft: false, isMember: false, isInvited: false },
};
const reinstatement = (
  asker: Asker,
  former: Partial<refusals.FormerMember> | null = {},
  growth: Partial<refusals.Growth> = {},
  removedAt = NOW,
) =>
  refusals.reinstatementRefusal(asker, removedAt, former && { ...REMOVED, ...former }, { ...GROWTH, ...growth }, NOW);

type Asker = Parameters<typeof refusals.removalRefusal>[0];
const RULES: Record<string, [permission: string | null, (asker: Asker) => unknown]> = {
  leaveRefusal: [null, (asker) => refusals.leaveRefusal(asker, 2)],
  deletionRefusal: ["DELETE_ORGANIZATION", (asker) => refusals.deletionRefusal(asker, { personalForId: null })],
  invitationRefusal: ["INVITE_AND_REMOVE_MEMBERS", (asker) => refusals.invitationRefusal(asker, GROWTH, 0)],
  workspaceCreationRefusal: ["CREATE_WORKSPACES", (asker) => refusals.workspaceCreationRefusal(asker, GROWTH)],
  workspaceDeletionRefusal: [
    "DELETE_WORKSPACES",
    (asker) => refusals.workspaceDeletionRefusal(asker, { isDefault: false }),
  ],
  removalRefusal: ["INVITE_AND_REMOVE_MEMBERS", (asker) => refusals.removalRefusal(asker, member("VIEWER"), 2)],
  reinstatementRefusal: ["INVITE_AND_REMOVE_MEMBERS", (asker) => reinstatement(asker)],
  workspaceAccessRefusal: [
    "ACCESS_ALL_WORKSPACES",
    (asker) => refusals.workspaceAccessRefusal(asker, member("VIEWER")),
  ],
  roleOptions: ["CHANGE_MEMBER_ROLES", (asker) => refusals.roleOptions(asker, member("VIEWER"), 2)[3]?.refusal],
};

test.each(Object.entries(RULES))(
  "%s has the message of the denial for a role without the permission",
  (_, [permission, rule]) => {
    for (const role of ROLES) {
      const isPermitted =
        permission === null || role === "OWNER" || (role === "ADMIN" && permission !== "DELETE_ORGANIZATION");
      const name = `${role[0]}${role.slice(1).toLowerCase()}`;
      const denial = {
        code: "FORBIDDEN",
        message: `Your role in this organization is ${name}, which lacks ${permission}.`,
      };
      if (isPermitted) expect([role, rule(as(role))]).toEqual([role, null]);
      else expect(rule(as(role))).toMatchObject(denial);
    }
  },
);

test.each(Object.entries(RULES))(
  "%s tells a service that only people can do this, and is null for a former member",
  (_, [, rule]) => {
    expect(rule({ viewer: SERVICE, membership: null })).toMatchObject({
      ...{ code: "FORBIDDEN", message: "Only a signed-in person can do this." },
    });
    expect(() => rule({ viewer: ADA, membership: null })).toThrow(notFound("organization"));
  },
);

test("managers of a workspace can change the access of members without access by role", () => {
  const change = (viewer: Viewer, workspaceRole: WorkspaceRole | null, role: OrganizationRole) =>
    refusals.accessChangeRefusal({ viewer, workspaceRole }, { role });
  expect([change(ADA, "ADMIN", "DEVELOPER"), change(ADA, "ADMIN", "VIEWER")]).toEqual([null, null]);
  for (const role of ["OWNER", "ADMIN"] as const) {
    expect(change(ADA, "ADMIN", role)).toMatchObject({ code: "IMPLICIT_ACCESS" });
  }
  for (const role of ["DEVELOPER", "VIEWER"] as const) {
    const message = expect.stringMatching(/^Your role in this workspace is .*, which lacks MANAGE_WORKSPACE_ACCESS\.$/);
    expect(change(ADA, role, "OWNER")).toMatchObject({ code: "FORBIDDEN", message });
  }
  const message = "Only a signed-in person can do this.";
  expect(change(SERVICE, null, "VIEWER")).toMatchObject({ code: "FORBIDDEN", message });
});

const code = (refusal: { code: string } | null) => refusal?.code ?? null;

test("the last Owner cannot leave, and nobody can delete a personal organization or a default workspace", () => {
  expect(code(refusals.leaveRefusal(as("OWNER"), 1))).toBe("LAST_OWNER");
  expect(code(refusals.leaveRefusal(as("ADMIN"), 1))).toBeNull();
  expect(code(refusals.deletionRefusal(as("OWNER"), { personalForId: "ada" }))).toBe("INVALID_INPUT");
  expect(code(refusals.workspaceDeletionRefusal(as("ADMIN"), { isDefault: true }))).toBe("DEFAULT_WORKSPACE");
});

test("an organization can grow up to its limits while it pays", () => {
  const invite = (growth: Partial<refusals.Growth>, sent = 0) =>
    code(refusals.invitationRefusal(as("ADMIN"), { ...GROWTH, ...growth }, sent));
  expect(invite({ seats: 3, subscriptionStatus: "PAST_DUE" }, SENDING_LIMIT)).toBe("PAYMENT_REQUIRED");
  expect(invite({ seats: 3 }, SENDING_LIMIT)).toBe("MEMBER_LIMIT_REACHED");
  expect(invite({}, SENDING_LIMIT)).toBe("RATE_LIMITED");
  expect(invite({}, SENDING_LIMIT - 1)).toBeNull();
  const create = (growth: Partial<refusals.Growth>) =>
    code(refusals.workspaceCreationRefusal(as("ADMIN"), { ...GROWTH, ...growth }));
  expect(create({ workspaces: 3, subscriptionStatus: "PAST_DUE" })).toBe("PAYMENT_REQUIRED");
  expect(create({ workspaces: 3 })).toBe("WORKSPACE_LIMIT_REACHED");
});

test("every role is an option, with its refusal if it has one", () => {
  const options = (asker: Asker, role: OrganizationRole, owners: number) =>
    refusals.roleOptions(asker, member(role), owners).map((option) => `${option.role} ${code(option.refusal)}`);
  const owner = ["OWNER null", "ADMIN LAST_OWNER", "DEVELOPER LAST_OWNER", "VIEWER LAST_OWNER"];
  expect(options(as("OWNER"), "OWNER", 1)).toEqual(owner);
  expect(options(as("OWNER"), "OWNER", 2)).toEqual(ROLES.map((role) => `${role} null`));
  const below = ["OWNER ROLE_TOO_HIGH", "ADMIN null", "DEVELOPER null", "VIEWER null"];
  expect(options(as("ADMIN"), "VIEWER", 1)).toEqual(below);
});

test("nobody can remove the last Owner or themself, or assign workspaces to Owners and Admins", () => {
  expect(code(refusals.removalRefusal(as("OWNER"), member("OWNER"), 1))).toBe("LAST_OWNER");
  expect(code(refusals.removalRefusal(as("ADMIN"), member("OWNER"), 2))).toBe("ROLE_TOO_HIGH");
  expect(code(refusals.removalRefusal(as("ADMIN", "m"), member("ADMIN"), 2))).toBe("INVALID_INPUT");
  expect(code(refusals.workspaceAccessRefusal(as("ADMIN"), member("ADMIN")))).toBe("IMPLICIT_ACCESS");
});

test("a removed member can be reinstated while they are stored, within reach, and fit in", () => {
  const [former, past] = [reinstatement, new Date(NOW.getTime() - REINSTATABLE_MS)];
  expect(code(former(as("ADMIN"), { isMember: true }))).toBe("NOT_REINSTATABLE");
  expect(code(former(as("ADMIN"), { endedAt: past }))).toBe("NOT_REINSTATABLE");
  expect(code(former(as("ADMIN"), { role: "OWNER" }, { subscriptionStatus: "PAST_DUE" }))).toBe("ROLE_TOO_HIGH");
  expect(code(former(as("ADMIN"), {}, { subscriptionStatus: "PAST_DUE", seats: 3 }))).toBe("PAYMENT_REQUIRED");
  expect(former(as("ADMIN"), {}, { seats: 3 })).toMatchObject({ code: "MEMBER_LIMIT_REACHED", path: ["memberId"] });
  expect(code(former(as("ADMIN"), { isInvited: true }, { seats: 3 }))).toBeNull();
  const [reinstated, longAgo] = [former(as("ADMIN"), null), former(as("ADMIN"), null, {}, past)];
  expect(reinstated?.message).toBe("This person is a member already. There is nothing left to do.");
  expect(longAgo?.message).toBe("This person was removed more than 30 days ago. Invite them instead.");
});
