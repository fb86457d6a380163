import { useQuery } from "@apollo/client/react";
import { ChevronsUpDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button as AriaButton, DialogTrigger, Popover } from "react-aria-components";
import { ReceivedInvitationsDocument } from "../../graph/generated/graphql";
import { Loading } from "../../parts/loading";
import { texts } from "../../texts/en";
import { usePlaceName } from "../use-place";
import styles from "./selector.module.css";

const SelectorPanel = lazy(async () => ({ default: (await import("./selector-panel")).SelectorPanel }));
const NewOrganizationDialog = lazy(async () => ({
  default: (await import("./new-organization-dialog")).NewOrganizationDialog,
}));

interface Props {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

/** Shows the current place, and leads to all organizations and workspaces of the person. */
export function WorkspaceSelector({ isOpen, onOpenChange }: Props) {
  const place = usePlaceName();
  const [isCreating, setCreating] = useState(false);
  const { data } = useQuery(ReceivedInvitationsDocument);
  const received = data?.viewer.receivedInvitations?.length ?? 0;
  const create = () => {
    onOpenChange(false);
    setCreating(true);
  };
  return (
    <>
      <DialogTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
        <AriaButton className={styles.trigger}>
          <span className={styles.name} dir="auto">
            {place ?? texts.selectorPage.choose}
          </span>
          <span className="unseen">{texts.selectorPage.opens}</span>
          {received > 0 && (
            <span className={styles.badge}>
              {received}
              <span className="unseen">{texts.selectorPage.waiting(received)}</span>
            </span>
          )}
          <kbd className={styles.key} aria-hidden>
            {isApple() ? "⌘K" : "Ctrl K"}
          </kbd>
          <ChevronsUpDown size={16} aria-hidden />
        </AriaButton>
        <Popover placement="bottom start" aria-label={texts.selectorPage.title} className={styles.popover}>
          <div className={styles.panel}>
            <Suspense fallback={<Loading rows={8} height={46} />}>
              <SelectorPanel onClose={() => onOpenChange(false)} onCreate={create} />
            </Suspense>
          </div>
        </Popover>
      </DialogTrigger>
      <span className="unseen" role="status">
        {received > 0 && texts.selectorPage.invitations(received)}
      </span>
      {isCreating && (
        <Suspense>
          <NewOrganizationDialog onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </>
  );
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
