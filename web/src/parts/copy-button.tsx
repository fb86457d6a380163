import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { texts } from "../texts/en";
import { IconButton } from "./button";

/** Copies a text. `label` names it. */
export function CopyButton({ label, text }: { label: string; text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <IconButton label={isCopied ? texts.copied : label} onPress={() => void copy()}>
      {isCopied ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
    </IconButton>
  );
}
