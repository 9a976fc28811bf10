import type { ButtonHTMLAttributes } from "react";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "main" | "danger";
}

export function Button({ look, type = "button", ...rest }: Props) {
  return <button type={type} className={look ? `button ${look}` : "button"} {...rest} />;
}
