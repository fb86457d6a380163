import { type GraphQLField, type GraphQLObjectType, getNamedType, isObjectType, parse, validate } from "graphql";
import type { Viewer } from "../../src/domain/viewer";
import { createExecutor } from "../../src/server/execute";
import { buildSubgraph } from "../../src/server/schema";
import { silentLog, World } from "../support/world";
import { type Cast, castOf, type Facts } from "./cast";
import { KNOWN_FIELDS, Oracle } from "./oracle";

// Every field, by every path of up to four hops to it, as everybody, against the oracle.
const HOPS = 4;
const IDENTIFIED = new Set([
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

const schema = buildSubgraph().guarded;
const run = createExecutor(schema, silentLog);
type Field = GraphQLField<unknown, unknown>;
type Json = Record<string, unknown>;
interface Root {
  field: string;
  document: string;
  type: string;
  id: string | null;
}

let world: World;
let facts: Facts;
let cast: Cast;
let oracle: Oracle;
beforeAll(async () => {
  world = await World.create();
  ({ facts, cast } = await castOf(world));
  oracle = new Oracle(facts);
});
afterAll(() => world.close());

const fieldsOf = (type: string): Field[] => Object.values((schema.getType(type) as GraphQLObjectType).getFields());
const objectOf = (field: Field) => {
  const named = getNamedType(field.type);
  if (!isObjectType(named)) return null;
  const nodes = named.name.endsWith("Connection") ? named.getFields().nodes : undefined;
  return nodes ? { type: getNamedType(nodes.type).name, isPage: true } : { type: named.name, isPage: false };
};
const idOf = (type: string) => (IDENTIFIED.has(type) ? "id" : type === "AuditEvent" ? "organizationId" : "");
const around = (field: Field, isPage: boolean, selection: string) =>
  isPage
    ? `${field.name}(first: 100) { nodes { ${selection} } }`
    : `${field.name}${ARGUMENTS[field.name] ?? ""} { ${selection} }`;

/** Selections of up to `hops` objects below a type, each with everything that its last object has. */
function* selectionsBelow(type: string, hops: number): Generator<string> {
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

function roots(): Root[] {
  const keyed = [
    ...[...facts.roles.keys()].map((id) => ["Organization", id] as const),
    ...[...facts.workspaces.keys()].map((id) => ["Workspace", id] as const),
    ...[...facts.invitations.keys()].map((id) => ["Invitation", id] as const),
    ...[...facts.subscriptions.keys()].map((id) => ["OrganizationSubscription", id] as const),
    ...[...facts.byokConfigs.keys()].map((id) => ["ByokConfig", id] as const),
    ...[...facts.members].flatMap(([id, { userId }]) => [["Member", id] as const, ["User", userId] as const]),
  ];
  const entity = ([type, id]: readonly [string, string]): Root => ({
    field: "_entities",
    document: `_entities(representations: [{ __typename: "${type}", id: "${id}" }]) { ... on ${type} { SELECTION } }`,
    type,
    id,
  });
  const direct = ([type, id]: readonly [string, string]): Root => {
    const field = type.toLowerCase();
    return { field, document: `${field}(id: "${id}") { SELECTION }`, type, id };
  };
  const named = keyed.filter(([type]) => type === "Organization" || type === "Workspace").map(direct);
  return [
    { field: "viewer", document: "viewer { SELECTION }", type: "User", id: null },
    ...named,
    ...keyed.map(entity),
  ];
}

/** Compares one answer with the oracle, and counts what was compared. */
class Comparison {
  cases = 0;
  readonly wrong: string[] = [];
  private expected = new Set<string>();

  constructor(private readonly viewer: Viewer) {}

  async ask(root: Root, selection: string, name: string): Promise<void> {
    const text = `{ ${root.document.replace("SELECTION", selection)} }`;
    const document = documents.get(text) ?? parsed(text);
    const context = world.context(this.viewer);
    const { data, errors } = await run({ document, context });
    this.expected = new Set();
    const value = (data as Json | null)?.[root.field];
    const admitted = this.admitted(root, root.field === "_entities" ? (value as Json[] | undefined)?.[0] : value);
    if (admitted) this.compare(admitted, root.type, root.field === "_entities" ? [root.field, 0] : [root.field], null);
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
    const mayHave = !isDenied && (root.id === null || oracle.see(viewer, root.type, root.id));
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
    if (own !== undefined && !oracle.see(this.viewer, type, own)) this.wrong.push(`saw ${type} ${own} at ${path}`);
    for (const field of fieldsOf(type)) if (field.name in object) this.field(object, type, id, field, path);
  }

  private field(object: Json, type: string, id: string, field: Field, path: Array<string | number>): void {
    this.cases += 1;
    const value = object[field.name];
    const at = [...path, field.name];
    if (!oracle.read(this.viewer, type, id, field.name)) {
      if (value !== null) this.wrong.push(`read ${type}.${field.name} of ${id}`);
      this.expected.add(at.join("."));
      return;
    }
    if (type === "User" && field.name === "email" && (value !== null) !== oracle.knowsAddress(this.viewer, id)) {
      this.wrong.push(
        `${JSON.stringify(this.viewer)} ${value === null ? "was not told" : "was told"} the address of ${id} at ${at}`,
      );
    }
    const below = objectOf(field);
    if (!below) return;
    const items = below.isPage ? (value as Json | null)?.nodes : value;
    const listed = type === "Organization" ? oracle.listed(this.viewer, field.name, id) : null;
    if (listed && !sameIds(listed, items as Json[])) this.wrong.push(`${field.name} of ${id} is not what it should be`);
    this.compare(items, below.type, below.isPage ? [...at, "nodes"] : at, id);
  }
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
  return JSON.stringify([...ids].sort()) === JSON.stringify(items.map((item) => String(item.id)).sort());
}

test("every field of everything that can be seen has a rule", () => {
  const missing = Object.entries(KNOWN_FIELDS).flatMap(([type, known]) =>
    fieldsOf(type)
      .filter(({ name }) => !known.split(" ").includes(name))
      .map(({ name }) => `${type}.${name}`),
  );
  const reachable = new Set<string>();
  const visit = (type: string) => {
    if (reachable.has(type)) return;
    reachable.add(type);
    for (const field of fieldsOf(type)) {
      const below = objectOf(field);
      if (below) visit(below.type);
    }
  };
  for (const type of IDENTIFIED) visit(type);
  expect([...missing, ...[...reachable].filter((type) => !(type in KNOWN_FIELDS))]).toEqual([]);
});

test("nobody sees what the oracle denies, and nobody is denied what it grants", async () => {
  let cases = 0;
  const wrong: string[] = [];
  for (const [name, viewer] of Object.entries(cast)) {
    const comparison = new Comparison(viewer);
    for (const root of roots()) {
      const sees = root.id === null ? viewer.kind === "person" : oracle.see(viewer, root.type, root.id);
      // Below what is not seen there is nothing to go on from.
      for (const selection of selectionsBelow(root.type, sees ? HOPS - 1 : 0))
        await comparison.ask(root, selection, name);
    }
    cases += comparison.cases;
    wrong.push(...comparison.wrong.map((line) => `${name}: ${line}`));
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(cases).toBeGreaterThan(20_000);
  process.stdout.write(`isolation: ${cases} cases\n`);
}, 300_000);
