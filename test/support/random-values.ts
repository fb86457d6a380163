import {
  type GraphQLInputType,
  type GraphQLNamedInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import type { Random } from "./random";

/** Ids and entities for documents, so that some of them exist. */
export interface Known {
  ids: readonly string[];
  entities: readonly string[];
}

/** A valid value of a type in JSON. */
export function jsonFor(type: GraphQLInputType, random: Random, known: Known): unknown {
  if (isNonNullType(type)) return present(type.ofType, random, known);
  return random.chance(0.1) ? null : present(type, random, known);
}

function present(type: Exclude<GraphQLInputType, { ofType: never }>, random: Random, known: Known): unknown {
  if (isNonNullType(type)) return present(type.ofType, random, known);
  if (isListType(type)) {
    const itemType = type.ofType as GraphQLInputType;
    // A single item is a valid list.
    if (random.chance(0.1)) return present(itemType, random, known);
    return Array.from({ length: random.below(4) }, () => jsonFor(itemType, random, known));
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (field) => (isNonNullType(field.type) && field.defaultValue === undefined) || random.chance(0.5),
    );
    return Object.fromEntries(fields.map((field) => [field.name, jsonFor(field.type, random, known)]));
  }
  return scalarFor(type, random, known);
}

function scalarFor({ name }: GraphQLNamedInputType, random: Random, { ids, entities }: Known): unknown {
  if (name === "Int") return random.below(6);
  if (name === "Float") return random.below(10) / 4;
  if (name === "Boolean") return random.chance(0.5);
  if (name === "DateTime") return `2026-0${1 + random.below(3)}-1${random.below(9)}T00:00:00.000Z`;
  if (name === "ID") return random.chance(0.1) ? random.below(100) : random.pick(ids);
  if (name === "_Any") {
    const more = random.chance(0.2) ? { more: [random.below(3), { deep: null }] } : {};
    return { __typename: random.pick(entities), id: random.pick(ids), ...more };
  }
  return random.pick(["", "a", "Acme", "ÄÖ\u2028", 'quote"d', "line\nbreak"]);
}

/** A value that is invalid for every type of this schema. */
export function wrong(random: Random): unknown {
  return random.pick<unknown>([{ nothing: 1 }, "nowhere", -1e12, [[[{}]]], true]);
}

/** A value in the syntax of documents. `part` can replace any value inside by a variable. */
export function literalFor(
  value: unknown,
  type: GraphQLInputType,
  part: (type: GraphQLInputType) => string | null,
  isWithin = false,
): string {
  const variable = isWithin ? part(type) : null;
  if (variable !== null) return variable;
  if (value === null || value === undefined) return "null";
  const nullable = isNonNullType(type) ? (type.ofType as GraphQLInputType) : type;
  if (Array.isArray(value)) {
    const itemType = isListType(nullable) ? (nullable.ofType as GraphQLInputType) : nullable;
    return `[${value.map((item) => literalFor(item, itemType, part, true)).join(", ")}]`;
  }
  if (isListType(nullable)) return literalFor(value, nullable.ofType as GraphQLInputType, part, isWithin);
  if (isEnumType(nullable)) return String(value);
  if (typeof value !== "object") return JSON.stringify(value);
  const typeOf = (name: string) =>
    (isInputObjectType(nullable) ? nullable.getFields()[name]?.type : undefined) ?? nullable;
  const fields = Object.entries(value).map(
    ([name, field]) => `${name}: ${literalFor(field, typeOf(name), part, name !== "__typename")}`,
  );
  return `{ ${fields.join(", ")} }`;
}
