import { useQuery, useSubscription } from "@apollo/client/react";
import { useEffect, useRef, useState } from "react";
import {
  DryRunDocument,
  type DryRunInput,
  DryRunInvitationsLiveDocument,
  DryRunMembersLiveDocument,
  DryRunOrganizationLiveDocument,
  type DryRunQuery,
} from "../graph/generated/graphql";
import { type Outcome, refusalBehind } from "./outcome";
import { useFirst } from "./use-first";
import { UNSHARED, useRefresh } from "./use-refresh";

export interface DryRun {
  /** Null until the answer arrives. */
  outcome: Outcome | null;
  error?: unknown;
  /** True from a change of the organization until the effects are read again. */
  isOutdated: boolean;
  /** Whether the effects are others than the dialog showed at first. */
  hasChanged: boolean;
}

/**
 * Reads the effects of a mutation from the service, and again whenever the organization changes, because others may
 * change it while a dialog asks for confirmation. While the mutation itself is sent, its own changes do not count.
 * Without a mutation there is nothing to read yet.
 */
export function useDryRun(mutation: DryRunInput | null, isSending = false): DryRun {
  const key = JSON.stringify(mutation);
  const organizationId = organizationOf(mutation);
  const { data, error, refetch } = useQuery(DryRunDocument, {
    variables: { mutation: mutation ?? {}, organizationId },
    skip: mutation === null,
    fetchPolicy: "no-cache",
    context: UNSHARED,
  });
  const [isOutdated, setOutdated] = useState(false);
  const refresh = useRefresh({ refetch: () => refetch().finally(() => setOutdated(false)), error }, 0);
  const isDue = useRef(false);
  useOrganizationEvents(organizationId, data?.organization, () => {
    isDue.current = isSending;
    if (isSending) return;
    setOutdated(true);
    refresh();
  });
  useEffect(() => {
    if (isSending || !isDue.current) return;
    isDue.current = false;
    refresh();
  }, [isSending, refresh]);
  // After a failed read, `data` is still that of the read before.
  const outcome = error ? refusalBehind(error) : (data?.dryRun ?? null);
  const first = useFirst(outcome ? JSON.stringify(outcome) : undefined, key);
  return {
    outcome,
    error: outcome ? undefined : error,
    isOutdated,
    hasChanged: outcome !== null && JSON.stringify(outcome) !== first,
  };
}

/** Follows everything that the viewer may see of the organization from the moment of the first dry run. */
function useOrganizationEvents(
  organizationId: string,
  found: DryRunQuery["organization"] | undefined,
  onData: () => void,
): void {
  const after = useFirst(found?.eventCursor);
  const options = { variables: { organizationId, after }, skip: after === undefined, ignoreResults: true, onData };
  const seesInvitations = found?.viewerPermissions.includes("INVITE_AND_REMOVE_MEMBERS") ?? false;
  useSubscription(DryRunOrganizationLiveDocument, options);
  useSubscription(DryRunMembersLiveDocument, options);
  useSubscription(DryRunInvitationsLiveDocument, { ...options, skip: options.skip || !seesInvitations });
}

/** The input of the one mutation names its organization. */
function organizationOf(mutation: DryRunInput | null): string {
  for (const input of Object.values(mutation ?? {})) {
    if (typeof input === "object" && input) return String(input.organizationId);
  }
  return "";
}
