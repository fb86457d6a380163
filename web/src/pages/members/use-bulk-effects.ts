import { useApolloClient } from "@apollo/client/react";
import { useEffect, useState } from "react";
import { DryRunDocument } from "../../graph/generated/graphql";
import { type Outcome, refusalBehind } from "../../parts/outcome";
import { useOrganization } from "../../shell/organization-context";
import type { MemberRow } from "./types";
import { type BulkChange, mutationFor } from "./use-bulk";

/** The most dry runs for one dialog, because each locks the organization for a moment. */
export const MOST_DRY_RUNS = 20;

/** Reads the effects on the first members, one after the other, until the change itself begins. Null: it failed. */
export function useBulkEffects(change: BulkChange, members: readonly MemberRow[], isBegun: boolean) {
  const client = useApolloClient();
  const organizationId = useOrganization().organization.id;
  const [first] = useState(() =>
    members.slice(0, MOST_DRY_RUNS).map((member) => ({
      memberId: member.id,
      variables: { organizationId, mutation: mutationFor(change, member, organizationId) },
    })),
  );
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome | null>>(new Map());
  useEffect(() => {
    let isWanted = !isBegun;
    const read = async () => {
      for (const { memberId, variables } of first) {
        if (!isWanted) return;
        const outcome = await client
          .query({ query: DryRunDocument, variables, fetchPolicy: "no-cache" })
          .then(({ data }) => data?.dryRun ?? null, refusalBehind);
        if (isWanted) setOutcomes((before) => new Map(before).set(memberId, outcome));
      }
    };
    void read();
    return () => {
      isWanted = false;
    };
  }, [client, first, isBegun]);
  return { outcomes, isReading: outcomes.size < first.length };
}
