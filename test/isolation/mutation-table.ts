import type { Viewer } from "../../src/domain/viewer";
import type { Database } from "../../src/store/engine/database";
import type { Target } from "./actors";

/** Who may use it, by the product's rules: organization roles, effective roles in Alpha, or named actors. */
export type Rule =
  | { organization: string[] }
  | { workspaceAdmin: true }
  | { service: string }
  | { invitee: true }
  | { everybody: true };

const OWNER = { organization: ["OWNER"] };
const MANAGERS = { organization: ["OWNER", "ADMIN"] };
const MEMBERS = { organization: ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] };

/** Every mutation, with an input for a target. */
export const MUTATIONS: Record<string, { input: (target: Target) => string; may: Rule }> = {
  createOrganization: { input: () => 'name: "Initech"', may: { everybody: true } },
  startAccessReview: {
    input: ({ organizationId: o }) => `organizationId: "${o}", name: "Second", dueAt: "2026-06-01T00:00:00Z"`,
    may: MANAGERS,
  },
  decideAccessReview: {
    input: ({ organizationId: o, reviewId: r, itemId: i }) =>
      `organizationId: "${o}", reviewId: "${r}", decisions: [{ itemId: "${i}", decision: REMOVE }]`,
    may: MANAGERS,
  },
  completeAccessReview: {
    input: ({ organizationId: o, reviewId: r }) => `organizationId: "${o}", reviewId: "${r}", undecided: KEEP`,
    may: MANAGERS,
  },
  cancelAccessReview: {
    input: ({ organizationId: o, reviewId: r }) => `organizationId: "${o}", reviewId: "${r}"`,
    may: MANAGERS,
  },
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
  reinstateMember: {
    input: ({ organizationId: o, memberId: m }) => `organizationId: "${o}", memberId: "${m}"`,
    may: MANAGERS,
  },
  inviteMembers: {
    input: ({ organizationId: o }) => `organizationId: "${o}", emails: ["x@example.com"], role: VIEWER`,
    may: MANAGERS,
  },
  resendInvitation: {
    input: ({ organizationId: o, invitationId: i }) => `organizationId: "${o}", invitationId: "${i}"`,
    may: MANAGERS,
  },
  updateInvitation: {
    input: ({ organizationId: o, invitationId: i }) => `organizationId: "${o}", invitationId: "${i}", role: DEVELOPER`,
    may: MANAGERS,
  },
  renewInvitationLink: {
    input: ({ organizationId: o, invitationId: i }) => `organizationId: "${o}", invitationId: "${i}"`,
    may: MANAGERS,
  },
  // The token is the credential: every holder of a dead link may ask.
  requestInvitation: { input: ({ invitationId: i }) => `token: "dead-${i}"`, may: { everybody: true } },
  cancelInvitation: {
    input: ({ organizationId: o, invitationId: i }) => `organizationId: "${o}", invitationId: "${i}"`,
    may: MANAGERS,
  },
  acceptInvitation: { input: ({ invitationId: i }) => `invitationId: "${i}"`, may: { invitee: true } },
  declineInvitation: { input: ({ invitationId: i }) => `invitationId: "${i}"`, may: { invitee: true } },
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

/** The code that viewers of the wrong kind get from a mutation; null for viewers of the right kind. */
export function expectedOfKind(viewer: Viewer, may: Rule): string | null {
  if (viewer.kind === "anonymous") return "UNAUTHENTICATED";
  if (viewer.kind === "service") {
    return "service" in may && [...viewer.scopes].join() === may.service ? null : "FORBIDDEN";
  }
  return "service" in may ? "FORBIDDEN" : null;
}

/** A database whose transactions are always rolled back. */
export function rollingBack(database: Database): Database {
  const dataSource = Object.create(database.dataSource) as Database["dataSource"];
  dataSource.createQueryRunner = () => {
    const runner = database.dataSource.createQueryRunner();
    runner.commitTransaction = () => runner.rollbackTransaction();
    return runner;
  };
  return Object.create(database, {
    dataSource: { value: dataSource },
    withDeadline: { value: () => rollingBack(database) },
  });
}
