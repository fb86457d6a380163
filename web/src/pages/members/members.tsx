import { useApolloClient, useQuery, useSubscription } from "@apollo/client/react";
import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import {
  InvitationsLiveDocument,
  MembersDocument,
  MembersLiveDocument,
  type MembersQuery,
  SeatsDocument,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { Failed, Loading } from "../../parts/page-states";
import { useTitle } from "../../parts/use-title";
import { NotFound } from "../../shell/not-found";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { applyInvitationEvent, applyMembershipEvent } from "./apply-events";
import { InvitationTable } from "./invitation-table";
import { InviteDialog } from "./invite-dialog";
import { MemberTable } from "./member-table";
import styles from "./members.module.css";

type Organization = NonNullable<MembersQuery["organization"]>;

/** The members and pending invitations of an organization, live. */
export function Members() {
  useTitle(texts.membersTitle);
  const organizationId = useOrganization().organization.id;
  const [search, setSearch] = useState("");
  const variables = { organizationId, search: search.trim() || null };
  // Developers and Viewers get everything but the invitations, which are null for them with an error.
  const { data, previousData, error, refetch } = useQuery(MembersDocument, { variables, errorPolicy: "all" });
  const shown = (data ?? previousData)?.organization;
  if (error && !shown) return <Failed error={error} onRetry={() => void refetch()} />;
  if (shown === null) return <NotFound />;
  if (!shown) return <Loading />;
  return <MembersOf organization={shown} search={search} onSearch={setSearch} />;
}

interface Props {
  organization: Organization;
  search: string;
  onSearch(search: string): void;
}

function MembersOf({ organization, search, onSearch }: Props) {
  const { members, invitations, memberLimit, invitationRefusal } = organization;
  const [isInviting, setInviting] = useState(false);
  useLive(organization);
  return (
    <>
      <div className={styles.head}>
        <h1>{texts.membersOf(organization.name)}</h1>
        {memberLimit && <span className="dim">{texts.seats(memberLimit.used, memberLimit.limit ?? null)}</span>}
        <Button variant="main" onPress={() => setInviting(true)}>
          {texts.invite}
        </Button>
      </div>
      <Tabs>
        <TabList aria-label={texts.membersTitle} className={styles.tabs}>
          <Tab id="active">{texts.active(members.totalCount)}</Tab>
          {invitations && <Tab id="pending">{texts.pending(invitations.totalCount)}</Tab>}
        </TabList>
        <TabPanel id="active">
          <Field label={texts.searchMembers} value={search} onChange={onSearch} />
          <MemberTable organization={organization} />
        </TabPanel>
        {invitations && (
          <TabPanel id="pending">
            <InvitationTable organizationId={organization.id} invitations={invitations.edges} />
          </TabPanel>
        )}
      </Tabs>
      {isInviting && (
        <InviteDialog organizationId={organization.id} refusal={invitationRefusal} onClose={() => setInviting(false)} />
      )}
    </>
  );
}

/** Follows the organization from the moment of its snapshot. */
function useLive({ id: organizationId, eventCursor, invitations }: Organization): void {
  const client = useApolloClient();
  const [after] = useState(eventCursor);
  const variables = { organizationId, after };
  const refreshSeats = () => {
    if (!invitations) return;
    void client.query({ query: SeatsDocument, variables: { organizationId }, fetchPolicy: "network-only" });
  };
  useSubscription(MembersLiveDocument, {
    variables,
    onData: ({ data: { data } }) => {
      if (data) applyMembershipEvent(client.cache, organizationId, data.membershipChanged);
      refreshSeats();
    },
  });
  useSubscription(InvitationsLiveDocument, {
    variables,
    skip: !invitations,
    onData: ({ data: { data } }) => {
      if (data) applyInvitationEvent(client.cache, organizationId, data.invitationChanged);
      refreshSeats();
    },
  });
}
