import { hasScope, type Viewer } from "../domain/viewer";
import type { TracedReader } from "../store/engine/statement";
import type { OrganizationView } from "../store/views/people";
import { AccessReviewLoaders } from "./access-review-loaders";
import {
  loadByokConfig,
  loadByokOfOrganization,
  loadCredits,
  loadSentMails,
  loadSubscription,
  loadSubscriptionOfOrganization,
  loadUse,
} from "./billing";
import { EventHeads } from "./event-heads";
import { loadInvitation, loadInvitations, loadInvitationTotal, loadWorkspaceGrants } from "./invitations";
import {
  loadFormerMember,
  loadLastSeen,
  loadMember,
  loadMemberAccess,
  loadMembers,
  loadMemberTotal,
  loadUser,
} from "./members";
import { MembershipHeads } from "./membership-heads";
import { loadOrganization, readMyOrganizations } from "./organizations";
import { loadAccess, loadAccessTotal, loadWorkspace, loadWorkspaces, loadWorkspaceTotal } from "./workspaces";

/**
 * Every edge of the graph, batched, for one viewer at one time. Each operation has its own instance, and a new one
 * after each mutation. An operation uses three or four loaders, so each loader is created at its first use.
 */
export class Loaders extends AccessReviewLoaders {
  private _organization?: ReturnType<typeof loadOrganization>;
  private _member?: ReturnType<typeof loadMember>;
  private _members?: ReturnType<typeof loadMembers>;
  private _memberTotal?: ReturnType<typeof loadMemberTotal>;
  private _memberAccess?: ReturnType<typeof loadMemberAccess>;
  private _lastSeen?: ReturnType<typeof loadLastSeen>;
  private _formerMember?: ReturnType<typeof loadFormerMember>;
  private _user?: ReturnType<typeof loadUser>;
  private _workspace?: ReturnType<typeof loadWorkspace>;
  private _workspaces?: ReturnType<typeof loadWorkspaces>;
  private _workspaceTotal?: ReturnType<typeof loadWorkspaceTotal>;
  private _access?: ReturnType<typeof loadAccess>;
  private _accessTotal?: ReturnType<typeof loadAccessTotal>;
  private _invitation?: ReturnType<typeof loadInvitation>;
  private _invitations?: ReturnType<typeof loadInvitations>;
  private _invitationTotal?: ReturnType<typeof loadInvitationTotal>;
  private _workspaceGrants?: ReturnType<typeof loadWorkspaceGrants>;
  private _subscription?: ReturnType<typeof loadSubscription>;
  private _subscriptionOfOrganization?: ReturnType<typeof loadSubscriptionOfOrganization>;
  private _use?: ReturnType<typeof loadUse>;
  private _sentMails?: ReturnType<typeof loadSentMails>;
  private _credits?: ReturnType<typeof loadCredits>;
  private _byokConfig?: ReturnType<typeof loadByokConfig>;
  private _byokOfOrganization?: ReturnType<typeof loadByokOfOrganization>;
  private _eventHeads?: EventHeads;
  private _membershipHeads?: MembershipHeads;
  private _myOrganizations?: Promise<OrganizationView[]>;

  constructor(reader: TracedReader, viewer: Viewer, now: Date) {
    const userId = viewer.kind === "person" ? viewer.id : null;
    super({ reader, visibility: { userId, all: hasScope(viewer, "entities:read"), now }, now });
  }

  get organization() {
    this._organization ??= loadOrganization(this.context);
    return this._organization;
  }

  get member() {
    this._member ??= loadMember(this.context);
    return this._member;
  }

  get members() {
    this._members ??= loadMembers(this.context);
    return this._members;
  }

  get memberTotal() {
    this._memberTotal ??= loadMemberTotal(this.context);
    return this._memberTotal;
  }

  get memberAccess() {
    this._memberAccess ??= loadMemberAccess(this.context);
    return this._memberAccess;
  }

  get lastSeen() {
    this._lastSeen ??= loadLastSeen(this.context);
    return this._lastSeen;
  }

  get formerMember() {
    this._formerMember ??= loadFormerMember(this.context);
    return this._formerMember;
  }

  get user() {
    this._user ??= loadUser(this.context);
    return this._user;
  }

  get workspace() {
    this._workspace ??= loadWorkspace(this.context);
    return this._workspace;
  }

  get workspaces() {
    this._workspaces ??= loadWorkspaces(this.context);
    return this._workspaces;
  }

  get workspaceTotal() {
    this._workspaceTotal ??= loadWorkspaceTotal(this.context);
    return this._workspaceTotal;
  }

  get access() {
    this._access ??= loadAccess(this.context);
    return this._access;
  }

  get accessTotal() {
    this._accessTotal ??= loadAccessTotal(this.context);
    return this._accessTotal;
  }

  get invitation() {
    this._invitation ??= loadInvitation(this.context);
    return this._invitation;
  }

  get invitations() {
    this._invitations ??= loadInvitations(this.context);
    return this._invitations;
  }

  get invitationTotal() {
    this._invitationTotal ??= loadInvitationTotal(this.context);
    return this._invitationTotal;
  }

  get workspaceGrants() {
    this._workspaceGrants ??= loadWorkspaceGrants(this.context);
    return this._workspaceGrants;
  }

  get subscription() {
    this._subscription ??= loadSubscription(this.context);
    return this._subscription;
  }

  get subscriptionOfOrganization() {
    this._subscriptionOfOrganization ??= loadSubscriptionOfOrganization(this.context);
    return this._subscriptionOfOrganization;
  }

  get use() {
    this._use ??= loadUse(this.context);
    return this._use;
  }

  get sentMails() {
    this._sentMails ??= loadSentMails(this.context);
    return this._sentMails;
  }

  get credits() {
    this._credits ??= loadCredits(this.context);
    return this._credits;
  }

  get byokConfig() {
    this._byokConfig ??= loadByokConfig(this.context);
    return this._byokConfig;
  }

  get byokOfOrganization() {
    this._byokOfOrganization ??= loadByokOfOrganization(this.context);
    return this._byokOfOrganization;
  }

  get eventHeads() {
    this._eventHeads ??= new EventHeads(this.context);
    return this._eventHeads;
  }

  get membershipHeads() {
    this._membershipHeads ??= new MembershipHeads(this.context);
    return this._membershipHeads;
  }

  /** After a change, marks the heads again that `before` had marked. */
  async markAgain(before: Loaders): Promise<void> {
    await this.eventHeads.markAgain(before.eventHeads);
    await this.membershipHeads.markAgain(before.membershipHeads);
  }

  /** The first page of the viewer's organizations, read once. */
  myOrganizations(): Promise<OrganizationView[]> {
    this._myOrganizations ??= readMyOrganizations(this.context);
    return this._myOrganizations;
  }
}
