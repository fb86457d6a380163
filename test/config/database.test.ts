import { readConfig } from "../../src/config/config";

const URL = "postgres://a@db/x";
const DIRECT = "postgres://a@server/x";

test("sizes, limits and statements have defaults", () => {
  expect(readConfig({ DATABASE_URL: URL })).toMatchObject({
    databaseDirectUrl: null,
    namedStatements: true,
    connections: { pool: 10, lanes: 2, jobs: 4 },
    lockTimeoutMs: 2000,
  });
});

test("each can be set, from its minimum to its maximum", () => {
  const of = (pool: string, lanes: string, jobs: string, lock: string) =>
    readConfig({
      DATABASE_POOL_SIZE: pool,
      DATABASE_LANES: lanes,
      JOB_CONCURRENCY: jobs,
      LOCK_TIMEOUT_MS: lock,
      DATABASE_NAMED_STATEMENTS: "false",
    });
  expect(of("1", "0", "1", "10")).toMatchObject({
    connections: { pool: 1, lanes: 0, jobs: 1 },
    lockTimeoutMs: 10,
    namedStatements: false,
  });
  expect(of("100", "10", "50", "999999").connections).toEqual({ pool: 100, lanes: 10, jobs: 50 });
});

test.each([
  ["DATABASE_POOL_SIZE", ["0", "101", "1.5", "x"]],
  ["DATABASE_LANES", ["11", "-1"]],
  ["JOB_CONCURRENCY", ["0", "51"]],
  ["LOCK_TIMEOUT_MS", ["0", "9", "1000000"]],
  ["DATABASE_NAMED_STATEMENTS", ["no"]],
])("%s refuses %j", (name, values) => {
  for (const value of values) expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}: expected`));
});

test("DATABASE_DIRECT_URL is used only together with DATABASE_URL", () => {
  expect(readConfig({ DATABASE_URL: URL, DATABASE_DIRECT_URL: DIRECT }).databaseDirectUrl).toBe(DIRECT);
  expect(readConfig({ DATABASE_URL: URL, DATABASE_DIRECT_URL: URL }).databaseDirectUrl).toBeNull();
  expect(() => readConfig({ DATABASE_DIRECT_URL: DIRECT })).toThrow(/^DATABASE_URL: expected/);
});

test("DATABASE_READ_URL is a second address, beside DATABASE_URL", () => {
  expect(readConfig({ DATABASE_URL: URL }).databaseReadUrl).toBeNull();
  expect(readConfig({ DATABASE_URL: URL, DATABASE_READ_URL: DIRECT }).databaseReadUrl).toBe(DIRECT);
  expect(() => readConfig({ DATABASE_READ_URL: DIRECT })).toThrow(/^DATABASE_URL: expected/);
  expect(() => readConfig({ DATABASE_URL: URL, DATABASE_READ_URL: URL })).toThrow(/^DATABASE_READ_URL: expected/);
});

test.each(["DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_READ_URL"])(
  "%s refuses several hosts and target_session_attrs, and names the alternative",
  (name) => {
    for (const value of [
      "postgres://u:p@one,two/x",
      "postgresql://u:p@one:5432,two:5433/x?target_session_attrs=read-write",
      "postgres://one,two/x",
    ])
      expect(() => readConfig({ [name]: value })).toThrow(
        new RegExp(`^${name}: expected one host, .*docs/scaling\\.md`),
      );
    expect(() => readConfig({ [name]: "postgres://u@one/x?target_session_attrs=read-write" })).toThrow(
      new RegExp(`^${name}: target_session_attrs is not supported.*docs/scaling\\.md`),
    );
    expect(() => readConfig({ [name]: "mysql://one/x" })).toThrow("expected a URL starting with postgres://");
  },
);

test("a password can contain a comma", () => {
  expect(readConfig({ DATABASE_URL: "postgres://u:a,b@one/x" }).databaseUrl).toBe("postgres://u:a,b@one/x");
});

test("the demo is seeded by default only on the embedded database", () => {
  expect(readConfig({ DATABASE_URL: URL }).seedDemo).toBe(false);
  expect(readConfig({ DATABASE_URL: URL, SEED_DEMO: "true" }).seedDemo).toBe(true);
  expect(readConfig({ SEED_DEMO: "false" }).seedDemo).toBe(false);
});

test("migrations run at the start unless that is turned off", () => {
  expect(readConfig({}).migrateOnStart).toBe(true);
  expect(readConfig({ MIGRATE_ON_START: "false" }).migrateOnStart).toBe(false);
});
