import type { ReactNode } from "react";
import type { Problem as ProblemData } from "./use-command";

interface Props {
  problem: ProblemData | null;
  /** The way out: what the person can do about it. */
  action?: ReactNode;
}

/** Why a mutation had no effect, in place, with the way out. */
export function Problem({ problem, action }: Props) {
  if (!problem) return null;
  return (
    <div role="alert" className="notice problem">
      <p>{problem.message}</p>
      {action}
    </div>
  );
}
