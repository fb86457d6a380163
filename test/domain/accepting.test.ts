import * as domain from "../../src/domain/accepting";
import type { InvitationStatus } from "../../src/domain/invitation";
import { Refused } from "../../src/domain/refusal";
import { OrganizationRole } from "../../src/domain/role";

const NOW = new Date("2026-03-31T09:00:00.000Z");
const INVITATION = {
  status: "PENDING" as InvitationStatus,
  expiresAt: new Date(NOW.getTime() + 1),
  email: "ada@example.com",
  role: "VIEWER" as OrganizationRole,
  hasWorkspaces: true,
  inviterRole: "ADMIN" as OrganizationRole | null,
};
const ADA: { email: string | null; emailVerified: boolean } = { email: "ada@example.com", emailVerified: true };
const ORGANIZATION: Parameters<typeof domain.refusalToAccept>[2] = {
  planCode: "STANDARD",
  scheduledPlanCode: null,
  viewerIsMember: false,
  memberCount: 2,
};
const MEMBER = { viewerIsMember: true };

test.each<[string, Partial<typeof INVITATION>, typeof ADA | null, Partial<typeof ORGANIZATION>, string | null]>([
  ["who was invited", {}, ADA, {}, null],
  ["who is not signed in yet", {}, null, {}, null],
  ["who is a member", {}, ADA, MEMBER, "ALREADY_A_MEMBER"],
  ["who is a member, of a canceled invitation", { status: "CANCELED" }, ADA, MEMBER, "ALREADY_A_MEMBER"],
  ["who accepted it already", { status: "ACCEPTED" }, ADA, MEMBER, "INVITATION_NOT_PENDING"],
  ["with another address", {}, { ...ADA, email: "bob@example.com" }, {}, "INVITATION_EMAIL_MISMATCH"],
  ["with an unverified address", {}, { ...ADA, emailVerified: false }, {}, "EMAIL_NOT_VERIFIED"],
  ["who is a member, unverified", {}, { ...ADA, emailVerified: false }, MEMBER, "EMAIL_NOT_VERIFIED"],
  ["too late", { expiresAt: NOW }, ADA, {}, "INVITATION_EXPIRED"],
  ["too late and not signed in", { expiresAt: NOW }, null, MEMBER, "INVITATION_EXPIRED"],
  ["after it was cancelled", { status: "CANCELED" }, null, {}, "INVITATION_NOT_PENDING"],
  ["whose inviter left", { inviterRole: null }, ADA, {}, "INVITATION_NOT_PENDING"],
  ["whose inviter left, and not signed in", { inviterRole: null }, null, {}, "INVITATION_NOT_PENDING"],
  ["for whom there is no seat", {}, ADA, { memberCount: 3 }, "MEMBER_LIMIT_REACHED"],
  ["for whom the scheduled plan has no seat", {}, ADA, { scheduledPlanCode: "STARTER" }, "MEMBER_LIMIT_REACHED"],
  // The state of the invitation is checked first, then its address, its inviter and the seats.
  ["too late, with another address", { expiresAt: NOW }, { ...ADA, email: null }, MEMBER, "INVITATION_EXPIRED"],
  ["as a member with another address", {}, { ...ADA, email: "b@example.com" }, MEMBER, "INVITATION_EMAIL_MISMATCH"],
  ["unverified, whose inviter left", { inviterRole: null }, { ...ADA, emailVerified: false }, {}, "EMAIL_NOT_VERIFIED"],
  ["whose inviter left, without a seat", { inviterRole: null }, ADA, { memberCount: 3 }, "INVITATION_NOT_PENDING"],
])("somebody %s gets the reason", (_, invitation, invitee, organization, code) => {
  const refusal = domain.refusalToAccept(
    { ...INVITATION, ...invitation },
    invitee,
    { ...ORGANIZATION, ...organization },
    NOW,
  );
  expect(refusal?.code ?? null).toBe(code);
});

test("an internal error is not turned into a refusal", () => {
  const broken = {
    ...INVITATION,
    get status(): InvitationStatus {
      throw new TypeError("broken");
    },
  };
  expect(() => domain.refusalToAccept(broken, ADA, ORGANIZATION, NOW)).toThrow(TypeError);
});

test("a member gets ALREADY_A_MEMBER", () => {
  const refusal = domain.refusalToAccept(INVITATION, ADA, { ...ORGANIZATION, ...MEMBER }, NOW);
  expect(refusal?.message).toBe("You are already a member of this organization. There is nothing left to do.");
});

test("an invitation grants no more than its inviter could grant now", () => {
  const roles = [...Object.values(OrganizationRole), null];
  for (const inviterRole of roles) {
    for (const role of Object.values(OrganizationRole)) {
      for (const hasWorkspaces of [true, false]) {
        const isBacked = inviterRole === "OWNER" || (inviterRole === "ADMIN" && role !== "OWNER");
        const granted = { role, hasWorkspaces, inviterRole };
        expect([granted, domain.isBacked(granted)]).toEqual([granted, isBacked]);
        const reason = isBacked ? null : "INVITER_MAY_NOT_INVITE";
        expect(domain.cancellationReason({ ...granted, inviteeIsMember: false })).toBe(reason);
        expect(domain.cancellationReason({ ...granted, inviteeIsMember: true })).toBe("ALREADY_A_MEMBER");
        if (isBacked) expect(() => domain.assertBacked(granted)).not.toThrow();
        else expect(() => domain.assertBacked(granted)).toThrow(Refused);
      }
    }
  }
  expect(() => domain.assertBacked({ ...INVITATION, inviterRole: null })).toThrow(
    "The person who sent this invitation may no longer invite here. Ask an Owner or Admin for a new one.",
  );
  expect(domain.CANCELLATION_REASONS).toEqual({
    INVITER_MAY_NOT_INVITE: "its inviter may no longer invite",
    ALREADY_A_MEMBER: "the person with this address is a member already",
  });
});
