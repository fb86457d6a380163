import type { Person } from "../../domain/viewer";
import { inTransaction, type Transaction } from "../../store/engine/transaction";
import { findUser, type Identity, type StoredUser } from "../../store/user";
import { openUnitOfWork, type Services } from "../runner/unit-of-work";
import { provision } from "./provision-user";

/**
 * Turns what a token says into the person as they are stored. An unknown person is provisioned, in one transaction and
 * exactly once; a known one follows the token, unless something newer is known. A token that has been followed before
 * (`isRepeated`) is no news of its second: what was said later within it stays.
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
  // Whether it was committed is for the next request to find out: nobody asked for it.
  const { user, topics } = await inTransaction(services.database, work, { isRepeatable: true });
  services.notifier.publish(topics);
  return personOf(user);
}

function differs(known: StoredUser, told: Identity, isRepeated: boolean): boolean {
  const same = known.name === told.name && known.email === told.email && known.emailVerified === told.emailVerified;
  const isNews = isRepeated ? told.identityAt > known.identityAt : told.identityAt >= known.identityAt;
  return !same && isNews;
}

function personOf({ id, name, email, emailVerified }: Identity): Person {
  return { kind: "person", id, name, email, emailVerified };
}
