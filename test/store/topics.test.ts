import { MANY_PEOPLE, membershipTopic, topicsOf } from "../../src/store/events/notifier";
import { PostgresPubSub } from "../../src/store/events/postgres-pubsub";
import { World } from "../support/world";

test("a change publishes the topics of the people concerned, or one topic for all members", () => {
  const change = (
    type: "member.joined" | "ownership.transferred" | "organization.deleted" | "byok.paused",
    data = {},
  ) => topicsOf("o", [{ type, summary: "", subjectId: "s", data }]);
  expect(change("member.joined", { userId: "ada" })).toEqual(["o", membershipTopic("ada")]);
  const transfer = { formerOwner: { userId: "ada" }, newOwner: { userId: "bob" } };
  expect(change("ownership.transferred", transfer)).toEqual(["o", membershipTopic("ada"), membershipTopic("bob")]);
  expect(change("organization.deleted")).toEqual(["o", MANY_PEOPLE]);
  expect(change("byok.paused", { userId: "ada" })).toEqual(["o"]);
});

test("a listener whose connection was replaced must check everything, because messages may be lost", async () => {
  const world = await World.create();
  const pubSub = new PostgresPubSub(world.databaseUrl);
  const gap = new Promise<void>((onGap) => {
    const subscribed = pubSub.subscribe({ onPayload: () => undefined, onGap });
    const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'organizations notifier'`;
    void subscribed.then(() => world.query(terminate));
  });
  await gap;
  await pubSub.close();
  await world.close();
});
