import { texts } from "../texts/en";
import styles from "./dry-run.module.css";
import type { DryRunSuccess } from "./outcome";
import { Problem } from "./problem";
import type { DryRun } from "./use-dry-run";

/** The most effects that are shown, because a large review has thousands. */
const MOST_SHOWN = 40;

/** The effects and the mails of a mutation, or its refusal. Says if others have changed them. */
export function Effects({ outcome, error, hasChanged }: Pick<DryRun, "outcome" | "error" | "hasChanged">) {
  if (error) return <p className="notice">{texts.effectsUnknown}</p>;
  if (!outcome) return <p role="status">{texts.checkingEffects}</p>;
  return (
    <>
      {hasChanged && (
        <p role="alert" className={styles.changed}>
          {texts.effectsChanged}
        </p>
      )}
      {outcome.__typename === "Refusal" ? <Problem problem={outcome} /> : <List outcome={outcome} />}
    </>
  );
}

function List({ outcome: { effects, emails } }: { outcome: DryRunSuccess }) {
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
