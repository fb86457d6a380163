import type { DryRunSuccess } from "../../parts/outcome";
import { subscriptionPage } from "../../texts/en/subscription";
import styles from "./subscription.module.css";

const { confirm, money, day } = subscriptionPage;

/** The price of a change now and later, from the payment provider. */
export function Charge({ charge, isManual }: { charge: DryRunSuccess["charge"] | null; isManual: boolean }) {
  if (isManual) return <p>{confirm.manual}</p>;
  if (!charge) return null;
  const { dueNowCents, nextAmountCents, nextChargeAt } = charge;
  return (
    <dl className={styles.charge}>
      <div>
        <dt>{confirm.dueNow}</dt>
        <dd>{dueNow(dueNowCents)}</dd>
      </div>
      {typeof nextAmountCents === "number" && (
        <div>
          <dt>{nextChargeAt ? confirm.next(nextChargeAt) : confirm.nextWithoutDay}</dt>
          <dd>{money(nextAmountCents)}</dd>
        </div>
      )}
      <div>
        <dt>{confirm.effect}</dt>
        <dd>
          {Date.parse(charge.takesEffectAt) <= Date.now() + CLOCKS_MS ? confirm.atOnce : day(charge.takesEffectAt)}
        </dd>
      </div>
    </dl>
  );
}

/** How far the clocks of the browser and the service may be apart. */
const CLOCKS_MS = 5 * 60_000;

function dueNow(cents: number): string {
  if (cents > 0) return money(cents);
  return cents === 0 ? confirm.nothing : confirm.credit(cents);
}
