import { useQuery } from "@apollo/client/react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { GeneralCountsDocument, GeneralDeleteDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Effects, useDryRun } from "../../parts/dry-run";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { wordsOf } from "../../parts/why";
import { texts } from "../../texts/en";
import { generalPage } from "../../texts/en/general";
import type { GeneralOrganization } from "./general";
import styles from "./general.module.css";

/** Deletes the organization for everybody, to be restored for 30 days. */
export function Deleting({ organization }: { organization: GeneralOrganization }) {
  const [isDeleting, setDeleting] = useState(false);
  const { deletionRefusal } = organization;
  return (
    <section className={`${styles.card} ${styles.danger}`} aria-labelledby="deleting">
      <h2 id="deleting">{generalPage.deleteTitle}</h2>
      <p className="dim">{deletionRefusal ? wordsOf(deletionRefusal) : generalPage.deleteText}</p>
      <div className={styles.foot}>
        <Button variant="danger" refusal={deletionRefusal} onPress={() => setDeleting(true)}>
          {generalPage.delete}
        </Button>
      </div>
      {isDeleting && <DeleteDialog organization={organization} onClose={() => setDeleting(false)} />}
    </section>
  );
}

function DeleteDialog({ organization: { id, name }, onClose }: { organization: GeneralOrganization; onClose(): void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const { send, problem, isSending } = useCommand(GeneralDeleteDocument);
  const dryRun = useDryRun({ deleteOrganization: { organizationId: id, confirmName: name } });
  const isNamed = typed.normalize("NFC").trim() === name;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isNamed || !(await send({ input: { organizationId: id, confirmName: typed } }))) return;
    onClose();
    toast(generalPage.deleted(name));
    await navigate({ to: "/organizations" });
  };
  return (
    <Dialog title={generalPage.deleteQuestion(name)} isOpen onClose={onClose}>
      <form className={styles.dialogForm} onSubmit={(event) => void submit(event)}>
        <Consequences organizationId={id} />
        <Effects {...dryRun} />
        <Field label={generalPage.typeName(name)} value={typed} onChange={setTyped} autoComplete="off" autoFocus />
        <Problem problem={problem} />
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button
            variant="danger"
            type="submit"
            isPending={isSending}
            refusal={isNamed ? null : { message: generalPage.typeNameFirst }}
          >
            {generalPage.delete}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Consequences({ organizationId }: { organizationId: string }) {
  const { data } = useQuery(GeneralCountsDocument, { variables: { organizationId }, fetchPolicy: "cache-and-network" });
  const counts = data?.organization;
  return (
    <ul className={styles.consequences}>
      {counts && <li>{generalPage.loseAccess(counts.members.totalCount, counts.workspaces.totalCount)}</li>}
      <li>{generalPage.linksEnd}</li>
      <li>{generalPage.restorable}</li>
    </ul>
  );
}
