import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root, Subscription } from "type-graphql";
import { AuditFieldChange } from "../schema/audit-field-change";
import { FieldPolicy } from "../schema/field-policy";
import { ServiceEvent, ServiceEventPage } from "../schema/service-event";
import type { Context } from "../src/context";
import { assertScope } from "../src/domain/authorization";
import { Denied } from "../src/domain/denial";
import { fieldChanges, withoutAddresses } from "../src/domain/field-changes";
import { personConcerned } from "../src/domain/live";
import { parseFeedArgs, refuseCursorAhead, type ServiceFeedArgs } from "../src/live/service-subscriptions";
import { writeFeedCursor } from "../src/store/events/feed-position";
import { assertFeedKept } from "../src/store/events/removed-events";
import { type ServiceEvent as EventOfFeed, readFeedEnd, readFeedPage } from "../src/store/events/service-events";
import { readBound } from "../src/store/events/settled-bound";
import { subscriberOf } from "./subscriber";

const DEFAULT_SIZE = 500;
const MAX_SIZE = 1_000;
/** How many events a page of rare types scans. */
const SCAN_SIZE = 5_000;

const AFTER = "Cursor of an earlier event or page: what happened since comes first. Null or absent: from now on.";
const TYPES = "Only events of these types, e.g. 'member.removed'. Null or absent: all.";

@Resolver(() => ServiceEvent)
export class ServiceEventResolver {
  @FieldPolicy({ access: { scope: "events:read" }, page: { items: "events", max: MAX_SIZE } })
  @Directive("@inaccessible")
  @Query(() => ServiceEventPage, {
    description:
      "What happened in all organizations after a cursor: in order within each organization, each event once, none missed.",
  })
  async organizationEvents(
    @Ctx() { viewer, epochs, services: { database } }: Context,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null,
    @Arg("first", () => Int, { nullable: true, defaultValue: DEFAULT_SIZE, description: "Page size, 1 to 1,000." })
    first: number | null,
    @Arg("types", () => [String], { nullable: true, description: TYPES }) types: string[] | null,
  ) {
    assertScope(viewer, "events:read");
    const limit = first ?? DEFAULT_SIZE;
    if (limit < 1 || limit > MAX_SIZE) throw new Denied("BAD_USER_INPUT", "'first' must be between 1 and 1,000.");
    const request = { ...parseFeedArgs(epochs, { after, types }), limit, scanLimit: SCAN_SIZE };
    const bound = await readBound(database, database);
    if (request.after === null) {
      return { events: [], cursor: epochs.tag(writeFeedCursor(await readFeedEnd(database, bound))), hasMore: false };
    }
    const [{ events, position, hasMore, end }] = await Promise.all([
      readFeedPage(database, { ...request, bound, position: request.after }),
      assertFeedKept(database, request.after, request.types),
    ]);
    if (request.after.last[0] >= end) refuseCursorAhead();
    return { events, cursor: epochs.tag(writeFeedCursor(position)), hasMore };
  }

  @FieldPolicy({ access: { scope: "events:read" } })
  @Directive("@inaccessible")
  @Subscription(() => ServiceEvent, {
    name: "organizationEvents",
    subscribe: ({ args, context }: { args: ServiceFeedArgs; context: Context }) =>
      context.live.subscribeToAll(subscriberOf(context), args),
    description: "The events of all organizations as they happen: in order within each organization, each event once.",
  })
  organizationEvent(
    @Root() event: EventOfFeed,
    @Arg("after", () => String, { nullable: true, description: AFTER }) _after: string | null,
    @Arg("types", () => [String], { nullable: true, description: TYPES }) _types: string[] | null,
  ) {
    return event;
  }

  @FieldResolver(() => String, {
    description: "Position over all organizations. Pass it as 'after' to continue from here.",
  })
  cursor(@Root() { position }: EventOfFeed, @Ctx() { epochs }: Context) {
    return epochs.tag(writeFeedCursor(position));
  }

  @FieldResolver(() => String, { nullable: true })
  userId(@Root() event: EventOfFeed) {
    return personConcerned(event) || null;
  }

  @FieldPolicy({ listSize: 5 })
  @FieldResolver(() => [AuditFieldChange], {
    description:
      "The fields that the event changed, sorted by name, with their values before and after. Addresses are left out.",
  })
  changes(@Root() { type, data }: EventOfFeed) {
    return withoutAddresses(fieldChanges(type, data));
  }
}
