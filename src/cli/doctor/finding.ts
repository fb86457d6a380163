import { explain } from "../../config/config";

/** The result of one check. `advice` is the next step for a warning or a problem. */
export interface Finding {
  level: "ok" | "warning" | "problem" | "unused";
  subject: string;
  text: string;
  advice?: string;
}

const MARKS = { ok: "ok     ", warning: "WARNING", problem: "PROBLEM", unused: "-      " } as const;

/** One line, and a second one with the advice. */
export function format({ level, subject, text, advice }: Finding): string {
  return `${MARKS[level]}  ${subject}: ${text}\n${advice ? `         ${advice}\n` : ""}`;
}

/** Runs a check. An error becomes a problem, with the error's message and this advice. */
export async function find(subject: string, advice: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    return [{ level: "problem", subject, text: explain(error), advice }];
  }
}
