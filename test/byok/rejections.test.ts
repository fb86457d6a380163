import { sweepExpiringKeys, verifyAllKeys } from "../../src/jobs/byok";
import { type ByokOrganization, ByokWorld } from "../support/byok-world";

let world: ByokWorld;
beforeAll(async () => {
  world = await ByokWorld.start();
});
afterAll(() => world.stop());
afterEach(() => {
  world.aws.trouble = null;
});

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const services = () => world.service.app.services;

describe("reported rejections", () => {
  test("make a key Failing and send one mail; a passed check makes it Active again", async () => {
    const account = await world.configured();
    const report = (code: string) => world.report(account.workspaceId, code);
    for (const code of ["ThrottlingException", "InternalServerException", "ModelTimeoutException", "ExpiredToken"]) {
      for (let n = 0; n < 5; n++) expect(await report(code)).toBe("ACTIVE");
    }
    expect([await report("AccessDeniedException"), await report("AccessDenied")]).toEqual(["ACTIVE", "ACTIVE"]);
    for (let n = 0; n < 20; n++) expect(await report("UnrecognizedClientException")).toBe("FAILING");
    expect(await world.access(account.workspaceId)).toMatchObject({ code: "BYOK_VERIFICATION_FAILED" });
    expect(await world.mailsTo(account.owner, 1)).toHaveLength(1);
    expect(await world.change(account, "verifyByokConfig")).toBe("ok");
    expect(await world.status(account, account.owner)).toBe("ACTIVE");
    expect(await world.access(account.workspaceId)).toMatchObject({ __typename: "ByokLlmAccess" });
    expect(await world.mailsTo(account.owner, 1)).toEqual(["AWS rejects your organization's key"]);
    expect(world.service.mailer.sent.at(-1)?.text).toContain("UnrecognizedClientException");
    // Rejections from before do not count any more.
    expect(await report("AccessDenied")).toBe("ACTIVE");
    expect(await world.events(account)).toEqual([
      ...["byok.configured", "byok.failing", "byok.verified", "byok.recovered"],
    ]);
  });

  test.each([
    ["DENY", "LLM calls are refused"],
    ["ALLOW", "LLM calls use the platform's credits, as you configured"],
  ])("send a mail with the effect of the fallback %s", async (fallback, effect) => {
    const { owner, workspaceId } = await world.configured(world.aws.key(), fallback);
    for (let n = 0; n < 3; n++) await world.report(workspaceId, "AccessDenied");
    await world.mailsTo(owner, 1);
    const mail = world.service.mailer.sent.find(({ to }) => to === owner.email);
    expect(mail?.text).toContain(`Until the key works again, ${effect}.`);
  });

  test("do not count if they are older than an hour or the key is not in use", async () => {
    const account = await world.configured();
    const report = () => world.report(account.workspaceId, "UnrecognizedClientException");
    await report();
    await report();
    await world.sql(
      "UPDATE byok_config SET failures_since = now() - interval '61 minutes' WHERE organization_id = $1",
      account.id,
    );
    expect(await report()).toBe("ACTIVE");
    await world.change(account, "setByokEnabled", ", enabled: false");
    for (let n = 0; n < 5; n++) expect(await report()).toBe("PAUSED");
    await world.change(account, "setByokEnabled", ", enabled: true");
    expect(await world.status(account, account.owner)).toBe("ACTIVE");
    expect(await world.report((await world.organization()).workspaceId, "AccessDenied")).toBe("NOT_CONFIGURED");
  });

  test("with an expired session expire a temporary key, even before its stated end", async () => {
    for (const sessionTokenExpiresAt of [undefined, inHours(9)]) {
      const key = { ...world.aws.key("ASIA"), ...(sessionTokenExpiresAt && { sessionTokenExpiresAt }) };
      const account = await world.configured(key);
      const reported = [];
      for (let n = 0; n < 3; n++) reported.push(await world.report(account.workspaceId, "ExpiredTokenException"));
      expect(reported).toEqual(["ACTIVE", "ACTIVE", "EXPIRED"]);
      for (let n = 0; n < 2; n++) await sweepExpiringKeys(services());
      expect(await world.events(account)).toEqual(["byok.configured", "byok.expired"]);
      expect(await world.mailsTo(account.owner, 1)).toEqual(["Your organization's AWS key has expired"]);
    }
  });
});

