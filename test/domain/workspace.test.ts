import { CloudProvider, DEFAULT_WORKSPACE } from "../../src/domain/workspace";

test("a workspace is on exactly one of three providers, and the default one starts on AWS", () => {
  expect(Object.entries(CloudProvider)).toEqual([
    ["AWS", "AWS"],
    ["GCP", "GCP"],
    ["AZURE", "AZURE"],
  ]);
  expect(DEFAULT_WORKSPACE).toEqual({ name: "Default", cloudProvider: "AWS" });
});
