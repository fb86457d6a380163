import {
  type BillingInterval,
  SubscriptionPageChangePlanDocument,
  type SubscriptionPagePlanFragment,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { subscriptionPage } from "../../texts/en/subscription";
import { Charge } from "./charge";
import { usePortal } from "./use-portal";

const page = subscriptionPage;

export interface PlanChange {
  plan: SubscriptionPagePlanFragment["plan"];
  billingInterval: BillingInterval;
  isAtOnce: boolean;
}

interface Props {
  organizationId: string;
  subscription: SubscriptionPagePlanFragment;
  change: PlanChange;
  onClose(): void;
}

/**
 * Shows the price and the time of a change of plan, and makes the change. Without a card, it leads to the payment
 * provider's page.
 */
export function ChangePlanDialog({ organizationId, subscription, change, onClose }: Props) {
  const { plan, billingInterval, isAtOnce } = change;
  const { send, problem, isSending } = useCommand(SubscriptionPageChangePlanDocument);
  const portal = usePortal(organizationId);
  const close = useWhileShown(onClose);
  const pay = useWhileShown((url: string) => location.assign(url));
  const input = { organizationId, planCode: plan.code, billingInterval };
  const billed = page.billed[billingInterval];
  const isSamePlan = plan.code === subscription.plan.code;
  const confirm = async () => {
    const changed = await send({ input });
    if (!changed) return;
    if (changed.checkoutUrl) return pay(changed.checkoutUrl);
    // Another Owner may have changed the plan meanwhile, so the answer says when this change takes effect.
    const { scheduledPlan, currentPeriodEnd } = changed.subscription;
    if (isSamePlan)
      toast(scheduledPlan ? page.scheduledBilling(billed, currentPeriodEnd) : page.changedBilling(billed));
    else toast(scheduledPlan ? page.willChange(plan.name, currentPeriodEnd) : page.changed(plan.name));
    close();
  };
  const mayPayElsewhere = isAtOnce && !subscription.isBilledManually && !subscription.paymentMethodLabel;
  return (
    <ConfirmDialog
      title={isSamePlan ? page.confirm.titleInterval[billingInterval] : page.confirm.title(plan.name, billed)}
      confirm={mayPayElsewhere ? page.confirm.pay : nameOf(change, subscription)}
      mutation={{ changePlan: input }}
      problem={portal.problem ?? problem}
      isSending={isSending}
      action={
        problem?.code === "PAYMENT_REQUIRED" && (
          <Button isPending={portal.isSending} onPress={portal.open}>
            {page.confirm.declined}
          </Button>
        )
      }
      details={({ charge }) => <Charge charge={charge ?? null} isManual={subscription.isBilledManually} />}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {mayPayElsewhere && <p>{page.confirm.withoutCard}</p>}
    </ConfirmDialog>
  );
}

function nameOf({ plan, billingInterval, isAtOnce }: PlanChange, subscription: SubscriptionPagePlanFragment): string {
  if (plan.code === subscription.plan.code) return page.switchTo[billingInterval];
  return isAtOnce ? page.upgradeTo(plan.name) : page.downgradeTo(plan.name);
}
