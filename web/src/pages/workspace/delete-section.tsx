import { useState } from "react";
import { WorkspaceDeleteDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useNavigateFromHere } from "../../parts/use-navigate-from-here";
import { wordsOf } from "../../parts/why";
import { workspacePage } from "../../texts/en/workspace";
import type { Workspace } from "./workspace";
import styles from "./workspace.module.css";

const page = workspacePage;

interface Props {
  workspace: Workspace;
  organizationId: string;
}

/** Deleting belongs to the organization. A person who is only Admin of the workspace does not see it. */
export function DeleteSection({ workspace, organizationId }: Props) {
  const navigate = useNavigateFromHere();
  const [isAsking, setAsking] = useState(false);
  const { send, problem, isSending } = useCommand(WorkspaceDeleteDocument);
  const { deletionRefusal, name } = workspace;
  if (deletionRefusal?.code === "FORBIDDEN") return null;
  const input = { organizationId, workspaceId: workspace.id };
  const remove = async () => {
    if (!(await send({ input }))) return;
    toast(page.deleted(name));
    await navigate({ to: "/organizations/$organizationId/workspaces", params: { organizationId } });
  };
  return (
    <section className={`${styles.section} ${styles.panel}`}>
      <h2>{page.deleteTitle}</h2>
      <p className={styles.text}>{deletionRefusal ? wordsOf(deletionRefusal) : page.deleteText}</p>
      <div>
        <Button variant="danger" refusal={deletionRefusal ?? null} onPress={() => setAsking(true)}>
          {page.deleteButton}
        </Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={page.deleteQuestion(name)}
          confirm={page.deleteButton}
          mutation={{ deleteWorkspace: input }}
          problem={problem}
          isSending={isSending}
          isDangerous
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
