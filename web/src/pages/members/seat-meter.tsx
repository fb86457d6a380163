import { Link } from "@tanstack/react-router";
import { Meter } from "../../parts/meter";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import type { Summary } from "./types";

const t = membersPage;

/** How the plan's seats are used. Each part leads to its list. */
export function SeatMeter({ summary }: { summary: Summary }) {
  const { organization, may } = useOrganization();
  const { memberLimit, all } = summary;
  if (!memberLimit) return null;
  const limit = memberLimit.limit ?? null;
  const active = all.totalCount;
  // Invitations that have expired hold no seat, so they are not counted by their list.
  const pending = Math.max(0, memberLimit.used - active);
  const free = limit === null ? null : Math.max(0, limit - memberLimit.used);
  const link = { to: "/organizations/$organizationId/members", params: { organizationId: organization.id } } as const;
  return (
    <div className={styles.seats}>
      <Meter
        label={t.seats}
        limit={limit}
        segments={[
          { label: t.seatsActive(active), value: active },
          { label: t.seatsPending(pending), value: pending, tone: "soft" },
        ]}
      />
      <p className={styles.legend}>
        <Link {...link} search={{ tab: "active" }}>
          {t.seatsActive(active)}
        </Link>
        <Link {...link} search={{ tab: "invitations" }}>
          {t.seatsPending(pending)}
        </Link>
        {free === 0 && may("MANAGE_BILLING") ? (
          <Link to="/organizations/$organizationId/subscription" params={{ organizationId: organization.id }}>
            {texts.nextSteps.plans}
          </Link>
        ) : (
          <span>{t.seatsFree(free)}</span>
        )}
      </p>
    </div>
  );
}
