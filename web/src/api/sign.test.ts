import { expect, it } from "vitest";
import { signature } from "./sign";

it("signs as RFC 4231, test case 2, shows", async () => {
  const signed = await signature("Jefe", "what do ya want for nothing?");
  const hex = [...atob(signed)].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  expect(hex).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});
