import { useState } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import type { BillingInterval, SubscriptionPagePlanFragment } from "../../graph/generated/graphql";
import { subscriptionPage } from "../../texts/en/subscription";
import { ChangePlanDialog, type PlanChange } from "./change-plan-dialog";
import { type Offer, PlanCard } from "./plan-card";
import styles from "./subscription.module.css";

const page = subscriptionPage;
const INTERVALS: readonly BillingInterval[] = ["MONTHLY", "ANNUAL"];

interface Props {
  organizationId: string;
  subscription: SubscriptionPagePlanFragment;
  interval: BillingInterval;
  onInterval(interval: BillingInterval): void;
}

/** All plans side by side, from the smallest to the largest. */
export function PlanCards({ organizationId, subscription, interval, onInterval }: Props) {
  const [change, setChange] = useState<PlanChange | null>(null);
  return (
    <section aria-labelledby="plans">
      <div className={styles.head}>
        <h2 id="plans">{page.plans}</h2>
        <RadioGroup
          aria-label={page.interval}
          orientation="horizontal"
          value={interval}
          onChange={(value) => onInterval(value === "ANNUAL" ? "ANNUAL" : "MONTHLY")}
          className={styles.choice}
        >
          {INTERVALS.map((each) => (
            <Radio key={each} value={each}>
              {page.cycles[each]}
            </Radio>
          ))}
        </RadioGroup>
      </div>
      <ul className={styles.cards}>
        {offersOf(subscription).map((offer) => (
          <PlanCard
            key={offer.plan.code}
            offer={offer}
            subscription={subscription}
            interval={interval}
            onChange={setChange}
          />
        ))}
      </ul>
      {change && (
        <ChangePlanDialog
          organizationId={organizationId}
          subscription={subscription}
          change={change}
          onClose={() => setChange(null)}
        />
      )}
    </section>
  );
}

/** The current plan between those below and those above it. */
function offersOf({ plan, planOptions }: SubscriptionPagePlanFragment): Offer[] {
  const below = planOptions.filter(({ isUpgrade }) => !isUpgrade);
  const above = planOptions.filter(({ isUpgrade }) => isUpgrade);
  return [...below, { plan, isUpgrade: false, blockers: [], isCurrent: true }, ...above];
}
