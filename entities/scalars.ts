import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";

// RFC 3339 demands a zone; Date.parse alone would also take local and free-form times, and hour 24.
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
/** A little inside what RFC 3339 can say in UTC, so that what is counted from an instant can be said too. */
const YEARS = { first: 1, last: 9998 };

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
  const [text, year, month, day] = (typeof value === "string" && INSTANT.exec(value)) || [];
  if (text !== undefined && Number(day) <= daysIn(Number(year), Number(month))) {
    const instant = new Date(text.toUpperCase());
    const inUtc = instant.getUTCFullYear();
    // What is no instant, such as minute 60, has no year, which no comparison takes.
    if (inUtc >= YEARS.first && inUtc <= YEARS.last) return instant;
  }
  throw new GraphQLError("A DateTime is an RFC 3339 instant, e.g. 2026-11-24T08:30:00Z.");
}

/** Date would take the 30th of February for the 2nd of March. */
function daysIn(year: number, month: number): number {
  const following = new Date(0);
  following.setUTCFullYear(year, month, 0);
  return following.getUTCDate();
}

function textOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}
