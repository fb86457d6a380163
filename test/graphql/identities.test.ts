import { randomUUID } from "node:crypto";
import { invite, join, organization } from "../support/live-organization";
import { type Person, RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.stop());

type Claims = { email?: string; emailVerified?: boolean; name?: string };

/** Signs in the same person with another token. */
async function signInAgain(person: Person, claims: Claims, app = service.app): Promise<Person> {
  const known = { id: person.id, email: person.email, emailVerified: true, name: "Somebody", ...claims };
  const token = await service.issuer.issue(known);
  await service.ask(token, app)("{ viewer { id } }");
  return { ...person, email: known.email, token, ask: service.ask(token) };
}

const MEMBERS = `query($id: ID!, $search: String) { organization(id: $id) {
  viewerMember { id }
  members(search: $search) { totalCount nodes { id user { id name email } } }
  workspaces { nodes { access { nodes { member { user { id email } } } } } } } }`;

test("only its person sees an unverified address, marked as unverified, and no search finds it", async () => {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const member = await join(service, owner, id, "ADMIN");
  const address = `victim-${randomUUID()}@example.com`;
  const posing = await signInAgain(member, { email: address, emailVerified: false });
  const addressIn = async (person: Person) => {
    const { data } = await person.ask(MEMBERS, { id });
    const { members, workspaces } = data.organization;
    const inMembers = members.nodes.find(({ user }: { user: { id: string } }) => user.id === member.id);
    const [{ access }] = workspaces.nodes;
    const inAccess = access.nodes.find(
      (each: { member: { user: { id: string } } }) => each.member.user.id === member.id,
    );
    const query = `query($of: [_Any!]!) { _entities(representations: $of) { ... on User { email } ... on Member { user { email } } } }`;
    const of = [
      { __typename: "User", id: member.id },
      { __typename: "Member", id: inMembers.id },
    ];
    const { _entities } = (await person.ask(query, { of })).data;
    return [inMembers.user.email, inAccess.member.user.email, _entities[0].email, _entities[1].user.email];
  };
  expect(await addressIn(owner)).toEqual([null, null, null, null]);
  expect(await addressIn(posing)).toEqual([address, address, address, address]);
  // An invitation to the address is not shown to somebody who only claims it.
  await invite(owner, id, address);
  const received = await posing.ask("{ viewer { receivedInvitations { id } } }");
  expect(received.data.viewer.receivedInvitations).toEqual([]);
  const self = "{ viewer { email emailVerified } }";
  expect((await posing.ask(self)).data.viewer).toEqual({ email: address, emailVerified: false });
  expect((await owner.ask(self)).data.viewer).toEqual({ email: owner.email, emailVerified: true });
  const found = await owner.ask(MEMBERS, { id, search: address });
  expect(found.data.organization.members.totalCount).toBe(0);
  const proven = await signInAgain(posing, { email: address });
  expect(await addressIn(owner)).toEqual([address, address, address, address]);
  expect((await owner.ask(MEMBERS, { id, search: address })).data.organization.members.totalCount).toBe(1);
  expect((await proven.ask(self)).data.viewer.emailVerified).toBe(true);
});

test("only its person can read whether an address is verified", async () => {
  const [one, other] = [await service.person(), await service.person()];
  await one.ask("{ viewer { id } }");
  const of = [{ __typename: "User", id: one.id }];
  const query = "query($of: [_Any!]!) { _entities(representations: $of) { ... on User { emailVerified } } }";
  const { errors } = await other.ask(query, { of });
  expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
});

test("a common organization no longer shows an address once it is deleted", async () => {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const member = await join(service, owner, id, "VIEWER");
  const of = [{ __typename: "User", id: member.id }];
  const query = "query($of: [_Any!]!) { _entities(representations: $of) { ... on User { email } } }";
  expect((await owner.ask(query, { of })).data._entities).toEqual([{ email: member.email }]);
  await owner.ask(
    `mutation { deleteOrganization(input: { organizationId: "${id}", confirmName: "Acme" }) { __typename } }`,
  );
  expect((await owner.ask(query, { of })).data._entities).toEqual([{ email: null }]);
});

test("responses to an older token use the newest address on every replica", async () => {
  const replica = await service.replica({}, { jobs: false });
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const moving = await service.person("Mona");
  const former = await invite(owner, id, moving.email);
  const link = await service.tokenFor(moving.email);
  const RECEIVED = "{ viewer { receivedInvitations { id } } }";
  const apps = [service.app, replica];
  const received = async () =>
    await Promise.all(
      apps.map(async (app) => (await service.ask(moving.token, app)(RECEIVED)).data.viewer.receivedInvitations),
    );
  expect(await received()).toEqual([[{ id: former }], [{ id: former }]]);
  const address = `new-${moving.email}`;
  await signInAgain(moving, { email: address });
  expect(await received()).toEqual([[], []]);
  const toNew = await invite(owner, id, address);
  expect(await received()).toEqual([[{ id: toNew }], [{ id: toNew }]]);
  const PREVIEW = `query($token: String!) { invitation(token: $token) { email refusal { code } } }`;
  const ENTITY = `query($of: [_Any!]!) { _entities(representations: $of) { ... on Invitation { id } } }`;
  const of = [former, toNew].map((each) => ({ __typename: "Invitation", id: each }));
  for (const app of apps) {
    const ask = service.ask(moving.token, app);
    const { invitation } = (await ask(PREVIEW, { token: link })).data;
    expect(invitation.email).not.toBe(moving.email);
    expect(invitation.refusal.code).toBe("INVITATION_EMAIL_MISMATCH");
    expect((await ask(ENTITY, { of })).data._entities).toEqual([null, { id: toNew }]);
    const accept = (invitationId: string) =>
      ask(
        `mutation { acceptInvitation(input: { invitationId: "${invitationId}" }) { __typename ... on Refusal { code } } }`,
      );
    expect((await accept(former)).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    if (app === replica) expect((await accept(toNew)).data.acceptInvitation.__typename).toBe("AcceptInvitationSuccess");
  }
});

test("a viewer with an older token gets the current data of people, also over open sockets", async () => {
  const person = await service.person("Before");
  // Both sockets read the person at the same time.
  const clients = [connect(service.app.port, person.token), connect(service.app.port, person.token)];
  const WHO = "{ viewer { name email } }";
  const bySocket = clients.map((client) => async () => (await subscribeBySocket(client, WHO).over())[0]);
  const viewers = async () =>
    await Promise.all([() => person.ask(WHO), ...bySocket].map(async (ask) => (await ask())?.data.viewer));
  const before = { name: "Before", email: person.email };
  expect(await viewers()).toEqual([before, before, before]);
  const after = { name: "After", email: `new-${person.email}` };
  await signInAgain(person, after);
  expect(await viewers()).toEqual([after, after, after]);
  for (const client of clients) await client.dispose();
});
