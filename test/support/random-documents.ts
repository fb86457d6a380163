import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isNonNullType,
  isRequiredArgument,
  isUnionType,
} from "graphql";
import { hashOf, type Random } from "./random";
import { jsonFor, type Known, literalFor, wrong } from "./random-values";

/** One request. */
export interface RandomRequest {
  text: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

interface Options {
  kind: "query" | "subscription";
  known: Known;
  /** No conditions and objects in the document, so that it can be compiled. */
  isPlain: boolean;
}

const DEEPEST = 4;
const INTROSPECTION = [
  '__type(name: "User") { name fields { name } }',
  "__schema { queryType { name ...on __Type { kind } } }",
  "_service { sdl }",
];

/** A request with a random document of the schema's types. It is valid, except that names may conflict. */
export function randomRequest(schema: GraphQLSchema, random: Random, options: Options): RandomRequest {
  return new Writer(schema, random, options).write();
}

class Writer {
  private readonly fragments: Array<{ name: string; type: string; text: string }> = [];
  private readonly definitions = new Map<string, { type: string; text: string }>();
  private readonly variables: Record<string, unknown> = {};
  /** The approximate number of further selections. Most documents are small. */
  private left: number;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly random: Random,
    private readonly options: Options,
  ) {
    this.left = 4 + random.below(30);
  }

  write(): RandomRequest {
    const { kind } = this.options;
    const selection = this.root();
    const definitions = [...this.definitions.values()].map(({ text }) => text);
    const isNamed = this.random.chance(0.4);
    const head = `${kind}${isNamed ? " Main" : ""}${definitions.length > 0 ? `(${definitions.join(", ")})` : ""}`;
    const other = isNamed && kind === "query" && this.random.chance(0.2) ? ["query Other { plans { code } }"] : [];
    const fragments = this.fragments.map(({ name, type, text }) => `fragment ${name} on ${type} ${text}`);
    const text = this.shuffled([`${head} ${selection}`, ...other, ...fragments]).join("\n");
    const names = isNamed
      ? ["Main", "Main", "Main", ...(other.length > 0 ? ["Other", undefined, "Nobody"] : [undefined])]
      : [undefined];
    return { text, variables: this.variables, operationName: this.random.pick<string | undefined>(names) ?? undefined };
  }

  private root(): string {
    const { kind } = this.options;
    const type = kind === "query" ? this.schema.getQueryType() : this.schema.getSubscriptionType();
    if (!type) throw new Error(`The schema has no ${kind}.`);
    if (kind === "query") return this.selection(type, 0);
    // One field, and no condition on it.
    const field = this.field(type, this.random.pick(Object.values(type.getFields())), 0, false);
    return this.random.chance(0.3)
      ? `{ ... on ${type.name} { ${field} } }`
      : `{ ${field} ${this.random.chance(0.1) ? field : ""} }`;
  }

  private selection(type: GraphQLCompositeType, depth: number): string {
    const count = Math.max(1, Math.min(this.left, 1 + this.random.below(depth === 0 ? 3 : 5)));
    this.left -= count;
    const selections = Array.from({ length: count }, () => this.select(type, depth));
    // A repetition, sometimes under a condition. Both must be merged.
    if (this.random.chance(0.3)) selections.push(this.random.pick(selections));
    return `{ ${selections.join(" ")} }`;
  }

  private select(type: GraphQLCompositeType, depth: number): string {
    const roll = this.random.next();
    const mayNest = depth <= DEEPEST && this.left > 0;
    if (roll < 0.08) return `${this.random.chance(0.5) ? "kind: " : ""}__typename${this.condition()}`;
    if (mayNest && roll < 0.2) return this.inlineFragment(type, depth);
    if (mayNest && roll < 0.42) return this.spread(type, depth);
    if (isUnionType(type)) return mayNest ? this.inlineFragment(type, depth) : "__typename";
    if (depth === 0 && roll > 0.98) return this.random.pick(INTROSPECTION);
    const fields = Object.values(type.getFields()).filter(
      (field) => (mayNest && depth < DEEPEST) || !isCompositeType(getNamedType(field.type)),
    );
    return fields.length === 0 ? "__typename" : this.field(type, this.random.pick(fields), depth, true);
  }

  private inlineFragment(type: GraphQLCompositeType, depth: number): string {
    const narrowed = isUnionType(type) && this.random.chance(0.9) ? this.random.pick(type.getTypes()) : type;
    const condition = narrowed !== type || this.random.chance(0.6) ? ` on ${narrowed.name}` : "";
    return `...${condition}${this.condition()} ${this.selection(narrowed, depth + 1)}`;
  }

