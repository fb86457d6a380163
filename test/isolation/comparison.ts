import type { ExecutionResult } from "graphql";
import type { Viewer } from "../../src/domain/viewer";
import type { World } from "../support/world";
import type { Oracle } from "./oracle";
import { type Field, fieldsOf, IDENTIFIED, type Json, objectOf, parsedOnce, run } from "./selections";

/** A root field where paths begin, for one id or for many. */
export interface Root {
  field: string;
  document(selection: string): string;
  variables: Record<string, unknown>;
  type: string;
  /** The ids in the order of the response; null for a field without an id. */
  ids: Array<string | null>;
}

/** Compares one response with the oracle, and counts the compared values. */
export class Comparison {
  cases = 0;
  readonly wrong: string[] = [];
  private expected = new Set<string>();

  constructor(
    private readonly viewer: Viewer,
    private readonly world: World,
    private readonly oracle: Oracle,
    private readonly execute = run,
  ) {}

  async ask(root: Root, selection: string, name: string): Promise<void> {
    const text = root.document(selection);
    const document = parsedOnce(text);
    const context = this.world.context(this.viewer);
    const result = await this.execute({ document, variables: root.variables, context });
    this.expected = new Set();
    const value = (result.data as Json | null)?.[root.field];
    if (this.isDenied(root)) {
      this.cases += 1;
      this.expected.add(root.field);
      if (value !== null && value !== undefined) this.wrong.push(`${name}: ${root.field} answered`);
    } else {
      for (const [index, id] of root.ids.entries()) {
        const isOne = root.field !== "_entities";
        const admitted = this.admitted(root, id, isOne ? value : (value as Json[] | undefined)?.[index]);
        if (admitted) this.compare(admitted, root.type, isOne ? [root.field] : [root.field, index], null);
      }
    }
    this.refusals(result, name, text);
  }

  /** Compares the result of a subscription or mutation, which the viewer has been admitted to. */
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
    const reported = new Set((errors ?? []).map(({ path }) => (path ?? []).join(".")));
    for (const path of reported) if (!this.expected.has(path)) this.wrong.push(`${name}: refused ${path} of ${text}`);
    for (const path of this.expected)
      if (!reported.has(path)) this.wrong.push(`${name}: not refused ${path} of ${text}`);
  }

  /** Whether this viewer may not use the root field. */
  private isDenied({ field }: Root): boolean {
    const { viewer } = this;
    if (viewer.kind !== "service") return viewer.kind === "anonymous";
    return field === "viewer" || !viewer.scopes.has("entities:read");
  }

  /** Returns the root field's result for one id, or records the fault. */
  private admitted({ type, field }: Root, id: string | null, value: unknown): Json | null {
    this.cases += 1;
    const { viewer } = this;
    const mayHave = id === null || this.oracle.see(viewer, type, id);
    const isIt = mayHave ? id === null || (value as Json | null)?.id === id : value === null;
    if (!isIt) {
      this.wrong.push(`${JSON.stringify(viewer)} ${mayHave ? "did not get" : "got"} ${type} ${id} by ${field}`);
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
    const own = (IDENTIFIED.has(type) ? object.id : type === "AuditEvent" ? object.organizationId : undefined) as
      | string
      | undefined;
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
        `${JSON.stringify(this.viewer)} ${value === null ? "did not read" : "read"} the address of ${id} at ${at}`,
      );
    }
    if (type === "Member" && field.name === "lastSeenAt") {
      const isRead = value !== null;
      if (isRead !== this.oracle.knowsLastSeen(this.viewer, id))
        this.wrong.push(`${String(value)}: last seen of ${id}`);
    }
    const counted = this.oracle.counted(type, field.name, id);
    const count = typeof value === "object" ? (value as { used?: number } | null)?.used : value;
    if (counted !== null && count !== undefined && count !== counted) {
      this.wrong.push(`${type}.${field.name} of ${id} counts ${String(count)}, not ${counted}`);
    }
    const leads = objectOf(field);
    if (!leads) return;
    const items = leads.isPage ? (value as Json | null)?.nodes : value;
    this.list(type, field.name, id, value, items);
    this.compare(items, leads.type, leads.isPage ? [...at, "nodes"] : at, id);
  }

  /** Whether a list, its count and its edges have exactly the expected ids. */
  private list(type: string, field: string, id: string, value: unknown, items: unknown): void {
    if (!Array.isArray(items)) return;
    const { totalCount, edges } = (Array.isArray(value) ? {} : value) as Partial<Page>;
    const isWhole = totalCount === undefined || (totalCount === items.length && edges?.length === items.length);
    const nodes = edges?.map(({ node }) => node) ?? items;
    const listed = this.oracle.listed(this.viewer, type, field, id);
    const end = field === "access" ? "member" : "workspace";
    if (!isWhole || (listed && !(sameIds(listed, items, end) && sameIds(listed, nodes, end)))) {
      this.wrong.push(`${type}.${field} of ${id} is not what it should be`);
    }
  }
}

/** The count that a list reports. */
interface Page {
  totalCount: number;
  edges: Array<{ node: Json }>;
}

/** `end`: whether this list identifies an access by its member or by its workspace. */
function sameIds(ids: string[], items: Json[], end: "member" | "workspace"): boolean {
  const known = items.map((item) => item.id ?? item.workspaceId ?? (item[end] as Json | undefined)?.id);
  return JSON.stringify([...ids].sort()) === JSON.stringify(known.map(String).sort());
}
