import { SignJWT } from "jose";
import { AUDIENCE, IdentityProvider, ISSUER, type ProviderKey } from "../support/identity-provider";
import { RunningService } from "../support/service";

const ALGORITHMS = ["RS256", "ES256", "EdDSA"];

const keys = new Map<string, ProviderKey>();
let provider: IdentityProvider;
let service: RunningService;
beforeAll(async () => {
  provider = await IdentityProvider.start();
  for (const alg of ALGORITHMS) keys.set(alg, await provider.key(alg, alg));
  provider.publish(...keys.values());
  service = await RunningService.start(
    { ...provider.environment, GATEWAY_SECRETS: "old-secret-of-the-gateway,new-secret-of-the-gateway" },
    { clock: provider.clock },
  );
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await service.stop();
  await provider.stop();
});

const keyOf = (name: string) => keys.get(name) as ProviderKey;
const token = (claims: Record<string, unknown> = {}, alg = "ES256") => provider.token(keyOf(alg), claims);

test.each(ALGORITHMS)("a token signed with %s is accepted", async (alg) => {
  const { data } = await service.ask(await token({}, alg))("{ viewer { id name email } }");
  expect(data.viewer).toEqual({ id: "ada", name: "Ada", email: "ada@example.com" });
});

const confused = async () =>
  new SignJWT({ sub: "ada", iss: ISSUER, aud: AUDIENCE, exp: provider.seconds(3600) })
    .setProtectedHeader({ alg: "HS256", kid: "RS256" })
    .sign(new TextEncoder().encode(JSON.stringify(keyOf("RS256").jwk)));

