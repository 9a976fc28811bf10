import { useState } from "react";
import type { Key, KeyChange } from "@/api/site";
import { Button } from "@/ui/Button";
import { Sure } from "@/ui/Sure";
import { KeyChanging } from "./KeyChanging";

interface Props {
  keys: readonly Key[];
  isBusy: boolean;
  onDelete: (apiKey: string) => void;
  grants: readonly (readonly [string, string])[];
  /** Changes one; left out where keys are not changed. */
  change?: ((apiKey: string, wanted: KeyChange) => Promise<void>) | undefined;
}

/** The keys that there are, without what is secret of them. */
export function KeyRows({ keys, isBusy, onDelete, grants, change }: Props) {
  const [changed, setChanged] = useState<string | null>(null);
  return (
    <div className="scroll">
      <table className="rows">
        <thead>
          <tr>
            <th>Label</th>
            <th>Key</th>
            <th className="spare">May</th>
            <th className="spare">From</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {keys.map((key) =>
            change && changed === key.apiKey ? (
              <tr key={key.apiKey}>
                <td colSpan={5}>
                  <KeyChanging
                    row={key}
                    grants={grants}
                    change={(wanted) => change(key.apiKey, wanted)}
                    onEnd={() => setChanged(null)}
                  />
                </td>
              </tr>
            ) : (
              <tr key={key.apiKey}>
                <td>{key.label}</td>
                <td>
                  <code>{key.apiKey}</code>
                  <small className="instead">
                    {mayWords(key)} from {fromWords(key)}
                  </small>
                </td>
                <td className="spare">{mayWords(key)}</td>
                <td className="spare">{fromWords(key)}</td>
                <td className="number">
                  {change && (
                    <Button
                      aria-label={`Change ${key.label}`}
                      disabled={isBusy}
                      onClick={() => setChanged(key.apiKey)}
                    >
                      Change
                    </Button>
                  )}{" "}
                  <Sure
                    ask="For ever?"
                    what={key.label}
                    disabled={isBusy}
                    onSure={() => onDelete(key.apiKey)}
                  >
                    Delete
                  </Sure>
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function mayWords({ permissions }: Key): string {
  return permissions.map((word) => word.replace("_only", "")).join(", ");
}

function fromWords({ addresses }: Key): string {
  return addresses.join(", ") || "anywhere";
}
