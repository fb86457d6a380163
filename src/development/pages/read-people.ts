import { type OrganizationRole, ROLE_NAMES } from "../../domain/role";
import type { Reader, Statement } from "../../store/engine/statement";

/** A person to sign in as. */
export interface DevelopmentPerson {
  id: string;
  name: string;
  email: string | null;
  emailVerified: boolean;
  /** "Acme (Owner)" and so on. */
  organizations: string[];
}

const PEOPLE: Statement = {
  name: "development-people",
  text: `
    SELECT u.id, u.name, u.email, u.email_verified AS "emailVerified",
      jsonb_agg(jsonb_build_array(o.name, m.role) ORDER BY m.joined_at) AS places
    FROM user_account u JOIN member m ON m.user_id = u.id
    JOIN organization o ON o.id = m.organization_id AND o.deleted_at IS NULL AND o.personal_for_id IS NULL
    GROUP BY u.id ORDER BY min(m.joined_at), u.id LIMIT 50`,
};

/** The members of all organizations, at most 50, those of the demo first. */
export async function readPeople(reader: Reader): Promise<DevelopmentPerson[]> {
  const rows = await reader.rows<
    Omit<DevelopmentPerson, "organizations"> & { places: Array<[string, OrganizationRole]> }
  >(PEOPLE, []);
  return rows.map(({ places, ...person }) => ({
    ...person,
    organizations: places.map(([organization, role]) => `${organization} (${ROLE_NAMES[role]})`),
  }));
}
