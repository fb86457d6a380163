import type { ReactNode } from "react";
import { SubscriptionPageKeepPlanDocument, type SubscriptionPagePlanFragment } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { subscriptionPage } from "../../texts/en/subscription";
import styles from "./subscription.module.css";
import { usePortal } from "./use-portal";

const page = subscriptionPage;

interface Props {
  organizationId: string;
  subscription: SubscriptionPagePlanFragment;
}

/** The current plan, its payment, and the scheduled change. */
export function CurrentPlan({ organizationId, subscription }: Props) {
  const { plan, status, billingInterval, currentPeriodEnd, isBilledManually, scheduledPlan } = subscription;
  const portal = usePortal(organizationId);
  const price = billingInterval === "ANNUAL" ? plan.annualPriceCents : plan.monthlyPriceCents;
  return (
    <section className={styles.panel} aria-labelledby="plan">
      <div className={styles.head}>
        <h2 id="plan">{plan.name}</h2>
        <Badge tone={status === "ACTIVE" || status === "TRIALING" ? "good" : "bad"}>{page.statuses[status]}</Badge>
        <span className={styles.push}>
          <Button
            refusal={isBilledManually ? page.portalRefusal : null}
            isPending={portal.isSending}
            onPress={portal.open}
          >
            {page.portal}
          </Button>
        </span>
      </div>
      <Problem problem={portal.problem} />
      <dl className={styles.details}>
        <Fact name={page.price}>{page.priceOf(price, billingInterval)}</Fact>
        <Fact name={page.cycle}>{page.cycles[billingInterval]}</Fact>
        <Fact name={scheduledPlan ? page.ends : page.renews}>
          <time dateTime={currentPeriodEnd}>{page.day(currentPeriodEnd)}</time>
        </Fact>
        <Fact name={page.payment}>{paymentOf(subscription)}</Fact>
      </dl>
      {isBilledManually && <p className="dim">{page.manualText}</p>}
      <div className={styles.includes}>
        <h3>{page.includes}</h3>
        <ul>
          <li>{page.limits.credits(plan.monthlyCredits, plan.dailyCredits)}</li>
          <li>{page.limits.members(plan.memberLimit)}</li>
          <li>{page.limits.workspaces(plan.workspaceLimit)}</li>
          {plan.features.map((feature) => (
            <li key={feature}>{feature}</li>
          ))}
        </ul>
      </div>
      <Scheduled organizationId={organizationId} subscription={subscription} />
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function paymentOf({ paymentMethod, paymentMethodLabel, isBilledManually }: SubscriptionPagePlanFragment): string {
  if (isBilledManually) return page.manual;
  if (!paymentMethod) return paymentMethodLabel ?? page.noPayment;
  const { brand, last4, expiryMonth, expiryYear } = paymentMethod;
  return page.card(brand, last4, expiryMonth, expiryYear);
}

function Scheduled({ organizationId, subscription }: Props) {
  const { plan, scheduledPlan, scheduledBillingInterval, billingInterval, currentPeriodEnd } = subscription;
  const keep = useCommand(SubscriptionPageKeepPlanDocument);
  if (!scheduledPlan) return null;
  const isSamePlan = scheduledPlan.code === plan.code;
  const press = async () => {
    if (!(await keep.send({ input: { organizationId } }))) return;
    toast(isSamePlan ? page.keptBilling[billingInterval] : page.kept(plan.name));
  };
  const billed = page.billed[scheduledBillingInterval ?? billingInterval];
  const change = isSamePlan
    ? page.scheduledBilling(billed, currentPeriodEnd)
    : page.scheduled(scheduledPlan.name, billed, currentPeriodEnd);
  return (
    <div className={styles.scheduled}>
      <div>
        <p>
          <strong>{change}</strong>
        </p>
        <p className="dim">{page.scheduledText(plan.name, currentPeriodEnd)}</p>
        <Problem problem={keep.problem} />
      </div>
      <Button isPending={keep.isSending} onPress={() => void press()}>
        {isSamePlan ? page.keepBilling[billingInterval] : page.keep(plan.name)}
      </Button>
    </div>
  );
}
