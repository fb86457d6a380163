import {
  type ExecutionResult,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isObjectType,
  parse,
  validate,
} from "graphql";
import type { Viewer } from "../../src/domain/viewer";
import { createExecutor } from "../../src/server/execute";
import { buildSubgraph } from "../../src/server/schema";
import { silentLog, type World } from "../support/world";
import type { Oracle } from "./oracle";

export const IDENTIFIED = new Set([
  "User",
  "Organization",
  "Member",
  "Workspace",
  "Invitation",
  "OrganizationSubscription",
  "ByokConfig",
]);
/** Fields that cannot be asked for without arguments. */
const SPAN = '(from: "2026-03-30T00:00:00Z", to: "2026-03-31T00:00:00Z")';
const ARGUMENTS: Record<string, string> = { trend: SPAN, byWorkspace: SPAN };

export const schema = buildSubgraph().guarded;
export const run = createExecutor(schema, silentLog);
type Field = GraphQLField<unknown, unknown>;
export type Json = Record<string, unknown>;

/** Where a path begins: a root field, and what it is about. */
export interface Root {
  field: string;
  document: string;
  type: string;
  id: string | null;
}

/** The fields of an object type. */
export const fieldsOf = (type: string): Field[] =>
  Object.values((schema.getType(type) as GraphQLObjectType).getFields());
/** The object that a field leads to, below a page where it is one; null for a plain field. */
export const objectOf = (field: Field) => {
  const named = getNamedType(field.type);
  if (!isObjectType(named)) return null;
  const nodes = named.name.endsWith("Connection") ? named.getFields().nodes : undefined;
  return nodes ? { type: getNamedType(nodes.type).name, isPage: true } : { type: named.name, isPage: false };
};
const nodeTypeOf = (field: Field) => objectOf(field)?.type ?? "";
const idOf = (type: string) => (IDENTIFIED.has(type) ? "id" : type === "AuditEvent" ? "organizationId" : "");
const around = (field: Field, isPage: boolean, selection: string) =>
  isPage
    ? `${field.name}(first: 100) { totalCount edges { node { __typename ${idOf(nodeTypeOf(field))} } } nodes { ${selection} } }`
    : `${field.name}${ARGUMENTS[field.name] ?? ""} { ${selection} }`;

/** Selections of up to `hops` objects below a type, each with everything that its last object has. */
export function* selectionsBelow(type: string, hops: number): Generator<string> {
  const head = `__typename ${idOf(type)}`;
  const everything = fieldsOf(type).map((field) => {
    const below = objectOf(field);
    return below ? around(field, below.isPage, `__typename ${idOf(below.type)}`) : field.name;
  });
  yield `${head} ${everything.join(" ")}`;
  if (hops === 0) return;
  for (const field of fieldsOf(type)) {
    const below = objectOf(field);
    if (!below) continue;
    for (const selection of selectionsBelow(below.type, hops - 1))
      yield `${head} ${around(field, below.isPage, selection)}`;
  }
}

/** Compares one answer with the oracle, and counts what was compared. */
export class Comparison {
  cases = 0;
  readonly wrong: string[] = [];
  private expected = new Set<string>();

  constructor(
    private readonly viewer: Viewer,
    private readonly world: World,
    private readonly oracle: Oracle,
  ) {}

  async ask(root: Root, selection: string, name: string): Promise<void> {
    const text = `{ ${root.document.replace("SELECTION", selection)} }`;
    const document = documents.get(text) ?? parsed(text);
    const context = this.world.context(this.viewer);
    const result = await run({ document, context });
    this.expected = new Set();
    const value = (result.data as Json | null)?.[root.field];
    const admitted = this.admitted(root, root.field === "_entities" ? (value as Json[] | undefined)?.[0] : value);
    if (admitted) this.compare(admitted, root.type, root.field === "_entities" ? [root.field, 0] : [root.field], null);
    this.refusals(result, name, text);
  }

  /** Compares what came by another way than a query: what has been admitted already. */
  judge(result: ExecutionResult, path: string[], type: string, name: string, text: string): void {
    this.expected = new Set();
    this.compare(
      path.reduce<unknown>((value, key) => (value as Json | null)?.[key], result.data),
      type,
      path,
      null,
    );
    this.refusals(result, name, text);
  }

