import { useQuery } from "@apollo/client/react";
import { SubscriptionPageInvoicesDocument, type SubscriptionPageInvoicesQuery } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { MoreButton } from "../../parts/more-button";
import table from "../../parts/table.module.css";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganizationChanges } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { subscriptionPage } from "../../texts/en/subscription";
import styles from "./subscription.module.css";

const page = subscriptionPage;
const words = page.invoices;

type Subscription = NonNullable<NonNullable<SubscriptionPageInvoicesQuery["organization"]>["subscription"]>;
type Invoice = Subscription["invoices"]["nodes"][number];

/** The invoices of the payment provider, newest first. */
export function Invoices({ organizationId }: { organizationId: string }) {
  const { data, error, refetch, fetchMore } = useQuery(SubscriptionPageInvoicesDocument, {
    variables: { organizationId },
    fetchPolicy: "cache-and-network",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  useOrganizationChanges(({ type }) => {
    if (type.startsWith("subscription.")) refresh();
  });
  const invoices = data?.organization?.subscription?.invoices;
  const more = () =>
    fetchMore({
      variables: { after: invoices?.pageInfo.endCursor },
      updateQuery: (before, { fetchMoreResult }) => joined(before, fetchMoreResult),
    });
  return (
    <section aria-labelledby="invoices">
      <h2 id="invoices">{words.title}</h2>
      {error && !invoices && (
        <div role="alert" className="notice">
          <p>{words.unavailable}</p>
          <Button onPress={refresh}>{texts.tryAgain}</Button>
        </div>
      )}
      {!error && !invoices && <Loading rows={3} height={46} card={160} />}
      {invoices?.nodes.length === 0 && <p className="dim">{words.none}</p>}
      {invoices && invoices.nodes.length > 0 && <InvoiceTable invoices={invoices.nodes} />}
      {invoices?.pageInfo.hasNextPage && <MoreButton label={words.more} onMore={more} />}
    </section>
  );
}

function InvoiceTable({ invoices }: { invoices: readonly Invoice[] }) {
  return (
    <div className={table.frame}>
      <table className={table.table} aria-labelledby="invoices">
        <thead>
          <tr>
            <th>{words.number}</th>
            <th>{words.issued}</th>
            <th>{words.status}</th>
            <th className={table.number}>{words.amount}</th>
          </tr>
        </thead>
        <tbody>
          {invoices.map((invoice) => (
            <Row key={invoice.id} invoice={invoice} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TONES = { OPEN: "warn", PAID: "good", VOID: "neutral", UNCOLLECTIBLE: "bad" } as const;

function Row({ invoice: { number, issuedAt, status, totalCents, url } }: { invoice: Invoice }) {
  const name = number ?? words.unnumbered;
  return (
    <tr>
      <td data-label={words.number}>
        {url ? (
          <a href={url} target="_blank" rel="noreferrer" aria-label={words.open(name)} className={styles.link}>
            {name}
          </a>
        ) : (
          name
        )}
      </td>
      <td data-label={words.issued}>{page.day(issuedAt)}</td>
      <td data-label={words.status}>
        <Badge tone={TONES[status]}>{words.statuses[status]}</Badge>
      </td>
      <td data-label={words.amount} className={table.number}>
        {page.money(totalCents)}
      </td>
    </tr>
  );
}

/** The older invoices below the newer ones. */
function joined(before: SubscriptionPageInvoicesQuery, more: SubscriptionPageInvoicesQuery) {
  const [old, next] = [before.organization?.subscription, more.organization?.subscription];
  if (!before.organization || !old || !next) return before;
  const nodes = [...old.invoices.nodes, ...next.invoices.nodes];
  return {
    ...before,
    organization: {
      ...before.organization,
      subscription: { ...old, invoices: { ...next.invoices, nodes } },
    },
  };
}
