import { ChevronDown, X } from "lucide-react";
import { useContext, useState } from "react";
import { Button as AriaButton, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { texts } from "../texts/en";
import { IconButton } from "./button";
import { ChoiceContext } from "./choice-context";
import { Failed } from "./page-states";
import styles from "./picker.module.css";

export interface Choice {
  id: string;
  name: string;
  description?: string | null;
}

interface Props {
  label: string;
  placeholder?: string;
  /** The choices that match the search. */
  choices: readonly Choice[];
  chosen: Choice | null;
  /** Whether more choices are on their way. */
  isReading?: boolean;
  /** Why the choices could not be read. */
  error?: unknown;
  onSearch(text: string): void;
  onChoose(choice: Choice | null): void;
  onRetry(): unknown;
}

/** A choice from a list that is too long to show: people type, and choose among the matches. */
export function Picker({ label, placeholder, choices, chosen, isReading, error, onSearch, onChoose, onRetry }: Props) {
  const noteChoice = useContext(ChoiceContext);
  const [text, setText] = useState<string | null>(null);
  const search = (value: string) => {
    setText(value);
    onSearch(value);
  };
  const choose = (choice: Choice | null) => {
    noteChoice();
    setText(null);
    onSearch("");
    onChoose(choice);
  };
  return (
    <>
      <div className={styles.picker}>
        <ComboBox
          className={styles.box}
          items={choices}
          value={chosen?.id ?? null}
          inputValue={text ?? chosen?.name ?? ""}
          onInputChange={search}
          onChange={(id) => {
            const choice = choices.find((each) => each.id === id);
            if (choice) choose(choice);
          }}
          onOpenChange={(isOpen) => !isOpen && setText(null)}
          menuTrigger="focus"
          allowsEmptyCollection
        >
          <Label>{label}</Label>
          <div className={styles.line}>
            <Input placeholder={placeholder} />
            <AriaButton className={styles.open}>
              <ChevronDown size={16} aria-hidden />
            </AriaButton>
          </div>
          <Popover className={styles.popover}>
            <ListBox<Choice>
              renderEmptyState={() => (
                <p className={styles.none}>{error ? texts.failed : isReading ? texts.loading : texts.nothingFound}</p>
              )}
            >
              {({ id, name, description }) => (
                <ListBoxItem id={id} textValue={name} className={styles.option}>
                  <span>{name}</span>
                  {description && <span className={styles.description}>{description}</span>}
                </ListBoxItem>
              )}
            </ListBox>
          </Popover>
        </ComboBox>
        {chosen && (
          <IconButton label={texts.clear(label)} onPress={() => choose(null)}>
            <X size={16} aria-hidden />
          </IconButton>
        )}
      </div>
      {error ? <Failed error={error} onRetry={onRetry} /> : null}
    </>
  );
}
