import { useQuery } from "@apollo/client/react";
import { DryRunDocument, type DryRunInput, type DryRunQuery } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import styles from "./dry-run.module.css";
import { Problem } from "./problem";

type Outcome = DryRunQuery["dryRun"];

interface DryRun {
  /** Null until the answer arrives. */
  outcome: Outcome | null;
  error?: unknown;
}

/** Reads the effects of a mutation from the service. */
export function useDryRun(mutation: DryRunInput): DryRun {
  const { data, error } = useQuery(DryRunDocument, { variables: { mutation }, fetchPolicy: "no-cache" });
  return { outcome: data?.dryRun ?? null, error };
}

/** The most effects that are shown, because a large review has thousands. */
const MOST_SHOWN = 40;

/** The effects and the mails of a mutation, or its refusal. */
export function Effects({ outcome, error }: DryRun) {
  if (error) return <p className="notice">{texts.effectsUnknown}</p>;
  if (!outcome) return <p role="status">{texts.checkingEffects}</p>;
  if (outcome.__typename === "Refusal") return <Problem problem={outcome} />;
  const { effects, emails } = outcome;
  return (
    <section className={styles.effects}>
      <h3>{texts.wouldBeRecorded}</h3>
      <ul>
        {effects.slice(0, MOST_SHOWN).map(({ type, summary, subjectId, workspaceId }) => (
          <li key={`${type} ${subjectId} ${workspaceId} ${summary}`}>{summary}</li>
        ))}
        {effects.length > MOST_SHOWN && <li>{texts.moreEffects(effects.length - MOST_SHOWN)}</li>}
        {emails.slice(0, MOST_SHOWN).map(({ to, subject }) => (
          <li key={`${to} ${subject}`} className="dim">
            {texts.mailTo(to, subject)}
          </li>
        ))}
      </ul>
      {effects.length === 0 && emails.length === 0 && <p>{texts.nothingElseHappens}</p>}
    </section>
  );
}
