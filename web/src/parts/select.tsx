import { ChevronDown } from "lucide-react";
import { useContext } from "react";
import {
  Button as AriaButton,
  Select as AriaSelect,
  Header,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  SelectValue,
  Text,
} from "react-aria-components";
import { Button } from "./button";
import { ChoiceContext } from "./choice-context";
import styles from "./role-select.module.css";
import type { Why } from "./why";

export interface Option<Id extends string> {
  id: Id;
  name: string;
  description?: string;
}

export interface Section<Id extends string> {
  name: string;
  options: ReadonlyArray<Option<Id>>;
}

interface Props<Id extends string> {
  label: string;
  value: Id;
  options?: ReadonlyArray<Option<Id>>;
  /** Groups of options with a heading, after `options`. */
  sections?: ReadonlyArray<Section<Id>>;
  isLabelShown?: boolean;
  /** Why nothing else can be chosen. */
  refusal?: Why;
  onChange(id: Id): void;
}

/** One choice of several. */
export function Select<Id extends string>(props: Props<Id>) {
  const { label, value, options = [], sections = [], isLabelShown, refusal, onChange } = props;
  const noteChoice = useContext(ChoiceContext);
  const all = [...options, ...sections.flatMap((section) => section.options)];
  const chosen = all.find(({ id }) => id === value)?.name ?? "";
  if (refusal) {
    return (
      <Button aria-label={`${label}: ${chosen}`} refusal={refusal}>
        {chosen}
        <ChevronDown size={16} aria-hidden />
      </Button>
    );
  }
  const choose = (key: unknown) => {
    const option = all.find(({ id }) => id === key);
    if (!option || option.id === value) return;
    noteChoice();
    onChange(option.id);
  };
  return (
    <AriaSelect
      value={value}
      onChange={choose}
      className={styles.select}
      {...(!isLabelShown && { "aria-label": label })}
    >
      {isLabelShown && <Label className={styles.label}>{label}</Label>}
      <AriaButton className={styles.trigger}>
        <SelectValue>{chosen}</SelectValue>
        <ChevronDown size={16} aria-hidden />
      </AriaButton>
      <Popover className={styles.popover}>
        <ListBox>
          {options.map(toItem)}
          {sections.map((section) => (
            <ListBoxSection key={section.name}>
              <Header className={styles.section}>{section.name}</Header>
              {section.options.map(toItem)}
            </ListBoxSection>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

function toItem<Id extends string>({ id, name, description }: Option<Id>) {
  return (
    <ListBoxItem key={id} id={id} textValue={name} className={styles.option}>
      <Text slot="label">{name}</Text>
      {description && (
        <Text slot="description" className={styles.description}>
          {description}
        </Text>
      )}
    </ListBoxItem>
  );
}
