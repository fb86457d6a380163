import { useMutation, useQuery } from "@apollo/client/react";
import { type FormEvent, useState } from "react";
import {
  InviteDocument,
  type InviteMutation,
  type OrganizationRole,
  RolesDocument,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { RoleSelect } from "../../parts/role-select";
import { texts } from "../../texts/en";
import styles from "./members.module.css";

type Success = Extract<InviteMutation["inviteMembers"], { __typename: "InviteMembersSuccess" }>;

interface Props {
  organizationId: string;
  refusal: { message: string } | null | undefined;
  onClose(): void;
}

/** Invites up to ten addresses, pasted in any form, and says what became of each. */
export function InviteDialog({ organizationId, refusal, onClose }: Props) {
  const [text, setText] = useState("");
  const [role, setRole] = useState<OrganizationRole>("DEVELOPER");
  const [problem, setProblem] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<Success | null>(null);
  const { data } = useQuery(RolesDocument);
  const [invite, { loading }] = useMutation(InviteDocument, { errorPolicy: "all" });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data: sent, error } = await invite({
      variables: { input: { organizationId, emails: addressesIn(text), role } },
    });
    const result = sent?.inviteMembers;
    if (result?.__typename === "InviteMembersSuccess") return setOutcome(result);
    setProblem(result?.message ?? error?.message ?? null);
  };
  const options = (data?.roles ?? []).filter(({ isInvitable }) => isInvitable);
  return (
    <Dialog title={texts.invite} isOpen onClose={onClose}>
      {outcome ? (
        <Outcome outcome={outcome} onClose={onClose} />
      ) : (
        <form onSubmit={(event) => void submit(event)} className={styles.form}>
          {refusal && <p className="notice">{refusal.message}</p>}
          <Field
            label={texts.emails}
            hint={texts.emailsHint}
            value={text}
            onChange={setText}
            problem={problem}
            isMultiline
            isRequired
            autoFocus
          />
          <RoleSelect label={texts.role} value={role} options={options} onChange={setRole} />
          <div className={styles.actions}>
            <Button onPress={onClose}>{texts.cancel}</Button>
            <Button variant="main" type="submit" isPending={loading}>
              {texts.send}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Outcome({ outcome, onClose }: { outcome: Success; onClose(): void }) {
  return (
    <>
      <p role="status">{texts.invited(outcome.invitations.length)}</p>
      {outcome.skipped.length > 0 && (
        <ul>
          {outcome.skipped.map(({ email, reason }) => (
            <li key={email}>
              {email} {texts.skipped[reason]}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.actions}>
        <Button variant="main" onPress={onClose}>
          {texts.close}
        </Button>
      </div>
    </>
  );
}

/** The addresses in a pasted text, such as "Ada <ada@example.com>, grace@example.com". */
function addressesIn(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .flatMap((part) => /<([^<>]+)>/.exec(part)?.[1] ?? part.trim().split(/\s+/))
    .map((address) => address.trim())
    .filter(Boolean);
}
