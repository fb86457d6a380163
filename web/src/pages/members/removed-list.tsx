import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import {
  MembersReinstateDocument,
  MembersRemovedDocument,
  type MembersRemovedQuery,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { MoreButton } from "../../parts/more-button";
import { Failed } from "../../parts/page-states";
import { Problem } from "../../parts/problem";
import table from "../../parts/table.module.css";
import { TimeAgo } from "../../parts/time";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization } from "../../shell/organization-context";
import { useMemberChanges } from "../../shell/use-member-changes";
import { membersPage } from "../../texts/en/members";
import { nameOf } from "../audit/actor";
import styles from "./members.module.css";
import type { Summary } from "./types";

const t = membersPage;
const REINSTATABLE_MS = 30 * 24 * 60 * 60 * 1000;

type Organization = NonNullable<MembersRemovedQuery["organization"]>;
type Removal = NonNullable<Organization["auditLog"]>["edges"][number]["node"];

/** The members who were removed in the last 30 days and are not back, from the audit log. They can be reinstated. */
export function RemovedList({ summary }: { summary: Summary }) {
  const { organization } = useOrganization();
  const [since] = useState(() => new Date(Date.now() - REINSTATABLE_MS).toISOString());
  const { data, error, refetch, fetchMore } = useQuery(MembersRemovedDocument, {
    variables: { organizationId: organization.id, since },
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  useMemberChanges(summary, refresh);
  const log = data?.organization?.auditLog;
  if (error) return <Failed error={error} onRetry={refresh} />;
  if (!log) return <Loading rows={3} card={160} />;
  const removals = reinstatable(log.edges.map(({ node }) => node));
  if (removals.length === 0 && !log.pageInfo.hasNextPage) {
    return (
      <section className={styles.empty}>
        <h2>{t.noRemoved}</h2>
        <p className="dim">{t.noRemovedText}</p>
      </section>
    );
  }
  return (
    <>
      {removals.length > 0 && <RemovedTable removals={removals} />}
      {log.pageInfo.hasNextPage && (
        <MoreButton label={t.more} onMore={() => fetchMore({ variables: { after: log.pageInfo.endCursor ?? null } })} />
      )}
    </>
  );
}

function RemovedTable({ removals }: { removals: readonly Removal[] }) {
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th>{t.person}</th>
            <th>{t.removedAt}</th>
            <th>{t.actions}</th>
          </tr>
        </thead>
        <tbody>
          {removals.map((removal) => (
            <RemovedRow key={removal.sequence} removal={removal} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Leaves out people who are members again, and lists each person once, by the newest removal. */
function reinstatable(removals: readonly Removal[]): Removal[] {
  const newest = new Map(removals.toReversed().map((removal) => [removal.subjectId, removal]));
  return removals.filter(
    (removal) => removal.reinstatementRefusal?.code !== "NOT_REINSTATABLE" && newest.get(removal.subjectId) === removal,
  );
}

function RemovedRow({ removal }: { removal: Removal }) {
  const { summary, occurredAt, actor, actorLabel, subjectId, reinstatementRefusal } = removal;
  const { organization } = useOrganization();
  const { send, problem, isSending } = useCommand(MembersReinstateDocument);
  const reinstate = async () => {
    const back = await send({ input: { organizationId: organization.id, memberId: subjectId ?? "" } });
    if (back) toast(t.reinstated(back.member.user.name));
  };
  return (
    <tr>
      <td dir="auto">{summary}</td>
      <td data-label={t.removedAt}>
        <div>
          <TimeAgo at={occurredAt} />
          <div className="dim">{t.removedBy(actor?.name ?? nameOf(actorLabel))}</div>
        </div>
      </td>
      <td>
        <Problem problem={problem} />
        {/* Pressable without a free seat: the answer says what to do about it. */}
        <Button
          refusal={reinstatementRefusal?.code === "ROLE_TOO_HIGH" ? reinstatementRefusal : null}
          isPending={isSending}
          onPress={() => void reinstate()}
        >
          {t.reinstate}
        </Button>
      </td>
    </tr>
  );
}
