import { storedPlan } from "../../src/domain/plan";

jest.mock("../../src/domain/plans.json", () => []);

test("an empty catalogue is an error that says so", () => {
  expect(() => storedPlan("STARTER")).toThrow(/^The catalogue has no plans\.$/);
});
