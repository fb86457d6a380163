import { EVENT_TYPES, parseEventTypes } from "../../src/domain/events";

// Readers of the audit log filter by these names, so a changed or missing name breaks them.
const PUBLIC = [
  "organization.created organization.updated organization.deleted organization.restored ownership.transferred",
  "organization.limits_changed",
  "member.joined member.role_changed member.removed member.reinstated member.left",
  "workspace.created workspace.updated workspace.deleted workspace_access.changed workspace_access.expired",
  "access_review.started access_review.decided access_review.reminded",
  "access_review.completed access_review.canceled",
  "invitation.created invitation.resent invitation.sent invitation.delivery_failed",
  "invitation.accepted invitation.declined invitation.canceled invitation.expired",
  "invitation.updated invitation.link_renewed invitation.requested",
  "subscription.plan_changed subscription.downgrade_scheduled subscription.schedule_canceled subscription.renewed",
  "subscription.trial_started subscription.trial_ended subscription.payment_method_changed",
  "subscription.payment_failed subscription.recovered credits.threshold_reached",
  "byok.configured byok.rotated byok.paused byok.resumed byok.removed byok.verified",
  "byok.failing byok.recovered byok.expiring byok.expired byok.excluded byok.included",
].flatMap((line) => line.split(" "));

test("the list has every public event type once", () => {
  expect(EVENT_TYPES).toEqual(expect.arrayContaining(PUBLIC));
  expect(new Set(EVENT_TYPES).size).toBe(EVENT_TYPES.length);
  for (const type of EVENT_TYPES) expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/);
});

test("a filter is reduced to known types, each once, in the order of the list", () => {
  expect(parseEventTypes(["member.left", "organization.created", "member.left"])).toEqual([
    "organization.created",
    "member.left",
  ]);
  expect(parseEventTypes([...EVENT_TYPES])).toEqual(EVENT_TYPES);
});

test.each([
  [[], "'types' is empty. Leave it out for all types."],
  [["member.left", "member.gone"], "'types' has no event type at index 1."],
  [["Member.left"], "'types' has no event type at index 0."],
])("the filter %j is refused", (types, message) => {
  const refusal = expect.objectContaining({ message, extensions: { code: "BAD_USER_INPUT" } });
  expect(() => parseEventTypes(types)).toThrow(refusal);
});
