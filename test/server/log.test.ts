import { QueryFailedError } from "typeorm";
import { createLog, withoutRedaction } from "../../src/log";

/** An entry as the log prints it. */
function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLog("trace", { write: (line) => lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "") as Record<string, unknown>;
}

const CANARY = "canary.person@example.com";

test("an error is logged with its type, code, place and cause, but without its values", () => {
  const driver = Object.assign(new Error("duplicate key value violates unique constraint"), {
    code: "23505",
    constraint: "uq_invitation_pending",
    detail: `Key (email)=(${CANARY}) already exists.`,
  });
  const error = new QueryFailedError("INSERT INTO invitation VALUES ($1)", [CANARY, "secret-parameter"], driver);
  const entry = logged((log) => log.error({ err: new Error("no invitation", { cause: error }) }, "it failed"));
  expect(JSON.stringify(entry)).not.toMatch(/canary|secret-parameter/);
  expect(entry).toMatchObject({
    msg: "it failed",
    err: {
      message: "no invitation",
      stack: expect.stringContaining("log.test"),
      cause: { type: "QueryFailedError", code: "23505", constraint: "uq_invitation_pending" },
    },
  });
});

test("addresses, tokens and key ids are removed from texts", () => {
  const token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJqb2huIn0.c2lnbmF0dXJl";
  const quoting = `550 <${CANARY}> unknown; Bearer ${token}; AKIAIOSFODNN7EXAMPLE`;
  const entries = [
    logged((log) => log.warn(quoting)),
    logged((log) => log.warn({ job: quoting }, "a job failed")),
    logged((log) => log.warn({ err: new Error(quoting) }, "it failed")),
    logged((log) => log.warn({ err: quoting }, "it failed")),
    logged((log) => log.child({ part: "apollo" }).error(quoting)),
    logged((log) => log.warn({ err: new AggregateError([new Error(quoting)], "all failed") }, "it failed")),
  ];
  for (const entry of entries) {
    expect(JSON.stringify(entry)).not.toMatch(/canary|eyJ|AKIA/);
    expect(JSON.stringify(entry)).toContain("[address]");
  }
});

test("headers and fields with secrets are redacted in every place", () => {
  const entry = logged((log) =>
    log.info({ headers: { authorization: "Bearer x" }, input: { emails: [CANARY] } }, "told"),
  );
  expect(entry).toMatchObject({ headers: { authorization: "[redacted]" }, input: { emails: "[redacted]" } });
});

/** Repeated here on purpose, so that a name cannot be removed from the code's list unnoticed. */
const SECRET_NAMES = [
  ...["authorization", "cookie", "gateway-secret", "idempotency-key", "token", "email", "emails", "password"],
  ...["accessKeyId", "secretAccessKey", "sessionToken"],
];

test.each(SECRET_NAMES)("%s is redacted at every depth that is logged", (name) => {
  const value = "plain-canary";
  const entries = [
    logged((log) => log.info({ [name]: value }, "told")),
    logged((log) => log.info({ headers: { [name]: value } }, "told")),
    logged((log) => log.info({ request: { headers: { [name]: value } } }, "told")),
  ];
  for (const entry of entries) {
    expect(JSON.stringify(entry)).not.toContain(value);
    expect(JSON.stringify(entry)).toContain("[redacted]");
  }
});

test("a log without redaction keeps its fields, but removes secrets from texts", () => {
  const quoting = `550 <${CANARY}> unknown`;
  const entry = logged((log) =>
    withoutRedaction(log.child({ part: "apollo" })).info(
      { token: "x", err: quoting, viewer: `user:${CANARY}` },
      quoting,
    ),
  );
  const viewer = "user:[address]";
  expect(entry).toMatchObject({ part: "apollo", token: "x", viewer, msg: "550 <[address]> unknown" });
  expect(JSON.stringify(entry)).not.toContain("canary");
  expect(logged((log) => withoutRedaction(log) && log.info({ token: "x" }, "as before"))).toMatchObject({
    token: "[redacted]",
  });
});
