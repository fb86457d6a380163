import { useState } from "react";
import { MembersRenewLinkDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { CopyButton } from "../../parts/copy-button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import type { InvitationRow } from "./types";

const t = membersPage;

/** Makes a link to copy, and shows it once: it is not in the cache, and disappears when the dialog closes. */
export function NewLinkDialog({ invitation, onClose }: { invitation: InvitationRow; onClose(): void }) {
  const { organization } = useOrganization();
  const { send, problem, isSending } = useCommand(MembersRenewLinkDocument);
  const [link, setLink] = useState<string | null>(null);
  const make = async () => {
    const made = await send({ input: { organizationId: organization.id, invitationId: invitation.id } });
    if (made) setLink(made.link);
  };
  return (
    <Dialog title={t.newLink(invitation.email)} isOpen onClose={onClose}>
      <p>{link ? t.linkOnce : t.newLinkText}</p>
      {link && (
        <div className={styles.link}>
          <Field label={t.link} value={link} isReadOnly autoFocus />
          <CopyButton label={t.copyLink} text={link} />
        </div>
      )}
      <Problem problem={problem} />
      <div className="actions">
        <Button onPress={onClose}>{link ? texts.close : texts.cancel}</Button>
        {!link && (
          <Button variant="main" autoFocus isPending={isSending} onPress={() => void make()}>
            {t.makeLink}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
