import { EVENT_TYPES } from "../../src/domain/events";
import { type Person, RunningService } from "../support/service";

let service: RunningService;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  owner = await service.person("Olga");
  const { data } = await owner.ask(
    `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
  );
  id = data.createOrganization.organization.id;
});
afterAll(() => service.stop());

/** The changes of the newest event whose type starts with a noun. */
async function newestChanges(noun: "organization" | "subscription") {
  const changes = "changes { field before after }";
  const types = JSON.stringify(EVENT_TYPES.filter((type) => type.startsWith(`${noun}.`)));
  const query = `{ organization(id: "${id}") { auditLog(first: 1, types: ${types}) { nodes { ${changes} } edges { node { ${changes} } } } } }`;
  const { data, errors } = await owner.ask(query);
  expect(errors).toBeUndefined();
  const { nodes, edges } = data.organization.auditLog;
  expect(edges[0].node).toEqual(nodes[0]);
  return nodes[0].changes;
}

test("the audit log shows the changed fields of an event, before and after", async () => {
  await owner.ask(
    `mutation { updateOrganization(input: { organizationId: "${id}", name: "Initech", description: "Ours" }) { __typename } }`,
  );
  expect(await newestChanges("organization")).toEqual([
    { field: "description", before: null, after: "Ours" },
    { field: "name", before: "Acme", after: "Initech" },
  ]);
});

test("a plan change shows the plan, its interval and the end of its period, and what it means for the limits", async () => {
  await owner.ask(
    `mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED", billingInterval: ANNUAL }) { __typename } }`,
  );
  expect(await newestChanges("subscription")).toEqual([
    { field: "billingInterval", before: "MONTHLY", after: "ANNUAL" },
    { field: "currentPeriodEnd", before: expect.any(String), after: expect.any(String) },
    { field: "planCode", before: "STARTER", after: "ADVANCED" },
  ]);
  expect(await newestChanges("organization")).toEqual([
    { field: "memberLimit", before: "1", after: null },
    { field: "workspaceLimit", before: expect.any(String), after: expect.any(String) },
  ]);
  await owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "STANDARD" }) { __typename } }`);
  expect(await newestChanges("subscription")).toEqual([
    { field: "scheduledInterval", before: null, after: "ANNUAL" },
    { field: "scheduledPlanCode", before: null, after: "STANDARD" },
  ]);
  await owner.ask(`mutation { cancelScheduledPlan(input: { organizationId: "${id}" }) { __typename } }`);
  expect(await newestChanges("subscription")).toEqual([
    { field: "scheduledInterval", before: "ANNUAL", after: null },
    { field: "scheduledPlanCode", before: "STANDARD", after: null },
  ]);
});
