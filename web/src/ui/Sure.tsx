import { useEffect, useState } from "react";
import { Button } from "./Button";

const PATIENCE_MS = 5_000;

interface Props {
  /** What it does. */
  children: string;
  /** What it asks before it does it. */
  ask: string;
  /** To what, for those who hear the page. */
  what?: string;
  disabled?: boolean;
  onSure: () => void;
}

/** A button for what cannot be undone: it does it when it is pressed a second time soon afterwards. */
export function Sure({ children, ask, what, disabled, onSure }: Props) {
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (!isAsking) return;
    const timer = setTimeout(() => setAsking(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAsking]);
  const says = isAsking ? ask : children;
  return (
    <Button
      look="danger"
      className={isAsking ? "button danger asking" : "button danger"}
      disabled={disabled}
      {...(what && { "aria-label": isAsking ? `${ask} ${what}` : `${children} ${what}` })}
      onBlur={() => setAsking(false)}
      onClick={() => {
        setAsking(!isAsking);
        if (isAsking) onSure();
      }}
    >
      {says}
    </Button>
  );
}
