import { MANY_PEOPLE, membershipTopic, topicsOf } from "../../src/store/events/notifier";

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
