import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { site, type WholeKey } from "@/api/site";
import { snippet } from "@/api/snippet";
import { useTask } from "@/lib/useTask";
import { Bones } from "@/ui/Bones";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";

const PERMISSIONS = [
  ["trade", "Trade"],
  ["withdraw", "Withdraw"],
] as const;

/** The API keys of a person: made, shown once, deleted. */
export function Keys() {
  const queries = useQueryClient();
  const keys = useQuery({ queryKey: ["keys"], queryFn: site.keys });
  const [made, setMade] = useState<WholeKey | null>(null);
  const { isBusy, failure, run } = useTask();
  const again = () => queries.invalidateQueries({ queryKey: ["keys"] });

  function make(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    void run(async () => {
      setMade(
        await site.makeKey({
          label: String(given.get("label")),
          passphrase: String(given.get("passphrase")),
          permissions: ["read_only", ...given.getAll("permissions").map(String)],
          addresses: String(given.get("addresses"))
            .split(/[\s,]+/)
            .filter(Boolean),
        }),
      );
      form.reset();
      await again();
    });
  }

  return (
    <section className="panel" aria-labelledby="keys">
      <header>
        <h2 id="keys">API keys</h2>
        <span className="quiet">for your programs</span>
      </header>
      <div className="body">
        <form className="body" onSubmit={make}>
          <div className="pair">
            <Field label="Label" name="label" maxLength={50} placeholder="my bot" required />
            <Field
              label="Passphrase"
              name="passphrase"
              type="password"
              autoComplete="off"
              minLength={8}
              maxLength={32}
              hint="8 to 32 characters. You give it with each request."
              required
            />
            <Field
              label="Only from these addresses"
              name="addresses"
              placeholder="any"
              hint="Up to 20, separated by commas."
            />
          </div>
          <div className="across">
            {PERMISSIONS.map(([name, label]) => (
              <label key={name}>
                <input
                  type="checkbox"
                  name="permissions"
                  value={name}
                  defaultChecked={name === "trade"}
                />{" "}
                {label}
              </label>
            ))}
            <Button look="main" type="submit" disabled={isBusy}>
              Make a key
            </Button>
          </div>
          {failure && <Notice kind="error">{failure.message}</Notice>}
        </form>
        {made && (
          <div className="body" role="status">
            <Notice kind="good">
              “{made.label}” is made. Its secret is shown this once: copy it now.
            </Notice>
            <pre className="snippet">{snippet(location.origin, made)}</pre>
            <Button onClick={() => navigator.clipboard.writeText(snippet(location.origin, made))}>
              Copy
            </Button>
          </div>
        )}
        {keys.isPending && <Bones rows={2} />}
        {keys.isError && <Notice kind="error">{keys.error.message}</Notice>}
        {keys.data?.length === 0 && (
          <Empty title="No keys yet">Make one above and paste the snippet into a terminal.</Empty>
        )}
        {!!keys.data?.length && (
          <div className="scroll">
            <table className="rows">
              <thead>
                <tr>
                  <th>Label</th>
                  <th>Key</th>
                  <th>May</th>
                  <th>From</th>
                  <th aria-label="Actions" />
                </tr>
              </thead>
              <tbody>
                {keys.data.map((key) => (
                  <tr key={key.apiKey}>
                    <td>{key.label}</td>
                    <td>
                      <code>{key.apiKey}</code>
                    </td>
                    <td>{key.permissions.map((word) => word.replace("_only", "")).join(", ")}</td>
                    <td>{key.addresses.join(", ") || "anywhere"}</td>
                    <td className="number">
                      <Button
                        look="danger"
                        disabled={isBusy}
                        onClick={() =>
                          run(async () => {
                            await site.deleteKey(key.apiKey);
                            await again();
                          })
                        }
                      >
                        Delete
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </section>
  );
}
