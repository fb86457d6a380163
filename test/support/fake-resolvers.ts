import {
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from "graphql";
import { EventStream } from "../../src/live/event-stream";
import { hashOf } from "./random";

/** An object in a result. Its seed determines all values below it. */
interface Made {
  seed: number;
  __typename: string;
}

/**
 * Gives every field of a schema a resolver whose result depends only on its parent, its name and its arguments, so that
 * a wrong argument changes the result. Some results are promises, null, errors or of the wrong type. Some fields have
 * no resolver, like most in the service. Returns the schema.
 */
export function fakeResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__") || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (isProperty(type.name, field)) delete field.resolve;
      else field.resolve = (parent, args) => resolve(schema, type.name, field, parent as Made | undefined, args);
    }
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    // A subscription gets the same events, each twice.
    field.subscribe = () => {
      const events = [fakeEvent(1), fakeEvent(1), fakeEvent(2)];
      events[1] = events[0] as Made;
      return new EventStream(
        { userId: "", backlog: 0, next: () => events.shift() ?? null, onStalled: () => undefined },
        () => undefined,
      );
    };
  }
  return schema;
}

export function fakeEvent(seed: number): Made {
  return { seed, __typename: "Subscription" };
}

function isProperty(type: string, field: GraphQLField<unknown, unknown>): boolean {
  return isLeafType(getNamedType(field.type)) && field.args.length === 0 && hashOf(`${type}.${field.name}`) % 2 === 0;
}

function resolve(
  schema: GraphQLSchema,
  type: string,
  field: GraphQLField<unknown, unknown>,
  parent: Made | undefined,
  args: Record<string, unknown>,
): unknown {
  const seed = hashOf(`${parent?.seed ?? 0} ${type}.${field.name} ${canonical(args)}`);
  const fails = seed % 97 === 0;
  if (seed % 3 === 0) {
    return Promise.resolve().then(() => {
      if (fails) throw new Error(`Failed: ${field.name}`);
      return make(schema, field.type, seed, true);
    });
  }
  if (fails && !isNonNullType(field.type)) throw new Error(`Failed at once: ${field.name}`);
  return make(schema, field.type, seed);
}

/**
 * An error that makes a parent null is only asynchronous: graphql-js leaves a list at the first item that fails
 * synchronously, and nothing handles the items that fail later.
 */
function make(schema: GraphQLSchema, type: GraphQLOutputType, seed: number, isLater = false): unknown {
  if (isNonNullType(type)) {
    if (isLater && seed % 211 === 0) return null;
    return makePresent(schema, type.ofType as GraphQLOutputType, seed);
  }
  if (seed % 7 === 0) return seed % 2 === 0 ? null : undefined;
  if (isLeafType(type) && seed % 307 === 0) return { of: "the wrong type" };
  return makePresent(schema, type, seed);
}

function makePresent(schema: GraphQLSchema, type: GraphQLOutputType, seed: number): unknown {
  if (isListType(type)) {
    const items = Array.from({ length: seed % 4 }, (_, n) => hashOf(`${seed} ${n}`));
    const isLeaf = isLeafType(getNamedType(type));
    return items.map((item) => {
      const made = () => make(schema, type.ofType as GraphQLOutputType, item);
      if (item % 101 === 0 && !isNonNullType(type.ofType)) return new Error(`Failed: item ${item}`);
      // Objects come either all synchronously or all asynchronously, for the same reason.
      return (isLeaf ? item : seed) % 5 === 0 ? Promise.resolve().then(made) : made();
    });
  }
  const named = getNamedType(type);
  if (isCompositeType(named)) return madeObject(schema, named.name, seed);
  if (isEnumType(named)) return named.getValues()[seed % named.getValues().length]?.value;
  return scalar(named.name, seed);
}

function madeObject(schema: GraphQLSchema, name: string, seed: number): Made {
  const type = schema.getType(name);
  const members = isUnionType(type) ? type.getTypes() : [type];
  const member = members[seed % members.length];
  if (!isObjectType(member)) throw new Error(`${name} is no object.`);
  const made: Made & Record<string, unknown> = { seed, __typename: member.name };
  for (const field of Object.values(member.getFields())) {
    if (!isProperty(member.name, field)) continue;
    const own = hashOf(`${seed} ${field.name}`);
    made[field.name] =
      own % 89 === 0 ? Promise.reject(new Error(`Failed: ${field.name}`)) : make(schema, field.type, own);
    if (made[field.name] instanceof Promise) (made[field.name] as Promise<unknown>).catch(() => undefined);
  }
  return made;
}

function scalar(name: string, seed: number): unknown {
  if (name === "Int") return seed % 1_000;
  if (name === "Float") return (seed % 1_000) / 8;
  if (name === "Boolean") return seed % 2 === 0;
  if (name === "DateTime") return new Date((seed % 1_000_000) * 1_000);
  if (name === "ID" && seed % 2 === 0) return seed;
  return `${name} "${seed}" \u2028`;
}

/** Arguments as text, independent of their order. */
function canonical(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return `${typeof value} ${JSON.stringify(value)}`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, part]) => `${name}: ${canonical(part)}`).join()}}`;
}
