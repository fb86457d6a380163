import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue, Text } from "react-aria-components";
import type { OrganizationRole } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { announce } from "./announcer";
import styles from "./role-select.module.css";

interface Option {
  role: OrganizationRole;
  /** Why this role cannot be given. The option stays reachable and says so. */
  refusal?: { code?: string; message: string } | null;
  description?: string;
}

interface Props {
  label: string;
  value: OrganizationRole;
  options: readonly Option[];
  onChange(role: OrganizationRole): void;
  /** Called with the reason when somebody chooses an option that is refused. */
  onRefused?(refusal: { code?: string; message: string }): void;
}

export function RoleSelect({ label, value, options, onChange, onRefused }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState<OrganizationRole | null>(null);
  const open = (next: boolean) => {
    setOpen(next);
    if (!next) setTyped(null);
  };
  const choose = (key: unknown) => {
    const option = options.find(({ role }) => role === key);
    if (!option) return;
    // A letter typed on the closed control opens it at that role. Only Enter gives the role.
    if (!isOpen) {
      setTyped(option.role);
      return setOpen(true);
    }
    if (!option.refusal) return option.role === value ? undefined : onChange(option.role);
    announce(option.refusal.message);
    onRefused?.(option.refusal);
  };
  return (
    <Select
      aria-label={label}
      value={typed ?? value}
      onChange={choose}
      isOpen={isOpen}
      onOpenChange={open}
      className={styles.select}
    >
      <Button className={styles.trigger}>
        <SelectValue>{texts.roles[value]}</SelectValue>
        <ChevronDown size={16} aria-hidden />
      </Button>
      <Popover className={styles.popover}>
        <ListBox>
          {options.map((option) => (
            <RoleOption key={option.role} option={option} />
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

function RoleOption({ option: { role, refusal, description } }: { option: Option }) {
  return (
    <ListBoxItem
      id={role}
      textValue={texts.roles[role]}
      className={`${styles.option} ${refusal ? styles.refused : ""}`}
    >
      <Text slot="label">{texts.roles[role]}</Text>
      <Text slot="description" className={styles.description}>
        {refusal?.message ?? description}
      </Text>
    </ListBoxItem>
  );
}
