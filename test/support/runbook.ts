import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Account } from "../../src/development/postgres/binaries";

const RUNBOOK = path.join(__dirname, "..", "..", "docs", "operations.md");

/** The text of docs/operations.md below a heading, up to the next heading of the same level or above. */
export function runbookSection(heading: string): string {
  const lines = readFileSync(RUNBOOK, "utf8").split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`docs/operations.md has no heading '${heading}'.`);
  const level = heading.indexOf(" ");
  const end = lines.findIndex((line, index) => index > start && /^#+ /.test(line) && line.indexOf(" ") <= level);
  return lines.slice(start + 1, end < 0 ? undefined : end).join("\n");
}

/** The blocks of shell commands in a section of docs/operations.md. */
export function runbookCommands(heading: string): string[] {
  return [...runbookSection(heading).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands = ""]) => commands);
}

/** Runs a block of the runbook like an operator. Throws with its output if a command fails. */
export function runCommands(
  commands: string,
  options: { cwd: string; env: Record<string, string>; account?: Account },
): Promise<void> {
  const { cwd, env, account = {} } = options;
  return new Promise((resolve, reject) => {
    execFile("/bin/bash", ["-eu", "-c", commands], { cwd, env, ...account }, (error, stdout, stderr) =>
      error ? reject(new Error(`${commands}\n${stdout}${stderr}`)) : resolve(),
    );
  });
}
