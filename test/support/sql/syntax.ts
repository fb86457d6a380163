/** A node of PostgreSQL's syntax tree, e.g. `{ ColumnRef: { fields: [...] } }`. */
export type Node = { readonly [kind: string]: unknown };

interface Parser {
  loadModule(): Promise<void>;
  parseSync(sql: string): { stmts: Array<{ stmt: Node }> };
}

// PostgreSQL's own parser, compiled to WebAssembly. Statements are walked by shape, so the package's types are not needed.
const parser = require("libpg-query") as Parser;

/** Parses one statement. */
export async function parse(sql: string): Promise<Node> {
  await parser.loadModule();
  const [first, ...others] = parser.parseSync(sql).stmts;
  if (!first || others.length > 0) throw new Error(`One statement was expected: ${sql}`);
  return first.stmt;
}

/** The fields of a node of one kind; undefined for other kinds. */
export function fields(node: unknown, kind: string): Node | undefined {
  return isNode(node) && kind in node ? (node[kind] as Node) : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list of names. A star reads as "*". */
export function names(value: unknown): string[] {
  return list(value).map((part) => String(fields(part, "String")?.sval ?? (fields(part, "A_Star") ? "*" : "")));
}

/** The conditions that an expression joins by AND. */
export function conjuncts(expression: unknown): unknown[] {
  const all = fields(expression, "BoolExpr");
  if (all?.boolop === "AND_EXPR") return list(all.args).flatMap(conjuncts);
  return expression === undefined ? [] : [expression];
}

/** Whether an expression is a parameter or a constant, casts aside. */
export function isFixed(expression: unknown): boolean {
  const conversion = fields(expression, "TypeCast");
  return conversion
    ? isFixed(conversion.arg)
    : Boolean(fields(expression, "ParamRef") ?? fields(expression, "A_Const"));
}

/** All subqueries of an expression, outermost only. */
export function subqueries(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(subqueries);
  if (!isNode(value)) return [];
  const link = fields(value, "SubLink");
  return link ? [link, ...subqueries(link.testexpr)] : Object.values(value).flatMap(subqueries);
}

/** Whether a subquery is an EXISTS whose SELECT has no columns. */
export function existsWithoutColumn(link: Node): boolean {
  const select = fields(link.subselect, "SelectStmt");
  return link.subLinkType === "EXISTS_SUBLINK" && select !== undefined && list(select.targetList).length === 0;
}

const VOLATILE = ["clock_timestamp", "gen_random_uuid", "random", "timeofday", "uuidv7"];

/** Whether a tree calls a function whose result differs from call to call. */
export function callsVolatile(value: unknown): boolean {
  return functions(value).some((name) => VOLATILE.includes(name));
}

/** All function names that a tree calls. */
function functions(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(functions);
  if (!isNode(value)) return [];
  const call = fields(value, "FuncCall");
  const own = call ? [names(call.funcname).at(-1) ?? ""] : [];
  return [...own, ...Object.values(value).flatMap(functions)];
}

/** The tables that the subqueries of EXISTS read where OR stands before them. */
export function existsBehindOr(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(existsBehindOr);
  if (!isNode(value)) return [];
  const any = fields(value, "BoolExpr");
  const own = any?.boolop === "OR_EXPR" ? list(any.args).flatMap(tablesOfExists) : [];
  return [...own, ...Object.values(value).flatMap(existsBehindOr)];
}

function tablesOfExists(condition: unknown): string[] {
  const link = fields(condition, "SubLink");
  return link?.subLinkType === "EXISTS_SUBLINK" ? tables(fields(link.subselect, "SelectStmt")?.fromClause) : [];
}

/** Whether a tree names one of these tables. */
export function reads(value: unknown, known: ReadonlyMap<string, unknown> = new Map()): boolean {
  return tables(value).some((name) => known.has(name));
}

/** All tables that a tree names. */
function tables(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(tables);
  if (!isNode(value)) return [];
  const range = fields(value, "RangeVar");
  return range ? [String(range.relname)] : Object.values(value).flatMap(tables);
}
