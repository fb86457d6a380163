import http from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { RunningService } from "../support/service";

// An identity provider as the runtime contract has them: keys by HTTP, three algorithms.
const ISSUER = "https://id.example";
const AUDIENCE = "organizations";
const ALGORITHMS = ["RS256", "ES256", "EdDSA"];

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];
const keys = new Map<string, PrivateKey>();
const published: JWK[] = [];
let isBroken = false;
let provider: http.Server;
let service: RunningService;
beforeAll(async () => {
  for (const alg of ALGORITHMS) {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    keys.set(alg, privateKey);
    published.push({ ...(await exportJWK(publicKey)), kid: alg, alg });
  }
  provider = http.createServer((_request, response) => {
    response.statusCode = isBroken ? 500 : 200;
    response.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const { port } = provider.address() as AddressInfo;
  service = await RunningService.start({
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: AUDIENCE,
    AUTH_JWKS_URL: `http://127.0.0.1:${port}/jwks`,
    GATEWAY_SECRETS: "old-secret-of-the-gateway,new-secret-of-the-gateway",
  });
});
afterAll(async () => {
  await service.stop();
  provider.close();
});

const CLAIMS = { sub: "ada", email: "ada@example.com", email_verified: true, name: "Ada", iss: ISSUER, aud: AUDIENCE };

async function token(claims: JWTPayload = CLAIMS, { alg = "ES256", kid = "", expires = "1h" } = {}): Promise<string> {
  const key = keys.get(alg);
  if (!key) throw new Error(`no key for ${alg}`);
  const unsigned = new SignJWT(claims).setProtectedHeader({ alg, kid: kid || alg });
  if (claims.iat === undefined) unsigned.setIssuedAt();
  return unsigned.setExpirationTime(expires).sign(key);
}

test.each(ALGORITHMS)("a token signed with %s is its person's", async (alg) => {
  const { data } = await service.ask(await token(CLAIMS, { alg }))("{ viewer { id name email } }");
  expect(data.viewer).toEqual({ id: "ada", name: "Ada", email: "ada@example.com" });
});

const endless = () =>
  new SignJWT(CLAIMS).setProtectedHeader({ alg: "ES256", kid: "ES256" }).sign(keys.get("ES256") as PrivateKey);
const confused = () =>
  new SignJWT({ ...CLAIMS, exp: 9_999_999_999 })
    .setProtectedHeader({ alg: "HS256", kid: "RS256" })
    .sign(new TextEncoder().encode(JSON.stringify(published.find(({ kid }) => kid === "RS256"))));

const unsigned = (claims: object) =>
  `${[{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;

test.each([
  ["of another issuer", () => token({ ...CLAIMS, iss: "https://evil.example" })],
  ["for another audience", () => token({ ...CLAIMS, aud: "agents" })],
  ["that expired", () => token({ ...CLAIMS, exp: 1 }, { expires: "-1s" })],
  ["by an unknown key", () => token(CLAIMS, { alg: "ES256", kid: "somebody" })],
  ["without a signature", async () => unsigned({ ...CLAIMS, exp: 9_999_999_999 })],
  ["that was tampered with", async () => `${(await token()).slice(0, -8)}AAAAAAAA`],
  ["without a subject", () => token({ ...CLAIMS, sub: "" })],
  ["whose subject is a number", () => token({ ...CLAIMS, sub: 5 } as unknown as JWTPayload)],
  ["that is good for ever", () => endless()],
  ["signed with a public key as if it were a secret", () => confused()],
  ["that is none", async () => "garbage"],
])("a token %s is refused with 401, never anonymous", async (_, make) => {
  const { status, errors, data } = await service.ask(await make())("{ plans { code } }");
  expect(status).toBe(401);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["UNAUTHENTICATED"]);
  expect(data).toBeUndefined();
});

test("a person's name and address follow the newest token", async () => {
  const before = await token({ ...CLAIMS, sub: "bob", name: "Bob" });
  await service.ask(before)("{ viewer { name } }");
  const { data } = await service.ask(await token({ ...CLAIMS, sub: "bob", name: "Robert", email: "rob@example.com" }))(
    "{ viewer { name email memberships { organization { name } } } }",
  );
  expect(data.viewer).toEqual({
    name: "Robert",
    email: "rob@example.com",
    memberships: [{ organization: { name: "Bob’s Organization" } }],
  });
});

test("odd times in a token of the provider's are no trouble of ours", async () => {
  const told = (name: string, iat: number) => token({ ...CLAIMS, sub: "odd", name, iat });
  for (const [name, iat] of [
    ["Ahead", 32_503_680_000],
    ["Far ahead", 1e300],
    ["Before", -1e300],
  ] as const) {
    const { data } = await service.ask(await told(name, iat))("{ viewer { name } }");
    expect(data.viewer.name).toBe(name === "Before" ? "Far ahead" : name);
  }
});

test("what the identity service says and what a token says within one second: the later one counts", async () => {
  const identity = service.ask(
    await token({ sub: "identity", scope: "users:provision", email: null, iss: ISSUER, aud: AUDIENCE }),
  );
  const provision = async (name: string) => {
    const input = { userId: "cid", email: `${name}@example.com`, emailVerified: true, name };
    const query = `mutation($input: ProvisionUserInput!) { provisionUser(input: $input) { ... on ProvisionUserSuccess { user { name email } } } }`;
    return (await identity(query, { input })).data.provisionUser.user;
  };
  const viewer = async (name: string) => {
    const ask = service.ask(await token({ ...CLAIMS, sub: "cid", name, email: `${name}@example.com` }));
    return (await ask("{ viewer { name email } }")).data.viewer;
  };
  for (const name of ["ann", "bea"]) expect(await provision(name)).toEqual({ name, email: `${name}@example.com` });
  for (const name of ["cem", "dua"]) expect(await viewer(name)).toEqual({ name, email: `${name}@example.com` });
  expect(await provision("eli")).toEqual({ name: "eli", email: "eli@example.com" });
});

test("a token that names no key is its person's by whichever key of its kind signed it", async () => {
  for (const kid of ["old", "new"]) {
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    keys.set(kid, privateKey);
    published.push({ ...(await exportJWK(publicKey)), kid, alg: "RS256" });
  }
  const unnamed = (key: PrivateKey) =>
    new SignJWT(CLAIMS).setProtectedHeader({ alg: "RS256" }).setIssuedAt().setExpirationTime("1h").sign(key);
  // Until the new keys are fetched, the one that there was is taken for the only one.
  while ((await service.ask(await unnamed(keys.get("new") as PrivateKey))("{ __typename }")).status === 401) {
    await service.ask(await token(CLAIMS, { kid: "unheard of" }))("{ __typename }");
  }
  for (const kid of ["RS256", "old"]) {
    const { data } = await service.ask(await unnamed(keys.get(kid) as PrivateKey))("{ viewer { id } }");
    expect(data.viewer).toEqual({ id: "ada" });
  }
  const { privateKey: foreign } = await generateKeyPair("RS256");
  expect((await service.ask(await unnamed(foreign))("{ viewer { id } }")).status).toBe(401);
});

test("a key that the identity provider adds is found; while it is out of reach, nobody is told that their token is bad", async () => {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA");
  keys.set("next", privateKey);
  published.push({ ...(await exportJWK(publicKey)), kid: "next", alg: "EdDSA" });
  const rotated = async (kid: string) => {
    const header = { alg: "EdDSA", kid };
    const signed = new SignJWT(CLAIMS).setProtectedHeader(header).setIssuedAt().setExpirationTime("1h");
    return service.ask(await signed.sign(privateKey))("{ viewer { id } }");
  };
  const until = async (kid: string, status: number) => {
    let answer = await rotated(kid);
    // The keys are fetched again once a second at most.
    while (answer.status !== status) answer = await rotated(kid);
    return answer;
  };
  expect((await until("next", 200)).data.viewer).toEqual({ id: "ada" });
  isBroken = true;
  expect((await until("after", 500)).errors?.[0]?.extensions.code).toBe("INTERNAL_SERVER_ERROR");
  isBroken = false;
});

test("what is the gateway's is told only to who knows one of its secrets", async () => {
  const ask = service.ask(await token());
  const questions = [
    "{ _service { sdl } }",
    '{ _entities(representations: [{ __typename: "User", id: "ada" }]) { __typename } }',
  ];
  for (const question of questions) {
    for (const headers of [{}, { "gateway-secret": "wrong" }, { "gateway-secret": "" }]) {
      const { errors } = await ask(question, {}, headers as Record<string, string>);
      expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    }
    for (const secret of ["old-secret-of-the-gateway", "new-secret-of-the-gateway"]) {
      expect((await ask(question, {}, { "gateway-secret": secret })).errors).toBeUndefined();
    }
  }
});

test("there is no development sign-in beside an identity provider, and no key of its own is trusted", async () => {
  const forged = await service.issuer.issue({ id: "eve", email: "e@example.com", emailVerified: true, name: "Eve" });
  expect((await service.ask(forged)("{ viewer { id } }")).status).toBe(401);
});
