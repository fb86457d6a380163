import { parse, validate } from "graphql";
import type { Context } from "../../src/context";
import type { Viewer } from "../../src/domain/viewer";
import { writeEventCursor } from "../../src/store/events/event-cursor";
import { writePositions } from "../../src/store/events/positions";
import { PATIENCE_MS, type World } from "../support/world";
import { type Json, run, schema } from "./selections";

/** Runs a document as a viewer. `stream` is the subscription that it started. */
export async function ask(world: World, viewer: Viewer, text: string) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const context = world.context(viewer);
  const result = await run({ document, context });
  const denial = result.errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  const code = result.errors ? (denial?.extensions?.code ?? result.errors[0]?.message ?? "?") : null;
  return { data: result.data as Json | null, code, context, stream: context.started.stream };
}

/** A subscription from the start of its log, if it has cursors. */
export function subscriptionTo(viewer: Viewer, organizationId: string, field: string, selection: string): string {
  if (field === "receivedInvitationChanged") return `subscription { ${field} { ${selection} } }`;
  const start =
    field === "viewerMembershipChanged"
      ? { after: writePositions(viewer.kind === "person" ? viewer.id : "", new Map()) }
      : { organizationId, after: writeEventCursor(organizationId, 0) };
  const args = Object.entries(start).map(([name, value]) => `${name}: "${value}"`);
  return `subscription { ${field}(${args.join(", ")}) { ${selection} } }`;
}

/** The results of a stream until it waits for more. */
export async function allOf(stream: AsyncGenerator<{ data?: Json | null }, void, void>, { live }: Context) {
  const results: Array<{ data?: Json | null }> = [];
  const reading = (async () => {
    for await (const result of stream) results.push(result);
  })();
  await live.drain(PATIENCE_MS);
  live.close();
  await reading;
  return results;
}
