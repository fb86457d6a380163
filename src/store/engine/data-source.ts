import { DataSource } from "typeorm";
import { AccessReview } from "../../../entities/access-review";
import { AccessReviewItem } from "../../../entities/access-review-item";
import { ByokConfig } from "../../../entities/byok-config";
import { DeadLink } from "../../../entities/dead-link";
import { FormerMember } from "../../../entities/former-member";
import { IdempotentAnswer } from "../../../entities/idempotent-answer";
import { Invitation } from "../../../entities/invitation";
import { InvitationToken } from "../../../entities/invitation-token";
import { InvitationWorkspace } from "../../../entities/invitation-workspace";
import { JobWorker } from "../../../entities/job-worker";
import { Member } from "../../../entities/member";
import { Organization } from "../../../entities/organization";
import { OrganizationEvent } from "../../../entities/organization-event";
import { OrganizationSubscription } from "../../../entities/organization-subscription";
import { User } from "../../../entities/user";
import { Workspace } from "../../../entities/workspace";
import { WorkspaceAssignment } from "../../../entities/workspace-assignment";
import { CreateOrganizations1764000000000 } from "../../../migrations/1764000000000-create-organizations";
import { IndexInvitationAddresses1764100000000 } from "../../../migrations/1764100000000-index-invitation-addresses";
import { MeterUsage1764200000000 } from "../../../migrations/1764200000000-meter-usage";
import { BillByProvider1764300000000 } from "../../../migrations/1764300000000-bill-by-provider";
import { BringOwnKeys1764400000000 } from "../../../migrations/1764400000000-bring-own-keys";
import { KeepAnswersAsSent1764450000000 } from "../../../migrations/1764450000000-keep-answers-as-sent";
import { RememberUsageIds1764510000000 } from "../../../migrations/1764510000000-remember-usage-ids";
import { TellProviderInTurn1764600000000 } from "../../../migrations/1764600000000-tell-provider-in-turn";
import { CompareFoldedText1764710000000 } from "../../../migrations/1764710000000-compare-folded-text";
import { RefusePaymentsForDeleted1764720000000 } from "../../../migrations/1764720000000-refuse-payments-for-deleted";
import { RememberFounders1764730000000 } from "../../../migrations/1764730000000-remember-founders";
import { CountInvitationsByAddress1764731000000 } from "../../../migrations/1764731000000-count-invitations-by-address";
import { PageMemberships1764732000000 } from "../../../migrations/1764732000000-page-memberships";
import { TellFieldsOfOneKeyApart1764740000000 } from "../../../migrations/1764740000000-tell-fields-of-one-key-apart";
import { EndPersonalOrganizations1764760000000 } from "../../../migrations/1764760000000-end-personal-organizations";
import { IndexSealings1764761000000 } from "../../../migrations/1764761000000-index-sealings";
import { IndexOwners1764810000000 } from "../../../migrations/1764810000000-index-owners";
import { ExplainDelivery1764811000000 } from "../../../migrations/1764811000000-explain-delivery";
import { IndexEventsOfPeople1764815000000 } from "../../../migrations/1764815000000-index-events-of-people";
import { NoteWhenMembersWereSeen1764820000000 } from "../../../migrations/1764820000000-note-when-members-were-seen";
import { RequestNewLinks1764821000000 } from "../../../migrations/1764821000000-request-new-links";
import { KeepFormerMembers1764822000000 } from "../../../migrations/1764822000000-keep-former-members";
import { SortAndSearchMembers1764823000000 } from "../../../migrations/1764823000000-sort-and-search-members";
import { EndWorkspaceAccess1764825000000 } from "../../../migrations/1764825000000-end-workspace-access";
import { ReviewAccess1764830000000 } from "../../../migrations/1764830000000-review-access";
import { WidenReviewOutcomes1764831000000 } from "../../../migrations/1764831000000-widen-review-outcomes";
import { OrderEventsOverOrganizations1764840000000 } from "../../../migrations/1764840000000-order-events-over-organizations";
import { FindPreviousEventByIndex1764840100000 } from "../../../migrations/1764840100000-find-previous-event-by-index";
import { CountUse1764843100000 } from "../../../migrations/1764843100000-count-use";
import { CountAccess1764843200000 } from "../../../migrations/1764843200000-count-access";
import { ReadLargeOrganizationsByIndex1764843300000 } from "../../../migrations/1764843300000-read-large-organizations-by-index";
import { LeaveRoomInReviews1764844100000 } from "../../../migrations/1764844100000-leave-room-in-reviews";
import { DropSearchIndexOfPeople1764845100000 } from "../../../migrations/1764845100000-drop-search-index-of-people";
import { NoteRestores1796100000000 } from "../../../migrations/1796100000000-note-restores";
import { OrderReviewsByFindings1796100100000 } from "../../../migrations/1796100100000-order-reviews-by-findings";
import { NameOrganizationsOfInvitations1796300000000 } from "../../../migrations/1796300000000-name-organizations-of-invitations";
import { NameOrganizationsInKeys1796300100000 } from "../../../migrations/1796300100000-name-organizations-in-keys";
import { CountUsageIdsByOrganization1796300200000 } from "../../../migrations/1796300200000-count-usage-ids-by-organization";
import { LookUpOrganizations1796300300000 } from "../../../migrations/1796300300000-look-up-organizations";
import { RemoveOldEvents1796400000000 } from "../../../migrations/1796400000000-remove-old-events";
import { WriteSearchKeysFaster1796700000000 } from "../../../migrations/1796700000000-write-search-keys-faster";
import { AddDirectories1796800000000 } from "../../../migrations/1796800000000-add-directories";
import { OrderUsageByOrganization1796900000000 } from "../../../migrations/1796900000000-order-usage-by-organization";
import { AddInvitationDirectory1797000000000 } from "../../../migrations/1797000000000-add-invitation-directory";
import { BACKGROUND_STATEMENT_MS, CONNECT_TIMEOUT_MS, type ConnectionOptions, DatabaseClient } from "./connection";
import { SnakeCaseNaming } from "./naming";

