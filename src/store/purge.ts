import type { Reader, Statement } from "./statement";

const PURGE: Statement = {
  name: "purge-organizations",
  text: "DELETE FROM organization WHERE id IN (SELECT id FROM organization WHERE deleted_at <= $1 LIMIT $2) RETURNING id",
};

/** Deletes organizations that were deleted before `before` for good, with all that is theirs; gives their ids. */
export async function purgeOrganizations(reader: Reader, before: Date, limit: number): Promise<string[]> {
  return (await reader.rows<{ id: string }>(PURGE, [before, limit])).map(({ id }) => id);
}
