import { useQuery } from "@apollo/client/react";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  type BillingInterval,
  SubscriptionPageDocument,
  type SubscriptionPagePlanFragment,
} from "../../graph/generated/graphql";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization, useOrganizationChanges } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { subscriptionPage } from "../../texts/en/subscription";
import { CurrentPlan } from "./current-plan";
import { DraftNotice } from "./draft-notice";
import { Invoices } from "./invoices";
import { PaymentReturn } from "./payment-return";
import { PlanCards } from "./plan-cards";
import { StatusNotice } from "./status-notice";
import styles from "./subscription.module.css";
import { UsageSection } from "./usage/usage";

const page = subscriptionPage;

/** The plan of an organization, its payment and its usage. For Owners. */
export function Subscription() {
  const { organization } = useOrganization();
  const variables = { organizationId: organization.id };
  const { data, error, refetch } = useQuery(SubscriptionPageDocument, {
    variables,
    fetchPolicy: "cache-and-network",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  useOrganizationChanges(({ type }) => {
    if (/^(subscription|workspace|organization)\./.test(type)) refresh();
  });
  const subscription = data?.organization?.subscription;
  return (
    <>
      <PageHead title={texts.tabs.subscription} text={page.text} />
      {error && !subscription && <Failed error={error} onRetry={() => void refetch()} />}
      {!error && !subscription && <Loading panels={[262, 150, 340, 560]} />}
      {subscription && <Sections organizationId={organization.id} subscription={subscription} />}
    </>
  );
}

interface Props {
  organizationId: string;
  subscription: SubscriptionPagePlanFragment;
}

function Sections({ organizationId, subscription }: Props) {
  const { paid, cycle } = useSearch({ from: "/signed-in/organizations/$organizationId/subscription" });
  const [interval, setInterval] = useState<BillingInterval>(subscription.billingInterval);
  return (
    <div className={styles.sections}>
      {paid && <PaymentReturn subscription={subscription} planCode={paid} billingInterval={cycle ?? null} />}
      <DraftNotice organizationId={organizationId} />
      <StatusNotice organizationId={organizationId} status={subscription.status} />
      <CurrentPlan organizationId={organizationId} subscription={subscription} />
      <UsageSection organizationId={organizationId} />
      <PlanCards
        organizationId={organizationId}
        subscription={subscription}
        interval={interval}
        onInterval={setInterval}
      />
      {!subscription.isBilledManually && <Invoices organizationId={organizationId} />}
    </div>
  );
}
