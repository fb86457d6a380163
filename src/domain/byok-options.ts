import { BEDROCK_REGIONS, InferenceProfile } from "./byok";

/** A model that an organization's own key must be able to use. */
export interface ByokModel {
  id: string;
  name: string;
  inferenceProfiles: InferenceProfile[];
}

/** What an Owner can choose from when they configure a key. */
export interface ByokOptions {
  regions: readonly string[];
  models: ByokModel[];
}

/** The models of the product's guide. AWS has no profile "apac." for them. */
const KNOWN_MODELS: Readonly<Record<string, Omit<ByokModel, "id">>> = {
  "anthropic.claude-sonnet-4-5-20250929-v1:0": { name: "Claude Sonnet 4.5", inferenceProfiles: ["GLOBAL", "US", "EU"] },
  "anthropic.claude-opus-4-5-20251101-v1:0": { name: "Claude Opus 4.5", inferenceProfiles: ["GLOBAL", "US", "EU"] },
};

/** The options for the configured models. An unknown model has its id as name, and may be in any profile. */
export function byokOptions(modelIds: readonly string[]): ByokOptions {
  return { regions: BEDROCK_REGIONS, models: modelIds.map(modelOf) };
}

function modelOf(id: string): ByokModel {
  const known = Object.hasOwn(KNOWN_MODELS, id) ? KNOWN_MODELS[id] : undefined;
  return {
    id,
    name: known?.name ?? id,
    inferenceProfiles: known?.inferenceProfiles ?? Object.values(InferenceProfile),
  };
}
