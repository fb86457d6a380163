import { useQuery } from "@apollo/client/react";
import { ByokPagePolicyDocument, type InferenceProfile } from "../../graph/generated/graphql";
import { CopyButton } from "../../parts/copy-button";
import { Loading } from "../../parts/loading";
import { Failed } from "../../parts/page-states";
import { byokPage } from "../../texts/en/byok";
import styles from "./byok.module.css";

const page = byokPage;

/** The policy that the key needs in AWS, to copy. */
export function PolicyStep({ profile }: { profile: InferenceProfile }) {
  const { data, previousData, error, refetch } = useQuery(ByokPagePolicyDocument, {
    variables: { inferenceProfile: profile },
  });
  const policy = (data ?? previousData)?.byokPolicy;
  if (error && !policy) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!policy) return <Loading panels={[290]} />;
  return (
    <>
      <p className="dim">{page.policyText}</p>
      <section className={styles.policy} aria-label={page.policy}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls has to be reachable by keyboard */}
        <pre tabIndex={0}>{policy}</pre>
        <CopyButton label={page.copyPolicy} text={policy} />
      </section>
    </>
  );
}
