import { type Key, Keys, type Output, type Query } from "./keys";
import {
  callsVolatile,
  conjuncts,
  existsWithoutColumn,
  fields,
  isFixed,
  list,
  type Node,
  names,
  parse,
  reads,
  subqueries,
} from "./syntax";

/** How a distributed PostgreSQL runs a statement. The lists have tables in the order of their appearance. */
export interface Sharding {
  /** Read or written on all shards, because no parameter limits the organization. */
  spread: string[];
  /** Joined with others, but not by the organization. */
  apart: string[];
  /** The parts that it refuses to run. */
  refused: string[];
}

/**
 * Reads a statement like a planner that keeps each organization on one shard. `columns` maps every distributed table to
 * its distribution column. Conditions count only where the planner sees them: a parameter limits the tables of its own
 * query, through equalities if it is a single value, and only the table beside it if it is an array.
 */
export async function shardingOf(sql: string, columns: ReadonlyMap<string, string>): Promise<Sharding> {
  const reading = new Reading(columns);
  reading.statement(await parse(sql), null, "root");
  return { ...reading.keys.result(), refused: reading.refused };
}

class Reading {
  readonly keys = new Keys();
  readonly refused: string[] = [];
  private readonly outputs = new Map<Node, Output[]>();

  constructor(private readonly columns: ReadonlyMap<string, string>) {}

  /** Reads a statement and returns its columns. */
  statement(statement: Node, outer: Query | null, place: Query["place"]): Output[] {
    const [kind = "", body] = Object.entries(statement)[0] ?? [];
    const node = body as Node;
    if (kind === "SelectStmt" && node.op !== "SETOP_NONE") return this.setOperation(node, outer, place);
    const query: Query = { outer, place, tables: new Map(), ctes: new Map(outer?.ctes ?? []) };
    for (const cte of list(fields({ w: node.withClause }, "w")?.ctes)) this.cte(fields(cte, "CommonTableExpr"), query);
    if (kind === "InsertStmt") return this.insert(node, query);
    const target = kind === "SelectStmt" ? undefined : this.table(node.relation as Node, query);
    for (const item of [...list(node.fromClause), ...list(node.usingClause)]) this.from(item, query);
    this.conditions(node.whereClause, query);
    const { withClause, fromClause, usingClause, relation, ...expressions } = node;
    for (const link of subqueries(expressions)) this.link(link, query);
    if (target && callsVolatile(expressions))
      this.refused.push("calls a volatile function in a change of a distributed table");
    if (node.lockingClause) this.keys.lock(query, this.refused);
    const returned = kind === "SelectStmt" ? node.targetList : (node.returningClause as Node | undefined)?.exprs;
    return this.output(returned, query);
  }

  private setOperation(node: Node, outer: Query | null, place: Query["place"]): Output[] {
    const within: Query = { outer, place, tables: new Map(), ctes: new Map(outer?.ctes ?? []) };
    for (const cte of list(fields({ w: node.withClause }, "w")?.ctes)) this.cte(fields(cte, "CommonTableExpr"), within);
    const [left = [], right = []] = [node.larg, node.rarg].map((branch) =>
      this.statement({ SelectStmt: branch }, within, "branch"),
    );
    for (const [index, { key }] of left.entries()) this.keys.equate(key, right[index]?.key);
    return left;
  }

  private cte(cte: Node | undefined, query: Query): void {
    query.ctes.set(String(cte?.ctename), this.statement(cte?.ctequery as Node, query, "root"));
  }

  /** Adds a table of FROM. Returns its key if it is distributed. */
  private table(item: Node, query: Query): Key | undefined {
    const name = String(item.relname);
    const alias = String((item.alias as Node | undefined)?.aliasname ?? name);
    const known = query.ctes.get(name);
    const column = known ? undefined : this.columns.get(name);
    const key = column === undefined ? undefined : this.keys.add(name, query);
    query.tables.set(alias, known ? this.passedOn(known, query) : key && column ? [{ name: column, key }] : []);
    return key;
  }

  private passedOn(columns: readonly Output[], query: Query): Output[] {
    return columns.map(({ name, key }) => {
      const passed = key && this.keys.add(null, query);
      this.keys.equate(key, passed);
      return { name, key: passed };
    });
  }

  private from(item: unknown, query: Query): void {
    const [kind = "", body] = Object.entries(item as Node)[0] ?? [];
    const node = body as Node;
    if (kind === "RangeVar") this.table(node, query);
    else if (kind === "JoinExpr") this.join(node, query);
    else if (kind === "RangeSubselect") this.subquery(node, query);
    else if (kind === "RangeFunction") this.call(node, query);
    else throw new Error(`An unknown item of FROM: ${kind}`);
  }

  private call(call: Node, query: Query): void {
    const { aliasname, colnames } = (call.alias ?? {}) as Node;
    const defined = list(call.coldeflist).map((definition) => String(fields(definition, "ColumnDef")?.colname));
    const columns = [...names(colnames), ...defined].map((name) => ({ name, key: this.keys.add(null, query) }));
    query.tables.set(String(aliasname ?? ""), columns);
  }

