import { useApolloClient } from "@apollo/client/react";
import {
  AcceptReceivedDocument,
  DeclineReceivedDocument,
  type ReceivedInvitationFragment,
  ViewerDocument,
} from "../graph/generated/graphql";
import type { Problem } from "../parts/outcome";
import { toast } from "../parts/toasts";
import { useCommand } from "../parts/use-command";
import { texts } from "../texts/en";
import { addMembership, applyReceivedInvitation } from "./apply-viewer-events";

export interface ReceivedAnswers {
  accept(): void;
  decline(): void;
  problem: Problem | null;
  isSending: boolean;
}

/** Answers a received invitation. Updates the lists of organizations and invitations immediately. */
export function useReceivedAnswers({ id: invitationId, organization }: ReceivedInvitationFragment): ReceivedAnswers {
  const { cache } = useApolloClient();
  const accepting = useCommand(AcceptReceivedDocument);
  const declining = useCommand(DeclineReceivedDocument);
  const viewerId = () => cache.readQuery({ query: ViewerDocument })?.viewer.id ?? "";
  const accept = async () => {
    declining.clear();
    const result = await accepting.send({ input: { invitationId } });
    if (!result) return;
    addMembership(cache, viewerId(), result.member.id);
    applyReceivedInvitation(cache, viewerId(), { id: invitationId, status: "ACCEPTED" });
    toast(texts.receivedPage.accepted(organization.name));
  };
  const decline = async () => {
    accepting.clear();
    if (!(await declining.send({ input: { invitationId } }))) return;
    applyReceivedInvitation(cache, viewerId(), { id: invitationId, status: "DECLINED" });
    toast(texts.receivedPage.declined(organization.name));
  };
  return {
    accept: () => void accept(),
    decline: () => void decline(),
    problem: forInvitee(accepting.problem) ?? declining.problem,
    isSending: accepting.isSending || declining.isSending,
  };
}

/** Those who are invited cannot make room. The service says what an Owner can do; the usual next step would not help. */
function forInvitee(problem: Problem | null): Problem | null {
  return problem?.code === "MEMBER_LIMIT_REACHED" ? { message: problem.message } : problem;
}
