import { Button } from "../../parts/button";
import { useSession } from "../../session/session-context";
import { texts } from "../../texts/en";

interface Props {
  label?: string;
  isMain?: boolean;
}

/** Signs out, and in with another account. The person comes back to this page. */
export function SwitchAccount({ label = texts.switchAccount, isMain }: Props) {
  const session = useSession();
  return (
    <Button variant={isMain ? "main" : "plain"} onPress={() => void session.switchAccount()}>
      {label}
    </Button>
  );
}
