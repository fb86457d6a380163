import { randomUUID } from "node:crypto";
import type { App } from "../../src/app";
import { aMoment } from "../support/moment";
import { type Ask, RunningService } from "../support/service";

// An Owner deletes an organization on one replica while others change it on another, in any order. A change whose
// result can no longer be read gets NOT_FOUND, never an internal error.
const ROUNDS = Number(process.env.PROVE_DELETIONS ?? 5);

let service: RunningService;
let second: App;
beforeAll(async () => {
  service = await RunningService.start();
  second = await service.replica();
});
afterAll(() => service.stop());

interface Fixtures {
  organizationId: string;
  invitationId: string;
  owner: Ask;
  guest: Ask;
}

async function fixtures(): Promise<Fixtures & { deleteIt(): Promise<unknown> }> {
  const [owner, guest] = [await service.person(), await service.person()];
  const founded = await owner.ask(`mutation { createOrganization(input: { name: "Acme" }) {
    ... on CreateOrganizationSuccess { organization { id } } } }`);
  const organizationId: string = founded.data.createOrganization.organization.id;
  const { data } = await owner.ask(`mutation {
    changePlan(input: { organizationId: "${organizationId}", planCode: "ADVANCED" }) { __typename }
    inviteMembers(input: { organizationId: "${organizationId}", emails: ["${guest.email}"], role: ADMIN }) {
      ... on InviteMembersSuccess { invitations { id } } } }`);
  const remove = `mutation { deleteOrganization(input: { organizationId: "${organizationId}", confirmName: "Acme" }) { __typename } }`;
  return {
    organizationId,
    invitationId: data.inviteMembers.invitations[0].id,
    owner: owner.ask,
    guest: guest.ask,
    deleteIt: () => service.ask(owner.token, second)(remove),
  };
}

const CHANGES: Record<string, (fixtures: Fixtures) => Promise<{ errors?: Array<{ extensions: { code: string } }> }>> = {
  updateOrganization: ({ owner, organizationId }) =>
    owner(`mutation { updateOrganization(input: { organizationId: "${organizationId}", description: "New" }) {
      ... on UpdateOrganizationSuccess { organization { id members { nodes { user { name } } } } } } }`),
  createWorkspace: ({ owner, organizationId }) =>
    owner(`mutation { createWorkspace(input: { organizationId: "${organizationId}", name: "New", cloudProvider: GCP }) {
      ... on CreateWorkspaceSuccess { workspace { id organization { name } } } } }`),
  inviteMembers: ({ owner, organizationId }) =>
    owner(`mutation { inviteMembers(input: { organizationId: "${organizationId}", emails: ["${randomUUID()}@example.com"], role: VIEWER }) {
      ... on InviteMembersSuccess { invitations { id } organization { name } } } }`),
  acceptInvitation: ({ guest, invitationId }) =>
    guest(`mutation { acceptInvitation(input: { invitationId: "${invitationId}" }) {
      ... on AcceptInvitationSuccess { member { id organization { name } } organization { name } } } }`),
};

test.each(Object.entries(CHANGES))("%s during a deletion", async (_, change) => {
  const codes = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const { deleteIt, ...seen } = await fixtures();
    const [answer] = await Promise.all([change(seen), deleteIt()]);
    for (const { extensions } of answer.errors ?? []) codes.add(extensions.code);
  }
  codes.delete("NOT_FOUND");
  expect([...codes]).toEqual([]);
});

test("a mail that is underway while its organization is deleted and restored is sent once", async () => {
  const { owner, organizationId } = await fixtures();
  const { dataSource } = service.app.services.database;
  const jobs = async (organization: string, condition = "true") => {
    const task = `task_identifier = 'send-invitation' AND payload ->> 'organizationId' = $1`;
    const text = `SELECT FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p USING (id) WHERE ${task} AND ${condition}`;
    return (await dataSource.query(text, [organization])).length as number;
  };
  while ((await jobs(organizationId)) > 0) await aMoment();
  const send = async (organization: string, ask: Ask, email: string) => {
    await ask(`mutation { inviteMembers(input: { organizationId: "${organization}", emails: ["${email}"], role: VIEWER }) {
      __typename } }`);
    while ((await jobs(organization, "j.locked_at IS NOT NULL")) === 0) await aMoment();
  };
  const other = await fixtures();
  while ((await jobs(other.organizationId)) > 0) await aMoment();
  const release = service.mailer.hold();
  await send(organizationId, owner, "underway@example.com");
  const { data } = await owner(`mutation {
    deleteOrganization(input: { organizationId: "${organizationId}", confirmName: "Acme" }) { __typename }
    restoreOrganization(input: { organizationId: "${organizationId}" }) { __typename } }`);
  expect(data.restoreOrganization.__typename).toBe("RestoreOrganizationSuccess");
  // Once the job of a later mail runs, the second job of the first one would run, too.
  await send(other.organizationId, other.owner, "later@example.com");
  release();
  while ((await jobs(organizationId)) > 0) await aMoment();
  expect(service.mailer.sent.filter(({ to }) => to === "underway@example.com")).toHaveLength(1);
});
