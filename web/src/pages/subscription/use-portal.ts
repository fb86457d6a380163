import { SubscriptionPagePortalDocument } from "../../graph/generated/graphql";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";

/** Opens the payment provider's page for payment methods and invoices, which leads back to this one. */
export function usePortal(organizationId: string) {
  const { send, problem, isSending } = useCommand(SubscriptionPagePortalDocument);
  const leave = useWhileShown((url: string) => location.assign(url));
  const open = async () => {
    const returnUrl = `${location.origin}/organizations/${organizationId}/subscription`;
    const opened = await send({ input: { organizationId, returnUrl } });
    if (opened) leave(opened.url);
  };
  return { open: () => void open(), problem, isSending };
}
