import { randomBytes, randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { createApp } from "../../src/app";
import { readConfig } from "../../src/config";
import { createLocalKeyWrapper } from "../../src/gateways/key-wrapper";
import { open, type SealedCredentials, seal } from "../../src/gateways/sealer";
import { rewrapKeys } from "../../src/jobs/rewrap-keys";
import { createLog } from "../../src/log";
import { AwsStandIn } from "../support/aws-stand-in";
import { type Person, RunningService } from "../support/service";
import { join, organization } from "../support/watched-organization";

const CONFIGURATIONS = Number(process.env.PROVE_KEYS ?? 300);

const master = (id: string) => ({ id, key: randomBytes(32) });
const credentials = {
  accessKeyId: "AKIAAAAAAAAAAAAAAAAA",
  secretAccessKey: "s".repeat(40),
  sessionToken: "t".repeat(50),
};

describe("sealed credentials", () => {
  const wrapper = createLocalKeyWrapper([master("one")]);
  const here = randomUUID();
  const refused = (sealed: SealedCredentials, organizationId = here) =>
    expect(open(wrapper, organizationId, sealed)).rejects.toThrow("does not open");

  test("open in their own organization alone", async () => {
    const sealed = await seal(wrapper, here, credentials);
    expect(await open(wrapper, here, sealed)).toEqual(credentials);
    await refused(sealed, randomUUID());
    expect(JSON.stringify(Object.values(sealed).map(String))).not.toContain("ssss");
  });

  test("do not open when a part is swapped, flipped anywhere, or cut off", async () => {
    const sealed = await seal(wrapper, here, credentials);
    const other = await seal(wrapper, here, credentials);
    const parts = ["wrapped", "accessKeyId", "secretAccessKey", "sessionToken"] as const;
    await refused({ ...sealed, accessKeyId: sealed.secretAccessKey });
    await refused({ ...sealed, secretAccessKey: sealed.accessKeyId });
    for (const part of parts) {
      const blob = sealed[part];
      if (!blob) throw new Error("A part is missing.");
      await refused({ ...sealed, [part]: other[part] });
      for (let index = 0; index < blob.length; index++) {
        const flipped = Buffer.from(blob);
        flipped.writeUInt8(flipped.readUInt8(index) ^ (1 << (index % 8)), index);
        await refused({ ...sealed, [part]: flipped });
      }
      for (const length of [0, 1, 12, 27, 28, blob.length - 1])
        await refused({ ...sealed, [part]: blob.subarray(0, length) });
      await refused({ ...sealed, [part]: Buffer.concat([blob, Buffer.alloc(1)]) });
    }
    await refused({ ...sealed, masterKeyId: "unknown" });
  });
});

describe("in the service", () => {
  let aws: AwsStandIn;
  let service: RunningService;
  const keys = [master("old"), master("new")] as const;
  const textOf = (...wanted: ReadonlyArray<{ id: string; key: Buffer }>) =>
    wanted.map(({ id, key }) => `${id}:${key.toString("base64")}`).join(",");
  beforeAll(async () => {
    aws = await AwsStandIn.start();
    service = await RunningService.start({ ...aws.environment, ENCRYPTION_KEYS: textOf(keys[0], keys[1]) });
  });
  afterAll(async () => {
    await service.stop();
    await aws.stop();
  });
  const sql = (text: string, ...values: unknown[]) => service.app.services.database.dataSource.query(text, values);

  async function configured(fallback = "DENY") {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const { data } = await owner.ask(`{ organization(id: "${id}") { workspaces { nodes { id } } } }`);
    const key = aws.key("ASIA");
    await save(owner, id, key, fallback);
    return { owner, id, key, workspaceId: data.organization.workspaces.nodes[0].id as string };
  }
  const save = (owner: Person, organizationId: string, key: object, fallback = "DENY", rest = {}) =>
    owner.ask(
      `mutation($credentials: ByokCredentialsInput!, $fallback: ByokFallback!) {
        saveByokConfig(input: { credentials: $credentials, fallback: $fallback }) { __typename } }`,
      { credentials: { organizationId, region: "us-east-1", ...key, ...rest }, fallback },
    );
  const access = async (workspaceId: string) => {
    const caller = await service.service("credentials:read");
    const { data } = await caller(`{ llmAccess(workspaceId: "${workspaceId}") { __typename
      ... on ByokLlmAccess { secretAccessKey } ... on PlatformLlmAccess { reason } ... on Refusal { code } } }`);
    return data.llmAccess;
  };

  test("a configuration that does not open is refused, whatever its fallback, and never becomes the platform's", async () => {
    const one = await configured("ALLOW");
    const other = await configured("ALLOW");
    await sql(
      `UPDATE byok_config b SET sealed_secret_access_key = o.sealed_secret_access_key, wrapped_key = o.wrapped_key,
         sealed_access_key_id = o.sealed_access_key_id, sealed_session_token = o.sealed_session_token, version = gen_random_uuid()
       FROM byok_config o WHERE b.organization_id = $1 AND o.organization_id = $2`,
      one.id,
      other.id,
    );
    expect(await access(one.workspaceId)).toEqual({ __typename: "Refusal", code: "BYOK_VERIFICATION_FAILED" });
    expect(await access(other.workspaceId)).toEqual({
      __typename: "ByokLlmAccess",
      secretAccessKey: other.key.secretAccessKey,
    });
  });

  test("keys are put under another master key while they are read, and none fails to open meanwhile", async () => {
    const { id, key, workspaceId } = await configured();
    const { database } = service.app.services;
    const both = createLocalKeyWrapper([...keys]);
    const organizations: string[] = await sql(
      `INSERT INTO organization (id, name, event_sequence, created_at, updated_at)
       SELECT gen_random_uuid(), 'Rewrapped', 0, now(), now() FROM generate_series(1, $1::int) RETURNING id`,
      CONFIGURATIONS,
    ).then((rows: Array<{ id: string }>) => rows.map((row) => row.id));
    for (const organizationId of organizations) {
      const sealed = await seal(both, organizationId, credentials);
      await sql(
        `INSERT INTO byok_config (id, organization_id, access_key_id_hint, is_temporary, region, inference_profile, fallback,
           enabled, version, master_key_id, wrapped_key, sealed_access_key_id, sealed_secret_access_key, sealed_session_token,
           created_at, updated_at)
         VALUES (gen_random_uuid(), $1, 'AKIA…AAAA', true, 'us-east-1', 'GLOBAL', 'DENY', true, gen_random_uuid(), $2, $3, $4, $5, $6, now(), now())`,
        ...[
          organizationId,
          sealed.masterKeyId,
          sealed.wrapped,
          sealed.accessKeyId,
          sealed.secretAccessKey,
          sealed.sessionToken,
        ],
      );
    }
    let isDone = false;
    let reads = 0;
    const reader = async () => {
      for (let index = 0; !isDone; index++) {
        const organizationId = organizations[index % organizations.length] ?? id;
        const [row] = await sql("SELECT * FROM byok_config WHERE organization_id = $1", organizationId);
        const sealed = {
          masterKeyId: row.master_key_id,
          wrapped: row.wrapped_key,
          accessKeyId: row.sealed_access_key_id,
          secretAccessKey: row.sealed_secret_access_key,
          sessionToken: row.sealed_session_token,
        };
        expect(await open(both, organizationId, sealed)).toEqual(credentials);
        reads += 1;
      }
    };
    const readers = [reader(), reader(), reader()];
    const done = await rewrapKeys(database, createLocalKeyWrapper([keys[1], keys[0]]));
    isDone = true;
    await Promise.all(readers);
    expect(done.failed).toBe(1);
    expect(done.rewrapped).toBeGreaterThanOrEqual(CONFIGURATIONS);
    expect(reads).toBeGreaterThan(0);
    const left = await sql("SELECT count(*)::int AS n FROM byok_config WHERE master_key_id = 'old'");
    expect(left).toEqual([{ n: 1 }]);
    expect(await access(workspaceId)).toMatchObject({ secretAccessKey: key.secretAccessKey });
  });

  test("twenty secrets go every way, and appear nowhere but in the session of a temporary key", async () => {
    const log: string[] = [];
    const destination = new Writable({
      write: (chunk, _encoding, done) => {
        log.push(String(chunk));
        done();
      },
    });
    const config = readConfig({
      ...{
        PORT: "0",
        DATABASE_URL: service.databaseUrl,
        LOG_LEVEL: "trace",
        ENCRYPTION_KEYS: textOf(keys[1], keys[0]),
      },
      ...{ DATA_DIR: service.directory, ...aws.environment },
    });
    const app = await createApp(config, createLog("trace", destination), { mailer: service.mailer });
    const told: string[] = [];
    const secrets: string[] = [];
    for (let n = 0; n < 10; n++) {
      const person = await service.person("Olga");
      const owner = { ...person, ask: service.ask(person.token, app) };
      const id = await organization(owner);
      const key = n % 3 === 0 ? aws.key("ASIA") : n % 3 === 1 ? aws.key("AKIA", { mayInvoke: false }) : aws.key();
      const wrong = { ...aws.key("ASIA"), ...(n % 2 && { region: "evil.example" }) };
      secrets.push(
        ...[key, wrong].flatMap(({ secretAccessKey, sessionToken }) => [
          secretAccessKey,
          ...(sessionToken ? [sessionToken] : []),
        ]),
      );
      const mine = [await save(owner, id, key), await save(owner, id, wrong, "ALLOW")];
      const admin = await join(service, owner, id, "ADMIN");
      const viewer = await join(service, owner, id, "VIEWER");
      for (const who of [owner, admin, viewer]) {
        const all = await service.ask(
          who.token,
          app,
        )(
          `{ organization(id: "${id}") { byokStatus byokConfig { id accessKeyIdHint region status lastVerification { checks { code message } } }
            auditLog { nodes { summary type } } } }`,
        );
        mine.push(all);
      }
      mine.push(await owner.ask(`mutation { verifyByokConfig(input: { organizationId: "${id}" }) { __typename } }`));
      mine.push(
        await owner.ask(
          `mutation { saveByokConfig(input: { credentials: { secretAccessKey: "${key.secretAccessKey}" } }) { __typename } }`,
        ),
      );
      const { region: _, ...shapeless } = { ...key, region: "" };
      mine.push(await save(owner, id, shapeless, "DENY", { region: undefined }));
      mine.push(await save(owner, id, key, "DENY", { sessionTokenExpiresAt: key.secretAccessKey }));
      mine.push(
        await owner.ask(`{ organization(id: ${JSON.stringify([key.secretAccessKey])}) { "${key.secretAccessKey}" } }`),
      );
      mine.push(
        await owner.ask(`{ organization(id: "${id}") { members(first: "${key.secretAccessKey}") { totalCount } } }`),
      );
      told.push(JSON.stringify(mine));
    }
    await app.close();
    const tables: Array<{ name: string }> = await sql(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema IN ('public', 'graphile_worker') AND table_type = 'BASE TABLE'`,
    );
    const dump: string[] = [];
    for (const { name } of tables) {
      const rows: Array<{ row: string }> = await sql(`SELECT t::text AS row FROM ${name} t`);
      dump.push(...rows.map(({ row }) => row));
    }
    expect(secrets.length).toBeGreaterThanOrEqual(20);
    expect(dump.length).toBeGreaterThan(100);
    expect(log.length).toBeGreaterThan(50);
    const mails = service.mailer.sent.map((mail) => JSON.stringify(mail));
    const found = secrets.flatMap((secret) => {
      const hex = Buffer.from(secret).toString("hex");
      return Object.entries({ log, dump, mails, told })
        .filter(([, texts]) => texts.some((text) => text.includes(secret) || text.includes(hex)))
        .map(([where]) => where);
    });
    expect(found).toEqual([]);
  });
});
