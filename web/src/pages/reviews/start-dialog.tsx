import { useLazyQuery } from "@apollo/client/react";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { type OrganizationRole, ReviewsOpenDocument, ReviewsStartDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import type { Problem as ProblemData } from "../../parts/outcome";
import { Failed } from "../../parts/page-states";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { texts } from "../../texts/en";
import { reviewsPage } from "../../texts/en/reviews";
import styles from "./reviews.module.css";
import { RoleChoice, WorkspaceChoice } from "./scope-choices";

const page = reviewsPage;
const TWO_WEEKS_MS = 14 * 24 * 60 * 60 * 1000;

interface Props {
  organizationId: string;
  onClose(): void;
}

/** Starts a review with a name, a due date and its members. */
export function StartDialog({ organizationId, onClose }: Props) {
  const open = useWhileShown(useNavigate());
  const [name, setName] = useState("");
  const [day, setDay] = useState(() => dayOf(new Date(Date.now() + TWO_WEEKS_MS)));
  const [roles, setRoles] = useState<OrganizationRole[]>([]);
  const [workspaceIds, setWorkspaceIds] = useState<string[]>([]);
  const { send, problem, isSending } = useCommand(ReviewsStartDocument);
  const problemAt = (field: string) => (problem?.path?.includes(field) ? problem.message : null);
  const isOfField = problemAt("name") !== null || problemAt("dueAt") !== null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const scope = {
      ...(roles.length > 0 && { roles }),
      ...(workspaceIds.length > 0 && { workspaceIds }),
    };
    const result = await send({ input: { organizationId, name, dueAt: endOf(day), ...scope } });
    if (!result) return;
    toast(page.started(result.review.itemCount));
    const params = { organizationId, reviewId: result.review.id };
    open({ to: "/organizations/$organizationId/reviews/$reviewId", params });
  };
  return (
    <Dialog title={page.start} isOpen onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <Field
          label={texts.name}
          hint={page.nameHint}
          value={name}
          onChange={setName}
          problem={problemAt("name")}
          isRequired
          autoFocus
        />
        <Field
          type="date"
          label={page.dueAt}
          hint={page.dueHint}
          value={day}
          onChange={setDay}
          problem={problemAt("dueAt")}
          isRequired
        />
        <RoleChoice roles={roles} onChange={setRoles} />
        <WorkspaceChoice organizationId={organizationId} ids={workspaceIds} onChange={setWorkspaceIds} />
        {!isOfField && (
          <Problem problem={problem} action={<OpenReview organizationId={organizationId} problem={problem} />} />
        )}
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button variant="main" type="submit" isPending={isSending}>
            {page.start}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A link to the open review, because only one can be open at a time. */
function OpenReview({ organizationId, problem }: { organizationId: string; problem: ProblemData | null }) {
  const [load, { data, error }] = useLazyQuery(ReviewsOpenDocument, { fetchPolicy: "no-cache" });
  const isOpen = problem?.code === "REVIEW_OPEN_ALREADY";
  const find = useCallback(() => load({ variables: { organizationId } }), [load, organizationId]);
  useEffect(() => {
    // A failed read shows its error below.
    if (isOpen) void find().catch(() => undefined);
  }, [isOpen, find]);
  const [review] = data?.organization?.accessReviews?.nodes ?? [];
  if (isOpen && error) return <Failed error={error} onRetry={find} />;
  if (!isOpen || !review) return null;
  return (
    <Link to="/organizations/$organizationId/reviews/$reviewId" params={{ organizationId, reviewId: review.id }}>
      {page.openAlready}
    </Link>
  );
}

function dayOf(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** A review is due at the end of the day, by the viewer's clock. */
function endOf(day: string): string {
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? new Date(0).toISOString() : end.toISOString();
}
