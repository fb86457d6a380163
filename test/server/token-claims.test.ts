import { IdentityProvider, type ProviderKey } from "../support/identity-provider";
import { organization } from "../support/live-organization";
import { RunningService } from "../support/service";

let provider: IdentityProvider;
let service: RunningService;
let key: ProviderKey;
beforeAll(async () => {
  provider = await IdentityProvider.start();
  key = await provider.key("ES256", "first");
  provider.publish(key);
  service = await RunningService.start(provider.environment, { clock: provider.clock });
});
afterAll(async () => {
  await service.stop();
  await provider.stop();
});

const token = (claims: Record<string, unknown>) => provider.token(key, claims);
const viewerOf = async (claims: Record<string, unknown>) =>
  (await service.ask(await token(claims))("{ viewer { id name email emailVerified } }")).data.viewer;

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
  expect(await viewerOf({ sub, email, email_verified: claim })).toMatchObject({ id: sub, email, emailVerified });
});

test("without a name, a person is named after a verified address, and after no other one", async () => {
  for (const [email_verified, name] of [
    [true, "paula"],
    [false, "Somebody"],
  ]) {
    const claims = { sub: `named-${name}`, name: null, email: "paula@example.com", email_verified };
    expect(await viewerOf(claims)).toMatchObject({ name });
  }
});

test("a token with scopes and an address is a person's", async () => {
  expect(await viewerOf({ sub: "scoped", scope: "openid email events:read" })).toMatchObject({ id: "scoped" });
});

test.each([
  ["sign-up", "sign-up"],
  ["", "identity"],
  ["sign\u0000up", "identity"],
  [7, "identity"],
])("a service with the client_id %j is named %s", async (client, name) => {
  const claims = { sub: "identity", client_id: client, scope: "users:provision", email: null };
  const userId = `of-${JSON.stringify(client)}`;
  const input = { userId, email: "x@example.com", emailVerified: false, name: "X" };
  const query = "mutation($input: ProvisionUserInput!) { provisionUser(input: $input) { __typename } }";
  await service.ask(await token(claims))(query, { input });
  const [event] = await service.app.services.database.dataSource.query(
    `SELECT e.actor_label AS label FROM organization_event e JOIN member m ON m.organization_id = e.organization_id
     WHERE m.user_id = $1 AND e.sequence = 1`,
    [userId],
  );
  expect(event.label).toBe(`service:${name}`);
});

test("an address with a letter outside ASCII is ignored, and gets no invitations", async () => {
  const owner = service.ask(await token({ sub: "olga", email: "olga@example.com" }));
  const id = await organization({ ask: owner });
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
