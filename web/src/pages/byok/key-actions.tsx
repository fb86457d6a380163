import { useState } from "react";
import {
  type ByokPageConfigFragment,
  ByokPageRemoveDocument,
  ByokPageSetEnabledDocument,
  ByokPageVerifyDocument,
} from "../../graph/generated/graphql";
import { announce } from "../../parts/announcer";
import { Button } from "../../parts/button";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { byokPage } from "../../texts/en/byok";
import styles from "./byok.module.css";

const page = byokPage;

interface Props {
  organizationId: string;
  config: ByokPageConfigFragment;
  replacement: (() => void) | null;
  onChanged(): void;
}

export function KeyActions({ organizationId, config, replacement, onChanged }: Props) {
  const [asking, setAsking] = useState<"pause" | "remove" | null>(null);
  const verify = useCommand(ByokPageVerifyDocument);
  const resume = useCommand(ByokPageSetEnabledDocument);
  const check = async () => {
    if (await verify.send({ input: { organizationId } })) announce(page.checkedAgain);
  };
  const unpause = async () => {
    if (await resume.send({ input: { organizationId, enabled: true } })) toast(page.resumed);
  };
  return (
    <>
      <div className={styles.actions}>
        {config.enabled ? (
          <Button onPress={() => setAsking("pause")}>{page.pause}</Button>
        ) : (
          <Button isPending={resume.isSending} onPress={() => void unpause()}>
            {page.resume}
          </Button>
        )}
        <Button isPending={verify.isSending} onPress={() => void check()}>
          {verify.isSending ? page.checking : page.checkAgain}
        </Button>
        {replacement && <Button onPress={replacement}>{page.replace}</Button>}
        <Button variant="danger" onPress={() => setAsking("remove")}>
          {page.remove}
        </Button>
      </div>
      <Problem problem={verify.problem ?? resume.problem} />
      {asking === "pause" && <PauseDialog organizationId={organizationId} onClose={() => setAsking(null)} />}
      {asking === "remove" && (
        <RemoveDialog organizationId={organizationId} onRemoved={onChanged} onClose={() => setAsking(null)} />
      )}
    </>
  );
}

function PauseDialog({ organizationId, onClose }: { organizationId: string; onClose(): void }) {
  const { send, problem, isSending } = useCommand(ByokPageSetEnabledDocument);
  const close = useWhileShown(onClose);
  const input = { organizationId, enabled: false };
  const pause = async () => {
    if (!(await send({ input }))) return;
    toast(page.isPaused);
    close();
  };
  return (
    <ConfirmDialog
      title={page.pauseTitle}
      confirm={page.pause}
      mutation={{ setByokEnabled: input }}
      problem={problem}
      isSending={isSending}
      onConfirm={() => void pause()}
      onClose={onClose}
    >
      <p>{page.pauseText}</p>
    </ConfirmDialog>
  );
}

interface RemoveProps {
  organizationId: string;
  onRemoved(): void;
  onClose(): void;
}

function RemoveDialog({ organizationId, onRemoved, onClose }: RemoveProps) {
  const { send, problem, isSending } = useCommand(ByokPageRemoveDocument);
  const close = useWhileShown(onClose);
  const input = { organizationId };
  const remove = async () => {
    if (!(await send({ input }))) return;
    toast(page.removed);
    close();
    onRemoved();
  };
  return (
    <ConfirmDialog
      title={page.removeTitle}
      confirm={page.remove}
      mutation={{ removeByokConfig: input }}
      problem={problem}
      isSending={isSending}
      isDangerous
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>{page.removeText}</p>
    </ConfirmDialog>
  );
}
