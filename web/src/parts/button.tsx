import { type ReactNode, type Ref, useContext, useEffect } from "react";
import {
  Button as AriaButton,
  type ButtonProps,
  Tooltip,
  TooltipTrigger,
  TooltipTriggerStateContext,
} from "react-aria-components";
import { announce } from "./announcer";
import styles from "./button.module.css";
import { type Why, wordsOf } from "./why";

interface Props extends ButtonProps {
  variant?: "main" | "plain" | "danger";
  /** Why pressing it would be refused. It stays focusable and says so, also when it is pressed. */
  refusal?: Why;
  ref?: Ref<HTMLButtonElement>;
}

/** One element in every state, so that a button which becomes refused or pending keeps the focus. */
export function Button({ variant = "plain", refusal, isPending, ...props }: Props) {
  const { onPress, type, ...others } = props;
  const className = `${styles.button} ${styles[variant] ?? ""} ${refusal ? styles.refused : ""}`;
  return (
    <Explained reason={refusal} text={null}>
      <Pressable
        {...others}
        className={className}
        reason={refusal}
        {...(isPending && !refusal ? PENDING : { type: type ?? "button", ...(onPress && { onPress }) })}
      />
    </Explained>
  );
}

// React Aria's isPending is not used, because it announces the button by its id even after the button is gone. It
// overwrites `data-pending`.
const PENDING = { type: "button", "aria-disabled": "true", "data-waiting": true } as const;

interface IconButtonProps {
  label: string;
  refusal?: Why;
  /** Gets the focus when a row beside it has gone. */
  isMainAction?: boolean;
  /** Whether the content that the button opens is shown. Absent: the button opens nothing in place. */
  isExpanded?: boolean;
  onPress(): void;
  children: ReactNode;
}

/** A button with an icon. Its name is its tooltip; a refusal replaces the tooltip. */
export function IconButton({ label, refusal, isMainAction, isExpanded, onPress, children }: IconButtonProps) {
  return (
    <Explained reason={refusal} text={label}>
      <Pressable
        aria-label={label}
        data-main-action={isMainAction}
        {...(isExpanded !== undefined && { "aria-expanded": isExpanded })}
        className={`${styles.button} ${styles.icon} ${refusal ? styles.refused : ""}`}
        reason={refusal}
        onPress={onPress}
      >
        {children}
      </Pressable>
    </Explained>
  );
}

interface ExplainedProps {
  reason: Why;
  /** The tooltip of a button that can be pressed. */
  text: string | null;
  children: ReactNode;
}

function Explained({ reason, text, children }: ExplainedProps) {
  const shown = reason ? wordsOf(reason) : text;
  return (
    <TooltipTrigger delay={300} isDisabled={!shown} shouldCloseOnPress={!reason}>
      {children}
      {shown && <Tooltip className={styles.tooltip}>{shown}</Tooltip>}
    </TooltipTrigger>
  );
}

/** A press of a refused button says why, because a finger neither hovers nor shows the focus. */
function Pressable({ reason, onPress, ...props }: ButtonProps & { reason: Why }) {
  const tooltip = useContext(TooltipTriggerStateContext);
  const isOpen = tooltip?.isOpen ?? false;
  useEffect(() => {
    if (!isOpen || !reason) return;
    // A tap beside a button does not take its focus on every device.
    const close = () => tooltip?.close(true);
    document.addEventListener("pointerdown", close, true);
    return () => document.removeEventListener("pointerdown", close, true);
  }, [isOpen, reason, tooltip]);
  if (!reason) return <AriaButton {...props} {...(onPress && { onPress })} />;
  const explain = () => {
    tooltip?.open(true);
    announce(wordsOf(reason));
  };
  return <AriaButton {...props} type="button" aria-disabled="true" onPress={explain} />;
}
