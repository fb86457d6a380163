import type { SubscriptionStatus } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { subscriptionPage } from "../../texts/en/subscription";
import styles from "./subscription.module.css";
import { usePortal } from "./use-portal";

const page = subscriptionPage;

/** Says that a payment failed, or that the subscription has ended, and what to do. */
export function StatusNotice({ organizationId, status }: { organizationId: string; status: SubscriptionStatus }) {
  const portal = usePortal(organizationId);
  if (status === "CANCELED") {
    return (
      <section className={styles.warning} aria-label={page.canceled}>
        <h2>{page.canceled}</h2>
        <p>{page.canceledText}</p>
      </section>
    );
  }
  if (status !== "PAST_DUE") return null;
  return (
    <section className={styles.warning} aria-label={page.pastDue}>
      <h2>{page.pastDue}</h2>
      <p>{page.pastDueText}</p>
      <Problem problem={portal.problem} />
      <div>
        <Button variant="main" isPending={portal.isSending} onPress={portal.open}>
          {page.settle}
        </Button>
      </div>
    </section>
  );
}
