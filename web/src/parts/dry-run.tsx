import { useQuery } from "@apollo/client/react";
import { DryRunDocument, type DryRunInput, type DryRunQuery } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import styles from "./dry-run.module.css";

type Outcome = DryRunQuery["dryRun"];

/** Asks the service what a mutation would do. Null while the answer is on its way. */
export function useDryRun(mutation: DryRunInput): { outcome: Outcome | null; error: unknown } {
  const { data, error } = useQuery(DryRunDocument, { variables: { mutation }, fetchPolicy: "no-cache" });
  return { outcome: data?.dryRun ?? null, error };
}

/** A large review has thousands of effects. */
const MOST_SHOWN = 40;

/** What a mutation would do: its effects and its mails. Or why it would be refused. */
export function Effects({ outcome }: { outcome: Outcome | null }) {
  if (!outcome) return <p role="status">{texts.checkingEffects}</p>;
  if (outcome.__typename === "Refusal") {
    return (
      <p role="alert" className="notice problem">
        {outcome.message}
      </p>
    );
  }
  const { effects, emails } = outcome;
  return (
    <section className={styles.effects}>
      <h3>{texts.wouldHappen}</h3>
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
