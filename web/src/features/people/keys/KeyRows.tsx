import type { Key } from "@/api/site";
import { Button } from "@/ui/Button";

interface Props {
  keys: readonly Key[];
  isBusy: boolean;
  onDelete: (apiKey: string) => void;
}

/** The keys that there are, without what is secret of them. */
export function KeyRows({ keys, isBusy, onDelete }: Props) {
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
          {keys.map((key) => (
            <tr key={key.apiKey}>
              <td>{key.label}</td>
              <td>
                <code>{key.apiKey}</code>
              </td>
              <td className="spare">
                {key.permissions.map((word) => word.replace("_only", "")).join(", ")}
              </td>
              <td className="spare">{key.addresses.join(", ") || "anywhere"}</td>
              <td className="number">
                <Button
                  look="danger"
                  aria-label={`Delete ${key.label}`}
                  disabled={isBusy}
                  onClick={() => onDelete(key.apiKey)}
                >
                  Delete
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
