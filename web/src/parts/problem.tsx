import { type ReactNode, useState } from "react";
import { texts } from "../texts/en";
import type { Problem as ProblemData } from "./outcome";
import { RefusalStep, type StepOrganization } from "./refusal-step";
import { useSecondsUntil } from "./use-seconds-until";

interface Props {
  problem: ProblemData | null;
  /** More about it, or a control that settles it in place. The way out of a refusal stands below it anyway. */
  action?: ReactNode;
  /** The organization that it is about, where the page is about several. */
  organization?: StepOrganization | undefined;
}

/** Why a mutation had no effect, with the next step. */
export function Problem({ problem, action, organization }: Props) {
  if (!problem) return null;
  const { code, message, retryAfterSeconds } = problem;
  return (
    <div role="alert" className="notice problem">
      {code && <strong>{texts.refusals[code]}</strong>}
      <p>{message}</p>
      {retryAfterSeconds ? <Wait key={`${message} ${retryAfterSeconds}`} seconds={retryAfterSeconds} /> : null}
      {action}
      {code && <RefusalStep code={code} organization={organization} />}
    </div>
  );
}

/** Counts down until another attempt can help. */
export function Wait({ seconds }: { seconds: number }) {
  const [until] = useState(() => new Date(Date.now() + seconds * 1_000).toISOString());
  const left = useSecondsUntil(until);
  // The countdown is not read out every second.
  return <p aria-live="off">{left > 0 ? texts.waitSeconds(left) : texts.waitOver}</p>;
}
