import { useMutation } from "@apollo/client/react";
import { RefreshCw, X } from "lucide-react";
import { useState } from "react";
import { CancelInvitationDocument, type MembersQuery, ResendDocument } from "../../graph/generated/graphql";
import { IconButton } from "../../parts/button";
import { texts } from "../../texts/en";
import styles from "./members.module.css";

type Edges = NonNullable<NonNullable<MembersQuery["organization"]>["invitations"]>["edges"];

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** Pending invitations, with their delivery. They leave the list when they are answered. */
export function InvitationTable({ organizationId, invitations }: { organizationId: string; invitations: Edges }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [resend] = useMutation(ResendDocument, { errorPolicy: "all" });
  const [cancel] = useMutation(CancelInvitationDocument, { errorPolicy: "all" });
  const pending = invitations.filter(({ node }) => node.status === "PENDING");
  const send = async (invitationId: string) => {
    const { data, error } = await resend({ variables: { input: { organizationId, invitationId } } });
    const result = data?.resendInvitation;
    setProblem(result?.__typename === "Refusal" ? result.message : (error?.message ?? null));
  };
  const withdraw = async (invitationId: string) => {
    const { data, error } = await cancel({ variables: { input: { organizationId, invitationId } } });
    const result = data?.cancelInvitation;
    setProblem(result?.__typename === "Refusal" ? result.message : (error?.message ?? null));
  };
  if (pending.length === 0) return <p>{texts.noInvitations}</p>;
  return (
    <>
      {problem && (
        <p role="alert" className="notice">
          {problem}
        </p>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{texts.person}</th>
            <th>{texts.role}</th>
            <th>{texts.expires}</th>
            <th>{texts.actions}</th>
          </tr>
        </thead>
        <tbody>
          {pending.map(({ node }) => (
            <tr key={node.id}>
              <td>
                <strong>{node.email}</strong>
                <div className="dim">{node.deliveryProblem ?? texts.delivery[node.delivery]}</div>
              </td>
              <td>{texts.roles[node.role]}</td>
              <td>{DATE.format(new Date(node.expiresAt))}</td>
              <td>
                <IconButton label={texts.resend(node.email)} onPress={() => void send(node.id)}>
                  <RefreshCw size={18} aria-hidden />
                </IconButton>
                <IconButton label={texts.cancelInvitation(node.email)} onPress={() => void withdraw(node.id)}>
                  <X size={18} aria-hidden />
                </IconButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
