import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { BillingInterval, SubscriptionPagePlanFragment } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { toast } from "../../parts/toasts";
import { subscriptionPage } from "../../texts/en/subscription";
import styles from "./subscription.module.css";

const page = subscriptionPage;
const ROUTE = "/signed-in/organizations/$organizationId/subscription";
const LONG_MS = 60_000;

interface Props {
  subscription: SubscriptionPagePlanFragment;
  planCode: string;
  billingInterval: BillingInterval | null;
}

/** For a person who comes back from paying: waits until the live stream delivers the change of plan. */
export function PaymentReturn({ subscription, planCode, billingInterval }: Props) {
  const navigate = useNavigate();
  const [isLong, setLong] = useState(false);
  const { plan, planOptions } = subscription;
  const paid = planOptions.find((option) => option.plan.code === planCode)?.plan ?? plan;
  const isPaid = plan.code === planCode && (!billingInterval || subscription.billingInterval === billingInterval);
  const isUnknown = paid.code !== planCode;
  const { paid: _paid, cycle: _cycle, ...rest } = useSearch({ from: ROUTE });
  const leave = () => void navigate({ to: ".", search: rest, replace: true });
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: leaving changes the address, and is done once
  useEffect(() => {
    if (isPaid) toast(page.changed(plan.name));
    if (isPaid || isUnknown) leave();
  }, [isPaid, isUnknown]);
  if (isPaid || isUnknown) return null;
  return (
    <section role="status" className={styles.waiting} aria-label={page.waiting}>
      <h2>{page.waiting}</h2>
      <p>{page.waitingText(paid.name)}</p>
      {isLong && <p>{page.waitingLong}</p>}
      <div>
        <Button onPress={leave}>{page.stopWaiting}</Button>
      </div>
    </section>
  );
}
