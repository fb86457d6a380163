import { commands } from "../../src/commands";
import { signIn } from "../../src/commands/user/sign-in";
import { beginPurge, purgeOrganizations } from "../../src/store/purge";
import type { Actor, TestOrganization, World } from "../support/world";

/** Closed invitations to the invitee: one declined, one canceled, one expired and not yet marked. */
export async function declineAndExpire(world: World, acme: TestOrganization, invitee: Actor): Promise<void> {
  const others = [await world.organization(), await world.organization(), await world.organization()];
  const [declined, canceled, overdue] = others as [TestOrganization, TestOrganization, TestOrganization];
  await invitee.run(commands.declineInvitation, { invitationId: await declined.invite(invitee.email, "VIEWER") });
  const invitationId = await canceled.invite(invitee.email, "ADMIN");
  await canceled.owner.run(commands.cancelInvitation, { organizationId: canceled.id, invitationId });
  const late = [await overdue.invite(invitee.email, "ADMIN"), await acme.invite("late@example.com", "VIEWER")];
  // An invitation that expires now counts as expired.
  await world.query("UPDATE invitation SET expires_at = $1 WHERE id = ANY ($2::uuid[])", world.clock.now(), late);
}

/** An open review with a decision on one member, who may leave afterwards. */
export async function reviewOf({ id: organizationId, owner, world }: TestOrganization, memberId: string) {
  const dueAt = new Date(world.clock.now().getTime() + 30 * 24 * 60 * 60 * 1000);
  const { reviewId } = await owner.run(commands.startAccessReview, { organizationId, name: "First", dueAt });
  const rows = await world.query<{ id: string }>(
    "SELECT id FROM access_review_item WHERE review_id = $1 AND member_id = $2",
    ...[reviewId, memberId],
  );
  const itemId = rows[0]?.id ?? "";
  const decision = { itemId, decision: "CHANGE" as const, newRole: "VIEWER" as const, newGrants: [] };
  await owner.run(commands.decideAccessReview, { organizationId, reviewId, decisions: [decision] });
  return { reviewId, itemId };
}

/** A person with an unverified address. */
export async function unverifiedPerson(world: World, email: string): Promise<Actor> {
  const person = { ...(await world.person()), email, emailVerified: false };
  await signIn(world.replica(), { ...person, identityAt: world.clock.now() });
  return person;
}

export async function purge({ database, clock }: World, organizationId: string): Promise<void> {
  expect(await beginPurge(database, organizationId, clock.now())).toBe(true);
  expect(await purgeOrganizations(database, [organizationId])).toEqual([]);
}

/** An assignment whose workspace is deleted: access must end with the workspace, even if this row remains. */
export async function assignAgain(world: World, { id }: TestOrganization, workspaceId: string, { memberId }: Actor) {
  await world.query(
    "INSERT INTO workspace_assignment (organization_id, workspace_id, member_id) VALUES ($1, $2, $3)",
    ...[id, workspaceId, memberId],
  );
}

/** Replaced links of all invitations. A token is "dead-" and the invitation's id. */
async function addDeadLinks(world: World): Promise<void> {
  await world.query(
    `INSERT INTO dead_link (token_hash, organization_id, invitation_id)
     SELECT sha256(convert_to('dead-' || id, 'UTF8')), organization_id, id FROM invitation`,
  );
}

export async function addKeysCardsAndLinks(world: World, organizations: readonly TestOrganization[]): Promise<void> {
  await world.query(
    `INSERT INTO byok_config (id, organization_id, access_key_id_hint, is_temporary, region, inference_profile, fallback,
       enabled, version, master_key_id, wrapped_key, sealed_access_key_id, sealed_secret_access_key, last_verification,
       created_at, updated_at)
     SELECT gen_random_uuid(), id, 'AKIA…AAAA', false, 'us-east-1', 'GLOBAL', 'DENY', true, gen_random_uuid(), 'test', '', '', '',
       '{"ok": true, "checkedAt": "2026-03-01T00:00:00Z", "checks": [{"kind": "CREDENTIALS", "ok": true}]}', now(), now()
     FROM organization WHERE id = ANY ($1::uuid[])`,
    organizations.map(({ id }) => id),
  );
  await world.query(
    `UPDATE organization_subscription SET payment_method = '{"brand": "visa", "last4": "4242", "expiryMonth": 1, "expiryYear": 2030}'`,
  );
  await addDeadLinks(world);
}

/** Access that ends now, which counts as ended before a job removes it, and access that ends a millisecond later. */
export async function endAccess(world: World, ids: { former: string; alpha: string; beta: string; toInvitee: string }) {
  const now = world.clock.now();
  const end = (at: Date, workspaceId: string) =>
    world.query(
      "UPDATE workspace_assignment SET role_override = $4, expires_at = $1 WHERE member_id = $2 AND workspace_id = $3",
      ...[at, ids.former, workspaceId, workspaceId === ids.alpha ? "ADMIN" : null],
    );
  await end(now, ids.alpha);
  await end(new Date(now.getTime() + 1), ids.beta);
  await world.query(
    "UPDATE invitation_workspace SET expires_at = $1 WHERE invitation_id = $2 AND workspace_id = $3",
    ...[now, ids.toInvitee, ids.beta],
  );
}
