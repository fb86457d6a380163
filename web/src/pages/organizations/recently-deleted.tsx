import { useApolloClient, useQuery } from "@apollo/client/react";
import {
  OrganizationsRestoreDocument,
  RestorableOrganizationsDocument,
  type RestorableOrganizationsQuery,
  ViewerDocument,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Failed } from "../../parts/page-states";
import { Problem } from "../../parts/problem";
import { Day } from "../../parts/time";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useRefresh } from "../../parts/use-refresh";
import { accessLosses } from "../../shell/access-losses";
import { addMembership } from "../../shell/apply-viewer-events";
import { organizationsPage } from "../../texts/en/organizations";
import styles from "./organizations.module.css";

type Restorable = NonNullable<RestorableOrganizationsQuery["viewer"]["restorableOrganizations"]>[number];

/** Deleted organizations that the viewer can restore. */
export function RecentlyDeleted() {
  const { data, error, refetch } = useQuery(RestorableOrganizationsDocument, { fetchPolicy: "cache-and-network" });
  useRefresh({ refetch, error });
  const organizations = data?.viewer.restorableOrganizations ?? [];
  if (organizations.length === 0 && !error) return null;
  return (
    <section className={styles.deleted} aria-label={organizationsPage.recentlyDeleted}>
      <h2>{organizationsPage.recentlyDeleted}</h2>
      <p className="dim">{organizationsPage.recentlyDeletedText}</p>
      {error && <Failed error={error} onRetry={() => refetch()} />}
      <ul>
        {organizations.map((organization) => (
          <DeletedOrganization key={organization.id} organization={organization} />
        ))}
      </ul>
    </section>
  );
}

function DeletedOrganization({ organization: { id, name, restorableUntil } }: { organization: Restorable }) {
  const { cache } = useApolloClient();
  const { send, problem, isSending } = useCommand(OrganizationsRestoreDocument);
  const restore = async () => {
    const result = await send({ input: { organizationId: id } });
    if (!result) return;
    const viewer = cache.readQuery({ query: ViewerDocument })?.viewer;
    const { viewerMember } = result.organization;
    accessLosses.forget(id);
    if (viewer && viewerMember) addMembership(cache, viewer.id, viewerMember.id);
    if (viewer) cache.evict({ id: cache.identify(viewer), fieldName: "restorableOrganizations" });
    toast(organizationsPage.restored(name));
  };
  return (
    <li className={styles.deletedRow}>
      <strong dir="auto">{name}</strong>
      <span className="dim">
        {organizationsPage.restorableUntil} <Day at={restorableUntil} />
      </span>
      <Button aria-label={organizationsPage.restoreOf(name)} isPending={isSending} onPress={() => void restore()}>
        {organizationsPage.restore}
      </Button>
      <Problem problem={problem} />
    </li>
  );
}