test("every key in use is checked daily; one that AWS refuses becomes Failing, with one mail, and can recover", async () => {
  const { aws } = world;
  const key = aws.key();
  const temporary = aws.key("ASIA");
  const dropped = await world.configured(key);
  const ended = await world.configured(temporary);
  const paused = await world.configured(key);
  await world.change(paused, "setByokEnabled", ", enabled: false");
  const inactive = await world.configured(key);
  await world.plan(inactive, "STANDARD");
  const deleted = await world.configured(key);
  await world.change(deleted, "deleteOrganization", ', confirmName: "Acme"');
  const lasting = aws.key();
  const outdated = await world.configured(lasting);
  const unopenable = await world.configured();
  await world.sql("UPDATE byok_config SET wrapped_key = '\\x00' WHERE organization_id = $1", unopenable.id);
  const good = await world.configured();
  const [known, temporarilyKnown, lastingKnown] = [key, temporary, lasting].map((each) =>
    aws.keys.get(each.accessKeyId),
  );
  if (!known || !temporarilyKnown || !lastingKnown) throw new Error("The keys are not known.");
  aws.keys.delete(key.accessKeyId);
  for (const each of [temporarilyKnown, lastingKnown]) each.expiresAt = new Date(0);
  for (let day = 0; day < 3; day++) await verifyAllKeys(services());
  const statuses = async (...all: ByokOrganization[]) => Promise.all(all.map((each) => world.status(each, each.owner)));
  expect(await statuses(dropped, ended, paused, inactive, good, outdated)).toEqual([
    ...["FAILING", "EXPIRED", "PAUSED", "PLAN_INACTIVE", "ACTIVE", "FAILING"],
  ]);
  expect(await world.mailsTo(dropped.owner, 1)).toEqual(["AWS rejects your organization's key"]);
  aws.keys.set(key.accessKeyId, known);
  await verifyAllKeys(services());
  expect(await statuses(dropped)).toEqual(["ACTIVE"]);
  expect(await world.events(dropped)).toEqual([
    ...["byok.configured", "byok.verified", "byok.failing", "byok.verified", "byok.recovered"],
  ]);
  for (const unchecked of [good, inactive, deleted]) expect(await world.events(unchecked)).toEqual(["byok.configured"]);
  expect(await world.events(paused)).toEqual(["byok.configured", "byok.paused"]);
});

test("a new key is used at once, even if the one before was paused and failing", async () => {
  const account = await world.configured();
  const { id, owner, workspaceId } = account;
  await world.sql(
    "UPDATE byok_config SET enabled = false, failing_since = now(), failures = 2, failures_since = now() WHERE organization_id = $1",
    id,
  );
  // The id's spelling does not matter.
  const spelled = { owner, id: id.toUpperCase() };
  expect((await world.save(spelled, world.aws.key())).byokConfig).toMatchObject({ status: "ACTIVE", enabled: true });
  expect(await world.report(workspaceId, "AccessDenied")).toBe("ACTIVE");
  expect(await world.access(workspaceId)).toMatchObject({ __typename: "ByokLlmAccess" });
  expect(await world.change(spelled, "verifyByokConfig")).toBe("ok");
});

test("an AWS outage does not make a key Failing", async () => {
  const account = await world.configured();
  for (const kind of ["reset", "garbage", "down"] as const) {
    world.aws.trouble = { kind };
    expect(await world.change(account, "verifyByokConfig")).toBe("ok");
    expect(await world.status(account, account.owner)).toBe("ACTIVE");
  }
});

test("Owners get one notice a day before a temporary key ends, one an hour before, and one at its end", async () => {
  const account = await world.configured({ ...world.aws.key("ASIA"), sessionTokenExpiresAt: inHours(48) });
  const sweepAt = async (hoursLeft: number) => {
    await world.sql(
      "UPDATE byok_config SET session_token_expires_at = $2 WHERE organization_id = $1",
      account.id,
      inHours(hoursLeft),
    );
    await Promise.all([sweepExpiringKeys(services()), sweepExpiringKeys(services())]);
  };
  const seen: Array<[number, number]> = [];
  for (const hours of [47, 24.1, 23.9, 12, 1.1, 0.9, 0.5, -0.1, -3]) {
    await sweepAt(hours);
    seen.push([hours, (await world.events(account)).length - 1]);
  }
  expect(seen).toEqual([
    [47, 0],
    [24.1, 0],
    [23.9, 1],
    [12, 1],
    [1.1, 1],
    [0.9, 2],
    [0.5, 2],
    [-0.1, 3],
    [-3, 3],
  ]);
  expect(await world.mailsTo(account.owner, 3)).toEqual([
    ...["Your organization's AWS key expires soon", "Your organization's AWS key expires soon"],
    "Your organization's AWS key has expired",
  ]);
  expect(await world.status(account, account.owner)).toBe("EXPIRED");
  await world.save(account, { ...world.aws.key("ASIA"), sessionTokenExpiresAt: inHours(0.9) });
  await sweepExpiringKeys(services());
  expect(await world.mailsTo(account.owner, 4)).toHaveLength(4);
});
