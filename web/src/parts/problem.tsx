import { type ReactNode, useState } from "react";
import { texts } from "../texts/en";
import type { Problem as ProblemData } from "./use-command";
import { useSecondsUntil } from "./use-seconds-until";

interface Props {
  problem: ProblemData | null;
  /** The way out: what the person can do about it. */
  action?: ReactNode;
}

/** Why a mutation had no effect, in place, with the way out. */
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

/** Counts down until trying again can help. */
export function Wait({ seconds }: { seconds: number }) {
  const [until] = useState(() => new Date(Date.now() + seconds * 1_000).toISOString());
  const left = useSecondsUntil(until);
  // Read out once, not every second.
  return <p aria-live="off">{left > 0 ? texts.waitSeconds(left) : texts.waitOver}</p>;
}
