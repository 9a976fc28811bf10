/** Signatures of the OKX v5 API: HMAC-SHA256 in base64, computed by the browser. */

export interface Credentials {
  apiKey: string;
  secretKey: string;
  passphrase: string;
}

/** Signs the timestamp, method, path with query, and body, joined. */
export async function signature(secret: string, message: string): Promise<string> {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    text.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signed = await crypto.subtle.sign("HMAC", key, text.encode(message));
  return btoa(String.fromCharCode(...new Uint8Array(signed)));
}
