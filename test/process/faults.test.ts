import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createApp } from "../../src/app";
import { InvalidConfiguration, readConfig } from "../../src/config/config";
import { reachDatabase } from "../../src/reach-database";
import { killRemainingProcesses, ServiceProcess } from "../support/process";
import { silentLog } from "../support/world";

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-faults-"));
  fs.chmodSync(directory, 0o777);
});
afterEach(killRemainingProcesses);
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const DATABASE_URL = process.env.TEST_DATABASE_URL ?? "";
const write = (file: string, content: string) => {
  fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
  fs.writeFileSync(path.join(directory, file), content);
  return {};
};
/** A fault, its cause (with variables), and the expected line. */
const FAULTS: Array<[string, () => Record<string, string>, RegExp]> = [
  ["below /proc", () => ({ DATA_DIR: "/proc/x" }), /\/proc\/x.*Set it to/],
  ["deep below /proc", () => ({ DATA_DIR: "/proc/x/y/z", DATABASE_URL }), /\/proc\/x.*Set it to/],
  ["below a file", () => ({ DATA_DIR: "/dev/null/x" }), /\/dev\/null.*Set it to/],
  // With a mail server, there is no mailbox in it.
  ["below /sys", () => ({ DATA_DIR: "/sys/x", DATABASE_URL, SMTP_URL: "smtp://mail" }), /\/sys\/x.*Set it to/],
  ["an unwritable directory", () => ({ DATA_DIR: "/proc/self" }), /\/proc\/self.*Set it to/],
  [
    "an empty signing key",
    () => ({ ...write("development-issuer.json", ""), DATABASE_URL }),
    /development-issuer\.json is empty\. Delete it/,
  ],
  [
    "a folder for a key",
    () => ({ ...write("development-issuer.json/x", ""), DATABASE_URL }),
    /issuer\.json cannot be read.*Delete it/,
  ],
  [
    "empty encryption keys",
    () => ({ ...write("encryption-keys", ""), DATABASE_URL }),
    /encryption-keys is empty\. Restore it/,
  ],
  [
    "a folder of encryption keys",
    () => ({ ...write("encryption-keys/x", ""), DATABASE_URL }),
    /encryption-keys cannot be read.*Restore it/,
  ],
  ["a mailbox that is a file", () => ({ ...write("mailbox", "x"), DATABASE_URL }), /mailbox cannot be written.*/],
  [
    "files of another PostgreSQL",
    () => write("postgres/PG_VERSION", "16\n"),
    /belongs to PostgreSQL 16, and the embedded server is 18\. Set DATA_DIR/,
  ],
  ["an empty PG_VERSION", () => write("postgres/PG_VERSION", ""), /PG_VERSION is empty or damaged\. Restore/],
  [
    "a cluster that is nothing but its version",
    () => write("postgres/PG_VERSION", "18\n"),
    /does not start in .*Mend that/,
  ],
  [
    "an empty password",
    () => ({ ...write("postgres/PG_VERSION", "18\n"), ...write("postgres/organizations.password", "") }),
    /organizations\.password is empty or damaged\. Delete it/,
  ],
  ["a folder for PG_VERSION", () => write("postgres/PG_VERSION/x", ""), /PG_VERSION cannot be read .*Restore/],
  [
    "a folder for a password",
    () => ({ ...write("postgres/PG_VERSION", "18\n"), ...write("postgres/organizations.password/x", "") }),
    /organizations\.password cannot be read .*Delete it/,
  ],
  [
    "a password that is a broken link",
    () => {
      write("postgres/PG_VERSION", "18\n");
      fs.symlinkSync("/nowhere/x", path.join(directory, "postgres", "organizations.password"));
      return {};
    },
    /organizations\.password cannot be read .*Delete it/,
  ],
  ["a file for a cluster", () => write("postgres", "x"), /postgres is in the way .*Move it away/],
];

/**
 * The output of a process that does not start (see process.test.ts), without the second that starting a process takes.
 */
async function failedStart(environment: Record<string, string>): Promise<string> {
  try {
    const app = await createApp(readConfig({ PORT: "0", ...environment }), silentLog);
    await app.close();
    return "It started.";
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidConfiguration);
    return (error as Error).message;
  }
}

test.each(FAULTS)(
  "%s stops the start with one line that names DATA_DIR, the place and the way out",
  async (_what, make, says) => {
    const output = await failedStart({ DATA_DIR: directory, ...make() });
    expect(output).toMatch(/^DATA_DIR: [^\n]+$/);
    expect(output).toMatch(says);
  },
);

test("commands on the embedded database name DATA_DIR and the way out, too", async () => {
  const config = readConfig({ DATA_DIR: "/dev/null/x" });
  const reached = reachDatabase(config, new AbortController().signal, () => undefined);
  await expect(reached).rejects.toThrow(/^DATA_DIR: [^\n]*\/dev\/null.*Set it to/);
});

test("unreadable files are not changed", async () => {
  write("encryption-keys", "x");
  await failedStart({ DATA_DIR: directory, DATABASE_URL });
  expect(fs.readFileSync(path.join(directory, "encryption-keys"), "utf8")).toBe("x");
});

test("misspelled variables are reported first, without their values", async () => {
  const output = await ServiceProcess.fail({
    DATA_DIR: "/dev/null",
    DATABSE_URL: "postgres://user:secret@db/x",
    GATEWAY_SECRET: "secret",
  });
  const lines = output.trim().split("\n");
  expect(lines).toEqual([
    expect.stringContaining(
      "DATABSE_URL: not a variable of this service, so it has no effect. Did you mean DATABASE_URL?",
    ),
    expect.stringContaining("Did you mean GATEWAY_SECRETS?"),
    expect.stringMatching(/^DATA_DIR: /),
  ]);
  expect(output).not.toContain("secret");
});

test.each([
  ["NODE_ENV", "prod"],
  ["NODE_ENV", "Production"],
  ["AUTH_AUDIENCE", " "],
  ["KMS_KEY_ID", "\t"],
])("%s=%j does not start", async (name, value) => {
  const output = await failedStart({ DATA_DIR: directory, DATABASE_URL, [name]: value });
  expect(output).toMatch(new RegExp(`^${name}: [^\\n]+$`));
});
