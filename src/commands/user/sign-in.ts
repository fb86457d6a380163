import type { Person } from "../../domain/viewer";
import { inTransaction, type Transaction } from "../../store/engine/transaction";
import { findUser, type Identity, type StoredUser } from "../../store/user";
import { openUnitOfWork, type Services } from "../runner/unit-of-work";
import { provision } from "./provision-user";

/**
 * Returns the stored person for a token's identity. Creates an unknown person, in one transaction and exactly once, and
 * updates a known one unless the stored identity is newer. Issue times have seconds only: a token that was applied
 * before (`isRepeated`) must not undo a change of the same second.
 */
export async function signIn(services: Services, identity: Identity, isRepeated = false): Promise<Person> {
  const known = await findUser(services.database, identity.id);
  if (known && !differs(known, identity, isRepeated)) return personOf(known);
  const work = async (transaction: Transaction) => {
    const actor = personOf(identity);
    const { unit, flush } = openUnitOfWork(transaction, actor, services.clock.now(), null);
    const provisioned = await provision(unit, identity);
    return { user: provisioned.user, topics: await flush() };
  };
  // The transaction is repeatable: if its commit is in doubt, the next request repeats it.
  const { user, topics } = await inTransaction(services.database, work, { isRepeatable: true });
  services.notifier.publish(topics);
  return personOf(user);
}

function differs(known: StoredUser, token: Identity, isRepeated: boolean): boolean {
  const isSame =
    known.name === token.name && known.email === token.email && known.emailVerified === token.emailVerified;
  const isNewer = isRepeated ? token.identityAt > known.identityAt : token.identityAt >= known.identityAt;
  return !isSame && isNewer;
}

/** A stored person as a viewer. */
export function personOf({ id, name, email, emailVerified }: Identity): Person {
  return { kind: "person", id, name, email, emailVerified };
}
