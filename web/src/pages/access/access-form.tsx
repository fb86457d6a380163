import { useMemo, useState } from "react";
import type { WorkspaceRole } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { useWhileShown } from "../../parts/use-is-shown";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { accessPage } from "../../texts/en/access";
import type { MemberRow } from "../members/types";
import styles from "./access.module.css";
import { AccessGrid } from "./access-grid";
import { areSame, type Choice, type Choices, type Edits, summaryOf, withEdits } from "./choices";
import { useAccessChange } from "./use-access-change";

const t = accessPage;

interface Props {
  member: MemberRow;
  inherited: WorkspaceRole;
  onClose(): void;
}

/** Changes a member's workspaces. Changes that others make at the same time are merged and named. */
export function AccessForm({ member, inherited, onClose }: Props) {
  const { organization } = useOrganization();
  const { base, next, isMerged, edit } = useEdits(member);
  const { save, problem, isSending } = useAccessChange(member);
  const summary = t.summary(summaryOf(base, next, inherited));
  const isUnchanged = areSame(base, next);
  const close = useWhileShown(onClose);
  const submit = async () => {
    if (await save(next, base)) close();
  };
  return (
    <>
      <p className="dim">{t.text}</p>
      {isMerged && (
        <p role="status" className={styles.merged}>
          {t.merged}
        </p>
      )}
      <AccessGrid organizationId={organization.id} choices={next} inherited={inherited} onChange={edit} />
      <Problem problem={problem} />
      <div className={styles.foot}>
        <span role="status">{isUnchanged ? t.unchanged : summary || t.sameRank}</span>
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button
            variant="main"
            refusal={isUnchanged ? { message: t.unchanged } : null}
            isPending={isSending}
            onPress={() => void submit()}
          >
            {t.save}
          </Button>
        </div>
      </div>
    </>
  );
}

function useEdits({ workspaceAccess }: MemberRow) {
  const base = useMemo(() => choicesOf(workspaceAccess), [workspaceAccess]);
  const [atOpening] = useState(base);
  const [edits, setEdits] = useState<Edits>(new Map());
  const edit = (workspaceId: string, choice: Choice | null) =>
    setEdits((before) => new Map(before).set(workspaceId, choice));
  return { base, next: withEdits(base, edits), isMerged: !areSame(base, atOpening), edit };
}

function choicesOf(access: MemberRow["workspaceAccess"]): Choices {
  return new Map(
    access.map(({ workspace, roleOverride, expiresAt }) => [
      workspace.id,
      { roleOverride: roleOverride ?? null, expiresAt: expiresAt ?? null },
    ]),
  );
}
