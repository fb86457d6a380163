import { parse, validate } from "graphql";
import type { Viewer } from "../../src/domain/viewer";
import type { Database } from "../../src/store/database";
import { World } from "../support/world";
import { type Cast, castOf, type Stage } from "./cast";
import { Comparison, run, schema, selectionsBelow } from "./comparison";
import type { Facts } from "./facts";
import { Oracle } from "./oracle";

// Every mutation as everybody. What is admitted runs to its end and is taken back, so that all meet the same world.
let world: World;
let facts: Facts;
let cast: Cast;
let stage: Stage;
beforeAll(async () => {
  world = await World.create();
  ({ facts, cast, stage } = await castOf(world));
});
afterAll(() => world.close());

/** Who may, by the product's rules: organization roles, effective roles in Alpha, or somebody in particular. */
type Rule =
  | { organization: string[] }
  | { workspaceAdmin: true }
  | { service: string }
  | { invitee: true }
  | { everybody: true };

const OWNER = { organization: ["OWNER"] };
const MANAGERS = { organization: ["OWNER", "ADMIN"] };
const MEMBERS = { organization: ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] };

const MUTATIONS: Record<string, { input: (stage: Stage, invitationId: string) => string; may: Rule }> = {
  createOrganization: { input: () => 'name: "Initech"', may: { everybody: true } },
  updateOrganization: { input: ({ organizationId: o }) => `organizationId: "${o}", name: "New"`, may: MANAGERS },
  transferOwnership: {
    input: ({ organizationId: o, memberId: m }) => `organizationId: "${o}", memberId: "${m}"`,
    may: OWNER,
  },
  leaveOrganization: { input: ({ organizationId: o }) => `organizationId: "${o}"`, may: MEMBERS },
  deleteOrganization: { input: ({ organizationId: o }) => `organizationId: "${o}", confirmName: "Acme"`, may: OWNER },
  restoreOrganization: { input: ({ organizationId: o }) => `organizationId: "${o}"`, may: OWNER },
  changePlan: { input: ({ organizationId: o }) => `organizationId: "${o}", planCode: "ENTERPRISE"`, may: OWNER },
  cancelScheduledPlan: { input: ({ organizationId: o }) => `organizationId: "${o}"`, may: OWNER },
  changeMemberRole: {
    input: ({ organizationId: o, memberId: m }) => `organizationId: "${o}", memberId: "${m}", role: VIEWER`,
    may: MANAGERS,
  },
  removeMember: {
    input: ({ organizationId: o, memberId: m }) => `organizationId: "${o}", memberId: "${m}"`,
    may: MANAGERS,
  },
  inviteMembers: {
    input: ({ organizationId: o }) => `organizationId: "${o}", emails: ["x@example.com"], role: VIEWER`,
    may: MANAGERS,
  },
  resendInvitation: {
    input: ({ organizationId: o }, i) => `organizationId: "${o}", invitationId: "${i}"`,
    may: MANAGERS,
  },
  cancelInvitation: {
    input: ({ organizationId: o }, i) => `organizationId: "${o}", invitationId: "${i}"`,
    may: MANAGERS,
  },
  acceptInvitation: { input: (_, i) => `invitationId: "${i}"`, may: { invitee: true } },
  declineInvitation: { input: (_, i) => `invitationId: "${i}"`, may: { invitee: true } },
  createWorkspace: {
    input: ({ organizationId: o }) => `organizationId: "${o}", name: "Gamma", cloudProvider: AWS`,
    may: MANAGERS,
  },
  deleteWorkspace: {
    input: ({ organizationId: o, beta }) => `organizationId: "${o}", workspaceId: "${beta}"`,
    may: MANAGERS,
  },
  setWorkspaceAccess: {
    input: ({ organizationId: o, memberId: m }) => `organizationId: "${o}", memberId: "${m}", grants: []`,
    may: MANAGERS,
  },
  updateWorkspace: {
    input: ({ organizationId: o, alpha }) => `organizationId: "${o}", workspaceId: "${alpha}", name: "A"`,
    may: { workspaceAdmin: true },
  },
  grantWorkspaceAccess: {
    input: ({ organizationId: o, alpha, memberId: m }) =>
      `organizationId: "${o}", workspaceId: "${alpha}", memberId: "${m}"`,
    may: { workspaceAdmin: true },
  },
  revokeWorkspaceAccess: {
    input: ({ organizationId: o, alpha, memberId: m }) =>
      `organizationId: "${o}", workspaceId: "${alpha}", memberId: "${m}"`,
    may: { workspaceAdmin: true },
  },
  openBillingPortal: {
    input: ({ organizationId: o }) => `organizationId: "${o}", returnUrl: "https://a.example"`,
    may: OWNER,
  },
  testByokCredentials: { input: ({ organizationId: o }) => keyOf(o), may: OWNER },
  saveByokConfig: { input: ({ organizationId: o }) => `credentials: { ${keyOf(o)} }`, may: OWNER },
  setByokEnabled: { input: ({ organizationId: o }) => `organizationId: "${o}", enabled: false`, may: OWNER },
  verifyByokConfig: { input: ({ organizationId: o }) => `organizationId: "${o}"`, may: OWNER },
  removeByokConfig: { input: ({ organizationId: o }) => `organizationId: "${o}"`, may: OWNER },
  reportByokFailure: {
    input: ({ alpha }) => `workspaceId: "${alpha}", code: "AccessDeniedException"`,
    may: { service: "credentials:read" },
  },
  recordUsage: {
    input: ({ alpha }) => `records: [{ id: "r", workspaceId: "${alpha}", at: "2026-03-31T08:00:00Z", credits: 1 }]`,
    may: { service: "usage:write" },
  },
  provisionUser: {
    input: () => 'userId: "new", email: "new@example.com", emailVerified: true, name: "New"',
    may: { service: "users:provision" },
  },
};

