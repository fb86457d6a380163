import { parse } from "graphql";
import { commands } from "../../src/commands";
import type { Command } from "../../src/commands/runner/command";
import { withoutSequences } from "../../src/commands/runner/dry-run";
import { dryRunCommand, runCommand } from "../../src/commands/runner/run";
import type { Transaction } from "../../src/store/engine/transaction";
import { run } from "../isolation/selections";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  acme = await world.organization();
});

type AnyCommand = Command<Record<string, unknown>, unknown>;

test("a dry run publishes nothing, runs no jobs, and sends as many statements as its mutation", async () => {
  const developer = await acme.member("DEVELOPER", [await acme.workspace("Alpha")]);
  const calls: string[] = [];
  const services = {
    ...world.replica(),
    notifier: { publish: () => calls.push("publish") },
    creditAlerts: { checkSoon: () => calls.push("checkSoon") },
  };
  const trials: Array<[string, object]> = [
    ["updateOrganization", { name: "New" }],
    ["inviteMembers", { emails: ["ada@example.com"], role: "VIEWER" }],
    ["changeMemberRole", { memberId: developer.memberId, role: "VIEWER" }],
    ["changePlan", { planCode: "STANDARD" }],
    ["removeMember", { memberId: developer.memberId }],
  ];
  for (const [name, rest] of trials) {
    const command = commands[name as keyof typeof commands] as unknown as AnyCommand;
    const input = { organizationId: acme.id, ...rest };
    const statements = async (work: () => Promise<unknown>) => {
      const before = world.database.statementCount();
      await work();
      return world.database.statementCount() - before;
    };
    const dry = await statements(() => dryRunCommand(services, acme.owner, command, input, { counts: true }));
    expect(calls).toEqual([]);
    const real = await statements(() => runCommand(services, acme.owner, command, input));
    expect([name, dry]).toEqual([name, real]);
    expect(calls.splice(0)).toEqual(["publish"]);
  }
});

test("a dry run waits for the organization's lock, and releases lock and mutex at its end", async () => {
  const services = world.replica();
  const input = { organizationId: acme.id, name: "New" };
  await dryRunCommand(services, acme.owner, commands.updateOrganization, input, { counts: false });
  const text = "SELECT id FROM organization WHERE id = $1 FOR UPDATE NOWAIT";
  expect(await world.query(text, acme.id)).toHaveLength(1);
  const runner = world.database.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query(text, [acme.id]);
  const running = dryRunCommand(services, acme.owner, commands.updateOrganization, input, { counts: false });
  const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
  const isWaiting = async () => (await world.query(waiting)).length > 0;
  while (!(await isWaiting())) await new Promise((resolve) => setImmediate(resolve));
  await runner.rollbackTransaction();
  await runner.release();
  expect((await running).changes).toMatchObject([{ type: "organization.updated" }]);
  await runCommand(services, acme.owner, commands.updateOrganization, input);
});

test("dry runs of one operation run one after the other, like mutations", async () => {
  const context = world.context(acme.owner);
  const { dataSource } = world.database;
  const createQueryRunner = dataSource.createQueryRunner.bind(dataSource);
  let [open, most] = [0, 0];
  const counted = jest.spyOn(dataSource, "createQueryRunner").mockImplementation(() => {
    const runner = createQueryRunner();
    const release = runner.release.bind(runner);
    most = Math.max(most, ++open);
    runner.release = () => {
      open -= 1;
      return release();
    };
    return runner;
  });
  const ids = [acme.id];
  for (const name of ["Second", "Third"]) {
    ids.push((await acme.owner.run(commands.createOrganization, { name })).organizationId);
  }
  const fields = ids.map(
    (id, index) => `d${index}: dryRun(mutation: { leaveOrganization: { organizationId: "${id}" } }) { __typename }`,
  );
  most = 0;
  const { data } = await run({ document: parse(`{ ${fields.join(" ")} }`), variables: {}, context });
  counted.mockRestore();
  expect(data?.d0).toEqual({ __typename: "Refusal" });
  expect(most).toBe(1);
});

test.each(["SELECT graphile_worker.add_job('a')", "SELECT nextval('b')"])("a dry run cannot send %s", async (text) => {
  const rows = jest.fn();
  const transaction = withoutSequences({ rows } as unknown as Transaction);
  await expect(transaction.rows({ name: "numbered", text }, [])).rejects.toThrow('"numbered"');
  expect(rows).not.toHaveBeenCalled();
});

test("a command with a preparation needs a preview, and one without an organization has no dry run", async () => {
  const options = { counts: false };
  const portal = { organizationId: acme.id, returnUrl: "https://a.example" };
  await expect(dryRunCommand(world.replica(), acme.owner, commands.openBillingPortal, portal, options)).rejects.toThrow(
    "needs a preview",
  );
  await expect(
    dryRunCommand(world.replica(), acme.owner, commands.createOrganization, { name: "A" }, options),
  ).rejects.toThrow("Only commands of an organization");
});

test("two dry runs and a mutation of the same organization do not affect each other", async () => {
  const services = world.replica();
  const input = { organizationId: acme.id, name: "New" };
  const [first, done, second] = await Promise.all([
    dryRunCommand(services, acme.owner, commands.updateOrganization, input, { counts: false }),
    outcomeOf(runCommand(services, acme.owner, commands.updateOrganization, input)),
    dryRunCommand(services, acme.owner, commands.updateOrganization, input, { counts: false }),
  ]);
  expect([first.changes.length, done, second.changes.length]).toEqual([1, "ok", 0]);
});

test("dry runs of one operation run one after another, whether or not an earlier one fails", async () => {
  const context = world.context(acme.owner);
  const { mutex } = context.services;
  const log: string[] = [];
  const { run: lock } = mutex;
  jest.spyOn(mutex, "run").mockImplementation(async (...args) => {
    log.push("begin");
    return await (lock.apply(mutex, args) as Promise<never>).finally(() => log.push("end"));
  });
  const rename = (name: string) =>
    context.dryRun(commands.updateOrganization, { organizationId: acme.id, name }, { counts: false });
  const outcomes = await Promise.allSettled([rename("One"), rename(""), rename("Two")]);
  jest.restoreAllMocks();
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log).toEqual(["begin", "end", "begin", "end", "begin", "end"]);
});
