import { createHash } from "node:crypto";
import { commands } from "../../src/commands";
import type { Service, Viewer } from "../../src/domain/viewer";
import { MailRejected } from "../../src/integrations/mail/mailer";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { personOf, readAs } from "../support/read-as";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
});
afterEach(() => {
  world.mailer.failure = null;
});
afterAll(() => world.close());

const SERVICE: Service = { kind: "service", name: "reader", scopes: new Set(["entities:read"]) };

const invitationOf = async (viewer: Viewer, id: string) => {
  const text = `{ _entities(representations: [{ __typename: "Invitation", id: "${id}" }]) {
    ... on Invitation { delivery deliveryProblem resendableAt } } }`;
  return (await readAs(world, viewer, text)).data._entities[0];
};
const mail = (invitationId: string, isLast: boolean, sendNumber = 1) => {
  const payload = { organizationId: acme.id, invitationId, sendNumber };
  return sendInvitation(world.replica(), payload, isLast);
};

test.each([
  ["was rejected", new MailRejected("550"), false, /^The recipient's mail server rejected/],
  ["was never sent", new Error("connection refused"), true, /^The e-mail could not be sent in several attempts/],
])("the inviter can read why a mail %s; the invitee cannot", async (_, failure, isLast, problem) => {
  const invitee = await world.person();
  const id = await acme.invite(invitee.email, "VIEWER");
  const resendableAt = new Date(world.clock.now().getTime() + 60_000).toISOString();
  expect(await invitationOf(personOf(acme.owner), id)).toEqual({
    delivery: "QUEUED",
    deliveryProblem: null,
    resendableAt,
  });
  world.mailer.failure = failure;
  await mail(id, isLast);
  const admin = await acme.member("ADMIN");
  for (const viewer of [acme.owner, admin].map(personOf).concat(SERVICE)) {
    const failed = { delivery: "FAILED", deliveryProblem: expect.stringMatching(problem), resendableAt };
    expect(await invitationOf(viewer, id)).toEqual(failed);
  }
  const list = `{ organization(id: "${acme.id}") { invitations(statuses: [PENDING]) { nodes { deliveryProblem } } } }`;
  expect((await readAs(world, personOf(acme.owner), list)).data.organization.invitations.nodes).toEqual([
    { deliveryProblem: expect.stringMatching(problem) },
  ]);
  const received = "{ viewer { receivedInvitations { deliveryProblem } } }";
  expect((await readAs(world, personOf(invitee), received)).data.viewer.receivedInvitations).toEqual([
    { deliveryProblem: null },
  ]);
  expect(await invitationOf(personOf(invitee), id)).toEqual({
    delivery: "FAILED",
    deliveryProblem: null,
    resendableAt,
  });
});

test("a failure without a recorded reason has a general message, and a new mail ends the problem", async () => {
  const id = await acme.invite("new@example.com", "VIEWER");
  await world.query("UPDATE invitation SET delivery = 'FAILED' WHERE id = $1", id);
  const owner = personOf(acme.owner);
  expect((await invitationOf(owner, id)).deliveryProblem).toMatch(/^The e-mail could not be delivered/);
  world.clock.pass(60_000);
  await acme.owner.run(commands.resendInvitation, { organizationId: acme.id, invitationId: id });
  expect(await invitationOf(owner, id)).toMatchObject({ delivery: "QUEUED", deliveryProblem: null });
  expect(await world.query("SELECT delivery_problem AS p FROM invitation WHERE id = $1", id)).toEqual([{ p: null }]);
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: id });
  expect((await invitationOf(owner, id)).resendableAt).toBeNull();
});

test("a temporary refusal has the seconds to wait, also in a repeated response with its Idempotency-Key", async () => {
  const invitationId = await acme.invite("new@example.com", "VIEWER");
  world.clock.pass(12_500);
  const resend = () =>
    acme.owner.run(
      commands.resendInvitation,
      { organizationId: acme.id, invitationId },
      {
        ...{
          caller: `user:${acme.owner.id}`,
          key: "k",
          operation: "fields:resendInvitation",
          field: "resendInvitation",
        },
        ...{ requestHash: createHash("sha256").update("r").digest(), fieldHash: "r" },
      },
    );
  for (let n = 0; n < 2; n++) {
    await expect(resend()).rejects.toMatchObject({ refusal: { code: "RESEND_TOO_SOON", retryAfterSeconds: 48 } });
  }
});

test("a link that is renewed while its mail is underway is followed by one mail with a working link", async () => {
  const invitee = await world.person();
  const id = await acme.invite(invitee.email, "VIEWER");
  const renew = () => acme.owner.run(commands.renewInvitationLink, { organizationId: acme.id, invitationId: id });
  const secrets: string[] = [];
  const send = jest.spyOn(world.mailer, "send").mockImplementation(async ({ text }) => {
    secrets.push(/\/invitations\/([\w-]+)/.exec(text)?.[1] ?? "");
    await renew();
  });
  await mail(id, false);
  await mail(id, false);
  send.mockRestore();
  // The second one is renewed, too, but not repeated.
  expect(secrets).toHaveLength(2);
  expect((await invitationOf(personOf(acme.owner), id)).delivery).toBe("SENT");
  for (const token of secrets)
    expect(await outcomeOf(invitee.run(commands.acceptInvitation, { token }))).toBe("NOT_FOUND");

  const other = await world.person();
  const second = await acme.invite(other.email, "VIEWER");
  let link: string | null = null;
  jest.spyOn(world.mailer, "send").mockImplementationOnce(async () => {
    ({ link } = await acme.owner.run(commands.renewInvitationLink, { organizationId: acme.id, invitationId: second }));
  });
  await mail(second, false);
  jest.restoreAllMocks();
  const preview = (token: string) => readAs(world, personOf(other), `{ invitation(token: "${token}") { email } }`);
  for (const token of [world.mailer.tokenFor(other.email), String(link).split("/").at(-1) ?? ""]) {
    expect((await preview(token)).data.invitation).toEqual({ email: other.email });
  }
});

test("a mail that is underway while its organization is deleted is not sent again after the restoration", async () => {
  const id = await acme.invite("underway@example.com", "VIEWER");
  const organization = { organizationId: acme.id };
  jest.spyOn(world.mailer, "send").mockImplementationOnce(async () => {
    const [row] = await world.query<{ name: string }>("SELECT name FROM organization WHERE id = $1", acme.id);
    await acme.owner.run(commands.deleteOrganization, { ...organization, confirmName: row?.name ?? "" });
  });
  await mail(id, false);
  jest.restoreAllMocks();
  await acme.owner.run(commands.restoreOrganization, organization);
  const jobs = "SELECT FROM graphile_worker._private_jobs WHERE payload ->> 'invitationId' = $1";
  // The first one is the invitation's own, which this test runs itself.
  expect(await world.query(jobs, id)).toHaveLength(1);
  expect((await invitationOf(personOf(acme.owner), id)).delivery).toBe("SENT");
});