const unsigned = (claims: object) =>
  `${[{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;

test.each([
  ["of another issuer", () => token({ iss: "https://evil.example" })],
  ["for another audience", () => token({ aud: "agents" })],
  ["that expired", () => token({ exp: provider.seconds(-60) })],
  ["that begins in a minute", () => token({ nbf: provider.seconds(60) })],
  ["by an unknown key", async () => provider.token({ ...(await provider.key("ES256")), kid: "somebody" })],
  [
    "without a signature",
    async () => unsigned({ sub: "ada", iss: ISSUER, aud: AUDIENCE, exp: provider.seconds(3600) }),
  ],
  ["that was tampered with", async () => `${(await token()).slice(0, -8)}AAAAAAAA`],
  ["without a subject", () => token({ sub: "" })],
  ["whose subject is a number", () => token({ sub: 5 })],
  ["that never ends", () => token({ exp: null })],
  ["that ends in the year 9999", () => token({ exp: 253_402_300_799 })],
  ["that ends in the year 9999, and begins nowhere", () => token({ iat: null, exp: 253_402_300_799 })],
  ["that is good for 25 hours", () => token({ exp: provider.seconds(25 * 3600) })],
  ["that is good for ten seconds over a day", () => token({ exp: provider.seconds(24 * 3600 + 10) })],
  [
    "that will be issued in a month",
    () => token({ iat: provider.seconds(30 * 24 * 3600), exp: provider.seconds(30 * 24 * 3600 + 60) }),
  ],
  ["that was issued a month ago", () => token({ iat: provider.seconds(-30 * 24 * 3600) })],
  ["signed with a public key as if it were a secret", () => confused()],
  ["that is none", async () => "garbage"],
])("a token %s is refused with 401, never anonymous", async (_, make) => {
  const { status, errors, data } = await service.ask(await make())("{ plans { code } }");
  expect(status).toBe(401);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["UNAUTHENTICATED"]);
  expect(data).toBeUndefined();
});

test("the newest token sets a person's name and address", async () => {
  const before = await token({ sub: "bob", name: "Bob" });
  await service.ask(before)("{ viewer { name } }");
  const { data } = await service.ask(await token({ sub: "bob", name: "Robert", email: "rob@example.com" }))(
    "{ viewer { name email memberships { organization { name } } } }",
  );
  expect(data.viewer).toEqual({
    name: "Robert",
    email: "rob@example.com",
    memberships: [{ organization: { name: "Bob’s Organization" } }],
  });
});

test("a token without a key id is accepted if any key of its type signed it", async () => {
  const others = [await provider.key("RS256", "old"), await provider.key("RS256", "new")];
  provider.publish(...keys.values(), ...others);
  provider.clock.pass(5_000);
  for (const key of [...others, keyOf("RS256")]) {
    const { data } = await service.ask(await provider.token({ ...key, kid: undefined }))("{ viewer { id } }");
    expect(data.viewer).toEqual({ id: "ada" });
  }
  const foreign = await provider.token(await provider.key("RS256"));
  expect((await service.ask(foreign)("{ viewer { id } }")).status).toBe(401);
});

test("fields for the gateway require one of its secrets", async () => {
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

test("with an identity provider, the development sign-in is off and the service's own key is not trusted", async () => {
  const forged = await service.issuer.issue({ id: "eve", email: "e@example.com", emailVerified: true, name: "Eve" });
  expect((await service.ask(forged)("{ viewer { id } }")).status).toBe(401);
});

const viewerOf = async (claims: Record<string, unknown>) =>
  (await service.ask(await token(claims))("{ viewer { id email emailVerified } }")).data.viewer;

test("implausible times in a provider's token cause no error", async () => {
  const issued = (name: string, iat: number) => token({ sub: "odd", name, iat });
  for (const [name, iat] of [
    ["Ahead", 32_503_680_000],
    ["Far ahead", 1e300],
    ["Before", -1e300],
  ] as const) {
    const { data } = await service.ask(await issued(name, iat))("{ viewer { name } }");
    expect(data.viewer.name).toBe(name === "Before" ? "Far ahead" : name);
  }
});

test("if an identity update and a token have the same second, the later one counts", async () => {
  const identity = service.ask(await token({ sub: "identity", scope: "users:provision", email: null }));
  const provision = async (name: string) => {
    const input = { userId: "cid", email: `${name}@example.com`, emailVerified: true, name };
    const query = `mutation($input: ProvisionUserInput!) { provisionUser(input: $input) { ... on ProvisionUserSuccess { user { name email } } } }`;
    return (await identity(query, { input })).data.provisionUser.user;
  };
  const viewer = async (name: string) => {
    const ask = service.ask(await token({ sub: "cid", name, email: `${name}@example.com` }));
    return (await ask("{ viewer { name email } }")).data.viewer;
  };
  for (const name of ["ann", "bea"]) expect(await provision(name)).toEqual({ name, email: `${name}@example.com` });
  for (const name of ["cem", "dua"]) expect(await viewer(name)).toEqual({ name, email: `${name}@example.com` });
  expect(await provision("eli")).toEqual({ name: "eli", email: "eli@example.com" });
});

test.each([
  ["nbf", 5, 200],
  ["nbf", 6, 401],
  ["iat", 4, 200],
  ["exp", -4, 200],
  ["exp", -5, 401],
])("clocks can differ by five seconds: %s %i is %i", async (claim, seconds, status) => {
  jest.spyOn(provider.clock, "now").mockReturnValue(provider.clock.now());
  const sent = await token({ [claim]: provider.seconds(seconds) });
  expect((await service.ask(sent)("{ viewer { id } }")).status).toBe(status);
});

test("a cached token is refused from five seconds after its end", async () => {
  const exp = provider.seconds(60);
  const short = await token({ sub: "short", exp });
  const statusAt = async (instant: number) => {
    jest.spyOn(provider.clock, "now").mockReturnValue(new Date(instant));
    return (await service.ask(short)("{ viewer { id } }")).status;
  };
  expect(await statusAt((exp - 1) * 1000)).toBe(200);
  expect(await statusAt((exp + 5) * 1000 - 1)).toBe(200);
  expect(await statusAt((exp + 5) * 1000)).toBe(401);
});

test.each([24 * 3600 + 4, 24 * 3600])("a token with a lifetime of %i seconds is accepted", async (seconds) => {
  expect(await viewerOf({ exp: provider.seconds(seconds) })).toMatchObject({ id: "ada" });
});
