import { MemberOrder } from "../../src/domain/member-order";

test("the orders equal their own names, as the graph registers them", () => {
  expect(Object.entries(MemberOrder)).toEqual(["JOINED", "NAME", "ROLE", "LAST_SEEN"].map((order) => [order, order]));
});
