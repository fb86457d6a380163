import type { ReactNode } from "react";
import type { ByokPageConfigFragment, ByokPageOptionsFragment } from "../../graph/generated/graphql";
import { TimeAgo } from "../../parts/time";
import { byokPage } from "../../texts/en/byok";
import styles from "./byok.module.css";
import { Checks } from "./checks";
import { KeyActions } from "./key-actions";

const page = byokPage;

interface Props {
  organizationId: string;
  config: ByokPageConfigFragment;
  models: ByokPageOptionsFragment["models"];
  /** Opens the form for another key. Null: it is open. */
  replacement: (() => void) | null;
  onChanged(): void;
}

/** The saved key, without its secrets: its region and profile, its status, and the actions on it. */
export function KeyPanel({ organizationId, config, models, replacement, onChanged }: Props) {
  const { lastVerification } = config;
  return (
    <section className={styles.panel} aria-labelledby="key">
      <div className={styles.head}>
        <h2 id="key">{page.key}</h2>
        <KeyActions organizationId={organizationId} config={config} replacement={replacement} onChanged={onChanged} />
      </div>
      <Details config={config} />
      {lastVerification && (
        <>
          <h3>{page.steps.checks}</h3>
          <Checks models={models} verification={lastVerification} />
        </>
      )}
    </section>
  );
}

function Details({ config }: { config: ByokPageConfigFragment }) {
  const { accessKeyIdHint, isTemporary, sessionTokenExpiresAt, region, inferenceProfile, fallback } = config;
  const { savedBy, lastVerification, nextVerificationAt } = config;
  return (
    <dl className={styles.details}>
      <Fact name={page.accessKey}>
        <code>{accessKeyIdHint}</code> <span className="dim">{isTemporary ? page.temporary : page.longTerm}</span>
      </Fact>
      {isTemporary && (
        <Fact name={page.endsAt}>{sessionTokenExpiresAt ? page.moment(sessionTokenExpiresAt) : page.unknownEnd}</Fact>
      )}
      <Fact name={page.region}>{region}</Fact>
      <Fact name={page.profile}>{page.profiles[inferenceProfile].name}</Fact>
      <Fact name={page.fallback}>{page.fallbacks[fallback].name}</Fact>
      <Fact name={page.savedBy}>
        <bdi>{savedBy?.name ?? page.somebody}</bdi>
      </Fact>
      <Fact name={page.lastChecked}>{lastVerification ? <TimeAgo at={lastVerification.checkedAt} /> : page.never}</Fact>
      <Fact name={page.nextCheck}>{nextVerificationAt ? page.moment(nextVerificationAt) : page.none}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
