import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";

// RFC 3339 requires a time zone. Date.parse alone would also accept local and free-form times, and hour 24.
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
/** A year less than RFC 3339 allows at both ends, so that times computed from an instant are valid too. */
const YEARS = { first: 1, last: 9998 };

/** Instants are serialized as RFC 3339 in UTC. Entities use these scalars for their columns. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: "An instant as RFC 3339 in UTC, e.g. 2026-11-24T08:30:00.000Z.",
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(textOf(node)),
});

/** The domain checks and normalizes addresses, to return a Refusal instead of a scalar error. */
export const EmailAddress = new GraphQLScalarType<string, string>({
  name: "EmailAddress",
  description: "A mailbox address, compared case-insensitively; stored trimmed and in lower case.",
  serialize: String,
  parseValue: String,
  parseLiteral: (node) => String(textOf(node)),
});

function parseInstant(value: unknown): Date {
  const [text, year, month, day] = (typeof value === "string" && INSTANT.exec(value)) || [];
  if (text !== undefined && Number(day) <= daysIn(Number(year), Number(month))) {
    const instant = new Date(text.toUpperCase());
    const inUtc = instant.getUTCFullYear();
    // An invalid date, such as minute 60, has the year NaN and fails both comparisons.
    if (inUtc >= YEARS.first && inUtc <= YEARS.last) return instant;
  }
  throw new GraphQLError("A DateTime is an RFC 3339 instant, e.g. 2026-11-24T08:30:00Z.");
}

/** The number of days in a month. Date itself would accept the 30th of February as the 2nd of March. */
function daysIn(year: number, month: number): number {
  const following = new Date(0);
  following.setUTCFullYear(year, month, 0);
  return following.getUTCDate();
}

function textOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}
