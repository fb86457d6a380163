import { type ReactNode, useState } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Banners } from "../shell/banners";
import { ChoiceContext } from "./choice-context";
import styles from "./dialog.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  /** For tables and grids. */
  isWide?: boolean;
  onClose(): void;
  children: ReactNode;
}

/**
 * A dialog over the page. Escape closes it, and focus returns to its opener. A press beside it closes it, too, until
 * somebody has typed or chosen something in it.
 */
export function Dialog({ title, isOpen, isWide, onClose, children }: Props) {
  const [hasInput, setHasInput] = useState(false);
  const noteInput = () => setHasInput(true);
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!hasInput}
      className={styles.overlay}
    >
      <Modal className={`${styles.modal} ${isWide ? styles.wide : ""}`}>
        {/* The page's own banners are out of reach while a dialog covers it. */}
        <Banners />
        <div onInput={noteInput}>
          <AriaDialog className={styles.dialog}>
            <Heading slot="title">{title}</Heading>
            <ChoiceContext value={noteInput}>{children}</ChoiceContext>
          </AriaDialog>
        </div>
      </Modal>
    </ModalOverlay>
  );
}
