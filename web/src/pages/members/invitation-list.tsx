import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { type InvitationStatus, MembersInvitationsDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { Failed } from "../../parts/page-states";
import { PagerBar } from "../../parts/pager";
import table from "../../parts/table.module.css";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization } from "../../shell/organization-context";
import { membersPage } from "../../texts/en/members";
import { EditInvitationDialog } from "./edit-invitation-dialog";
import { AddressedSearch } from "./filters";
import { AnsweredRow, InvitationTableRow } from "./invitation-row";
import styles from "./members.module.css";
import { NewLinkDialog } from "./new-link-dialog";
import type { InvitationRow } from "./types";
import { useMembersSearch } from "./use-members-search";
import { usePages } from "./use-pages";

const t = membersPage;

/** Invitations in some states: the pending ones with their actions, or the answered ones. */
export function InvitationList({ statuses }: { statuses: readonly InvitationStatus[] }) {
  const { organization } = useOrganization();
  const { search } = useMembersSearch();
  const variables = { organizationId: organization.id, search: search.q ?? null, statuses: [...statuses] };
  const { data, previousData, error, refetch, fetchMore } = useQuery(MembersInvitationsDocument, {
    variables,
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  const pages = usePages(
    {
      data: data?.organization?.invitations,
      previousData: previousData?.organization?.invitations,
      fetchMore: (after) => fetchMore({ variables: { after } }),
    },
    JSON.stringify(variables),
  );
  const { list } = pages;
  const invitations = pages.edges.map(({ node }) => node);
  const isPending = statuses.includes("PENDING");
  const [open, setOpen] = useState<OpenInvitation | null>(null);
  return (
    <>
      <div className={styles.filters}>
        <AddressedSearch label={t.searchInvitations} />
      </div>
      {error && <Failed error={error} onRetry={refresh} />}
      {!list && !error && <Loading rows={3} height={62} card={260} />}
      {list && invitations.length === 0 && <Empty isPending={isPending} />}
      {invitations.length > 0 && (
        <div className={table.frame}>
          <table className={table.table}>
            <Head isPending={isPending} />
            <tbody>
              {invitations.map((invitation) =>
                isPending ? (
                  <InvitationTableRow
                    key={invitation.id}
                    invitation={invitation}
                    onOpen={(dialog) => setOpen({ dialog, invitation })}
                  />
                ) : (
                  <AnsweredRow key={invitation.id} invitation={invitation} />
                ),
              )}
            </tbody>
          </table>
        </div>
      )}
      <PagerBar {...pages.bar} />
      {open && <OpenDialog open={open} onClose={() => setOpen(null)} />}
    </>
  );
}

interface OpenInvitation {
  dialog: "edit" | "link";
  invitation: InvitationRow;
}

/** Stays open if the invitation leaves the shown page, because somebody answers or cancels it. */
function OpenDialog({ open: { dialog, invitation }, onClose }: { open: OpenInvitation; onClose(): void }) {
  const Dialog = dialog === "edit" ? EditInvitationDialog : NewLinkDialog;
  return <Dialog invitation={invitation} onClose={onClose} />;
}

function Head({ isPending }: { isPending: boolean }) {
  const columns = isPending
    ? [t.address, t.role, t.workspaces, t.delivery, t.expires, t.actions]
    : [t.address, t.role, t.workspaces, t.status, t.answered];
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column}>{column}</th>
        ))}
      </tr>
    </thead>
  );
}

function Empty({ isPending }: { isPending: boolean }) {
  const { search, change } = useMembersSearch();
  if (search.q) {
    return (
      <section className={styles.empty}>
        <h2>{t.noMatch}</h2>
        <Button onPress={() => change({ q: undefined })}>{t.clearFilters}</Button>
      </section>
    );
  }
  return (
    <section className={styles.empty}>
      <h2>{isPending ? t.noInvitations : t.noAnswers}</h2>
      <p className="dim">{isPending ? t.noInvitationsText : t.noAnswersText}</p>
      {isPending && <Button onPress={() => change({ invite: true })}>{t.invite}</Button>}
    </section>
  );
}
