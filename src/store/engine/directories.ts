import { LRUCache } from "lru-cache";
import type { Directory, Reader, Statement } from "./statement";

/** Of about 150 bytes each. */
const MOST_WORKSPACES = 100_000;

const OF_WORKSPACES: Statement = {
  name: "workspace-directory",
  isShortRead: true,
  text: `
    SELECT workspace_id AS "workspaceId", organization_id AS "organizationId"
    FROM workspace_directory WHERE workspace_id = ANY ($1::uuid[])`,
};
const OF_INVITATIONS: Statement = {
  name: "invitation-directory",
  isShortRead: true,
  text: `
    SELECT DISTINCT organization_id AS id FROM invitation_directory WHERE invitation_id = ANY ($1::uuid[])`,
};
const OF_ADDRESSES: Statement = {
  name: "address-directory",
  isShortRead: true,
  text: "SELECT DISTINCT organization_id AS id FROM invitation_directory WHERE email = ANY ($1::text[])",
};
const OF_ADDRESSEES: Statement = {
  name: "addressee-directory",
  isShortRead: true,
  text: `
    SELECT DISTINCT d.organization_id AS id FROM user_account u JOIN invitation_directory d ON d.email = u.email
    WHERE u.id = ANY ($1::text[])`,
};
const OF_PEOPLE: Statement = {
  name: "person-directory",
  isShortRead: true,
  text: `SELECT DISTINCT organization_id AS id FROM person_directory WHERE user_id = ANY ($1::text[])`,
};

const READS = {
  person: OF_PEOPLE,
  invitation: OF_INVITATIONS,
  address: OF_ADDRESSES,
  addressee: OF_ADDRESSEES,
} as const;

/** SQL that limits a table to some organizations; "" for one server. */
export type Within = (organizationColumn: string) => string;

/**
 * Declares a statement whose organizations are the array in the parameter with the number `parameter`. `textOf` puts
 * `within` beside tables that one server finds by the row beside them. Citus does not, and would ask all nodes.
 */
export function onNodes(
  options: Omit<Statement, "text">,
  parameter: number,
  textOf: (within: Within) => string,
): Statement {
  return { ...options, text: textOf(() => ""), distributed: textOf(isIn(parameter)) };
}

const isIn =
  (parameter: number): Within =>
  (column) =>
    `AND ${column} = ANY ($${parameter}::uuid[])`;

/**
 * Declares a statement that names no organization, but something that a directory knows. `textOf` must put `within`
 * beside the organization of every table, because Citus finds the nodes of each table by itself.
 */
export function located(
  options: Omit<Statement, "text" | "distributed" | "located">,
  by: { directory: Directory; parameter: number },
  textOf: (within: Within) => string,
): Statement {
  const text = textOf(() => "");
  const next = 1 + Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const there = {
    ...options,
    name: `${options.name}-located`,
    text: textOf(isIn(next)),
  };
  return { ...options, text, located: { ...by, statement: there } };
}

/**
 * Finds organizations in a distributed database, from tables on the coordinator. So a statement goes to the nodes of these
 * organizations only, and a node that is down does not stop the others.
 */
export class Directories {
  // A workspace never moves to another organization.
  private readonly workspaces = new LRUCache<string, string>({ max: MOST_WORKSPACES });

  /** Returns the statement and the values to send instead of a statement that names no organization. */
  async locate(
    reader: Reader,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<[Statement, readonly unknown[]]> {
    if (!statement.located) return [statement, values];
    const { directory, parameter, statement: there } = statement.located;
    const keys = keysOf(values[parameter - 1], directory);
    // A service reads rows of all organizations.
    if (keys === null) return [statement, values];
    if (directory === "workspace") return [there, [...values, await this.ofWorkspaces(reader, keys)]];
    const rows = await reader.rows<{ id: string }>(READS[directory], [keys]);
    return [there, [...values, rows.map(({ id }) => id)]];
  }

  private async ofWorkspaces(reader: Reader, ids: readonly string[]): Promise<string[]> {
    const unknown = ids.filter((id) => !this.workspaces.has(id.toLowerCase()));
    if (unknown.length > 0) {
      for (const [id, organization] of await organizationsOfWorkspaces(reader, unknown)) {
        this.workspaces.set(id, organization);
      }
    }
    return [...new Set(ids.flatMap((id) => this.workspaces.get(id.toLowerCase()) ?? []))];
  }
}

/** One key or an array; of workspaces, also an array in PostgreSQL syntax. Null: nobody's. */
function keysOf(value: unknown, directory: Directory): string[] | null {
  if (value === null || value === "") return null;
  if (typeof value !== "string") return value as string[];
  return directory === "workspace" && value.startsWith("{") ? value.slice(1, -1).split(",") : [value];
}

/** The organizations of workspaces, by the id of the workspace. */
export async function organizationsOfWorkspaces(reader: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  type Row = { workspaceId: string; organizationId: string };
  const rows = await reader.rows<Row>(OF_WORKSPACES, [ids]);
  return new Map(rows.map(({ workspaceId, organizationId }) => [workspaceId, organizationId]));
}
