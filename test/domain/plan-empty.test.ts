import { storedPlan } from "../../src/domain/plan";

jest.mock("../../src/domain/plans.json", () => []);

test("an empty catalogue is said to be one", () => {
  expect(() => storedPlan("STARTER")).toThrow(/^The catalogue has no plans\.$/);
});