  private join(join: Node, query: Query): void {
    this.from(join.larg, query);
    const before = [...query.tables.values()].flat();
    this.from(join.rarg, query);
    const added = [...query.tables.values()].flat().filter((column) => !before.includes(column));
    for (const shared of names(join.usingClause)) {
      const [left, right] = [before, added].map((columns) => columns.find(({ name }) => name === shared)?.key);
      this.keys.equate(left, right);
    }
    this.conditions(join.quals, query);
    for (const link of subqueries(join.quals)) this.link(link, query);
  }

  private subquery(item: Node, query: Query): void {
    const isOfFunctions = [...query.tables.values()].flat().length > 0 && !this.keys.hasTables(query);
    const seen = this.keys.count;
    const columns = this.statement(item.subquery as Node, query, "joined");
    if (item.lateral && isOfFunctions && this.keys.hasTablesSince(seen)) {
      this.refused.push("runs a subquery for each row of a function");
    }
    query.tables.set(String((item.alias as Node | undefined)?.aliasname ?? ""), this.passedOn(columns, query));
  }

  private insert(node: Node, query: Query): Output[] {
    const table = String((node.relation as Node).relname);
    const column = this.columns.get(table);
    if (node.selectStmt) this.statement(node.selectStmt as Node, query, "root");
    const columns = list(node.cols).map((target) => String(fields(target, "ResTarget")?.name));
    if (column && columns.length > 0 && !columns.includes(column))
      this.refused.push(`inserts into ${table} without ${column}`);
    const conflict = (node.onConflictClause as Node | undefined)?.infer as Node | undefined;
    const unique = list(conflict?.indexElems).map((element) => fields(element, "IndexElem")?.name);
    if (column && conflict && !unique.includes(column))
      this.refused.push(`finds conflicts in ${table} without ${column}`);
    // Within a CTE, it sends the rows of another CTE to all nodes.
    const spread = reads(node.selectStmt, query.outer?.ctes) ? table : null;
    if (column) query.tables.set(table, [{ name: column, key: this.keys.add(spread, query) }]);
    return this.output((node.returningClause as Node | undefined)?.exprs, query);
  }

  private output(targets: unknown, query: Query): Output[] {
    return list(targets).flatMap((target) => {
      const { name, val } = fields(target, "ResTarget") ?? {};
      const reference = names(fields(val, "ColumnRef")?.fields);
      if (reference.at(-1) === "*") {
        const [alias] = reference.length > 1 ? reference : [];
        return alias === undefined ? [...query.tables.values()].flat() : (query.tables.get(alias) ?? []);
      }
      return [{ name: String(name ?? reference.at(-1) ?? ""), key: this.keyOf(val, query) }];
    });
  }

  /** The key that a column reference means. A bare name means a column of the query itself. */
  private keyOf(expression: unknown, query: Query): Key | undefined {
    const [alias = "", column] = names(fields(expression, "ColumnRef")?.fields);
    if (column === undefined) return [...query.tables.values()].flat().find(({ name }) => name === alias)?.key;
    for (let from: Query | null = query; from; from = from.outer) {
      const columns = from.tables.get(alias);
      if (columns) return columns.find(({ name }) => name === column)?.key;
    }
    return undefined;
  }

  private conditions(expression: unknown, query: Query): void {
    for (const condition of conjuncts(expression)) {
      const link = fields(condition, "SubLink");
      const { kind, name, lexpr, rexpr } = fields(condition, "A_Expr") ?? {};
      if (link?.testexpr) this.equal(link.testexpr, condition, query);
      if (names(name)[0] !== "=") continue;
      if (kind === "AEXPR_OP") this.equal(lexpr, rexpr, query);
      const key = kind === "AEXPR_OP_ANY" && isFixed(rexpr) ? this.keyOf(lexpr, query) : undefined;
      if (key?.query === query) key.limit = "array";
    }
  }

  private equal(left: unknown, right: unknown, query: Query): void {
    const [lefts, rights] = [left, right].map((side) => this.values(side, query));
    lefts?.forEach(({ key, isParameter }, index) => {
      const other = rights?.[index];
      this.keys.equate(key, other?.key);
      for (const [one, fixed] of [
        [key, other?.isParameter],
        [other?.key, isParameter],
      ] as const) {
        if (one?.query === query && fixed) one.limit ??= "value";
      }
    });
  }

  private values(side: unknown, query: Query): Array<{ key: Key | undefined; isParameter: boolean }> {
    const link = fields(side, "SubLink");
    if (link) return this.link(link, query).map(({ key }) => ({ key, isParameter: false }));
    const { args: parts = [side] } = fields(side, "RowExpr") ?? {};
    return list(parts).map((part) => ({ key: this.keyOf(part, query), isParameter: isFixed(part) }));
  }

  /** Reads a subquery of an expression, once. */
  private link(link: Node, query: Query): Output[] {
    const known = this.outputs.get(link);
    if (known) return known;
    const seen = this.keys.count;
    const found = this.statement(link.subselect as Node, query, "expression");
    this.outputs.set(link, found);
    if (existsWithoutColumn(link) && this.keys.hasTablesSince(seen)) this.refused.push("EXISTS without a column");
    return found;
  }
}
