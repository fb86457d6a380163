import { useLazyQuery, useQuery } from "@apollo/client/react";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { Checkbox, CheckboxGroup, Label, Text } from "react-aria-components";
import {
  type OrganizationRole,
  ReviewsOpenDocument,
  ReviewsStartDocument,
  ReviewsWorkspacesDocument,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { type Problem as ProblemData, useCommand } from "../../parts/use-command";
import { texts } from "../../texts/en";
import styles from "./reviews.module.css";

const page = texts.reviewsPage;
const ROLES: readonly OrganizationRole[] = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"];
const TWO_WEEKS_MS = 14 * 24 * 60 * 60 * 1000;

interface Props {
  organizationId: string;
  onClose(): void;
}

/** Starts a review: its name, when it is due, and who is in it. */
export function StartDialog({ organizationId, onClose }: Props) {
  const navigate = useNavigate();
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
    await navigate({ to: "/organizations/$organizationId/reviews/$reviewId", params });
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

interface RoleProps {
  roles: OrganizationRole[];
  onChange(roles: OrganizationRole[]): void;
}

function RoleChoice({ roles, onChange }: RoleProps) {
  return (
    <CheckboxGroup
      className={styles.group}
      value={roles}
      onChange={(chosen) => onChange(ROLES.filter((role) => chosen.includes(role)))}
    >
      <Label>{page.roles}</Label>
      <div className={styles.choices}>
        {ROLES.map((role) => (
          <Check key={role} value={role} label={texts.roles[role]} />
        ))}
      </div>
      <Text slot="description" className="dim">
        {page.rolesHint}
      </Text>
    </CheckboxGroup>
  );
}

interface WorkspaceProps {
  organizationId: string;
  ids: string[];
  onChange(ids: string[]): void;
}

function WorkspaceChoice({ organizationId, ids, onChange }: WorkspaceProps) {
  const { data } = useQuery(ReviewsWorkspacesDocument, { variables: { organizationId }, fetchPolicy: "no-cache" });
  const workspaces = data?.organization?.workspaces.nodes ?? [];
  return (
    <CheckboxGroup className={styles.group} value={ids} onChange={onChange}>
      <Label>{page.workspaces}</Label>
      <div className={styles.choices}>
        {workspaces.map(({ id, name }) => (
          <Check key={id} value={id} label={name} />
        ))}
      </div>
      <Text slot="description" className="dim">
        {page.workspacesHint}
      </Text>
    </CheckboxGroup>
  );
}

function Check({ value, label }: { value: string; label: string }) {
  return (
    <Checkbox value={value} className={styles.check}>
      <span className={styles.box} aria-hidden />
      <span dir="auto">{label}</span>
    </Checkbox>
  );
}

/** One review is open at a time: the way to it. */
function OpenReview({ organizationId, problem }: { organizationId: string; problem: ProblemData | null }) {
  const [load, { data }] = useLazyQuery(ReviewsOpenDocument, { fetchPolicy: "no-cache" });
  const isOpen = problem?.code === "REVIEW_OPEN_ALREADY";
  useEffect(() => {
    if (isOpen) void load({ variables: { organizationId } }).catch(() => undefined);
  }, [isOpen, load, organizationId]);
  const [review] = data?.organization?.accessReviews?.nodes ?? [];
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
