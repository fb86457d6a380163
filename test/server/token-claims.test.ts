import { IdentityProvider, type ProviderKey } from "../support/identity-provider";
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
afterAll(async () => {
  await service.stop();
  await provider.stop();
});

const keyOf = (name: string): ProviderKey => {
  const key = keys.get(name);
  if (!key) throw new Error(`no key ${name}`);
  return key;
};
const token = (claims: Record<string, unknown> = {}, alg = "ES256") => provider.token(keyOf(alg), claims);
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

test("of an identity update and a token within one second, the later one counts", async () => {
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
  [true, true],
  ["true", true],
  [false, false],
  ["false", false],
  ["True", false],
  [" true", false],
  [1, false],
  ["1", false],
  ["yes", false],
  [{}, false],
  [[true], false],
  [["true"], false],
  ["", false],
  [null, false],
])("email_verified as %j is %j", async (claim, emailVerified) => {
  const sub = `claims-${JSON.stringify(claim)}`;
  const email = "claims@example.com";
  expect(await viewerOf({ sub, email, email_verified: claim })).toEqual({ id: sub, email, emailVerified });
});

test.each([
  ["nbf", 1],
  ["nbf", 4],
  ["iat", 4],
  ["exp", -1],
  ["exp", -3],
])("clocks may differ by some seconds: %s %i", async (claim, seconds) => {
  expect(await viewerOf({ [claim]: provider.seconds(seconds) })).toMatchObject({ id: "ada" });
});

test("a token that is remembered is refused from five seconds after its end", async () => {
  const exp = provider.seconds(60);
  const short = await token({ sub: "short", exp });
  const statusAt = async (instant: number) => {
    jest.spyOn(provider.clock, "now").mockReturnValue(new Date(instant));
    return (await service.ask(short)("{ viewer { id } }")).status;
  };
  try {
    expect(await statusAt((exp - 1) * 1000)).toBe(200);
    expect(await statusAt((exp + 5) * 1000 - 1)).toBe(200);
    expect(await statusAt((exp + 5) * 1000)).toBe(401);
  } finally {
    jest.restoreAllMocks();
  }
});

test.each([24 * 3600, 24 * 3600 - 1])("a token may be good for %i seconds", async (seconds) => {
  expect(await viewerOf({ exp: provider.seconds(seconds) })).toMatchObject({ id: "ada" });
});

test("an address with a letter that is no ASCII is none, and reaches nobody's invitation", async () => {
  const owner = service.ask(await token({ sub: "olga", email: "olga@example.com" }));
  const founded = await owner(
    `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
  );
  const { id } = founded.data.createOrganization.organization;
  await owner(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`);
  const invited = await owner(
    `mutation($emails: [String!]!) { inviteMembers(input: { organizationId: "${id}", emails: $emails, role: VIEWER }) {
      ... on InviteMembersSuccess { invitations { id email } skipped { email reason } } } }`,
    { emails: ["kate@example.com", "\u212Aate@example.com"] },
  );
  expect(invited.data.inviteMembers).toMatchObject({
    invitations: [{ email: "kate@example.com" }],
    skipped: [{ email: "\u212Aate@example.com", reason: "INVALID_EMAIL" }],
  });
  const posing = service.ask(await token({ sub: "posing", email: "\u212Aate@example.com" }));
  const seen = await posing("{ viewer { email receivedInvitations { id } } }");
  expect(seen.data.viewer).toEqual({ email: null, receivedInvitations: [] });
  const [invitation] = invited.data.inviteMembers.invitations;
  const link = await service.tokenFor("kate@example.com");
  for (const input of [`invitationId: "${invitation.id}"`, `token: "${link}"`]) {
    const { data, errors } = await posing(
      `mutation { acceptInvitation(input: { ${input} }) { __typename ... on Refusal { code } } }`,
    );
    const code = errors?.[0]?.extensions.code ?? data.acceptInvitation.code;
    expect(["NOT_FOUND", "INVITATION_EMAIL_MISMATCH"]).toContain(code);
  }
});
