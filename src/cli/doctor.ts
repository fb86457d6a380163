import { configure } from "../config/configure";
import { addressFindings } from "./doctor/address-findings";
import { databaseFindings } from "./doctor/database-findings";
import { format } from "./doctor/finding";
import { identityFindings } from "./doctor/identity-findings";
import { providerFindings } from "./doctor/provider-findings";
import { standbyFindings } from "./doctor/standby-findings";
import { tracingFindings } from "./doctor/tracing-findings";

/**
 * `npm run doctor`: checks the configuration against its surroundings, and says what to mend. It changes nothing and sends
 * no mail. Exits with 1 if it finds a problem.
 */
async function main(): Promise<number> {
  const config = configure(process.env);
  const found = (
    await Promise.all([
      addressFindings(config),
      databaseFindings(config),
      standbyFindings(config),
      identityFindings(config),
      providerFindings(config),
      tracingFindings(config),
    ])
  ).flat();
  for (const finding of found) process.stdout.write(format(finding));
  const problems = found.filter(({ level }) => level === "problem").length;
  process.stdout.write(problems === 0 ? "\nNo problem was found.\n" : `\nProblems: ${problems}.\n`);
  return problems === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
