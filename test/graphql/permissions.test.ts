import { OrganizationPermission, WorkspacePermission } from "../../src/domain/permission";
import { type Ask, type Person, RunningService } from "../support/service";

let service: RunningService;
let owner: Person;
let organizationId: string;
let workspaceId: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  owner = await service.person("Olga");
  const { data } = await owner.ask(
    `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id workspaces { nodes { id } } } } } }`,
  );
  organizationId = data.createOrganization.organization.id;
  workspaceId = data.createOrganization.organization.workspaces.nodes[0].id;
});
afterAll(() => service.stop());

const QUERY = `query($o: [OrganizationPermissionCheck!]!, $w: [WorkspacePermissionCheck!]!) {
  organizationPermissions(checks: $o) { allowed reasons } workspacePermissions(checks: $w) { allowed reasons } }`;
const organizationChecks = (id: string) =>
  Object.keys(OrganizationPermission).map((permission) => ({ organizationId: id, permission }));
const workspaceChecks = (id: string) =>
  Object.keys(WorkspacePermission).map((permission) => ({ workspaceId: id, permission }));

async function decisions(ask: Ask, o: object[], w: object[]) {
  const { data, errors } = await ask(QUERY, { o, w });
  expect(errors).toBeUndefined();
  return data as Record<
    "organizationPermissions" | "workspacePermissions",
    Array<{ allowed: boolean; reasons: string[] }>
  >;
}

test("the decision equals viewerPermissions and has a reason", async () => {
  const { organizationPermissions, workspacePermissions } = await decisions(
    owner.ask,
    organizationChecks(organizationId),
    workspaceChecks(workspaceId.toUpperCase()),
  );
  expect(organizationPermissions.every(({ allowed }) => allowed)).toBe(true);
  expect(organizationPermissions[1]?.reasons).toEqual([
    "You are Owner of Acme.",
    "The role Owner includes MANAGE_BILLING.",
  ]);
  // The reason includes the plan.
  expect(organizationPermissions[2]?.reasons.at(-1)).toContain("Starter plan does not include BYOK");
  expect(workspacePermissions[0]).toEqual({
    allowed: true,
    reasons: [
      "You are Owner of Acme.",
      "This makes you Admin of every workspace, including Default.",
      "The role Admin includes VIEW_WORKSPACE.",
    ],
  });
});

test("strangers and services are denied with the same reason as for things that do not exist", async () => {
  const stranger = await service.person();
  const nowhere = "01900000-0000-7000-8000-000000000000";
  const anybody: Ask[] = [stranger.ask, await service.service("entities:read"), await service.service("usage:write")];
  for (const ask of anybody) {
    const received = await decisions(ask, organizationChecks(organizationId), workspaceChecks(workspaceId));
    expect(received).toEqual(await decisions(ask, organizationChecks(nowhere), workspaceChecks(nowhere)));
    expect(received).toEqual(await decisions(ask, organizationChecks("nonsense"), workspaceChecks("")));
    const all = [...received.organizationPermissions, ...received.workspacePermissions];
    expect(all.some(({ allowed }) => allowed)).toBe(false);
  }
  const { errors } = await service.ask(null)(QUERY, { o: [], w: [] });
  expect(errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
});

test("up to a hundred questions at a time are answered in order", async () => {
  const permission = "EDIT_ORGANIZATION";
  const mixed = Array.from({ length: 100 }, (_, n) => ({
    organizationId: n % 3 ? "other" : organizationId,
    permission,
  }));
  const { organizationPermissions } = await decisions(owner.ask, mixed, []);
  expect(organizationPermissions.map(({ allowed }) => allowed)).toEqual(mixed.map((_, n) => n % 3 === 0));
  const { errors } = await owner.ask(QUERY, { o: [...mixed, { organizationId, permission }], w: [] });
  expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
});
