import type { WholeKey } from "@/api/site";
import { snippet } from "@/api/snippet";
import { Button } from "@/ui/Button";
import { Copy } from "@/ui/Copy";
import { Notice } from "@/ui/Notice";

/** A key just made, with its secret, in a program that uses it. */
export function KeyShown({ made, onDone }: { made: WholeKey; onDone: () => void }) {
  const program = snippet(location.origin, made);
  return (
    <div className="inner" role="status">
      <Notice kind="good">
        “{made.label}” is made. Its secret is shown this once: copy it now.
      </Notice>
      <pre className="snippet">{program}</pre>
      <div className="across">
        <Copy text={program} />
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}
