import { Writable } from "node:stream";
import { DatabaseError } from "pg";
import { BillingUnavailable, notFound, Unavailable } from "../../src/domain/denial";
import { createLog } from "../../src/log";
import { earlyError } from "../../src/server/graphql/early-error";
import { isUnavailable, retryAfter, statusOf } from "../../src/server/graphql/error-status";
import { formatError } from "../../src/server/graphql/format-error";
import { outcomeClass } from "../../src/server/graphql/outcome";
import { afterCommitWasSent } from "../../src/store/engine/outage";
import { join, organization } from "../support/live-organization";
import { refusalCount } from "../support/refusal-count";
import { RunningService } from "../support/service";
import { subscribeByEvents } from "../support/test-subscription";

const log = createLog("silent");

test("an outage is UNAVAILABLE with seconds to wait; only the log has the cause", () => {
  const outage = new Unavailable("The key service does not answer.", { cause: new Error("kms.internal refused") });
  expect(formatError({ message: "" }, outage, log, "1")).toEqual({
    message: "The key service does not answer.",
    extensions: { code: "UNAVAILABLE", retryAfterSeconds: 5 },
  });
  const early = earlyError(new Unavailable("No keys.", { retryAfterSeconds: 30 }), { accept: "", log, requestId: "1" });
  expect(early).toMatchObject({ status: 503, headers: { "retry-after": "30" } });
  expect(new Unavailable("x", { mayHaveHappened: true }).extensions).toMatchObject({ mayHaveHappened: true });
  expect(new Unavailable("x", { mayHaveHappened: false }).extensions).not.toHaveProperty("mayHaveHappened");
});

test.each([
  ["40003", "ERROR", "It failed.", true],
  ["08007", "ERROR", "It failed.", true],
  ["57P01", "FATAL", "It failed.", true],
  ["23505", "ERROR", "It failed.", false],
  ["XX000", "ERROR", "It failed.", false],
  // What the coordinator of a Citus cluster says when a node is lost.
  ["08006", "ERROR", "connection to the remote node citus@node-1:5432 failed", true],
  ["XX000", "ERROR", "could not commit transaction for shard 102011 on at least one active node", true],
  ["XX000", "ERROR", "failure on connection marked as essential: node-1:5432", true],
  ["XX000", "ERROR", "terminating connection due to unexpected postmaster exit", true],
])(
  "after COMMIT was sent, the server's error %s (%s: %s) leaves open whether it happened: %s",
  (code, severity, message, isOpen) => {
    const error = Object.assign(new DatabaseError(message, 1, "error"), { code, severity });
    const open = { extensions: { code: "UNAVAILABLE", mayHaveHappened: true } };
    if (isOpen) expect(afterCommitWasSent(error)).toMatchObject(open);
    else expect(afterCommitWasSent(error)).toBe(error);
  },
);

test("outages of every dependency are logged with their cause, and denials are not", () => {
  const lines: Array<{ msg: string; err: { message: string } }> = [];
  const write = (line: unknown, _encoding: string, done: () => void) => {
    lines.push(JSON.parse(String(line)));
    done();
  };
  const warnings = createLog("warn", new Writable({ write }));
  const down = new Unavailable("Down.");
  for (const error of [down, new BillingUnavailable(new Error("stripe.internal refused")), notFound("plan")]) {
    formatError({ message: "" }, error, warnings, "1");
  }
  expect(lines.map(({ msg }) => msg)).toEqual(Array(2).fill("a dependency is unavailable"));
});

test("an operation fails by an error of the service, and is refused by any other", () => {
  for (const code of ["INTERNAL_SERVER_ERROR", "UNAVAILABLE", "DEADLINE_EXCEEDED", "ERROR"]) {
    expect([code, outcomeClass(code)]).toEqual([code, "failed"]);
  }
  expect(["FORBIDDEN", "BILLING_UNAVAILABLE", "ok"].map(outcomeClass)).toEqual(["refused", "refused", "ok"]);
});

test("one UNAVAILABLE error makes the response 503, and Retry-After is the longest wait", () => {
  const error = (code: string, retryAfterSeconds?: number) => ({
    message: "",
    extensions: { code, retryAfterSeconds },
  });
  expect(isUnavailable({ data: null, errors: [error("NOT_FOUND"), error("UNAVAILABLE")] })).toBe(true);
  expect(isUnavailable({ errors: [error("DEADLINE_EXCEEDED")] })).toBe(true);
  expect(isUnavailable({ data: { viewer: { id: "1", memberships: null } }, errors: [error("UNAVAILABLE")] })).toBe(
    true,
  );
  expect(isUnavailable({ data: { viewer: null }, errors: [error("NOT_FOUND")] })).toBe(false);
  expect(isUnavailable({ data: { viewer: null } })).toBe(false);
  expect(retryAfter([error("UNAVAILABLE", 2), error("RATE_LIMITED", 7.2), error("NOT_FOUND")])).toBe("8");
  expect(retryAfter([error("NOT_FOUND")])).toBeUndefined();
  expect(statusOf("NOT_FOUND")).toBeUndefined();
});

test("an operation that exceeds its deadline is HTTP 503 with Retry-After, whatever type the client accepts", async () => {
  const service = await RunningService.start({}, { jobs: false });
  const owner = await service.person();
  const { token } = owner;
  const id = await organization(owner);
  const replica = await service.replica({ OPERATION_DEADLINE_MS: "300" }, { jobs: false });
  const { port, live } = replica;
  const runner = service.app.services.database.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query("LOCK TABLE member, organization IN ACCESS EXCLUSIVE MODE");
  const refusals = await refusalCount("deadline");
  for (const accept of ["application/json", "application/graphql-response+json"]) {
    // An operation that ends before its execution must not count as one that exceeds its deadline.
    expect((await service.ask(token, replica)("{")).errors).toHaveLength(1);
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: "POST",
      headers: { accept, "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: "{ viewer { memberships { id } } }" }),
    });
    const { errors } = (await response.json()) as { errors: Array<{ extensions: object }> };
    expect([accept, response.status, response.headers.get("retry-after")]).toEqual([accept, 503, "5"]);
    expect(errors[0]?.extensions).toEqual({ code: "DEADLINE_EXCEEDED", retryAfterSeconds: 5 });
  }
  expect(await refusalCount("deadline")).toBe(refusals + 2);
  const members = "subscription($id: ID!) { membershipChanged(organizationId: $id) { cursor } }";
  const late = await subscribeByEvents(port, token, members, { id });
  expect((await late.over())[0]?.errors?.[0]?.extensions.code).toBe("DEADLINE_EXCEEDED");
  await runner.rollbackTransaction();
  await runner.release();
  // The stream that nobody receives is not left open.
  const punctual = await subscribeByEvents(port, token, members, { id });
  while (live.size === 0) await new Promise((resolve) => setImmediate(resolve));
  await join(service, owner, id, "VIEWER");
  await punctual.count(1);
  while (live.size !== 1) await new Promise((resolve) => setImmediate(resolve));
  await service.stop();
});
