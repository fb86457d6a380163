import { ChevronDown } from "lucide-react";
import { useRef, useState } from "react";
import { Button, type ButtonProps, ListBox, ListBoxItem, Popover } from "react-aria-components";
import type { OrganizationRole } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { announce } from "./announcer";
import styles from "./role-select.module.css";

interface Option {
  role: OrganizationRole;
  /** Why this role cannot be given. The option stays focusable and shows the reason. */
  refusal?: { code?: string; message: string } | null;
  description?: string;
}

interface Props {
  label: string;
  value: OrganizationRole;
  options: readonly Option[];
  onChange(role: OrganizationRole): void;
  /** Called with the reason when a person chooses a refused option. Returns whether it shows the reason itself. */
  onRefused?(refusal: { code?: string; message: string }): boolean;
}

/**
 * A choice of roles. Its list exists only while it is open: a page has one for each member, and React Aria's Select keeps
 * two lists for each. A letter typed on the closed control opens it at that role. Only confirming the role gives it.
 */
export function RoleSelect({ label, value, options, onChange, onRefused }: Props) {
  const trigger = useRef<HTMLButtonElement>(null);
  /** The role at which the list is open. */
  const [opened, setOpened] = useState<OrganizationRole | null>(null);
  const onKeyDown: ButtonProps["onKeyDown"] = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") setOpened(value);
    else if (event.ctrlKey || event.metaKey || event.altKey) event.continuePropagation();
    else {
      const typed = options.find(({ role }) => texts.roles[role].toLowerCase().startsWith(event.key.toLowerCase()));
      if (typed) setOpened(typed.role);
      else event.continuePropagation();
    }
  };
  const give = (role: unknown) => {
    setOpened(null);
    const option = options.find((each) => each.role === role);
    if (!option || (!option.refusal && option.role === value)) return;
    if (!option.refusal) return onChange(option.role);
    if (!onRefused?.(option.refusal)) announce(option.refusal.message);
  };
  return (
    <>
      <Button
        ref={trigger}
        className={styles.trigger}
        aria-label={`${label}: ${texts.roles[value]}`}
        aria-haspopup="listbox"
        aria-expanded={opened !== null}
        onPress={() => setOpened(value)}
        onKeyDown={onKeyDown}
      >
        {texts.roles[value]}
        <ChevronDown size={16} aria-hidden />
      </Button>
      {opened && (
        <Popover
          isOpen
          aria-label={label}
          placement="bottom start"
          triggerRef={trigger}
          onOpenChange={(isOpen) => !isOpen && setOpened(null)}
          className={`${styles.popover} ${styles.roles}`}
        >
          <RoleList label={label} at={opened} options={options} onChoose={give} />
        </Popover>
      )}
    </>
  );
}

interface ListProps extends Pick<Props, "label" | "options"> {
  /** The role with the focus. */
  at: OrganizationRole;
  onChoose(role: unknown): void;
}

function RoleList({ label, at, options, onChoose }: ListProps) {
  return (
    <ListBox
      aria-label={label}
      autoFocus
      selectionMode="single"
      selectedKeys={[at]}
      // Choosing the selected role empties the selection. Escape only closes the list.
      onSelectionChange={(keys) => onChoose([...(keys as Set<string>)][0] ?? at)}
      escapeKeyBehavior="none"
    >
      {options.map((option) => (
        <RoleOption key={option.role} option={option} />
      ))}
    </ListBox>
  );
}

function RoleOption({ option: { role, refusal, description } }: { option: Option }) {
  return (
    <ListBoxItem
      id={role}
      textValue={texts.roles[role]}
      className={`${styles.option} ${refusal ? styles.refused : ""}`}
    >
      <span>{texts.roles[role]}</span>
      <span className={styles.description}>{refusal?.message ?? description}</span>
    </ListBoxItem>
  );
}
