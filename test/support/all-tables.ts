/** Every row of every table as text, by the table's name. */
export async function rowsOfAllTables(world: {
  sql<Row>(text: string): Promise<Row[]>;
}): Promise<Record<string, string[]>> {
  const tables = await world.sql<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const dump: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await world.sql<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    dump[name] = rows.map(({ row }) => row);
  }
  return dump;
}
