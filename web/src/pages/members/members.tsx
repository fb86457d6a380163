import { useFragment, useQuery } from "@apollo/client/react";
import { useState } from "react";
import { MembersOneDocument, MembersRowFragmentDoc, MembersSummaryDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization, useOrganizationChanges } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import { AccessDialog } from "../access/access-dialog";
import { InviteDialog } from "../invite/invite-dialog";
import { MembersTabs } from "./members-tabs";
import { SeatMeter } from "./seat-meter";
import type { Summary } from "./types";
import { useMembersLive } from "./use-members-live";
import { useMembersSearch } from "./use-members-search";

const t = membersPage;
const COALESCE_MS = 50;

/** The members of an organization and its invitations, live. */
export function Members() {
  const { organization, may } = useOrganization();
  const { search } = useMembersSearch();
  const manages = may("INVITE_AND_REMOVE_MEMBERS");
  const variables = { organizationId: organization.id, search: search.q ?? null, manages };
  // No stream delivers changes while another page is shown.
  const { data, previousData, error, refetch } = useQuery(MembersSummaryDocument, {
    variables,
    fetchPolicy: "cache-and-network",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error }, COALESCE_MS);
  const summary = (data ?? previousData)?.organization;
  if (summary) return <MembersOf summary={summary} onCountsChanged={refresh} />;
  return (
    <>
      <PageHead title={texts.tabs.members} text={t.text(organization.name)} />
      {error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading rows={10} height={62} card={290} />}
    </>
  );
}

function MembersOf({ summary, onCountsChanged }: { summary: Summary; onCountsChanged(): void }) {
  const { organization, may } = useOrganization();
  const { search, change } = useMembersSearch();
  const [listVersion, setListVersion] = useState(0);
  const manages = may("INVITE_AND_REMOVE_MEMBERS");
  useMembersLive({
    organizationId: organization.id,
    eventCursor: summary.eventCursor,
    manages,
    onCountsChanged,
    onListChanged: () => setListVersion((version) => version + 1),
  });
  // Another plan has other seats.
  useOrganizationChanges(({ type }) => {
    if (type === "organization.limits_changed") onCountsChanged();
  });
  return (
    <>
      <PageHead title={texts.tabs.members} text={t.text(organization.name)}>
        {manages && <SeatMeter summary={summary} />}
        {/* Pressable without a free seat, too: the dialog says what to do about it. */}
        <Button
          variant="main"
          refusal={summary.invitationRefusal?.code === "FORBIDDEN" ? summary.invitationRefusal : null}
          onPress={() => change({ invite: true })}
        >
          {t.invite}
        </Button>
      </PageHead>
      <MembersTabs summary={summary} listVersion={listVersion} />
      {search.access && (
        <OpenAccess key={search.access} memberId={search.access} onClose={() => change({ access: undefined })} />
      )}
      {search.invite && manages && <InviteDialog summary={summary} onClose={() => change({ invite: undefined })} />}
    </>
  );
}

/** Opens for members on any page, and stays open if the member is removed meanwhile. */
function OpenAccess({ memberId, onClose }: { memberId: string; onClose(): void }) {
  const { organization } = useOrganization();
  const from = { __typename: "Member", id: memberId };
  const { data, complete } = useFragment({ fragment: MembersRowFragmentDoc, fragmentName: "MembersRow", from });
  const [isRead] = useState(!complete);
  const one = useQuery(MembersOneDocument, {
    variables: { organizationId: organization.id, memberId },
    skip: !isRead,
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
  });
  if (complete) return <AccessDialog member={data} onClose={onClose} />;
  if (one.error) return <Failed error={one.error} onRetry={() => one.refetch()} />;
  return one.data && <p className="notice">{t.noMember}</p>;
}
