interface Props {
  /** What a key may be allowed besides reading, and how that reads. */
  grants: readonly (readonly [string, string])[];
  granted: readonly string[];
}

/** What a key may do. */
export function Grants({ grants, granted }: Props) {
  return grants.map(([name, label]) => (
    <label key={name} className="grant">
      <input
        type="checkbox"
        name="permissions"
        value={name}
        defaultChecked={granted.includes(name)}
      />{" "}
      {label}
    </label>
  ));
}

/** What a form with `Grants` allows; every key may read. */
export function grantedOf(form: FormData): string[] {
  return ["read_only", ...form.getAll("permissions").map(String)];
}

/** The addresses that a form names, separated by spaces or commas. */
export function addressesOf(form: FormData): string[] {
  return String(form.get("addresses"))
    .split(/[\s,]+/)
    .filter(Boolean);
}
