import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";

// RFC 3339 demands a zone; Date.parse alone would also take local and free-form times.
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** Instants travel as RFC 3339 in UTC. Columns name these scalars, which is why they live beside the entities. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: "An instant as RFC 3339 in UTC, e.g. 2026-11-24T08:30:00.000Z.",
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(textOf(node)),
});

/** Addresses are checked and normalized by the domain, which answers with a Refusal and not with a scalar's error. */
export const EmailAddress = new GraphQLScalarType<string, string>({
  name: "EmailAddress",
  description: "A mailbox address, compared case-insensitively; stored trimmed and in lower case.",
  serialize: String,
  parseValue: String,
  parseLiteral: (node) => String(textOf(node)),
});

function parseInstant(value: unknown): Date {
  const instant = typeof value === "string" && INSTANT.test(value) ? new Date(value) : null;
  if (instant && !Number.isNaN(instant.getTime())) return instant;
  throw new GraphQLError("A DateTime is an RFC 3339 instant, e.g. 2026-11-24T08:30:00Z.");
}

function textOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}
