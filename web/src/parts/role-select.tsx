import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
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
  /** Called with the reason when a person chooses a refused option. */
  onRefused?(refusal: { code?: string; message: string }): void;
}

export function RoleSelect({ label, value, options, onChange, onRefused }: Props) {
  const give = (option: Option) => {
    if (!option.refusal) return option.role === value ? undefined : onChange(option.role);
    announce(option.refusal.message);
    onRefused?.(option.refusal);
  };
  const { isOpen, typed, setOpen, choose, confirm } = useTypedChoice(options, give);
  return (
    <Select
      aria-label={label}
      value={typed ?? value}
      onChange={choose}
      isOpen={isOpen}
      onOpenChange={setOpen}
      className={styles.select}
    >
      <Button className={styles.trigger}>
        <SelectValue>{texts.roles[value]}</SelectValue>
        <ChevronDown size={16} aria-hidden />
      </Button>
      <Popover className={`${styles.popover} ${styles.roles}`}>
        <div
          role="presentation"
          onClickCapture={({ target }) => confirm(target)}
          onKeyDownCapture={({ key, target }) => (key === "Enter" || key === " ") && confirm(target)}
        >
          <ListBox>
            {options.map((option) => (
              <RoleOption key={option.role} option={option} />
            ))}
          </ListBox>
        </div>
      </Popover>
    </Select>
  );
}

/** A letter typed on the closed control opens it at that role. Only confirming the role gives it. */
function useTypedChoice(options: readonly Option[], give: (option: Option) => void) {
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState<OrganizationRole | null>(null);
  const setOpen = (next: boolean) => {
    setIsOpen(next);
    if (!next) setTyped(null);
  };
  const choose = (key: unknown) => {
    const option = options.find(({ role }) => role === key);
    if (!option) return;
    if (isOpen) return give(option);
    setTyped(option.role);
    setIsOpen(true);
  };
  // React Aria treats the typed role as chosen, and reports no change when the person confirms it.
  const confirm = (target: EventTarget) => {
    const key = target instanceof Element && target.closest("[data-key]")?.getAttribute("data-key");
    if (typed && key === typed) choose(typed);
  };
  return { isOpen, typed, setOpen, choose, confirm };
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
