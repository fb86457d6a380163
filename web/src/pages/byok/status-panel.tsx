import { Link } from "@tanstack/react-router";
import type { ByokPageQuery } from "../../graph/generated/graphql";
import { texts } from "../../texts/en";
import { byokPage } from "../../texts/en/byok";
import styles from "./byok.module.css";

const page = byokPage;

type Organization = NonNullable<ByokPageQuery["organization"]>;

/** Who pays for calls now, and the next step if the key is not in use. */
export function StatusPanel({ organization }: { organization: Organization }) {
  const { byokStatus, subscription } = organization;
  const calls = (subscription?.usage.ownKey ?? []).reduce((sum, { byokCalls }) => sum + byokCalls, 0);
  const notice = noticeOf(organization);
  const isUrgent = byokStatus === "EXPIRED" || byokStatus === "FAILING";
  return (
    <section
      className={isUrgent ? styles.urgent : styles.status}
      aria-label={notice?.title ?? texts.byokStatuses[byokStatus]}
    >
      {notice && <h2>{notice.title}</h2>}
      <p>
        <strong>{paysOf(organization)}</strong>
      </p>
      {notice && <p>{notice.text}</p>}
      {calls > 0 && <p className="dim">{page.calls(calls)}</p>}
      {notice?.hasPlans && (
        <Link to="/organizations/$organizationId/subscription" params={{ organizationId: organization.id }}>
          {texts.nextSteps.plans}
        </Link>
      )}
    </section>
  );
}

function paysOf({ byokStatus, byokConfig }: Organization): string {
  if (byokStatus === "ACTIVE") return page.pays.own;
  if (byokStatus === "NOT_CONFIGURED" || byokStatus === "PAUSED" || !byokConfig?.enabled) return page.pays.platform;
  return byokConfig.fallback === "ALLOW" ? page.pays.fallback : page.pays.refused;
}

interface Notice {
  title: string;
  text: string;
  hasPlans?: boolean;
}

function noticeOf({ byokStatus, byokConfig, subscription }: Organization): Notice | null {
  const plan = subscription?.plan;
  switch (byokStatus) {
    case "NOT_CONFIGURED":
      return plan && !plan.byok
        ? { title: page.withoutPlan(plan.name), text: page.withoutPlanText, hasPlans: true }
        : null;
    case "PLAN_INACTIVE":
      return { title: page.planInactive, text: page.planInactiveText, hasPlans: true };
    case "PAUSED":
      return { title: page.paused, text: page.pausedText };
    case "EXPIRED":
      return { title: page.expired(byokConfig?.sessionTokenExpiresAt), text: page.expiredText };
    case "FAILING":
      return { title: page.failing(failureOf(byokConfig)), text: page.failingText };
    default:
      return null;
  }
}

/** AWS's code of the check that failed last. Null if calls were rejected after the last check. */
function failureOf(config: Organization["byokConfig"]): string | null {
  return config?.lastVerification?.checks.find(({ ok }) => !ok)?.code ?? null;
}
