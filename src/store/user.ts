import { personSearchText } from "../domain/text";
import type { Reader, Statement } from "./engine/statement";

/** A person as the identity provider described them at a time. */
export interface Identity {
  id: string;
  name: string;
  email: string | null;
  emailVerified: boolean;
  /**
   * When the token was issued, in whole seconds. If several are issued within one second, the last to arrive counts.
   */
  identityAt: Date;
}

/** A person as stored. */
export interface StoredUser extends Identity {
  personalOrganizationId: string | null;
}

/** Rounds down to whole seconds. */
export function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}

const FIND: Statement = {
  name: "known-user",
  isShortRead: true,
  text: `
    SELECT u.id, u.name, u.email, u.email_verified AS "emailVerified", u.identity_at AS "identityAt",
      u.personal_organization_id AS "personalOrganizationId"
    FROM user_account u WHERE u.id = $1`,
};

/** A stored person; undefined before the first sign-in. */
export async function findUser(reader: Reader, id: string): Promise<StoredUser | undefined> {
  const [user] = await reader.rows<StoredUser>(FIND, [id]);
  return user;
}

// Waits for a concurrent sign-up of the same person, and then inserts nothing.
const INSERT: Statement = {
  name: "insert-user",
  text: `
    INSERT INTO user_account (id, name, email, email_verified, identity_at, search_text, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO NOTHING RETURNING id`,
};

/** Inserts a person; false if they exist. */
export async function insertUser(reader: Reader, identity: Identity, now: Date): Promise<boolean> {
  const { id, name, email, emailVerified, identityAt } = identity;
  const inserted = await reader.rows(INSERT, [
    id,
    name,
    email,
    emailVerified,
    identityAt,
    personSearchText(identity),
    now,
  ]);
  return inserted.length === 1;
}

const LOCK: Statement = {
  name: "lock-user",
  text: "SELECT id FROM user_account WHERE id = $1 FOR NO KEY UPDATE",
};

/** Locks a person until the transaction ends, so that their personal organization is created once. */
export async function lockUser(reader: Reader, id: string): Promise<void> {
  await reader.rows(LOCK, [id]);
}

const UPDATE: Statement = {
  name: "update-identity",
  text: `
    UPDATE user_account SET name = $2, email = $3, email_verified = $4, identity_at = $5, search_text = $6
    WHERE id = $1 AND identity_at <= $5`,
};

/** Stores a new description by the identity provider, unless the stored one is newer. */
export async function updateIdentity(reader: Reader, identity: Identity): Promise<void> {
  const { id, name, email, emailVerified, identityAt } = identity;
  await reader.rows(UPDATE, [id, name, email, emailVerified, identityAt, personSearchText(identity)]);
}

const PERSONAL: Statement = {
  name: "set-personal-organization",
  text: "UPDATE user_account SET personal_organization_id = $2 WHERE id = $1",
};

/** Stores which organization is a person's personal one; null after a transfer. */
export async function setPersonalOrganization(
  reader: Reader,
  id: string,
  organizationId: string | null,
): Promise<void> {
  await reader.rows(PERSONAL, [id, organizationId]);
}
