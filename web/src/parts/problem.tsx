import { type ReactNode, useState } from "react";
import { texts } from "../texts/en";
import type { Problem as ProblemData } from "./use-command";
import { useSecondsUntil } from "./use-seconds-until";

interface Props {
  problem: ProblemData | null;
  /** The next step that the person can take. */
  action?: ReactNode;
}

/** Why a mutation had no effect, with the next step. */
export function Problem({ problem, action }: Props) {
  if (!problem) return null;
  const { code, message, retryAfterSeconds } = problem;
  return (
    <div role="alert" className="notice problem">
      {code && <strong>{texts.refusals[code]}</strong>}
      <p>{message}</p>
      {retryAfterSeconds ? <Wait key={`${message} ${retryAfterSeconds}`} seconds={retryAfterSeconds} /> : null}
      {action}
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
