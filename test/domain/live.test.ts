import { EVENT_TYPES, type EventType } from "../../src/domain/events";
import {
  concernsAllMembers,
  INVITATION_EVENTS,
  InvitationChange,
  invitationChangeOf,
  MEMBERSHIP_EVENTS,
  MembershipChange,
  membershipChangeOf,
  ownMembershipChangeOf,
  peopleConcerned,
  personConcerned,
  roleAfter,
} from "../../src/domain/live";

const INVITATIONS: Record<string, string> = {
  "invitation.created": "CREATED",
  "invitation.resent": "RESENT",
  "invitation.updated": "UPDATED",
  "invitation.link_renewed": "LINK_RENEWED",
  "invitation.requested": "REQUESTED",
  "invitation.sent": "SENT",
  "invitation.delivery_failed": "DELIVERY_FAILED",
  "invitation.accepted": "ACCEPTED",
  "invitation.declined": "DECLINED",
  "invitation.canceled": "CANCELED",
  "invitation.expired": "EXPIRED",
};
const MEMBERSHIPS: Record<string, string> = {
  "member.joined": "JOINED",
  "member.role_changed": "ROLE_CHANGED",
  "member.removed": "REMOVED",
  "member.reinstated": "REINSTATED",
  "member.left": "LEFT",
  "ownership.transferred": "OWNERSHIP_TRANSFERRED",
  "workspace_access.changed": "WORKSPACE_ACCESS_CHANGED",
  "workspace_access.expired": "WORKSPACE_ACCESS_CHANGED",
};

const OF_ALL_MEMBERS: Record<string, string> = {
  "organization.deleted": "ORGANIZATION_DELETED",
  "organization.restored": "ORGANIZATION_RESTORED",
};

test.each([...EVENT_TYPES])(
  "%s is listed with the change that subscribers of invitations and memberships get",
  (type) => {
    expect(invitationChangeOf(type)).toBe(INVITATIONS[type] ?? null);
    expect(membershipChangeOf(type)).toBe(MEMBERSHIPS[type] ?? null);
    expect(ownMembershipChangeOf(type)).toBe(MEMBERSHIPS[type] ?? OF_ALL_MEMBERS[type] ?? null);
    expect(concernsAllMembers(type)).toBe(type in OF_ALL_MEMBERS);
  },
);

test("the changes equal their own names, as the graph registers them", () => {
  expect(Object.entries(InvitationChange)).toEqual(Object.values(INVITATIONS).map((change) => [change, change]));
  expect(Object.entries(MembershipChange)).toEqual(
    [...new Set(Object.values({ ...MEMBERSHIPS, ...OF_ALL_MEMBERS }))].map((change) => [change, change]),
  );
});

test("the list of events that change invitations is complete", () => {
  expect([...INVITATION_EVENTS].sort()).toEqual(EVENT_TYPES.filter((type) => type.startsWith("invitation.")).sort());
});

test("the list of events that change single memberships is complete", () => {
  expect([...MEMBERSHIP_EVENTS].sort()).toEqual(Object.keys(MEMBERSHIPS).sort());
});

const TRANSFER = { formerOwner: { userId: "olga" }, newOwner: { userId: "nina" }, userId: "nina" };

test.each<[EventType, Record<string, unknown>, string, unknown]>([
  ["organization.deleted", {}, "ada", null],
  ["organization.deleted", { userId: "bob", after: { role: "OWNER" } }, "ada", null],
  ["organization.restored", { userId: "ada", after: { role: "OWNER" } }, "ada", undefined],
  ["ownership.transferred", TRANSFER, "olga", "ADMIN"],
  ["ownership.transferred", TRANSFER, "nina", "OWNER"],
  ["ownership.transferred", TRANSFER, "ada", undefined],
  ["ownership.transferred", {}, "ada", undefined],
  // A transfer concerns the two people that it names, whatever else its data contains.
  ["ownership.transferred", { ...TRANSFER, userId: "ada", after: { role: "VIEWER" } }, "ada", undefined],
  ["member.removed", { userId: "ada" }, "ada", null],
  ["member.reinstated", { userId: "ada", after: { role: "VIEWER" } }, "ada", "VIEWER"],
  ["member.reinstated", { userId: "bob", after: { role: "VIEWER" } }, "ada", undefined],
  ["member.removed", { userId: "bob" }, "ada", undefined],
  ["member.left", { userId: "ada" }, "ada", null],
  ["member.left", { userId: "bob" }, "ada", undefined],
  ["member.joined", { userId: "ada", after: { role: "VIEWER" } }, "ada", "VIEWER"],
  ["member.joined", { userId: "bob", after: { role: "VIEWER" } }, "ada", undefined],
  ["member.joined", { userId: "ada" }, "ada", undefined],
  [
    "member.role_changed",
    { userId: "ada", before: { role: "ADMIN" }, after: { role: "DEVELOPER" } },
    "ada",
    "DEVELOPER",
  ],
  ["member.role_changed", { userId: "bob", after: { role: "DEVELOPER" } }, "ada", undefined],
  ["workspace_access.changed", { userId: "ada", after: { role: "OWNER" } }, "ada", undefined],
  ["invitation.accepted", { userId: "ada", after: { role: "OWNER" } }, "ada", undefined],
  ["member.joined", {}, "", undefined],
])("after %s %j, %s has the role %s", (type, data, userId, role) => {
  expect(roleAfter({ type, data }, userId)).toBe(role);
});

test.each<[EventType, Record<string, unknown>, string]>([
  ["member.joined", { userId: "ada" }, "ada"],
  ["member.removed", { userId: "ada", newOwner: { userId: "nina" } }, "ada"],
  ["workspace_access.changed", { userId: "ada" }, "ada"],
  ["workspace_access.expired", { userId: "ada" }, "ada"],
  ["ownership.transferred", { ...TRANSFER, userId: "olga" }, "nina"],
  ["ownership.transferred", { userId: "olga" }, ""],
  ["member.left", {}, ""],
])("%s %j concerns %s", (type, data, person) => expect(personConcerned({ type, data })).toBe(person));

test.each<[EventType, Record<string, unknown>, string[]]>([
  ["member.joined", { userId: "ada" }, ["ada"]],
  ["member.removed", { userId: "ada", newOwner: { userId: "nina" } }, ["ada"]],
  ["workspace_access.changed", { userId: "ada" }, ["ada"]],
  ["ownership.transferred", { ...TRANSFER, userId: "ada" }, ["olga", "nina"]],
  ["ownership.transferred", { userId: "olga" }, []],
  ["member.left", {}, []],
  ["organization.deleted", { userId: "ada" }, []],
  ["invitation.accepted", { userId: "ada" }, []],
])("%s %j changes the memberships of %j", (type, data, people) =>
  expect(peopleConcerned({ type, data })).toEqual(people),
);