function keyOf(organizationId: string): string {
  const key = `accessKeyId: "AKIA${"A".repeat(16)}", secretAccessKey: "${"s".repeat(40)}"`;
  return `organizationId: "${organizationId}", ${key}, region: "us-east-1"`;
}

/** The code that somebody must meet, or null where they are admitted. */
function expected(viewer: Viewer, may: Rule): string | null {
  if (viewer.kind === "anonymous") return "UNAUTHENTICATED";
  if (viewer.kind === "service") {
    return "service" in may && [...viewer.scopes].join() === may.service ? null : "FORBIDDEN";
  }
  if ("service" in may) return "FORBIDDEN";
  if ("everybody" in may) return null;
  // Who has the address but has not proved it is told so, by a Refusal.
  if ("invitee" in may) return viewer.email === stage.invitedAddress ? null : "NOT_FOUND";
  const role = facts.roles.get(stage.organizationId)?.get(viewer.id);
  if (!role) return "NOT_FOUND";
  if ("organization" in may) return may.organization.includes(role) ? null : "FORBIDDEN";
  if (role === "OWNER" || role === "ADMIN") return null;
  return facts.workspaces.get(stage.alpha)?.assigned.has(viewer.id) ? "FORBIDDEN" : "NOT_FOUND";
}

/** The database, except that nothing is ever committed. */
function takingBack(database: Database): Database {
  const dataSource = Object.create(database.dataSource) as Database["dataSource"];
  dataSource.createQueryRunner = () => {
    const runner = database.dataSource.createQueryRunner();
    runner.commitTransaction = () => runner.rollbackTransaction();
    return runner;
  };
  return Object.create(database, { dataSource: { value: dataSource }, until: { value: () => takingBack(database) } });
}

const successOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Success`;

/** What these answer with is not there any more, once they are taken back. */
const MAKERS = new Set(["createOrganization", "createWorkspace", "inviteMembers", "acceptInvitation", "provisionUser"]);

/** Everything that a mutation answers with, and everything of that. */
function answerOf(name: string): string {
  const success = successOf(name);
  if (MAKERS.has(name)) return "__typename";
  const [selection = ""] = selectionsBelow(success, 1);
  const deeper = [...selectionsBelow(success, 1)].slice(1);
  return `__typename ... on ${success} { ${[selection, ...deeper].join(" ")} }`;
}

test("every mutation is in the table", () => {
  expect(Object.keys(MUTATIONS).sort()).toEqual(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort());
});

test("each mutation is for those alone for whom it is, and says so in the same words", async () => {
  const [invitationId = ""] =
    [...facts.invitations].find(
      ([, { email, organizationId }]) => email === stage.invitedAddress && organizationId === stage.organizationId,
    ) ?? [];
  const before = await world.query(
    "SELECT md5(string_agg(e.hash::text, ',' ORDER BY e.hash)) FROM organization_event e",
  );
  const wrong: string[] = [];
  for (const [who, viewer] of Object.entries(cast)) {
    const comparison = new Comparison(viewer, world, new Oracle(facts));
    for (const [name, { input, may }] of Object.entries(MUTATIONS)) {
      const document = parse(`mutation { ${name}(input: { ${input(stage, invitationId)} }) { ${answerOf(name)} } }`);
      expect(validate(schema, document)).toEqual([]);
      const context = world.context(viewer, takingBack(world.database));
      const { errors, data } = await run({ document, context });
      const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
      const code = errors ? (denial?.extensions?.code ?? errors[0]?.message) : null;
      const answered = (data?.[name] as { __typename: string } | null | undefined)?.__typename;
      if (who === "unverified" && "invitee" in may && answered !== "Refusal")
        wrong.push(`${who}, ${name}: ${answered}`);
      const isWithin = data?.[name] != null && expected(viewer, may) === null;
      if (isWithin) comparison.judge({ data, errors }, [name], successOf(name), who, name);
      else if (code !== expected(viewer, may)) {
        wrong.push(`${who}, ${name}: ${code ?? JSON.stringify(data)}, not ${expected(viewer, may)}`);
      }
    }
    wrong.push(...comparison.wrong);
  }
  expect(wrong).toEqual([]);
  expect(
    await world.query("SELECT md5(string_agg(e.hash::text, ',' ORDER BY e.hash)) FROM organization_event e"),
  ).toEqual(before);
});
