import { until } from "../support/billed-service";
import { organization } from "../support/live-organization";
import { RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.stop());

test("the mutation sends the announced mails, with the same subjects", async () => {
  const owner = await service.person(`Olga\u200b ${"long ".repeat(20)}`);
  const id = await organization(owner);
  const input = `organizationId: "${id}", emails: ["ada@example.com", "bob@example.com"], role: VIEWER`;
  const { data } = await owner.ask(
    `{ dryRun(mutation: { inviteMembers: { ${input} } }) { ... on DryRunSuccess { emails { to subject } } } }`,
  );
  expect(service.mailer.sent).toEqual([]);
  await owner.ask(`mutation { inviteMembers(input: { ${input} }) { __typename } }`);
  await until(() => service.mailer.sent.length === 2);
  const sent = service.mailer.sent.map(({ to, subject }) => ({ to, subject }));
  expect(sent).toHaveLength(2);
  expect(data.dryRun.emails).toEqual(sent.sort((a, b) => (a.to < b.to ? -1 : 1)));
});

test("a dry run does not use up an Idempotency-Key", async () => {
  const owner = await service.person();
  const id = await organization(owner);
  const key = { "idempotency-key": "dry" };
  const update = `updateOrganization: { organizationId: "${id}", name: "New" }`;
  for (let time = 0; time < 2; time += 1) {
    const { data } = await owner.ask(
      `{ dryRun(mutation: { ${update} }) { ... on DryRunSuccess { effects { type } } } }`,
      {},
      key,
    );
    expect(data.dryRun).toEqual({ effects: [{ type: "organization.updated" }] });
  }
  const { data } = await owner.ask(
    `mutation { updateOrganization(input: { organizationId: "${id}", name: "New" }) { ... on UpdateOrganizationSuccess { organization { name } } } }`,
    {},
    key,
  );
  expect(data.updateOrganization).toEqual({ organization: { name: "New" } });
});
