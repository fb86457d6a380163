import type { Viewer } from "../../src/domain/viewer";
import { thingsOf, type WorldState } from "./world-state";

/**
 * The product's rules about visibility, written again, independently of the code, over plain data. `see` is about
 * objects, `read` about the fields of a visible object.
 */
export class Oracle {
  constructor(private readonly state: WorldState) {}

  see(viewer: Viewer, type: string, id: string): boolean {
    if (viewer.kind === "anonymous") return false;
    const { members, invitations, subscriptions, byokConfigs } = this.state;
    if (viewer.kind === "service") return viewer.scopes.has("entities:read") && this.exists(type, id);
    switch (type) {
      case "User":
        return true;
      case "Organization":
        return this.role(viewer, id) !== null;
      case "Member":
        return this.role(viewer, members.get(id)?.organizationId ?? "") !== null;
      case "Workspace":
        return viewer.kind === "person" && this.isReachedBy(id, viewer.id);
      case "Invitation": {
        return this.isAddressee(viewer, id) || this.manages(viewer, invitations.get(id)?.organizationId ?? "");
      }
      case "OrganizationSubscription":
        return this.role(viewer, subscriptions.get(id) ?? "") === "OWNER";
      case "ByokConfig":
        return this.role(viewer, byokConfigs.get(id) ?? "") === "OWNER";
      case "AccessReview":
        return this.manages(viewer, this.state.accessReviews.get(id)?.organizationId ?? "");
      case "AuditEvent":
        return this.manages(viewer, id);
      default:
        throw new Error(`The oracle has no rule for ${type}.`);
    }
  }

  /** Whether an object exists and is not deleted. People are never deleted. */
  private exists(type: string, id: string): boolean {
    return type === "User" || thingsOf(this.state).some((thing) => thing[0] === type && thing[1] === id);
  }

  /** Whether a field of a visible object returns a value. */
  read(viewer: Viewer, type: string, id: string, field: string): boolean {
    const rule = FIELD_RULES[`${type}.${field}`];
    if (rule === undefined) return true;
    if (viewer.kind !== "person") return false;
    if (rule === "self") return viewer.id === id;
    const role = this.role(viewer, id);
    return rule === "owner" ? role === "OWNER" : role === "OWNER" || role === "ADMIN";
  }

  /** Whether the viewer may read a person's address: their own, or one of a person with a common organization. */
  knowsAddress(viewer: Viewer, userId: string): boolean {
    if (viewer.kind !== "person") return false;
    if (viewer.id === userId) return true;
    return [...this.state.roles.values()].some((roles) => roles.has(viewer.id) && roles.has(userId));
  }

  /** Whether the viewer may read when a member was last seen: only the member, Owners and Admins. */
  knowsLastSeen(viewer: Viewer, memberId: string): boolean {
    const { userId, organizationId } = this.state.members.get(memberId) ?? {};
    return viewer.kind === "person" && (viewer.id === userId || this.manages(viewer, organizationId ?? ""));
  }

  /** The exact ids of a list. Null if the oracle does not know the list. */
  listed(viewer: Viewer, type: string, list: string, id: string): string[] | null {
    const of = <Fact extends { organizationId: string }>(state: Map<string, Fact>, organizationId: string) =>
      [...state].filter(([, fact]) => fact.organizationId === organizationId).map(([key]) => key);
    switch (`${type}.${list}`) {
      case "Organization.members":
        return of(this.state.members, id);
      case "Organization.workspaces":
        return of(this.state.workspaces, id).filter((workspaceId) => this.see(viewer, "Workspace", workspaceId));
      case "Organization.invitations":
        return of(this.state.invitations, id).filter((key) => this.state.invitations.get(key)?.isPending);
      case "Organization.accessReviews":
        return of(this.state.accessReviews, id);
      case "AccessReview.items":
        return this.state.accessReviews.get(id)?.items ?? [];
      case "User.memberships":
      case "User.allMemberships":
        return [...this.state.members].filter(([, { userId }]) => userId === id).map(([key]) => key);
      case "User.receivedInvitations":
        return [...this.state.invitations]
          .filter(([key, { isPending }]) => isPending && this.isAddressee(viewer, key))
          .map(([key]) => key);
      case "User.restorableOrganizations":
        return [...this.state.restorable].filter(([, owners]) => owners.has(id)).map(([key]) => key);
      case "Invitation.workspaceGrants":
        return this.state.invitations.get(id)?.workspaces ?? [];
      case "Member.workspaceAccess": {
        const { organizationId = "", userId = "" } = this.state.members.get(id) ?? {};
        return of(this.state.workspaces, organizationId).filter(
          (key) => this.see(viewer, "Workspace", key) && this.isReachedBy(key, userId),
        );
      }
      case "Workspace.access":
        return this.reachingMembers(id);
      case "Usage.byWorkspace":
        return of(this.state.workspaces, this.state.subscriptions.get(id) ?? "");
      default:
        return null;
    }
  }

  /** The expected count; for a limit, the part in use. Null for other fields. */
  counted(type: string, field: string, id: string): number | null {
    const inside = ({ organizationId }: { organizationId: string }) =>
      organizationId === (type === "Usage" ? this.state.subscriptions.get(id) : id);
    switch (`${type}.${field}`) {
      case "Workspace.memberCount":
        return this.reachingMembers(id).length;
      case "AccessReview.itemCount":
        return this.state.accessReviews.get(id)?.items.length ?? 0;
      case "Organization.memberLimit":
      case "Usage.members": {
        const pending = [...this.state.invitations.values()].filter(({ isPending }) => isPending);
        return [...this.state.members.values(), ...pending].filter(inside).length;
      }
      case "Organization.workspaceLimit":
      case "Usage.workspaces":
        return [...this.state.workspaces.values()].filter(inside).length;
      default:
        return null;
    }
  }

