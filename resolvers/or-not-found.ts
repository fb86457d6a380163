import { notFound } from "../src/domain/denial";

/**
 * Awaits something that existed when its id was read. Throws NOT_FOUND if it was deleted since, perhaps on another
 * replica. `what` names it in the message.
 */
export async function orNotFound<Value>(
  loading: Promise<Value | null | undefined>,
  what: string,
): Promise<NonNullable<Value>> {
  const value = await loading;
  if (value === null || value === undefined) throw notFound(what);
  return value;
}
