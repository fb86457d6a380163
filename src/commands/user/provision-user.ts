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
import { cancelVoidInvitationsTo } from "../invitation/cancel-void-invitations";
import { setUpOrganization } from "../organization/set-up-organization";
import { serviceCommand } from "../runner/command";
import type { UnitOfWork } from "../runner/unit-of-work";

export interface ProvisionUserInput {
  userId: string;
  email: string;
  emailVerified: boolean;
  name: string;
}

/** The identity service sees what it provisioned, though it may not look further. */
export interface ProvisionUserOutcome {
  user: { id: string; name: string; email: string | null };
  organization: OrganizationView;
  created: boolean;
}

/**
 * The identity service tells of a person: provisioned if new, brought up to date if known. The answer shows their
 * personal organization, or another of theirs once they have transferred it.
 */
export const provisionUser = serviceCommand<ProvisionUserInput, ProvisionUserOutcome>({
  scope: "users:provision",
  run: async (unit, input) => {
    if (!isSubject(input.userId)) throw invalidInput("A userId has 1 to 255 printable characters.", "userId");
    const email = parseEmailAddress(input.email);
    if (!email) throw invalidInput("This is no e-mail address.", "email");
    const { userId: id, emailVerified } = input;
    const name = personName(input.name, emailVerified ? email : null);
    const { user, created } = await provision(unit, {
      id,
      name,
      email,
      emailVerified,
      identityAt: wholeSecond(unit.now),
    });
    const homeId = user.personalOrganizationId ?? (await otherHomeOf(unit, user));
    const [organization] = await visibleOrganizations(unit.transaction, { userId: null, all: true }, [homeId]);
    if (!organization) throw new Error("A person without an organization.");
    return { user: { id, name: user.name, email: user.email }, organization, created };
  },
});

/**
 * Where somebody is at home who has transferred their personal organization: the one that they have belonged to for
 * longest. Where they belong to none, they get a personal one again, as at sign-up.
 */
async function otherHomeOf(unit: UnitOfWork, { id, name }: StoredUser): Promise<string> {
  await lockUser(unit.transaction, id);
  const [oldest] = await organizationsOfPerson(unit.transaction, id, { limit: 1, after: null });
  if (oldest) return oldest.id;
  const founding = { name: personalOrganizationName(name), description: null, ownerId: id, isPersonal: true };
  return await setUpOrganization(unit, founding);
}

/**
 * Makes sure that a person is here, exactly once under any concurrency: the row of the person is inserted first, and
 * whoever comes second waits for it and finds everything done.
 */
export async function provision(unit: UnitOfWork, identity: Identity): Promise<{ user: StoredUser; created: boolean }> {
  const { transaction, now } = unit;
  const created = await insertUser(transaction, identity, now);
  const before = created ? undefined : await findUser(transaction, identity.id);
  if (created) {
    const name = personalOrganizationName(identity.name);
    await setUpOrganization(unit, { name, description: null, ownerId: identity.id, isPersonal: true });
  } else {
    await updateIdentity(transaction, identity);
  }
  const user = await findUser(transaction, identity.id);
  if (!user) throw forbidden("This person is not known.");
  if (before && describesAnother(before, user)) unit.publish(personTopic(user.id));
  // Whoever watches what is addressed to them, does so by an address that may no longer be theirs.
  const left = before && verifiedEmail({ kind: "person", ...before });
  const reached = verifiedEmail({ kind: "person", ...user });
  if (left && left !== reached) unit.publish(addresseeTopic(left));
  if (!created && reached && left !== reached) await cancelVoidInvitationsTo(unit, user.id, reached);
  return { user, created };
}

/** Whether sessions that began before show somebody who has changed since. */
function describesAnother(before: StoredUser, now: StoredUser): boolean {
  return before.name !== now.name || before.email !== now.email || before.emailVerified !== now.emailVerified;
}
