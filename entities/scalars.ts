import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";

// RFC 3339 requires a zone. Date.parse would also accept local and free-form times, and hour 24.
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
/** One year inside the range of RFC 3339, so that instants computed from valid ones are valid too. */
const YEARS = { first: 1, last: 9998 };

/** Instants in RFC 3339, UTC. Beside the entities, because their columns use these scalars. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description:
    "An instant in the format of RFC 3339. Returned in UTC with milliseconds, e.g. 2026-11-24T08:30:00.000Z.",
  serialize: (value) => (value instanceof Date ? value.toISOString() : textOnly(value)),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(textOf(node)),
});

/** Accepts any string: the domain checks addresses and returns a Refusal, not a scalar's error. */
export const EmailAddress = new GraphQLScalarType<string, string>({
  name: "EmailAddress",
  description:
    "An e-mail address, in lower case and without surrounding white space. Case does not matter in comparisons.",
  serialize: textOnly,
  parseValue: String,
  parseLiteral: (node) => String(textOf(node)),
});

/** Another type is a fault of this service, which must not reach a client as "[object Object]". */
function textOnly(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("Expected text.");
  return value;
}

function parseInstant(value: unknown): Date {
  const [text, year, month, day] = (typeof value === "string" && INSTANT.exec(value)) || [];
  if (text !== undefined && Number(day) <= daysIn(Number(year), Number(month))) {
    const instant = new Date(text.toUpperCase());
    const inUtc = instant.getUTCFullYear();
    // An invalid instant, such as minute 60, has the year NaN and fails both comparisons.
    if (inUtc >= YEARS.first && inUtc <= YEARS.last) return instant;
  }
  throw new GraphQLError("A DateTime is an RFC 3339 instant, e.g. 2026-11-24T08:30:00Z.");
}

/** Date would read 30 February as 2 March. */
function daysIn(year: number, month: number): number {
  const following = new Date(0);
  following.setUTCFullYear(year, month, 0);
  return following.getUTCDate();
}

function textOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}
