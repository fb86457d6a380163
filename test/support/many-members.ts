import type { ConsoleOrganization, ConsoleWorld } from "./console-world";

/** Fills an organization up to `many` members by SQL: its Owner, `Member 2` and so on. Each hundredth is a Viewer. */
export async function fillWithMembers(world: ConsoleWorld, { id }: ConsoleOrganization, many: number): Promise<void> {
  await world.sql(
    `WITH people AS (INSERT INTO user_account (id, name, email, email_verified, created_at, identity_at, search_text)
       SELECT 'many-' || n, 'Member ' || n, 'many' || n || '@example.com', true, now(), now(),
         'member ' || n || E'\\n' || 'many' || n || '@example.com' FROM generate_series(2, $2::int) n RETURNING id, name)
     INSERT INTO member (id, organization_id, user_id, role, joined_at)
       SELECT gen_random_uuid(), $1, id, CASE WHEN name LIKE '%00' THEN 'VIEWER' ELSE 'DEVELOPER' END,
         now() + substr(name, 8)::int * interval '1 millisecond' FROM people`,
    id,
    many,
  );
}