  private refusals({ errors }: ExecutionResult, name: string, text: string): void {
    const told = new Set((errors ?? []).map(({ path }) => (path ?? []).join(".")));
    for (const path of told) if (!this.expected.has(path)) this.wrong.push(`${name}: refused ${path} of ${text}`);
    for (const path of this.expected) if (!told.has(path)) this.wrong.push(`${name}: not refused ${path} of ${text}`);
  }

  /** What the root answered, where it may; notes what is wrong otherwise. */
  private admitted(root: Root, value: unknown): Json | null {
    this.cases += 1;
    const { viewer } = this;
    const isDenied =
      viewer.kind === "anonymous" ||
      (viewer.kind === "service" && (root.field === "viewer" || !viewer.scopes.has("entities:read")));
    if (isDenied) this.expected.add(root.field);
    const mayHave = !isDenied && (root.id === null || this.oracle.see(viewer, root.type, root.id));
    if (mayHave !== (value !== null && value !== undefined)) {
      this.wrong.push(
        `${JSON.stringify(viewer)} ${mayHave ? "did not get" : "got"} ${root.type} ${root.id} by ${root.field}`,
      );
    }
    return mayHave ? ((value ?? null) as Json | null) : null;
  }

  private compare(value: unknown, type: string, path: Array<string | number>, owner: string | null): void {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.compare(item, type, [...path, index], owner);
      return;
    }
    const object = value as Json;
    const own = object[idOf(type)] as string | undefined;
    const id = own ?? owner ?? "";
    if (own !== undefined && !this.oracle.see(this.viewer, type, own)) this.wrong.push(`saw ${type} ${own} at ${path}`);
    for (const field of fieldsOf(type)) if (field.name in object) this.field(object, type, id, field, path);
  }

  private field(object: Json, type: string, id: string, field: Field, path: Array<string | number>): void {
    this.cases += 1;
    const value = object[field.name];
    const at = [...path, field.name];
    if (!this.oracle.read(this.viewer, type, id, field.name)) {
      if (value !== null) this.wrong.push(`read ${type}.${field.name} of ${id}`);
      this.expected.add(at.join("."));
      return;
    }
    if (type === "User" && field.name === "email" && (value !== null) !== this.oracle.knowsAddress(this.viewer, id)) {
      this.wrong.push(
        `${JSON.stringify(this.viewer)} ${value === null ? "was not told" : "was told"} the address of ${id} at ${at}`,
      );
    }
    if (`${type}.${field.name}` === "Workspace.memberCount" && value !== this.oracle.reachedBy(id)) {
      this.wrong.push(`${String(value)} members of the workspace ${id}`);
    }
    const below = objectOf(field);
    if (!below) return;
    const items = below.isPage ? (value as Json | null)?.nodes : value;
    this.list(type, field.name, id, value, items);
    this.compare(items, below.type, below.isPage ? [...at, "nodes"] : at, id);
  }

  /** Whether a list shows all that it must and nothing else, and says so in its count and in its edges. */
  private list(type: string, field: string, id: string, value: unknown, items: unknown): void {
    if (!Array.isArray(items)) return;
    const { totalCount, edges } = (Array.isArray(value) ? {} : value) as Partial<Page>;
    const isWhole = totalCount === undefined || (totalCount === items.length && edges?.length === items.length);
    const nodes = edges?.map(({ node }) => node) ?? items;
    const listed = this.oracle.listed(this.viewer, type, field, id);
    if (!isWhole || (listed && !(sameIds(listed, items) && sameIds(listed, nodes)))) {
      this.wrong.push(`${type}.${field} of ${id} is not what it should be`);
    }
  }
}

/** How many a list says it has. */
interface Page {
  totalCount: number;
  edges: Array<{ node: Json }>;
}

const documents = new Map<string, ReturnType<typeof parse>>();

function parsed(text: string) {
  const document = parse(text);
  const [error] = validate(schema, document);
  if (error) throw new Error(`${error.message} in ${text}`);
  documents.set(text, document);
  return document;
}

function sameIds(ids: string[], items: Json[]): boolean {
  return (
    JSON.stringify([...ids].sort()) === JSON.stringify(items.map((item) => String(item.id ?? item.sequence)).sort())
  );
}
