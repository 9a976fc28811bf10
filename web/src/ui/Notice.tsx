import type { ReactNode } from "react";

interface Props {
  kind?: "error" | "good";
  /** Puts it away; left out where it stands as long as what it is about. */
  onDismiss?: () => void;
  children: ReactNode;
}

/** Something that was done, or could not be: read out when it appears. */
export function Notice({ kind, onDismiss, children }: Props) {
  const look = kind ? `notice ${kind}` : "notice";
  const role = kind === "error" ? "alert" : "status";
  if (!onDismiss) {
    return (
      <p className={look} role={role}>
        {children}
      </p>
    );
  }
  return (
    <div className={`${look} dismissible`}>
      <p role={role}>{children}</p>
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={onDismiss}>
        ×
      </button>
    </div>
  );
}
