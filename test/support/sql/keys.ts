/** One SELECT, INSERT, UPDATE or DELETE, with its tables by alias and the CTEs that it sees. */
export interface Query {
  outer: Query | null;
  /** A root is read by itself. A subquery of FROM is joined with the tables beside it. */
  place: "root" | "branch" | "joined" | "expression";
  tables: Map<string, Output[]>;
  ctes: Map<string, Output[]>;
}

/** A column with an organization's id. */
export interface Key {
  /** Null for a column that a subquery or a function passes on. */
  table: string | null;
  query: Query;
  /** What its query compares it with. */
  limit?: "value" | "array";
}

/** A column of a query; without a key if it is not known to have an organization's id. */
export interface Output {
  name: string;
  key: Key | undefined;
}

/** The organizations' ids of a statement, and which must equal each other. */
export class Keys {
  private readonly all: Key[] = [];
  private readonly equal = new Map<Key, Set<Key>>();

  add(table: string | null, query: Query): Key {
    const key = { table, query };
    this.all.push(key);
    return key;
  }

  get count(): number {
    return this.all.length;
  }

  hasTables(query: Query): boolean {
    return this.all.some((key) => key.table !== null && isJoinedIn(key.query, query));
  }

  hasTablesSince(count: number): boolean {
    return this.all.slice(count).some(({ table }) => table !== null);
  }

  equate(one: Key | undefined, other: Key | undefined): void {
    if (!one || !other) return;
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      this.equal.set(from, (this.equal.get(from) ?? new Set()).add(to));
    }
  }

  /** Rows of several shards cannot be locked. */
  lock(query: Query, refused: string[]): void {
    const isSpread = this.all.some((key) => key.table !== null && key.query === query && !this.isLimited(key));
    if (isSpread) refused.push("locks rows of all shards");
  }

  result(): { spread: string[]; apart: string[] } {
    const spread = this.all.filter((key) => key.table !== null && !this.isLimited(key));
    return { spread: spread.map(tableOf), apart: spread.filter((key) => this.isApart(key)).map(tableOf) };
  }

  private isLimited(key: Key): boolean {
    return key.limit !== undefined || [...this.group(key, key.query)].some(({ limit }) => limit === "value");
  }

  private isApart(key: Key): boolean {
    const around = new Set<Query>();
    for (let query: Query | null = joinOf(key.query); query; query = query.place === "root" ? null : query.outer) {
      around.add(query);
    }
    const others = this.all.filter((other) => other !== key && other.table !== null && around.has(joinOf(other.query)));
    const equals = this.group(key);
    return others.length > 0 && !others.some((other) => equals.has(other));
  }

  /** The keys that must equal one; with `within`, by conditions between tables of one query alone. */
  private group(key: Key, within?: Query): Set<Key> {
    const found = new Set([key]);
    for (const one of found) {
      for (const other of this.equal.get(one) ?? []) if (!within || other.query === within) found.add(other);
    }
    return found;
  }
}

/** The query whose tables a query of FROM is joined with. */
function joinOf(query: Query): Query {
  return query.place === "joined" && query.outer ? joinOf(query.outer) : query;
}

/** Whether a query of FROM belongs to another one. */
function isJoinedIn(query: Query, other: Query): boolean {
  return query === other || (query.place === "joined" && query.outer !== null && isJoinedIn(query.outer, other));
}

const tableOf = ({ table }: Key) => table ?? "";
