import { useQuery } from "@apollo/client/react";
import { DryRunDocument, type OrganizationRole } from "../../graph/generated/graphql";
import { Meter } from "../../parts/meter";
import { Failed } from "../../parts/page-states";
import { RefusalStep } from "../../parts/refusal-step";
import { useDebounced } from "../../parts/use-debounced";
import { invitePage } from "../../texts/en/invite";
import { BATCH_SIZE } from "./chips";
import styles from "./invite.module.css";

const t = invitePage;
const SETTLED_MS = 250;

interface Limit {
  used: number;
  limit?: number | null;
}

interface Props {
  organizationId: string;
  emails: readonly string[];
  role: OrganizationRole;
  /** How the seats are used now. */
  now: Limit | null | undefined;
}

/** The use of seats after sending, from a dry run. */
export function SeatsAfter({ organizationId, emails, role, now }: Props) {
  const settled = useDebounced(emails.join(","), SETTLED_MS);
  const list = settled === "" ? [] : settled.split(",");
  const input = { organizationId, emails: list.slice(0, BATCH_SIZE), role };
  const { data, error, refetch } = useQuery(DryRunDocument, {
    variables: { mutation: { inviteMembers: input }, organizationId },
    skip: list.length === 0,
    fetchPolicy: "no-cache",
  });
  const outcome = data?.dryRun;
  if (!now) return null;
  const limit = now.limit ?? null;
  const isRefused = outcome?.__typename === "Refusal" && outcome.code === "MEMBER_LIMIT_REACHED";
  // A dry run takes one batch. The addresses of later ones each take a seat at most.
  const later = Math.max(0, list.length - BATCH_SIZE);
  const after = outcome?.__typename === "DryRunSuccess" ? (outcome.memberLimit?.used ?? now.used) + later : null;
  const added = emails.length === 0 ? 0 : isRefused ? emails.length : Math.max(0, (after ?? now.used) - now.used);
  // Before anything is typed, one more person must fit.
  const wanted = emails.length === 0 ? 1 : added;
  return (
    <div className={styles.seats}>
      <Meter
        label={emails.length > 0 ? t.seatsAfter : t.seats}
        limit={limit}
        segments={[
          { label: t.taken, value: now.used },
          { label: t.added, value: added, tone: "soft" },
        ]}
      />
      {error && <Failed error={error} onRetry={() => refetch()} />}
      {limit !== null && now.used + wanted > limit && <NoSeat fits={Math.max(0, limit - now.used)} />}
    </div>
  );
}

/** How many people fit, and a link to more seats. The input is kept. */
function NoSeat({ fits }: { fits: number }) {
  return (
    <div className={styles.noSeat}>
      <p>{t.fits(fits)}</p>
      <RefusalStep code="MEMBER_LIMIT_REACHED" />
    </div>
  );
}
