import { useQuery } from "@apollo/client/react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ReviewsPageDocument, type ReviewsPageQuery } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { Pager, usePages, useTurn } from "../../parts/pager";
import table from "../../parts/table.module.css";
import { Day, TimeAgo } from "../../parts/time";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization, useOrganizationChanges } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { reviewsPage } from "../../texts/en/reviews";
import { StartDialog } from "./start-dialog";

type Review = NonNullable<NonNullable<ReviewsPageQuery["organization"]>["accessReviews"]>["nodes"][number];

const page = reviewsPage;

/** The access reviews of the organization, newest first. Live. */
export function AccessReviews() {
  const organizationId = useOrganization().organization.id;
  const [isStarting, setStarting] = useState(false);
  const pages = usePages();
  const { data, previousData, error, refetch } = useQuery(ReviewsPageDocument, {
    variables: { organizationId, after: pages.place.after },
    fetchPolicy: "no-cache",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  const turn = useTurn(pages, { data, error, refetch });
  useOrganizationChanges(({ type }) => {
    if (type.startsWith("access_review.")) refresh();
  });
  const reviews = (data ?? previousData)?.organization?.accessReviews;
  return (
    <>
      <PageHead title={texts.tabs.reviews} text={page.text}>
        <Button variant="main" onPress={() => setStarting(true)}>
          {page.start}
        </Button>
      </PageHead>
      {error && !turn.error && <Failed error={error} onRetry={() => void refetch()} />}
      {!reviews && !error && <Loading rows={2} height={42} card={160} />}
      {reviews?.totalCount === 0 && (
        <section className="notice">
          <h2>{page.none}</h2>
          <p>{page.noneText}</p>
        </section>
      )}
      {reviews && reviews.totalCount > 0 && (
        <>
          <Table reviews={reviews.nodes} />
          <Pager
            pages={pages}
            turn={turn}
            size={reviews.nodes.length}
            total={reviews.totalCount}
            pageInfo={reviews.pageInfo}
          />
        </>
      )}
      {isStarting && <StartDialog organizationId={organizationId} onClose={() => setStarting(false)} />}
    </>
  );
}

function Table({ reviews }: { reviews: readonly Review[] }) {
  const organizationId = useOrganization().organization.id;
  return (
    <div className={table.frame}>
      <table className={table.table} aria-label={page.list}>
        <thead>
          <tr>
            <th>{page.name}</th>
            <th>{page.status}</th>
            <th className={table.number}>{page.progress}</th>
            <th>{page.due}</th>
            <th>{page.startedBy}</th>
          </tr>
        </thead>
        <tbody>
          {reviews.map(({ id, name, status, dueAt, startedAt, itemCount, decidedCount, startedBy }) => (
            <tr key={id}>
              <td>
                <Link
                  to="/organizations/$organizationId/reviews/$reviewId"
                  params={{ organizationId, reviewId: id }}
                  dir="auto"
                >
                  {name}
                </Link>
              </td>
              <td data-label={page.status}>
                <Status status={status} dueAt={dueAt} />
              </td>
              <td data-label={page.progress} className={table.number}>
                {texts.limit(decidedCount, itemCount)}
              </td>
              <td data-label={page.due}>{status === "OPEN" ? <TimeAgo at={dueAt} /> : <Day at={dueAt} />}</td>
              <td data-label={page.startedBy}>
                <span>
                  <span dir="auto">{startedBy?.name}</span>{" "}
                  <span className="dim">
                    <Day at={startedAt} />
                  </span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The state of a review, and whether it is overdue. */
export function Status({ status, dueAt }: Pick<Review, "status" | "dueAt">) {
  const isOverdue = status === "OPEN" && new Date(dueAt).getTime() < Date.now();
  if (isOverdue) return <Badge tone="bad">{page.overdue}</Badge>;
  const tone = status === "COMPLETED" ? "good" : status === "OPEN" ? "warn" : "neutral";
  return <Badge tone={tone}>{page.statuses[status]}</Badge>;
}