const ENTITIES = [
  AccessReview,
  AccessReviewItem,
  ByokConfig,
  DeadLink,
  FormerMember,
  IdempotentAnswer,
  Invitation,
  InvitationToken,
  InvitationWorkspace,
  JobWorker,
  Member,
  Organization,
  OrganizationEvent,
  OrganizationSubscription,
  User,
  Workspace,
  WorkspaceAssignment,
];

/** The migrations, in the order in which they run. */
const MIGRATIONS = [
  CreateOrganizations1764000000000,
  IndexInvitationAddresses1764100000000,
  MeterUsage1764200000000,
  BillByProvider1764300000000,
  BringOwnKeys1764400000000,
  KeepAnswersAsSent1764450000000,
  RememberUsageIds1764510000000,
  TellProviderInTurn1764600000000,
  CompareFoldedText1764710000000,
  RefusePaymentsForDeleted1764720000000,
  RememberFounders1764730000000,
  CountInvitationsByAddress1764731000000,
  PageMemberships1764732000000,
  TellFieldsOfOneKeyApart1764740000000,
  EndPersonalOrganizations1764760000000,
  IndexSealings1764761000000,
  IndexOwners1764810000000,
  ExplainDelivery1764811000000,
  IndexEventsOfPeople1764815000000,
  NoteWhenMembersWereSeen1764820000000,
  RequestNewLinks1764821000000,
  KeepFormerMembers1764822000000,
  SortAndSearchMembers1764823000000,
  EndWorkspaceAccess1764825000000,
  ReviewAccess1764830000000,
  WidenReviewOutcomes1764831000000,
  OrderEventsOverOrganizations1764840000000,
  FindPreviousEventByIndex1764840100000,
  CountUse1764843100000,
  CountAccess1764843200000,
  ReadLargeOrganizationsByIndex1764843300000,
  LeaveRoomInReviews1764844100000,
  DropSearchIndexOfPeople1764845100000,
  NoteRestores1796100000000,
  OrderReviewsByFindings1796100100000,
  NameOrganizationsOfInvitations1796300000000,
  NameOrganizationsInKeys1796300100000,
  CountUsageIdsByOrganization1796300200000,
  LookUpOrganizations1796300300000,
  RemoveOldEvents1796400000000,
  WriteSearchKeysFaster1796700000000,
  AddDirectories1796800000000,
  OrderUsageByOrganization1796900000000,
  AddInvitationDirectory1797000000000,
];

/** Entities and migrations on one database. `connections` is the pool's size. Connects on `initialize()`. */
export function createDataSource(
  url: string,
  connections: number,
  options: ConnectionOptions = { statementMs: BACKGROUND_STATEMENT_MS },
): DataSource {
  return new DataSource({
    type: "postgres",
    url,
    poolSize: connections,
    extra: { Client: DatabaseClient, ...options },
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    namingStrategy: new SnakeCaseNaming(),
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTransactionMode: "each",
  });
}
