import { forbidden } from "../../domain/denial";
import { parseEmailAddress } from "../../domain/email-address";
import { isSubject } from "../../domain/identifier";
import { invalidInput } from "../../domain/refusal";
import { personalOrganizationName, personName } from "../../domain/text";
import { verifiedEmail } from "../../domain/viewer";
import { addresseeTopic, personTopic } from "../../store/events/notifier";
import {
  findUser,
  type Identity,
  insertUser,
  lockUser,
  type StoredUser,
  updateIdentity,
  wholeSecond,
} from "../../store/user";
import { organizationsOfPerson, visibleOrganizations } from "../../store/views/organizations";
import type { OrganizationView } from "../../store/views/people";
import { cancelVoidInvitationsTo, lockInvitingOrganizations } from "../invitation/cancel-void-invitations";
import { setUpOrganization } from "../organization/set-up-organization";
import { serviceCommand } from "../runner/command";
import type { UnitOfWork } from "../runner/unit-of-work";

export interface ProvisionUserInput {
  userId: string;
  email: string;
  emailVerified: boolean;
  name: string;
}

/** Part of the outcome, because the identity service cannot read users or organizations. */
export interface ProvisionUserOutcome {
  user: { id: string; name: string; email: string | null };
  organization: OrganizationView;
  created: boolean;
}

/**
 * Creates or updates a person for the identity service. Returns their personal organization, or another one of theirs
 * once they have transferred it.
 */
export const provisionUser = serviceCommand<ProvisionUserInput, ProvisionUserOutcome>({
  scope: "users:provision",
  run: async (unit, input) => {
    if (!isSubject(input.userId)) throw invalidInput("A userId must have 1 to 255 printable characters.", "userId");
    const email = parseEmailAddress(input.email);
    if (!email) throw invalidInput("This is not a valid e-mail address. Correct it.", "email");
    const { userId: id, emailVerified } = input;
    const name = personName(input.name, emailVerified ? email : null);
    const { user, created } = await provision(unit, {
      id,
      name,
      email,
      emailVerified,
      identityAt: wholeSecond(unit.now),
    });
    const homeId = user.personalOrganizationId ?? (await homeOrganizationOf(unit, user));
    const [organization] = await visibleOrganizations(unit.transaction, { userId: null, all: true }, [homeId]);
    if (!organization) throw new Error("The person has no organization.");
    return { user: { id, name: user.name, email: user.email }, organization, created };
  },
});

/**
 * Returns the organization that a person joined first, for somebody who transferred their personal one. A person
 * without any organization gets a new personal one, as at sign-up.
 */
async function homeOrganizationOf(unit: UnitOfWork, { id, name }: StoredUser): Promise<string> {
  await lockUser(unit.transaction, id);
  const [oldest] = await organizationsOfPerson(unit.transaction, id, { limit: 1, after: null });
  if (oldest) return oldest.id;
  const settings = { name: personalOrganizationName(name), description: null, ownerId: id, isPersonal: true };
  return await setUpOrganization(unit, settings);
}

/**
 * Creates or updates a person and, for a new one, their personal organization: exactly once under any concurrency. The
 * user's row is inserted first, and a parallel request waits for it.
 */
export async function provision(unit: UnitOfWork, identity: Identity): Promise<{ user: StoredUser; created: boolean }> {
  const { transaction, now } = unit;
  const created = await insertUser(transaction, identity, now);
  if (created) {
    const name = personalOrganizationName(identity.name);
    await setUpOrganization(unit, { name, description: null, ownerId: identity.id, isPersonal: true });
    return { user: await storedUser(unit, identity.id), created };
  }
  const before = await storedUser(unit, identity.id);
  const formerEmail = verifiedEmail({ kind: "person", ...before });
  const email = verifiedEmail({ kind: "person", ...identity });
  // These locks come before the person's row, because commands that add a member lock that row under their
  // organization's lock.
  const inviting = email && formerEmail !== email ? await lockInvitingOrganizations(unit, identity.id, email) : [];
  await updateIdentity(transaction, identity);
  const user = await storedUser(unit, identity.id);
  if (hasChanged(before, user)) unit.publish(personTopic(user.id));
  // Streams of invitations to the former address must check again whose address it is.
  if (formerEmail && formerEmail !== verifiedEmail({ kind: "person", ...user })) {
    unit.publish(addresseeTopic(formerEmail));
  }
  if (email) await cancelVoidInvitationsTo(unit, email, inviting);
  return { user, created };
}

async function storedUser({ transaction }: UnitOfWork, id: string): Promise<StoredUser> {
  const user = await findUser(transaction, id);
  if (!user) throw forbidden("This person is unknown.");
  return user;
}

function hasChanged(before: StoredUser, now: StoredUser): boolean {
  return before.name !== now.name || before.email !== now.email || before.emailVerified !== now.emailVerified;
}