  private spread(type: GraphQLCompositeType, depth: number): string {
    const narrowed = isUnionType(type) && this.random.chance(0.6) ? this.random.pick(type.getTypes()) : type;
    const known = this.fragments.filter((fragment) => fragment.type === narrowed.name);
    if (known.length > 0 && this.random.chance(0.7)) return `...${this.random.pick(known).name}${this.condition()}`;
    const text = this.selection(narrowed, depth + 1);
    const name = `F${this.fragments.length}`;
    this.fragments.push({ name, type: narrowed.name, text });
    return `...${name}${this.condition()}`;
  }

  private field(
    parent: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown>,
    depth: number,
    mayBeSkipped: boolean,
  ): string {
    const given = field.args.filter((argument) => isRequiredArgument(argument) || this.random.chance(0.4));
    const args = given.map((argument) => `${argument.name}: ${this.argument(argument)}`).join(", ");
    const type = getNamedType(field.type);
    const below = isCompositeType(type) ? ` ${this.selection(type, depth + 1)}` : "";
    const condition = mayBeSkipped ? this.condition() : "";
    return `${this.alias(parent.name, field.name, args)}${field.name}${args ? `(${args})` : ""}${condition}${below}`;
  }

  /**
   * The same name for the same field with the same arguments. Some are names of properties that all JavaScript objects
   * have.
   */
  private alias(parent: string, field: string, args: string): string {
    if (args) return `a${hashOf(args).toString(36)}_${field}: `;
    if (this.random.chance(0.75)) return "";
    const odd = ["constructor", "toString", "then", "hasOwnProperty", "data", "errors"];
    const name = odd[hashOf(`${parent}.${field}`) % 40];
    return `${name ?? `x_${parent}_${field}`}: `;
  }

  private condition(): string {
    if (this.options.isPlain || !this.random.chance(0.25)) return "";
    const value = this.random.chance(0.3) ? String(this.random.chance(0.5)) : this.variable(this.boolean());
    return ` @${this.random.pick(["include", "skip"])}(if: ${value})`;
  }

  private boolean(): GraphQLInputType {
    const argument = this.schema.getDirective("include")?.args[0];
    if (!argument) throw new Error("The schema has no @include.");
    return argument.type;
  }

  private argument({ type }: GraphQLArgument): string {
    if (this.random.chance(0.5)) return this.variable(type);
    const value = jsonFor(type, this.random, this.options.known);
    if (this.options.isPlain && JSON.stringify(value).includes("{")) return this.variable(type);
    const part = (inner: GraphQLInputType) =>
      !this.options.isPlain && this.random.chance(0.3) ? this.variable(inner) : null;
    return literalFor(value, type, part);
  }

  /** A variable for a place of a type: of that type, or without "!" but with a default. */
  private variable(type: GraphQLInputType): string {
    const known = [...this.definitions].filter(([, definition]) => definition.type === String(type));
    if (known.length > 0 && this.random.chance(0.5)) return `$${this.random.pick(known)[0]}`;
    const { random } = this;
    const name = `v${this.definitions.size}`;
    const isNullable = !isNonNullType(type);
    const proposed = random.chance(0.5) ? this.present(type) : undefined;
    const defaultValue = this.options.isPlain && JSON.stringify(proposed)?.includes("{") ? undefined : proposed;
    const isLoose = !isNullable && defaultValue !== undefined && random.chance(0.5);
    const written = isLoose ? String(type).slice(0, -1) : String(type);
    const fallback = defaultValue === undefined ? "" : ` = ${literalFor(defaultValue, type, () => null)}`;
    this.definitions.set(name, { type: String(type), text: `$${name}: ${written}${fallback}` });
    const mayBeAbsent = isNullable || defaultValue !== undefined;
    if (mayBeAbsent && random.chance(0.35)) return `$${name}`;
    if ((isNullable || isLoose) && random.chance(0.2)) this.variables[name] = null;
    else if (random.chance(0.02)) this.variables[name] = wrong(random);
    else this.variables[name] = this.present(type);
    return `$${name}`;
  }

  private present(type: GraphQLInputType): unknown {
    const nonNull = isNonNullType(type) ? type : null;
    if (nonNull) return jsonFor(nonNull, this.random, this.options.known);
    return jsonFor(type, this.random, this.options.known) ?? undefined;
  }

  private shuffled<Item>(items: Item[]): Item[] {
    return items
      .map((item) => ({ item, at: this.random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}
