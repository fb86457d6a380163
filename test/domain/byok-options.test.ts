import { BEDROCK_REGIONS } from "../../src/domain/byok";
import { byokOptions } from "../../src/domain/byok-options";

test("the options are AWS's regions and the models in use, each with its profiles", () => {
  const ids = ["anthropic.claude-opus-4-5-20251101-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0"];
  expect(byokOptions(ids)).toEqual({
    regions: BEDROCK_REGIONS,
    models: [
      { id: ids[0], name: "Claude Opus 4.5", inferenceProfiles: ["GLOBAL", "US", "EU"] },
      { id: ids[1], name: "Claude Sonnet 4.5", inferenceProfiles: ["GLOBAL", "US", "EU"] },
    ],
  });
});

test.each(["example.model-v1:0", "toString"])(
  "the model %s, which AWS's guide lacks, can be used in any profile",
  (id) => {
    expect(byokOptions([id]).models).toEqual([{ id, name: id, inferenceProfiles: ["GLOBAL", "US", "EU", "APAC"] }]);
  },
);
