import { execFile } from "node:child_process";
import path from "node:path";
import type { BilledService } from "./billed-service";
import { npmScript } from "./process";

/** Runs `npm run restored` on a database, with the service's directory and Stripe. */
export function runRestored(
  { stripe, service }: BilledService,
  databaseUrl: string,
): Promise<{ code: number; output: string }> {
  const [program = "", ...args] = npmScript("restored");
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...stripe.environment, DATABASE_URL: databaseUrl, DATA_DIR: service.directory };
  const cwd = path.join(__dirname, "..", "..");
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}
