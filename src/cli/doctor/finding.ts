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

/** How long one check may take. Some clients repeat what got no response for much longer. */
const LIMIT_MS = 20_000;

/** Runs a check. An error becomes a problem, with the error's message and this advice. */
export async function find(
  subject: string,
  advice: string,
  check: () => Promise<Finding[]>,
  limitMs = LIMIT_MS,
): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no response within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([check(), tooLate]);
  } catch (error) {
    return [{ level: "problem", subject, text: explain(error), advice }];
  } finally {
    clearTimeout(timer);
  }
}