  /** The members with access to a workspace: all Owners and Admins, and those assigned to it. */
  private reachingMembers(workspaceId: string): string[] {
    const organizationId = this.state.workspaces.get(workspaceId)?.organizationId;
    return [...this.state.members]
      .filter(([, member]) => member.organizationId === organizationId && this.isReachedBy(workspaceId, member.userId))
      .map(([key]) => key);
  }

  private isReachedBy(workspaceId: string, userId: string): boolean {
    const { organizationId = "", assigned = new Set<string>() } = this.state.workspaces.get(workspaceId) ?? {};
    const role = this.state.roles.get(organizationId)?.get(userId);
    return role === "OWNER" || role === "ADMIN" || (role !== undefined && assigned.has(userId));
  }

  private isAddressee(viewer: Viewer, invitationId: string): boolean {
    if (viewer.kind !== "person" || !viewer.emailVerified) return false;
    return viewer.email === this.state.invitations.get(invitationId)?.email;
  }

  private role(viewer: Viewer, organizationId: string) {
    return viewer.kind === "person" ? (this.state.roles.get(organizationId)?.get(viewer.id) ?? null) : null;
  }

  private manages(viewer: Viewer, organizationId: string): boolean {
    const role = this.role(viewer, organizationId);
    return role === "OWNER" || role === "ADMIN";
  }
}

/** Fields that not every viewer of the object may read. */
const FIELD_RULES: Record<string, "owner" | "manager" | "self"> = {
  "Organization.invitations": "manager",
  "Organization.memberLimit": "manager",
  "Organization.workspaceLimit": "manager",
  "Organization.auditLog": "manager",
  "Organization.accessReviews": "manager",
  "Organization.subscription": "owner",
  "Organization.byokConfig": "owner",
  "User.memberships": "self",
  "User.allMemberships": "self",
  "User.membershipCursor": "self",
  "User.receivedInvitations": "self",
  "User.emailVerified": "self",
  "User.restorableOrganizations": "self",
};

/**
 * All fields. The test fails for a missing one: add a new field here, or above if not every viewer of the object may
 * read it.
 */
export const KNOWN_FIELDS: Record<string, string> = {
  Organization:
    "id name description createdAt updatedAt isPersonal eventCursor viewerMember viewerPermissions members member invitations workspaces memberLimit workspaceLimit subscription accessReviews auditLog byokConfig byokStatus leaveRefusal deletionRefusal invitationRefusal workspaceCreationRefusal",
  Member:
    "id role joinedAt lastSeenAt organization user invitedBy workspaceAccess roleOptions removalRefusal workspaceAccessRefusal",
  User: "id name email emailVerified memberships allMemberships membershipCursor receivedInvitations restorableOrganizations",
  Invitation:
    "id email role status delivery createdAt lastSentAt expiresAt respondedAt organization workspaceGrants invitedBy resendableAt deliveryProblem",
  InvitingOrganization: "id name",
  AccessReview:
    "id name status startedAt dueAt completedAt itemCount decidedCount organization startedBy completedBy items evidenceHash",
  AccessReviewItem:
    "id userName role lastSeenAt decision decidedAt note newRole outcome member grants findings decidedBy newGrants decisionRefusal",
  WorkspaceGrant: "workspaceId workspaceName roleOverride expiresAt",
  WorkspaceAccess: "workspace member role source roleOverride dormantOverride expiresAt changeRefusal",
  Workspace:
    "id name description cloudProvider isDefault createdAt updatedAt organization viewerRole viewerPermissions access memberCount deletionRefusal",
  OrganizationSubscription:
    "id status billingInterval currentPeriodStart currentPeriodEnd organization plan scheduledPlan scheduledBillingInterval planOptions usage invoices paymentMethod paymentMethodKind paymentMethodLabel isBilledManually",
  Plan: "code name monthlyPriceCents annualPriceCents memberLimit workspaceLimit monthlyCredits dailyCredits byok features",
  PlanOption: "plan isUpgrade blockers",
  Usage: "members workspaces credits forecast projectedPeriodCredits trend byWorkspace trendByWorkspace",
  CreditUsage: "used monthlyLimit monthlyRemaining dailyLimit dailyRemaining resetsAt",
  UsagePoint: "at credits periodCredits byokCalls calls",
  WorkspaceTrend: "kind workspace points",
  WorkspaceUsage: "workspace credits byokCalls calls",
  SubscriptionInvoice: "id number status totalCents issuedAt paidAt url",
  PaymentMethod: "brand last4 expiryMonth expiryYear",
  ByokConfig:
    "id organization accessKeyIdHint isTemporary sessionTokenExpiresAt region inferenceProfile fallback enabled status lastVerification savedBy nextVerificationAt createdAt updatedAt",
  ByokVerification: "ok checkedAt checks",
  ByokCheck: "kind modelId ok code message",
  LimitUsage: "used limit remaining",
  Refusal: "code message path limit retryAfterSeconds",
  RoleOption: "role refusal",
  RestorableOrganization: "id name deletedAt restorableUntil",
  AuditEvent:
    "organizationId sequence type occurredAt actorLabel subjectId workspaceId summary actor hash changes reinstatementRefusal",
  AuditFieldChange: "field before after",
};
