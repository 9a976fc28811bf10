import type { ReactNode } from "react";

/** Something that was done, or could not be: read out when it appears. */
export function Notice({ kind, children }: { kind?: "error" | "good"; children: ReactNode }) {
  return (
    <p className={kind ? `notice ${kind}` : "notice"} role={kind === "error" ? "alert" : "status"}>
      {children}
    </p>
  );
}
