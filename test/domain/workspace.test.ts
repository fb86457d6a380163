import { refusalOf } from "../../src/domain/refusal";
import { assertWorkspaceDeletable, CloudProvider, DEFAULT_WORKSPACE } from "../../src/domain/workspace";

test("a workspace is on exactly one of three providers, and the default one starts on AWS", () => {
  expect(Object.entries(CloudProvider)).toEqual([
    ["AWS", "AWS"],
    ["GCP", "GCP"],
    ["AZURE", "AZURE"],
  ]);
  expect(DEFAULT_WORKSPACE).toEqual({ name: "Default", cloudProvider: "AWS" });
});

test("the default workspace cannot be deleted, any other can", () => {
  expect(refusalOf(() => assertWorkspaceDeletable({ isDefault: false }))).toBeNull();
  expect(refusalOf(() => assertWorkspaceDeletable({ isDefault: true }))).toMatchObject({
    ...{ code: "DEFAULT_WORKSPACE", message: "The default workspace cannot be deleted. You can rename it instead." },
  });
});
