import {
  type Audience,
  audienceOf,
  decidingWorkspaces,
  maySeeEvent,
  ORGANIZATION_EVENT_NOUNS,
  summaryFor,
  type WorkspaceEvent,
  workspacesOf,
} from "../../src/domain/audience";
import { EVENT_TYPES, type EventType } from "../../src/domain/events";
import { OrganizationRole } from "../../src/domain/role";

const NOUNS: Record<string, Audience> = {
  organization: "members",
  workspace: "workspace",
  workspace_access: "workspace",
  subscription: "MANAGE_BILLING",
  credits: "MANAGE_BILLING",
  byok: "CONFIGURE_BYOK",
  access_review: "REVIEW_ACCESS",
};

/** Of the events of the own key, these leave its status as it is. */
const WITHOUT_STATUS = ["byok.resealed", "byok.verified", "byok.expiring"];
const changesStatus = (type: string) => type.startsWith("byok.") && !WITHOUT_STATUS.includes(type);

const eventOf = (type: EventType, data: object = {}, workspaceId: string | null = null): WorkspaceEvent => ({
  ...{ type, workspaceId },
  data: data as Record<string, unknown>,
});
const nobody = () => false;
const deny = () => {
  throw new Error("The assignments do not matter here.");
};

test.each([...EVENT_TYPES])("%s is visible to viewers of its subject", (type) => {
  const [noun = ""] = type.split(".");
  const own = type === "organization.limits_changed" ? "INVITE_AND_REMOVE_MEMBERS" : NOUNS[noun];
  expect(audienceOf(type)).toBe(changesStatus(type) ? "members" : (own ?? null));
});

test("events have these kinds of subjects", () => {
  expect(ORGANIZATION_EVENT_NOUNS).toEqual(Object.keys(NOUNS));
});

test.each([
  ["member.joined", [false, false, false, false]],
  ["invitation.created", [false, false, false, false]],
  ["ownership.transferred", [false, false, false, false]],
  ["organization.updated", [true, true, true, true]],
  ["organization.limits_changed", [true, true, false, false]],
  ["subscription.renewed", [true, false, false, false]],
  ["credits.threshold_reached", [true, false, false, false]],
  ["byok.failing", [true, true, true, true]],
  ["byok.excluded", [true, true, true, true]],
  ["byok.verified", [true, false, false, false]],
  ["access_review.decided", [true, true, false, false]],
] as const)("%s is visible to Owner, Admin, Developer and Viewer: %j", (type, expected) => {
  const event = eventOf(type, {}, "w");
  expect(Object.values(OrganizationRole).map((role) => maySeeEvent(event, role, "ada", deny))).toEqual(expected);
  for (const role of Object.values(OrganizationRole)) expect(decidingWorkspaces(event, role, "ada")).toEqual([]);
});

test.each([...EVENT_TYPES])("members who cannot read the audit log get no details of the key with %s", (type) => {
  const sentences = Object.values(OrganizationRole).map((role) => summaryFor(role, type, "Key AKIA…"));
  const neutral = "The organization's own AWS key changed. `byokStatus` is its new status.";
  const theirs = changesStatus(type) ? neutral : "Key AKIA…";
  expect(sentences).toEqual(["Key AKIA…", "Key AKIA…", theirs, theirs]);
});

test("Owners and Admins see changes of all workspaces, Developers and Viewers those of assigned workspaces", () => {
  for (const type of [
    "workspace.created",
    "workspace.updated",
    "workspace.deleted",
    "workspace_access.changed",
  ] as const) {
    const event = eventOf(type, { userId: "bob" }, "w");
    for (const role of ["OWNER", "ADMIN"] as const) {
      expect([decidingWorkspaces(event, role, "ada"), maySeeEvent(event, role, "ada", deny)]).toEqual([[], true]);
    }
    for (const role of ["DEVELOPER", "VIEWER"] as const) {
      expect(decidingWorkspaces(event, role, "ada")).toEqual(["w"]);
      expect(maySeeEvent(event, role, "ada", nobody)).toBe(false);
      expect(maySeeEvent(event, role, "ada", (id) => id === "w")).toBe(true);
    }
  }
});

test("a change of access to several workspaces is visible to viewers of one of them", () => {
  const data = {
    userId: "bob",
    before: [{ workspaceId: "a" }, { workspaceId: "b" }],
    after: [{ workspaceId: "b" }, { workspaceId: "c" }],
  };
  const event = eventOf("workspace_access.changed", data);
  expect(workspacesOf(event)).toEqual(["a", "b", "c"]);
  expect(decidingWorkspaces(event, "VIEWER", "ada")).toEqual(["a", "b", "c"]);
  expect(maySeeEvent(event, "VIEWER", "ada", (id) => id === "c")).toBe(true);
  expect(maySeeEvent(event, "VIEWER", "ada", nobody)).toBe(false);
});

test.each<[WorkspaceEvent, string[]]>([
  [eventOf("workspace_access.changed", { before: [{ workspaceId: "a" }], after: [] }, "w"), ["w"]],
  [eventOf("workspace_access.changed", { before: [{ workspaceId: "a" }] }), ["a"]],
  [eventOf("workspace_access.changed", { after: [{ workspaceId: "a" }] }), ["a"]],
  [eventOf("workspace_access.changed", {}), []],
  [eventOf("organization.updated", { before: [{ workspaceId: "a" }] }), []],
  [eventOf("workspace.updated", { before: { name: "A" } }, "w"), ["w"]],
])("%j is about the workspaces %j", (event, expected) => expect(workspacesOf(event)).toEqual(expected));

test("people see changes of their own access, including its removal", () => {
  for (const event of [
    eventOf("workspace_access.changed", { userId: "ada" }, "w"),
    eventOf("workspace.deleted", { userIds: ["bob", "ada"] }, "w"),
  ]) {
    expect([decidingWorkspaces(event, "VIEWER", "ada"), maySeeEvent(event, "VIEWER", "ada", deny)]).toEqual([[], true]);
    expect([decidingWorkspaces(event, "VIEWER", "eve"), maySeeEvent(event, "VIEWER", "eve", nobody)]).toEqual([
      ["w"],
      false,
    ]);
  }
});

test("the people named in other events do not see them for that reason", () => {
  const updated = eventOf("workspace.updated", { userId: "ada", userIds: ["ada"] }, "w");
  expect([decidingWorkspaces(updated, "VIEWER", "ada"), maySeeEvent(updated, "VIEWER", "ada", nobody)]).toEqual([
    ["w"],
    false,
  ]);
  const deleted = eventOf("workspace.deleted", { userId: "ada" }, "w");
  expect(maySeeEvent(deleted, "VIEWER", "ada", nobody)).toBe(false);
});
