import { Client, type QueryConfig } from "pg";

const FEED = /, feed AS MATERIALIZED \([\s\S]*?\), events AS/;
const COLUMNS = /,\s*feed_position, feed_transaction\)/;
const VALUES = /,\s*greatest\(feed\.own, feed\.previous\)[\s\S]*?END\s+FROM feed, /;

/** While `work` runs, events are appended without a position in the feed. */
export async function withoutFeed<Result>(work: () => Promise<Result>): Promise<Result> {
  const plain = Client.prototype.query;
  let isUsed = false;
  Client.prototype.query = function (this: Client, ...parts: [unknown, unknown?]) {
    const [query, ...others] = parts;
    const { name, text } = query as QueryConfig;
    if (name !== "record-changes") return Reflect.apply(plain, this, parts);
    isUsed = true;
    return Reflect.apply(plain, this, [
      { ...(query as QueryConfig), name: `${name}-bare`, text: bare(text) },
      ...others,
    ]);
  } as Client["query"];
  try {
    const result = await work();
    if (!isUsed) throw new Error("No event was appended: is the statement called differently?");
    return result;
  } finally {
    Client.prototype.query = plain;
  }
}

function bare(text: string): string {
  for (const part of [FEED, COLUMNS, VALUES]) if (!part.test(text)) throw new Error(`The statement lacks ${part}.`);
  return text.replace(FEED, ", events AS").replace(COLUMNS, ")").replace(VALUES, " FROM ");
}
