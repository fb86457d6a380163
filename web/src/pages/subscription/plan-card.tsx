import { Link } from "@tanstack/react-router";
import { Check, X } from "lucide-react";
import type { BillingInterval, SubscriptionPagePlanFragment } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { subscriptionPage } from "../../texts/en/subscription";
import { obstaclesOf } from "./blockers";
import type { PlanChange } from "./change-plan-dialog";
import styles from "./subscription.module.css";

const page = subscriptionPage;

type Option = SubscriptionPagePlanFragment["planOptions"][number];

/** A plan as an option, or the current one. */
export type Offer = Pick<Option, "plan" | "isUpgrade" | "blockers"> & { isCurrent?: boolean };

interface Props {
  offer: Offer;
  subscription: SubscriptionPagePlanFragment;
  interval: BillingInterval;
  onChange(change: PlanChange): void;
}

/** A plan: its price, its features, and the button to change to it or the reasons against that. */
export function PlanCard({ offer, subscription, interval, onChange }: Props) {
  const { plan, isCurrent = false } = offer;
  const price = interval === "ANNUAL" ? plan.annualPriceCents : plan.monthlyPriceCents;
  return (
    <li className={isCurrent ? styles.currentCard : styles.card}>
      <h3>{plan.name}</h3>
      <p className={styles.price}>
        {page.priceOf(price, interval)}
        {interval === "ANNUAL" && price ? <span className="dim"> {page.perMonth(price)}</span> : null}
      </p>
      <ul className={styles.features}>
        {[
          page.limits.credits(plan.monthlyCredits, plan.dailyCredits),
          page.limits.members(plan.memberLimit),
          page.limits.workspaces(plan.workspaceLimit),
          ...plan.features,
        ].map((feature) => (
          <li key={feature}>
            <Check size={16} aria-hidden />
            {feature}
          </li>
        ))}
      </ul>
      <Blockers offer={offer} subscription={subscription} />
      <Action offer={offer} subscription={subscription} interval={interval} onChange={onChange} />
    </li>
  );
}

function Blockers({ offer, subscription }: Pick<Props, "offer" | "subscription">) {
  const { organization } = useOrganization();
  const { plan, blockers } = offer;
  if (blockers.length === 0) return null;
  return (
    <div className={styles.blockers}>
      <p id={`blockers-${plan.code}`}>{page.blocked}</p>
      <ul aria-labelledby={`blockers-${plan.code}`}>
        {obstaclesOf(offer, subscription.usage).map(({ message, what, tooMany }) => (
          <li key={message}>
            <X size={16} aria-hidden />
            {what ? (
              <span title={message}>
                {page.tooMany[what](tooMany)}{" "}
                <Link to={`/organizations/$organizationId/${what}`} params={{ organizationId: organization.id }}>
                  {texts.tabs[what]}
                </Link>
              </span>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Action({ offer, subscription, interval, onChange }: Props) {
  const { plan, isCurrent = false, isUpgrade, blockers } = offer;
  const isSwitch = isCurrent && subscription.billingInterval !== interval && Boolean(plan.monthlyPriceCents);
  if (isScheduled(offer, subscription, interval)) return <State tone="warn" text={page.scheduledBadge} />;
  if (isCurrent && !isSwitch) return <State tone="good" text={page.current} />;
  const name = isSwitch ? page.switchTo[interval] : isUpgrade ? page.upgradeTo(plan.name) : page.downgradeTo(plan.name);
  const isAtOnce = isUpgrade || (isSwitch && interval === "ANNUAL");
  const [refusal] = blockers;
  return (
    <div className={styles.action}>
      <Button
        variant={isUpgrade ? "main" : "plain"}
        refusal={refusal ?? null}
        onPress={() => onChange({ plan, billingInterval: interval, isAtOnce })}
      >
        {name}
      </Button>
      <p className="dim">{isAtOnce ? page.upgradeWhen : page.downgradeWhen(subscription.currentPeriodEnd)}</p>
    </div>
  );
}

function State({ tone, text }: { tone: "good" | "warn"; text: string }) {
  return (
    <p className={styles.planState}>
      <Badge tone={tone}>{text}</Badge>
    </p>
  );
}

function isScheduled(
  { plan }: Offer,
  { scheduledPlan, scheduledBillingInterval }: SubscriptionPagePlanFragment,
  interval: BillingInterval,
) {
  return scheduledPlan?.code === plan.code && scheduledBillingInterval === interval;
}
