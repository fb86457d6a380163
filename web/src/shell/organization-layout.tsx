import type { ApolloClient } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { useApolloClient, useQuery, useSubscription } from "@apollo/client/react";
import { Outlet, useParams } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import {
  OrganizationLiveDocument,
  OrganizationOfViewerDocument,
  type OrganizationPermission,
  OrganizationPlaceDocument,
  type OrganizationPlaceQuery,
} from "../graph/generated/graphql";
import { Loading } from "../parts/loading";
import { Failed } from "../parts/page-states";
import { accessLosses, useAccessLoss } from "./access-losses";
import { AccessLost } from "./access-lost";
import { NotFound } from "./not-found";
import { type OrganizationChange, OrganizationContext, type OrganizationPlace } from "./organization-context";
import styles from "./organization-layout.module.css";
import { OrganizationTabs } from "./organization-tabs";

type Organization = NonNullable<OrganizationPlaceQuery["organization"]>;
type Listener = (change: OrganizationChange) => void;

/** The pages of one organization, below its name and their tabs. */
export function OrganizationLayout() {
  const { organizationId } = useParams({ from: "/signed-in/organizations/$organizationId" });
  const loss = useAccessLoss(organizationId);
  return loss ? <AccessLost loss={loss} /> : <FoundOrganization organizationId={organizationId} />;
}

function FoundOrganization({ organizationId }: { organizationId: string }) {
  // The cursor may be newer than the rest of the cached organization, so coming back reads all of it again.
  const { data, previousData, error, refetch } = useQuery(OrganizationPlaceDocument, {
    variables: { organizationId },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  const organization = (data ?? previousData)?.organization;
  if (error && !organization) return <Failed error={error} onRetry={() => void refetch()} />;
  if (organization === null) return <NotFound />;
  if (!organization || organization.id !== organizationId) return <Opening />;
  return <PagesOf key={organizationId} organization={organization} />;
}

/** Placeholders for the name, the tabs and the page, until the organization is loaded. */
function Opening() {
  return (
    <div className={styles.layout}>
      <div className={styles.opening}>
        <Loading panels={[300]} />
      </div>
      <Loading panels={[56, 420]} />
    </div>
  );
}

function PagesOf({ organization }: { organization: Organization }) {
  const onChange = useOrganizationLive(organization);
  const { viewerPermissions } = organization;
  const place = useMemo<OrganizationPlace>(
    () => ({
      organization,
      may: (permission: OrganizationPermission) => viewerPermissions.includes(permission),
      onChange,
    }),
    [organization, viewerPermissions, onChange],
  );
  return (
    <OrganizationContext value={place}>
      <div className={styles.layout}>
        <OrganizationTabs />
        <div className={styles.page}>
          <Outlet />
        </div>
      </div>
    </OrganizationContext>
  );
}

/** Follows the organization from the moment of its snapshot. Returns the function to listen to its changes. */
function useOrganizationLive({ id: organizationId, name, eventCursor }: Organization): OrganizationPlace["onChange"] {
  const client = useApolloClient();
  const [after] = useState(eventCursor);
  const listeners = useRef(new Set<Listener>());
  useSubscription(OrganizationLiveDocument, {
    variables: { organizationId, after },
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      if (!data) return;
      const { type } = data.organizationChanged;
      for (const listener of listeners.current) listener(data.organizationChanged);
      if (/^workspace\./.test(type) || type === "organization.limits_changed")
        void readWorkspaces(client, organizationId);
    },
    onError: (error) => {
      if (endsAccess(error)) accessLosses.record(organizationId, { name, at: new Date().toISOString(), change: null });
    },
  });
  return useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
}

/** The selector and the organizations page list the workspaces, and whether the plan allows another one. */
async function readWorkspaces(client: ApolloClient, organizationId: string): Promise<void> {
  const variables = { organizationId };
  // The next change reads them again.
  await client
    .query({ query: OrganizationOfViewerDocument, variables, fetchPolicy: "network-only" })
    .catch(() => undefined);
}

function endsAccess(error: unknown): boolean {
  if (!CombinedGraphQLErrors.is(error)) return false;
  return error.errors.some(({ extensions }) => extensions?.code === "NOT_FOUND" || extensions?.code === "FORBIDDEN");
}
