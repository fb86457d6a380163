import type { ByokPageOptionsFragment, InferenceProfile } from "../../graph/generated/graphql";
import { Select } from "../../parts/select";
import { byokPage } from "../../texts/en/byok";
import styles from "./byok.module.css";
import { Choice } from "./choice";

const page = byokPage;
const PROFILES: readonly InferenceProfile[] = ["GLOBAL", "US", "EU", "APAC"];

interface Props {
  options: ByokPageOptionsFragment;
  region: string;
  profile: InferenceProfile;
  /** Why the service refused the region or the profile. */
  problem: string | null;
  onRegion(region: string): void;
  onProfile(profile: InferenceProfile): void;
}

/** The region, and the profile, with the models that AWS does not offer in it. */
export function WhereStep({ options, region, profile, problem, onRegion, onProfile }: Props) {
  return (
    <>
      <p className="dim">{page.whereText}</p>
      <Select
        label={page.region}
        isLabelShown
        value={region}
        options={options.regions.map((id) => ({ id, name: id }))}
        onChange={onRegion}
      />
      <Choice
        label={page.profile}
        value={profile}
        options={PROFILES.map((id) => ({ id, ...page.profiles[id], warning: missingIn(options, id) }))}
        onChange={onProfile}
      />
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </>
  );
}

/** Says which models AWS does not offer in a profile. Null if it offers all. */
export function missingIn({ models }: ByokPageOptionsFragment, profile: InferenceProfile): string | null {
  const missing = models.filter(({ inferenceProfiles }) => !inferenceProfiles.includes(profile));
  if (missing.length === 0) return null;
  return page.missingProfile(
    page.profiles[profile].name,
    missing.map(({ name }) => name),
  );
}
